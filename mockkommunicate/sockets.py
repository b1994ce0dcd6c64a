"""WSGI middleware, outside of Flask, that takes a connection away from its server: to misbehave on it, or to stream.

One that misbehaves gets a thread of its own, one that streams goes to whoever has asked for it. Either takes none of the
server's threads, and a server that stops does not wait for it.
"""

import errno
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from mockkommunicate.domain.socket_kinds import SocketFault
from mockkommunicate.misbehaviour import Answer, Case

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FAULT = "mockkommunicate.socket_fault"
"""Where in the environ the application leaves the `SocketFault` that is to befall its answer."""

TAKER = "mockkommunicate.taker"
"""Where in the environ the application leaves a function that gets the connection, once the answer is sent on it."""

MOST_HELD = 1_000
"""How many connections a process holds at once, if it may open twice as many files; one more is closed at once."""

_STOP_S = 1
"""How long to wait for threads whose connections are closed."""

Taker = Callable[[socket.socket, bytes], None]
"""What gets a connection, and what is to be sent on it first."""

log = logging.getLogger("mockkommunicate")


class Misbehaving:
    """A WSGI application that answers as the one in it does, or misbehaves if that leaves a fault in the environ."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._held = Held(most_held())

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer; or raise ConnectionResetError, by which the server knows that there is nobody to answer."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], *error: object) -> Callable[[bytes], object]:
            begun[:] = [(status, headers)]
            return start_response(status, headers, *error)  # type: ignore[arg-type]

        body = self._application(environ, begin)
        fault: SocketFault | None = environ.get(FAULT)
        taker: Taker | None = environ.get(TAKER)
        if fault is None and taker is None:
            return body
        answer = Answer(environ["REQUEST_METHOD"], *begun[0], _whole(body))
        self._hand_over(environ, answer, fault, taker)
        raise ConnectionResetError(errno.ECONNRESET, "this connection was taken away on purpose")

    def _hand_over(
        self, environ: "WSGIEnvironment", answer: "Answer", fault: SocketFault | None, taker: "Taker | None"
    ) -> None:
        try:
            connection = _taken(environ)
        except OSError as error:
            what = "an event stream" if fault is None else f"the fault {fault.kind}"
            log.warning("%s became a closed connection: %s", what, error)
            return
        if fault is not None:
            self._held.hold(Case(connection, answer, fault, self._held.closing))
        elif taker is not None:
            taker(connection, answer.beginning())

    def close(self) -> None:
        """Hang up on everybody who is held, and hold nobody from now on."""
        self._held.close()


def is_takeable(environ: "WSGIEnvironment") -> bool:
    """Tell whether the server is one of those that a connection can be taken from."""
    return "werkzeug.socket" in environ or "gunicorn.socket" in environ


def most_held() -> int:
    """Answer how many connections may be held, so that there are files left for those that behave."""
    files = os.sysconf("SC_OPEN_MAX") if hasattr(os, "sysconf") else 0
    return min(MOST_HELD, files // 2) if files > 0 else MOST_HELD


def _whole(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()


def _taken(environ: "WSGIEnvironment") -> socket.socket:
    """Answer the client's connection, which is ours alone from now on; the server keeps a dead one in its place."""
    if served := environ.get("werkzeug.socket"):
        return socket.socket(fileno=served.detach())
    served = environ["gunicorn.socket"]
    dead, other = socket.socketpair()
    with dead, other:  # gunicorn miscounts its connections when it cannot close one
        taken: socket.socket = served.dup()
        os.dup2(dead.fileno(), served.fileno(), inheritable=False)
    return taken


class Held:
    """The connections that misbehave at present, each on a daemon thread of its own."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._threads: dict[threading.Thread, socket.socket] = {}
        self.closing = threading.Event()

    def hold(self, case: Case) -> None:
        """Let a case run; where there is no room for it, close its connection at once."""
        try:
            with self._lock:
                self._start(case)
        except RuntimeError as error:  # Python's own, when the machine has no thread left
            case.connection.close()
            log.warning("the fault %s became a closed connection: %s", case.fault.kind, error)

    def _start(self, case: Case) -> None:
        if self.closing.is_set():
            case.connection.close()
            return
        if len(self._threads) >= self._most:
            raise RuntimeError(f"{self._most} connections are held already")
        thread = threading.Thread(target=self._run, args=[case], name="mockkommunicate-fault", daemon=True)
        thread.start()
        self._threads[thread] = case.connection

    def _run(self, case: Case) -> None:
        try:
            with suppress(OSError):
                case.run()
        finally:
            self._let_go(threading.current_thread(), case.connection)

    def _let_go(self, thread: threading.Thread, connection: socket.socket) -> None:
        with self._lock:
            self._threads.pop(thread, None)
            connection.close()

    def close(self) -> None:
        """Hang up on everybody, and hold nobody from now on."""
        with self._lock:
            self.closing.set()
            threads = list(self._threads)
            for connection in self._threads.values():
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        end = time.monotonic() + _STOP_S
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
