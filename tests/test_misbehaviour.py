"""Each kind of misbehaviour, on both servers, as three clients see it."""

import secrets
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain.socket_kinds import EFFECTS, SocketFault, SocketKind
from mockkommunicate.misbehaviour import GARBAGE, Answer, Case
from tests import misbehaving
from tests.askers import SHORT_S, by_httpx, by_requests, by_socket, opened, received
from tests.tiny import CONTENT

HALF = CONTENT[: len(CONTENT) // 2]


@pytest.fixture(scope="module", params=["gunicorn", "threaded"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server with the tiny application: gunicorn in a process, or the threaded one in this process."""
    if request.param == "gunicorn":
        with misbehaving.served() as running:
            yield running.url
            assert [line for line in running.log.splitlines() if "mockkommunicate.requests" not in line] == []
    else:
        with misbehaving.in_process() as server:
            yield server.url


def head(length: int | None, status: str = "200 OK") -> bytes:
    announced = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{announced}Connection: close\r\n\r\n".encode()


def aborted(cause: str) -> tuple[type[Exception], str]:
    return requests.ConnectionError, f"('Connection aborted.', {cause})"


GONE = aborted("RemoteDisconnected('Remote end closed connection without response')")
CUT = f"IncompleteRead({len(HALF)} bytes read, {len(CONTENT) - len(HALF)} more expected)"
RECEIVED = f"(received {len(HALF)} bytes, expected {len(CONTENT)})"
DISCONNECTED = (httpx.RemoteProtocolError, "Server disconnected without sending a response.")
LATE = "HTTPConnectionPool(host='127.0.0.1', port=0): Read timed out. (read timeout=0.5)"

SEEN: dict[str, dict[Callable[..., Any], Any]] = {
    "hang": {
        by_requests: (requests.ReadTimeout, LATE),
        by_httpx: (httpx.ReadTimeout, "timed out"),
        by_socket: (b"", TimeoutError),
    },
    "hang&hold_ms=100": {by_requests: GONE, by_httpx: DISCONNECTED, by_socket: (b"", None)},
    "empty": {by_requests: GONE, by_httpx: DISCONNECTED, by_socket: (b"", None)},
    "reset": {
        by_requests: aborted("ConnectionResetError(104, 'Connection reset by peer')"),
        by_httpx: (httpx.ReadError, "[Errno 104] Connection reset by peer"),
        by_socket: (b"", ConnectionResetError),
    },
    "truncate": {
        by_requests: (requests.exceptions.ChunkedEncodingError, f"('Connection broken: {CUT}', {CUT})"),
        by_httpx: (
            httpx.RemoteProtocolError,
            f"peer closed connection without sending complete message body {RECEIVED}",
        ),
        by_socket: (head(len(CONTENT)) + HALF, None),
    },
    "wrong-length": {
        by_requests: (200, HALF),
        by_httpx: (200, HALF),
        by_socket: (head(len(HALF)) + CONTENT, None),
    },
    "garbage": {
        by_requests: aborted("BadStatusLine('Þ\\xad¾ï this is not HTTP\\r\\n')"),
        by_httpx: (
            httpx.RemoteProtocolError,
            "illegal status line: bytearray(b'\\xde\\xad\\xbe\\xef this is not HTTP')",
        ),
        by_socket: (GARBAGE, None),
    },
    "dribble&chunk_bytes=10&pause_ms=1": {
        by_requests: (200, CONTENT),
        by_httpx: (200, CONTENT),
        by_socket: (head(len(CONTENT)) + CONTENT, None),
    },
}


def test_every_kind_is_described_and_seen_here() -> None:
    assert set(EFFECTS) == set(SocketKind) == {kind.partition("&")[0] for kind in SEEN}


@pytest.mark.parametrize(
    ("ask", "kind", "expected"),
    [(ask, kind, seen) for kind, by_client in SEEN.items() for ask, seen in by_client.items()],
    ids=[f"{ask.__name__}-{kind}" for kind, by_client in SEEN.items() for ask in by_client],
)
def test_a_client_sees(url: str, ask: Callable[[str], Any], kind: str, expected: Any) -> None:
    assert ask(f"{url}/?kind={kind}") == expected


BODILESS = pytest.mark.parametrize(
    ("method", "status", "length"), [("HEAD", "200 OK", len(CONTENT)), ("DELETE", "204 No Content", None)]
)


@pytest.mark.parametrize(("method", "status"), [("HEAD", "200 OK"), ("DELETE", "204 No Content")])
def test_an_answer_without_a_body_is_truncated_in_its_status(url: str, method: str, status: str) -> None:
    asked = f"{url}/?status={status.replace(' ', '+')}&kind=truncate"

    assert by_socket(asked, method) == (b"HTTP/1.1 2", None)
    assert by_requests(asked, method) == aborted("BadStatusLine('HTTP/1.1 2')")
    assert by_httpx(asked, method) == DISCONNECTED


@BODILESS
def test_an_answer_without_a_body_announces_another_length(
    url: str, method: str, status: str, length: int | None
) -> None:
    asked = f"{url}/?status={status.replace(' ', '+')}&kind=wrong-length"

    assert by_socket(asked, method) == (head(length // 2 if length else 1, status), None)


@BODILESS
def test_without_a_body_the_head_dribbles(url: str, method: str, status: str, length: int | None) -> None:
    asked = f"{url}/?status={status.replace(' ', '+')}&kind=dribble&pause_ms=1"

    assert by_socket(asked, method) == (head(length, status), None)


def test_a_dribble_outlasts_a_client_that_only_limits_the_wait_for_each_read(url: str) -> None:
    began = time.monotonic()
    response = requests.post(f"{url}/?kind=dribble&chunk_bytes=20&pause_ms=100", timeout=SHORT_S)

    assert response.content == CONTENT
    assert time.monotonic() - began > SHORT_S


def test_a_dribble_comes_in_chunks_of_the_size_asked_for(url: str) -> None:
    with opened(f"{url}/?kind=dribble&chunk_bytes=5&pause_ms=30") as connection:
        sizes = [len(chunk) for chunk in iter(lambda: connection.recv(1_000), b"")]

    assert sizes.count(5) > len(sizes) / 2


def test_a_hang_ends_in_time_without_a_byte_although_the_client_goes_on_sending(url: str) -> None:
    with opened(f"{url}/?kind=hang&hold_ms=300") as connection:
        began = time.monotonic()
        connection.sendall(b"more")

        assert received(connection) == (b"", None)
        assert time.monotonic() - began >= 0.25


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("delay", [0, 0.1], ids=["read", "unread"])
def test_a_request_sent_ahead_is_neither_run_nor_answered(url: str, kind: str, delay: float) -> None:
    name = secrets.token_hex(4)
    with opened(f"{url}/?kind={kind}&sleep=0.2") as connection:
        time.sleep(delay)
        connection.sendall(f"GET /?name={name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

        assert received(connection) == SEEN[kind][by_socket]
    assert name not in requests.get(f"{url}/seen", timeout=5).text


@pytest.mark.parametrize("kind", ["empty", "truncate", "wrong-length", "garbage", "dribble&pause_ms=1"])
def test_who_sends_more_than_was_read_sees_the_same(url: str, kind: str) -> None:
    body = b"x" * 5_000_000
    with opened(f"{url}/?kind={kind}&body=unread", length=len(body)) as connection:
        connection.sendall(body)
        seen = received(connection)

    assert seen == by_socket(f"{url}/?kind={kind}")


@pytest.mark.parametrize("kind", SEEN)
def test_the_next_request_of_a_session_is_answered_as_ever(url: str, kind: str) -> None:
    with requests.Session() as session, httpx.Client() as client:
        for ask in (session.post, client.post):
            assert ask(f"{url}/", timeout=5).content == CONTENT
            with suppress(requests.RequestException, httpx.TransportError):
                ask(f"{url}/?kind={kind}", timeout=0.2)
            assert ask(f"{url}/", timeout=5).content == CONTENT


@given(body=st.binary(min_size=1, max_size=300), kind=st.sampled_from(["truncate", "wrong-length"]))
def test_less_is_sent_than_announced_or_less_announced_than_sent(body: bytes, kind: str) -> None:
    ours, theirs = socket.socketpair()
    answer = Answer("GET", "200 OK", [("Content-Type", "text/plain"), ("content-length", "7")], body)
    case = Case(ours, answer, SocketFault(kind=SocketKind(kind)), Event())
    with ours, theirs, ThreadPoolExecutor(1) as pool:
        running = pool.submit(case.run)
        with theirs.makefile("rb") as stream:
            whole = stream.read()
        theirs.close()
        running.result()

    sent, content = whole.split(b"\r\n\r\n", 1)
    announced = int(sent.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    if kind == "truncate":
        assert (announced, content) == (len(body), body[: len(body) // 2])
    else:
        assert (announced, content) == (len(body) // 2, body)
