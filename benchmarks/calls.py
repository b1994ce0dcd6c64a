"""Calls over one keep-alive connection, one after the other, every answer checked."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from benchmarks.report import WrongAnswer

_IDLE_S = 1.0
"""After so long without a call the connection is made anew, before the server closes it."""

_TIMEOUT_S = 60


@dataclass(frozen=True)
class Request:
    """A request, and a text that only a successful answer has."""

    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    expected: str = '"success"'

    def to(self, path: str) -> "Request":
        """Answer the same request to the floor, whose answer is a success of another kind."""
        return replace(self, path=path, expected='"success"')

    def is_answered_by(self, status: int, body: bytes) -> bool:
        """Tell whether this is a successful answer."""
        return status in {200, 201} and self.expected.encode() in body


class Timed(NamedTuple):
    """An answer's body and how long it took."""

    body: bytes
    seconds: float


class Connection:
    """One keep-alive connection to a server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._http = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT_S)
        self._last_used = 0.0

    def send(self, request: Request) -> Timed:
        """Send a request; raise WrongAnswer unless it succeeds."""
        if time.monotonic() - self._last_used > _IDLE_S:
            self._http.close()
            self._http.connect()
        body = request.body.encode()
        start = time.perf_counter()
        self._http.request(request.method, request.path, body, dict(request.headers))
        answer = self._http.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - start
        self._last_used = time.monotonic()
        if not request.is_answered_by(answer.status, content):
            raise WrongAnswer(f"{request.method} {request.path}: {answer.status} {content[:300]!r}")
        return Timed(content, seconds)

    def send_json(self, request: Request) -> Any:  # noqa: ANN401 - JSON
        """Send a request and answer the JSON that it is answered with."""
        return json.loads(self.send(request).body)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()
