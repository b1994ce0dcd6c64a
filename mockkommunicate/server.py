"""MockKommunicate: an emulator on a thread of this process, for tests."""

import threading
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from flask import Flask

from mockkommunicate import metrics
from mockkommunicate.app import Background, create_app
from mockkommunicate.handle import App, RunningServer
from mockkommunicate.listener import take_port
from mockkommunicate.operations import default_app, disk, exports
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.outbound import adapters
from mockkommunicate.settings import Settings
from mockkommunicate.store import records as store
from mockkommunicate.store.database import Database
from mockkommunicate.threaded import ThreadedServer

GRACE_S = 1.0
"""How long the calls to others that are being made may go on when it stops."""

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
        disk.check_place("export", settings.export_on_exit)
        self._database = Database(settings.database, timeout=settings.store_timeout)
        self._closing.callback(self._database.close)
        try:
            emulator, default = self._fill()
            listener = self._closing.enter_context(take_port(settings))
        except BaseException:
            self._closing.close()
            raise
        if settings.export_on_exit:
            self._closing.callback(exports.write, emulator, settings.export_on_exit)
        self.url = settings.url(listener.getsockname()[1])
        token = settings.control_token
        self.default_app = App(self.url, default.application_id, default.api_key, token=token)
        self._running = RunningServer(self.url, token=token)
        self._closing.callback(self._running.close)
        self._begin(background := Background(emulator))
        self._serve(create_app(emulator, background), listener.fileno())
        return self

    def _fill(self) -> tuple[Emulator, store.App]:
        """Make everything that is not there yet in the database; raise StartError."""
        adapters.prepare(self._settings, self._database)
        emulator = Emulator(self._settings, self._database)
        emulator.measures = metrics.of_process()
        return emulator, default_app.start(emulator)

    def _begin(self, background: Background) -> None:
        background.start()
        self._closing.callback(background.close, GRACE_S)

    def _serve(self, application: Flask, descriptor: int) -> None:
        server = ThreadedServer(self._settings.host, self._settings.port, application, descriptor)
        thread = threading.Thread(
            target=server.serve_forever, args=[POLL_S], name="mockkommunicate", daemon=True
        )
        thread.start()
        self._closing.callback(server.server_close)
        self._closing.callback(thread.join)
        self._closing.callback(server.shutdown)

    def stop(self) -> None:
        """Stop serving, export what shall be and remove a temporary database; nothing, if it does not serve."""
        self._closing.close()

    def create_app(self, **wanted: object) -> App:
        """Create an app of its own: `scenario`, `seed`, `settings`, `users`, `at`, as the control API takes them."""
        if not self.url:
            raise RuntimeError("it serves only inside `with`, or once it was started")
        return self._running.create_app(**wanted)

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
