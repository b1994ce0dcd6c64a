"""A tiny application that asks for the socket fault that a request's query names.

Run as a program it is `mockkommunicate` with this application in place of the emulator; with `--threaded` first, as if
gunicorn did not run here.
"""

import json
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import parse_qsl

from mockkommunicate import cli
from mockkommunicate.domain.socket_kinds import SocketFault, SocketKind
from mockkommunicate.sockets import FAULT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONTENT = b'{"status":"success","response":{"updated":true}}'


class Tiny:
    """An application that remembers the requests that it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer; `/seen` answers the queries of all requests before."""
        query = dict(parse_qsl(environ["QUERY_STRING"]))
        if query.pop("body", "read") == "read":
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        content = self._content(environ, query)
        time.sleep(float(query.pop("sleep", "0")))
        status = query.pop("status", "200 OK")
        if kind := query.pop("kind", None):
            numbers: dict[str, Any] = {name: int(value) for name, value in query.items()}
            environ[FAULT] = SocketFault(kind=SocketKind(kind), **numbers)
        headers = [("Content-Type", "application/json")]
        if not status.startswith("204"):
            headers.append(("Content-Length", str(len(content))))
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content[:10], content[10:]]

    def _content(self, environ: "WSGIEnvironment", query: dict[str, str]) -> bytes:
        if environ["PATH_INFO"] == "/seen":
            return json.dumps(self.seen).encode()
        self.seen.append(environ["QUERY_STRING"])
        return CONTENT * int(query.pop("repeat", "1"))


def main() -> None:
    """Run the command line."""
    module = "gunicorn_server"
    if sys.argv[1] == "--threaded":
        del sys.argv[1]
        module = "serving"
        mock.patch("mockkommunicate.serving.has_gunicorn", return_value=False).start()
    mock.patch(f"mockkommunicate.{module}.create_app", return_value=Tiny()).start()
    cli.main()


if __name__ == "__main__":
    main()
