"""Misbehaviour: what is sent on a connection instead of a good answer, one function for each kind."""

import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate

from mockkommunicate.domain import clock
from mockkommunicate.domain.socket_kinds import SocketFault, SocketKind

GARBAGE = b"\xde\xad\xbe\xef this is not HTTP\r\n\r\n"
"""What `garbage` sends."""

_CHUNK = 65_536
_SEND_S = 60
"""How long a client may take to read what is sent at once."""
_PART_S = 2
"""How long a client may take to hang up after we did."""

_BODILESS = ("1", "204", "304")
_OURS = frozenset({"connection", "content-length", "date", "transfer-encoding"})


@dataclass(frozen=True)
class Answer:
    """A whole answer of the application."""

    method: str
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def content(self) -> bytes:
        """What follows the head."""
        return b"" if self.method == "HEAD" or self.status.startswith(_BODILESS) else self.body

    @property
    def length(self) -> int:
        """The right length of the body, even where it is not sent."""
        given = {name.lower(): value for name, value in self.headers}
        return int(given.get("content-length", "0")) if self.method == "HEAD" else len(self.content)

    def head(self, length: int | None = None) -> bytes:
        """Write its head, with its right length or another."""
        has_length = length is not None or not self.status.startswith(_BODILESS)
        told = [("Content-Length", str(self.length if length is None else length))] if has_length else []
        return self._head(told)

    def beginning(self) -> bytes:
        """Write its head and its body, which goes on until the connection is closed."""
        return self._head([]) + self.content

    def _head(self, more: list[tuple[str, str]]) -> bytes:
        headers = [(name, value) for name, value in self.headers if name.lower() not in _OURS] + more
        headers += [("Date", formatdate(clock.now_ms() / 1_000, usegmt=True)), ("Connection", "close")]
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass(frozen=True)
class Case:
    """A connection, what was to be answered on it, and its fate."""

    connection: socket.socket
    answer: Answer
    fault: SocketFault
    closing: threading.Event

    def run(self) -> None:
        """Misbehave to the end; raise OSError when the client hangs up first."""
        self.connection.settimeout(_SEND_S)
        _MISBEHAVE[self.fault.kind](self)
        if self.fault.kind != SocketKind.RESET:
            self.connection.shutdown(socket.SHUT_WR)
            _outlast(self.connection, _PART_S)


def _outlast(connection: socket.socket, seconds: float) -> None:
    """Read and throw away until the client hangs up or the time is over."""
    end = time.monotonic() + seconds
    with suppress(TimeoutError):
        while (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(_CHUNK):
                return


def _hang(case: Case) -> None:
    _outlast(case.connection, case.fault.hold_ms / 1_000)


def _empty(_case: Case) -> None:
    pass


def _reset(case: Case) -> None:
    layout = "hh" if sys.platform == "win32" else "ii"
    case.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, 1, 0))


def _truncate(case: Case) -> None:
    """Stop in the middle of the body; where there is none, in the middle of the status."""
    head, content = case.answer.head(), case.answer.content
    cut = head + content[: len(content) // 2] if content else head[: len("HTTP/1.1 2")]
    case.connection.sendall(cut)


def _wrong_length(case: Case) -> None:
    """Announce half of the body; where there is none, a byte that never comes."""
    length = case.answer.length
    case.connection.sendall(case.answer.head(length // 2 if length else 1) + case.answer.content)


def _garbage(case: Case) -> None:
    case.connection.sendall(GARBAGE)


def _dribble(case: Case) -> None:
    whole, size = case.answer.head() + case.answer.content, case.fault.chunk_bytes
    for start in range(0, len(whole), size):
        if case.closing.wait(case.fault.pause_ms / 1_000):
            return
        case.connection.sendall(whole[start : start + size])


_MISBEHAVE: Mapping[SocketKind, Callable[[Case], None]] = {
    SocketKind.HANG: _hang,
    SocketKind.EMPTY: _empty,
    SocketKind.RESET: _reset,
    SocketKind.TRUNCATE: _truncate,
    SocketKind.WRONG_LENGTH: _wrong_length,
    SocketKind.GARBAGE: _garbage,
    SocketKind.DRIBBLE: _dribble,
}
