"""MockKommunicate: an emulator on a thread of this process, for tests."""

import json
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from mockkommunicate.app import create_app
from mockkommunicate.listener import take_port
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.settings import Settings
from mockkommunicate.store.database import Database

POLL_S = 0.02
"""How often the server looks whether it shall stop."""


class ControlFailed(Exception):
    """The control API refused a call: `status`, `code` and `hint` say why."""

    def __init__(self, status: int, error: Mapping[str, str]) -> None:
        super().__init__(
            " ".join(filter(None, (error["message"], error.get("hint") and f"({error['hint']})")))
        )
        self.status = status
        self.code = error["code"]
        self.hint = error.get("hint", "")


class App:
    """One app of a running emulator: a world of its own, reached by its API key."""

    def __init__(self, url: str, application_id: str, api_key: str, *, token: str | None = None) -> None:
        self.url = url
        self._token = token
        self.application_id = application_id
        self.api_key = api_key

    @property
    def headers(self) -> dict[str, str]:
        """The headers that a client sends."""
        return {"Api-Key": self.api_key, "Content-Type": "application/json"}

    def add_agent(self, user_id: str, *, limit: int | None = None, **details: object) -> dict[str, Any]:
        """Add an agent, online unless `availability` says otherwise; `limit` is his handling limit."""
        return self._add(user_id, "agent", handlingLimit=limit, **details)

    def add_bot(self, user_id: str, **details: object) -> dict[str, Any]:
        """Add a bot."""
        return self._add(user_id, "bot", **details)

    def add_customer(self, user_id: str, **details: object) -> dict[str, Any]:
        """Add a customer."""
        return self._add(user_id, "customer", **details)

    def settings(self, changes: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Answer the settings, after merging changes if there are any."""
        return self._call("PATCH" if changes else "GET", "settings", changes)

    def conversation(self, conversation_id: int) -> dict[str, Any]:
        """Answer one conversation: the wire's group object with `status`, `assignee` and `routing`."""
        return self._call("GET", f"conversations/{conversation_id}")

    def conversations(self, **filters: object) -> Sequence[dict[str, Any]]:
        """List the conversations, of one `status` or `assignee` if given."""
        return self._list("conversations", filters)

    def messages(self, conversation_id: int) -> Sequence[dict[str, Any]]:
        """List the messages of a conversation, the oldest first."""
        return self._list(f"conversations/{conversation_id}/messages", {})

    def reset(self, **to: object) -> dict[str, Any]:
        """Fill the app anew, from its own scenario and seed unless `scenario` and `seed` say otherwise."""
        return self._call("POST", "reset", to)

    def delete(self) -> None:
        """Delete the app and everything in it."""
        self._call("DELETE", "")

    def _add(self, user_id: str, role: str, **details: object) -> dict[str, Any]:
        given = {name: value for name, value in details.items() if value is not None}
        return self._call("POST", "users", {"userId": user_id, "role": role, **given})

    def _list(self, kind: str, filters: Mapping[str, object]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after: object = 0
        while after is not None:
            page = self._call("GET", f"{kind}?{urlencode({**filters, 'after': after})}")
            found += page[kind.rpartition("/")[2]]
            after = page.get("next")
        return found

    def _call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        base = f"{self.url}/_mock/apps/{quote(self.application_id)}"
        return call(method, f"{base}/{path}".rstrip("/"), body, token=self._token)


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


def call(
    method: str, url: str, body: Mapping[str, object] | None = None, *, token: str | None = None
) -> dict[str, Any]:
    """Call the control API; raise ControlFailed when it refuses."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - our own server
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as error:
        with error:
            raise ControlFailed(error.code, json.load(error)["error"]) from None
