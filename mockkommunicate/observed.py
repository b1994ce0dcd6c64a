"""WSGI middleware that looks at each request: how it was answered, how long that took; the log and the metrics hear of it."""

import logging
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Request

from mockkommunicate.domain import request_ids
from mockkommunicate.domain.faults import SPOILING
from mockkommunicate.logs import REQUESTS, RequestLine, quoted
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.sockets import FAULT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SEEN = "mockkommunicate.seen"
"""Where in the environ the application finds the `Seen` of its request."""

TRACE = "mockkommunicate.trace"
"""Where in the environ whoever makes a span of the request leaves the `Trace` of it."""

CONTROL = "/_mock"
_PAGES = {"console.page", "console.file"}
_FAILURES = 400

log = logging.getLogger(REQUESTS)


@dataclass
class Seen:
    """What is known of a request; whoever learns more of it writes it down here.

    `id` is None until it has one; `failure` is the exception that nobody expected, if one was raised.
    """

    id: str | None
    app: str | None = None
    operation: str | None = None
    fault: str | None = None
    status: int | None = None
    failure: Any = None

    def name(self) -> str:
        """Answer its id; make one up if it has none by now."""
        self.id = self.id or secrets.token_hex(8)
        return self.id


class Observed:
    """A WSGI application that answers as the one in it does, and tells what came of each request."""

    def __init__(self, application: "WSGIApplication", emulator: Emulator) -> None:
        self._application = application
        self._emulator = emulator

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer; an answer of the control API has the id of its request."""
        began = time.perf_counter()
        environ[SEEN] = seen = Seen(request_ids.given(environ.get("HTTP_X_REQUEST_ID")))

        def begin(status: str, headers: list[tuple[str, str]], *error: object) -> Callable[[bytes], object]:
            seen.status = int(status[:3])
            self._learn_route(environ, seen)
            if environ["PATH_INFO"].startswith(CONTROL):
                headers.append((request_ids.HEADER, seen.name()))
            return start_response(status, headers, *error)  # type: ignore[arg-type]

        body = self._application(environ, begin)
        self._tell(environ, seen, time.perf_counter() - began)
        return body

    def _tell(self, environ: "WSGIEnvironment", seen: Seen, seconds: float) -> None:
        status = None if _is_silent(environ) else seen.status
        self._emulator.measures.answered(seen.operation, status, seconds)
        level = _level(seen)
        if log.isEnabledFor(level):
            line = RequestLine(
                method=quoted(environ["REQUEST_METHOD"]),
                path=quoted(environ["PATH_INFO"].encode("latin-1")),
                status=status,
                duration=seconds * 1_000,
                id=seen.name(),
                app=seen.app,
                operation=seen.operation,
                fault=seen.fault,
            )
            # Handled as it is: to look for the place that logs takes as long as all the rest.
            log.handle(logging.LogRecord(REQUESTS, level, __file__, 0, line, None, seen.failure))

    def _learn_route(self, environ: "WSGIEnvironment", seen: Seen) -> None:
        """Learn the operation and the app of a call of the control API, which are in its route."""
        request: Request | None = environ.get("werkzeug.request")
        if seen.operation is not None or request is None or request.endpoint is None:
            return
        seen.operation = request.endpoint
        if app := (request.view_args or {}).get("application_id"):
            seen.app = self._emulator.settings.application_id if app == "default" else quoted(app)


def _is_silent(environ: "WSGIEnvironment") -> bool:
    """Tell whether a fault lets the connection end without an answer."""
    fault = environ.get(FAULT)
    return fault is not None and fault.kind not in SPOILING


def _level(seen: Seen) -> int:
    """Answer how much a request matters: the console's own files do not, while they come."""
    if seen.failure is not None:
        return logging.ERROR
    is_page = seen.operation in _PAGES and (seen.status or 0) < _FAILURES
    return logging.DEBUG if is_page else logging.INFO
