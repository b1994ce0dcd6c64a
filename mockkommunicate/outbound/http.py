"""One call over HTTP: to an address that was checked, within a deadline, read up to a limit, recorded whatever happens."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url, make_headers, parse_url
from urllib3.util.ssl_ import create_urllib3_context

from mockkommunicate import __version__
from mockkommunicate.domain.deliveries import Outcome
from mockkommunicate.domain.targets import Allowed
from mockkommunicate.outbound.deadline import Deadline, Socket, TlsSocket

HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": f"MockKommunicate/{__version__}",
    "Accept-Encoding": "identity",
}
"""What every call sends besides its own headers."""

MOST_READ = 1_048_576
"""How many bytes of an answer are read."""

_CHUNK = 65_536
_REDIRECTS = range(300, 400)


class Refused(Exception):
    """The address must not be called."""


class Address(NamedTuple):
    """Where to connect to."""

    family: socket.AddressFamily
    sockaddr: Any

    def __str__(self) -> str:
        """Show it as it stands in a URL."""
        host, port = self.sockaddr[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class _Progress:
    """How far a call has come, to say what was in vain; `answer` is what has been read of the answer."""

    def __init__(self) -> None:
        self.stage = "resolving the name"
        self.status: int | None = None
        self.answer = bytearray()


class Caller:
    """Makes calls. Threads may share it; `cut` ends those that are being made."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._lock = threading.Lock()
        self._open: dict[Deadline, socket.socket] = {}
        self._is_cut = False
        self._tls: ssl.SSLContext | None = None

    def call(self, url: str, *, headers: Mapping[str, str], body: str, timeout_ms: int) -> Outcome:
        """Post a body; answer what came of it, which is never an exception."""
        progress, began = _Progress(), time.monotonic()
        refused, truncated, error = False, False, None
        try:
            truncated, error = self._post(progress, url, headers, body.encode(), Deadline(timeout_ms))
        except Refused as refusal:
            refused, error = True, f"not allowed: {refusal}"
        except (TimeoutError, urllib3.exceptions.ReadTimeoutError):
            error = f"timeout while {progress.stage}: {timeout_ms} ms were not enough"
        except Exception as failure:  # noqa: BLE001 - whatever a receiver makes of HTTP is its answer
            error = _described(failure, progress)
        return Outcome(
            duration=int((time.monotonic() - began) * 1_000),
            status=progress.status,
            answer=progress.answer.decode("utf-8", "replace"),
            truncated=truncated,
            error=error,
            refused=refused,
        )

    def cut(self) -> None:
        """End the calls that are being made, and make no more."""
        with self._lock:
            self._is_cut = True
            for opened in self._open.values():
                with suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)

    def _post(
        self, progress: _Progress, url: str, headers: Mapping[str, str], body: bytes, deadline: Deadline
    ) -> tuple[bool, str | None]:
        """Post; answer whether there was more to read, and what is wrong with an answer that did come."""
        target = parse_url(url)
        addresses = self._resolve(target)
        deadline.left()
        progress.stage = "connecting"
        with self._connection(target, addresses, deadline) as connection:
            connection.connect()
            progress.stage = "waiting for the answer"
            given = {**HEADERS, **(make_headers(basic_auth=target.auth) if target.auth else {}), **headers}
            connection.request(
                "POST", target.request_uri, body, given, preload_content=False, decode_content=False
            )
            response = connection.getresponse()
            progress.status, progress.stage = response.status, "reading the answer"
            truncated = _read(response, progress)
        return truncated, _complaint(response)

    def _resolve(self, target: Url) -> list[Address]:
        """Look up the name once; raise Refused unless every address may be called."""
        host = (target.host or "").strip("[]")
        port = target.port or (443 if target.scheme == "https" else 80)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for _, _, _, _, sockaddr in found:
            refusal = self._allowed.refusal(host, str(sockaddr[0]))
            if refusal is not None:
                raise Refused(refusal)
        return [Address(family, sockaddr) for family, _, _, _, sockaddr in found]

    @contextmanager
    def _connection(
        self, target: Url, addresses: list[Address], deadline: Deadline
    ) -> Iterator["HTTPConnection"]:
        kind = _Https if target.scheme == "https" else _Http
        connection = kind(str(target.host), target.port, timeout=deadline.left())
        connection.addresses, connection.deadline, connection.opened = addresses, deadline, self._opened
        if isinstance(connection, _Https):
            connection.ssl_context = self._trusting()
        try:
            yield connection
        finally:
            connection.close()
            with self._lock:
                self._open.pop(deadline, None)

    def _trusting(self) -> ssl.SSLContext:
        """Answer what says whom TLS trusts: whom this machine does, which takes long enough to read once."""
        with self._lock:
            if self._tls is None:
                self._tls = create_urllib3_context()
                self._tls.load_default_certs()
                self._tls.sslsocket_class = TlsSocket
            return self._tls

    def _opened(self, deadline: Deadline, opened: socket.socket) -> None:
        with self._lock:
            if self._is_cut:
                raise ConnectionAbortedError("the emulator is stopping")
            self._open[deadline] = opened


class _Pinned(HTTPConnection):
    """A connection to one of the addresses that were checked, whatever the name leads to by now."""

    addresses: list[Address]
    deadline: Deadline
    opened: Any

    def _new_conn(self) -> socket.socket:
        failure: Exception | None = None
        for address in self.addresses:
            opened = Socket(address.family, socket.SOCK_STREAM)
            try:
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                opened.settimeout(self.deadline.left())
                opened.connect(address.sockaddr)
                self.opened(self.deadline, opened)
            except OSError as error:
                opened.close()
                refused = isinstance(error, ConnectionRefusedError)
                failure = ConnectionRefusedError(str(address)) if refused else error
            else:
                opened.deadline = self.deadline
                return opened
        raise failure or OSError("no address")

    def getresponse(self) -> Any:  # noqa: ANN401 - urllib3's HTTPResponse
        """Wait for the answer no longer than is left."""
        self.timeout = self.deadline.left()
        return super().getresponse()


class _Http(_Pinned):
    pass


class _Https(_Pinned, HTTPSConnection):
    def connect(self) -> None:
        """Connect, and speak TLS."""
        HTTPSConnection.connect(self)
        wrapped = cast("TlsSocket", self.sock)
        wrapped.deadline = self.deadline
        self.opened(self.deadline, wrapped)


def _read(response: Any, progress: _Progress) -> bool:  # noqa: ANN401 - urllib3's HTTPResponse
    """Read an answer up to the limit; tell whether there is more."""
    while len(progress.answer) < MOST_READ:
        chunk = response.read1(min(_CHUNK, MOST_READ - len(progress.answer)))
        if not chunk:
            return False
        progress.answer += chunk
    return bool(response.read1(1))


def _complaint(response: Any) -> str | None:  # noqa: ANN401 - urllib3's HTTPResponse
    """Say what is wrong with an answer that has come: a redirect is not followed."""
    if response.status in _REDIRECTS:
        return f"redirect to {response.headers.get('Location', 'nowhere')}, which is not followed"
    return None


def _described(failure: Exception, progress: _Progress) -> str:
    """Say in a few words what went wrong; the first of them say of which kind it is."""
    what = " ".join(str(failure).split()) or type(failure).__name__
    cause = failure.args[-1] if isinstance(failure, urllib3.exceptions.ProtocolError) else None
    if isinstance(cause, http.client.IncompleteRead):
        missing = "an unknown number" if cause.expected is None else cause.expected
        return f"incomplete answer: {len(progress.answer)} bytes came, {missing} are missing"
    for kinds, words in _KINDS:
        if isinstance(failure, kinds):
            return words.format(what=what, stage=progress.stage)
    return f"{progress.stage} failed: {what}"


_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (socket.gaierror, "DNS: the name cannot be resolved: {what}"),
    (ConnectionRefusedError, "connection refused: nobody listens at {what}"),
    (ssl.SSLError, "TLS: {what}"),
    (http.client.RemoteDisconnected, "closed: the receiver hung up without an answer"),
    ((ConnectionError, urllib3.exceptions.ProtocolError), "connection lost while {stage}: {what}"),
    (http.client.HTTPException, "malformed answer: {what}"),
    ((urllib3.exceptions.LocationParseError, UnicodeError, ValueError), "it cannot be sent: {what}"),
)
