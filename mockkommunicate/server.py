"""MockKommunicate: an emulator on a thread of this process, for tests."""

import logging
import threading
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from mockkommunicate.app import create_app
from mockkommunicate.handle import App, call
from mockkommunicate.listener import take_port
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.settings import Settings
from mockkommunicate.store.database import Database

POLL_S = 0.02
"""How often the server looks whether it shall stop."""


class MockKommunicate:
    """An emulator on a thread: a free port and a temporary database unless told otherwise.

    Use it with `with`, or call `start` and `stop`. The options are those of `Settings`.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - the fields of Settings
        self._settings = Settings(**{"port": 0, **options}).guarded()
        self._closing = ExitStack()
        self.url = ""

    def start(self) -> Self:
        """Start to serve; raise StartError when that cannot begin."""
        settings = self._settings
        self._database = Database(settings.database, timeout=settings.store_timeout)
        self._closing.callback(self._database.close)
        try:
            emulator = Emulator(settings, self._database)
            default = emulator.start_default_app()
            listener = self._closing.enter_context(take_port(settings))
        except BaseException:
            self._closing.close()
            raise
        self.url = settings.url(listener.getsockname()[1])
        self.default_app = App(
            self.url, default.application_id, default.api_key, token=settings.control_token
        )
        self._serve(create_app(emulator), listener.fileno())
        return self

    def _serve(self, application: Flask, descriptor: int) -> None:
        server = make_server(
            self._settings.host,
            self._settings.port,
            application,
            threaded=True,
            request_handler=_QuietHandler,
            fd=descriptor,
        )
        thread = threading.Thread(
            target=server.serve_forever, args=[POLL_S], name="mockkommunicate", daemon=True
        )
        thread.start()
        self._closing.callback(server.server_close)
        self._closing.callback(thread.join)
        self._closing.callback(server.shutdown)

    def stop(self) -> None:
        """Stop serving and remove a temporary database; nothing, if it does not serve."""
        self._closing.close()

    def create_app(self, **wanted: object) -> App:
        """Create an app of its own: `scenario`, `seed`, `settings`, `users`, as the control API takes them."""
        token = self._settings.control_token
        made = call("POST", f"{self.url}/_mock/apps", wanted, token=token)
        return App(self.url, made["applicationId"], made["apiKey"], token=token)

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


class _QuietHandler(WSGIRequestHandler):
    """A handler that logs requests for whoever listens, not on stderr."""

    def log(self, type: str, message: str, *arguments: object) -> None:  # noqa: A002 - werkzeug's name
        """Log below what is shown by default."""
        logging.getLogger("mockkommunicate.requests").debug("%s %s", type, message % arguments)
