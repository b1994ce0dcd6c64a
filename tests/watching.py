"""A page that watches an app: its event stream, read as it comes."""

import json
import socket
from types import TracebackType
from typing import Any, Self

TIMEOUT_S = 20


class Watcher:
    """One event stream over a connection of its own. Use it with `with`."""

    def __init__(self, url: str, app: str = "default", *, token: str | None = None) -> None:
        host, port = url.removeprefix("http://").split(":")
        self.connection = socket.create_connection((host, int(port)), timeout=TIMEOUT_S)
        authorization = f"Authorization: Bearer {token}\r\n" if token else ""
        head = f"GET /_mock/apps/{app}/events HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n"
        self.connection.sendall(head.encode())
        self._stream = self.connection.makefile("rb")
        self.status = int(self._stream.readline().split()[1])
        self.headers = dict(line.decode().strip().split(": ", 1) for line in iter(self._line, b"\r\n"))

    def __enter__(self) -> Self:
        """Go on."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self._stream.close()
        self.connection.close()

    def _line(self) -> bytes:
        return self._stream.readline()

    def lines(self) -> list[str]:
        """Read up to the next empty line; nothing, when the stream has ended."""
        found: list[str] = []
        while line := self._line().decode().rstrip("\r\n"):
            found.append(line)
        return found

    def event(self) -> tuple[str, Any]:
        """Read the next event, its name and its data; heartbeats are skipped."""
        while (lines := self.lines()) and lines[0].startswith(":"):
            pass
        values = dict(line.split(": ", 1) for line in lines)
        return values.get("event", "end"), json.loads(values.get("data", "null"))
