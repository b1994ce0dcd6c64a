"""Calls of the control API, over connections that are kept."""

import json
import os
import re
import selectors
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

PATIENCE_S = 120.0
"""How many seconds an answer may take: filling an app from a large scenario is the longest."""

_TYPES = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    dict: "object",
    list: "array",
    type(None): "null",
}
_FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}


class ControlFailed(Exception):
    """The control API refused a call: `status`, `code`, `message` and `hint` say why."""

    def __init__(self, status: int, error: Mapping[str, str]) -> None:
        super().__init__(
            " ".join(filter(None, (error["message"], error.get("hint") and f"({error['hint']})")))
        )
        self.status = status
        self.code = error["code"]
        self.message = error["message"]
        self.hint = error.get("hint", "")


class Unreachable(ConnectionError):
    """No emulator answers at the URL, for this `reason`."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"no MockKommunicate answers at {url}: {reason}")
        self.reason = reason


class Caller:
    """Calls the control API of one server. Threads may share it; each call has a connection to itself.

    No proxy of the environment is asked. `timeout` is how many seconds an answer may take.
    """

    def __init__(self, url: str, *, token: str | None = None, timeout: float = PATIENCE_S) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url!r} is not the URL of a server; it looks like http://127.0.0.1:8080")
        self.url = url.rstrip("/")
        self._make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._address = parts.hostname, parts.port
        self._base = parts.path.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._headers = {"Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._idle: list[HTTPConnection] = []
        self._process = os.getpid()

    def call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *, longer: float = 0
    ) -> dict[str, Any]:
        """Call; raise ControlFailed when it is refused, Unreachable when nobody answers.

        The answer may take `longer` seconds more than others.
        """
        __tracebackhide__ = True  # pytest would show the arguments, and with them keys
        data = None if body is None else json.dumps(body, default=_as_json, allow_nan=False).encode()
        return self._send(method, path, data, self._headers, longer=longer)

    def put_in(self, path: str, content: bytes, content_type: str) -> dict[str, Any]:
        """Call with a body of bytes of any type; raise what `call` raises."""
        __tracebackhide__ = True
        return self._send("POST", path, content, {**self._headers, "Content-Type": content_type})

    def _send(
        self, method: str, path: str, data: bytes | None, headers: Mapping[str, str], *, longer: float = 0
    ) -> dict[str, Any]:
        __tracebackhide__ = True
        connection = self._take(self._timeout + longer)
        try:
            connection.request(method, f"{self._base}{path}", data, headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise Unreachable(self.url, _reason(error)) from error
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return self._read(response.status, text)

    def pages(self, path: str, filters: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list; the first only, if there is a `limit` among the filters."""
        given = {name: value for name, value in filters.items() if value is not None}
        page = self.call("GET", f"{path}?{_query(given)}")
        yield page
        while "next" in page and "limit" not in given:
            page = self.call("GET", f"{path}?{_query({**given, 'after': page['next']})}")
            yield page

    def within(self, seconds: float) -> "Caller":
        """Answer one that calls the same server, and waits no longer for an answer."""
        return Caller(self.url, token=self._token, timeout=seconds)

    def close(self) -> None:
        """Close the connections that are kept; a later call opens another."""
        while self._idle:
            self._idle.pop().close()

    def __del__(self) -> None:
        """Leave no open socket behind."""
        for connection in vars(self).get("_idle", ()):
            connection.close()

    def _take(self, timeout: float) -> HTTPConnection:
        if self._process != os.getpid():  # a fork has its parent's sockets, which it must not read from
            self._idle, self._process = [], os.getpid()
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._make(*self._address, timeout=timeout)
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
            if _has_ended(connection):
                connection.close()
        return connection

    def _read(self, status: int, text: bytes) -> dict[str, Any]:
        __tracebackhide__ = True
        try:
            answer = dict(json.loads(text))
            if status < 400:  # noqa: PLR2004 - what HTTP calls an error
                return answer
            raise ControlFailed(status, answer["error"])
        except (ValueError, TypeError, KeyError):
            raise Unreachable(self.url, f"something else does, HTTP {status}: {text[:80]!r}") from None


def call(
    method: str, url: str, body: Mapping[str, object] | None = None, *, token: str | None = None
) -> dict[str, Any]:
    """Call the control API once, by the URL of the call itself; raise what `Caller.call` raises."""
    parts = urlsplit(url)
    caller = Caller(f"{parts.scheme}://{parts.netloc}", token=token)
    try:
        return caller.call(method, url.removeprefix(caller.url), body)
    finally:
        caller.close()


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON
    """Answer the JSON that is sent for a value."""
    return json.loads(json.dumps(value, default=_as_json, allow_nan=False))


def _has_ended(connection: HTTPConnection) -> bool:
    """Tell whether a connection that waits for nothing has something to read: its end."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _query(given: Mapping[str, object]) -> str:
    written = (
        (name, _as_json(value) if isinstance(value, datetime) else value) for name, value in given.items()
    )
    return urlencode([(name, str(value).lower() if value is True else value) for name, value in written])


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__


def _as_json(value: object) -> object:
    """Write what Python has and JSON has not: times, durations, and the matchers for patterns and types."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // timedelta(milliseconds=1)
    if isinstance(value, re.Pattern):
        flags = "".join(letter for flag, letter in _FLAGS.items() if value.flags & flag)
        return {"$regex": f"(?{flags}){value.pattern}" if flags else value.pattern}
    if isinstance(value, type) and value in _TYPES:
        return {"$type": _TYPES[value]}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} cannot be written as JSON")
