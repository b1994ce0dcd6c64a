"""Clients that are held by a socket fault, for whom nobody else waits."""

import os
import socket
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
import requests

from mockkommunicate import sockets
from mockkommunicate.domain.socket_kinds import SocketFault, SocketKind
from tests import misbehaving
from tests.misbehaving import MANY, answered, clients, faults, served, slowest_of, wait_until_seen
from tests.postgres import wait_until
from tests.tiny import CONTENT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

QUICK_S = 2
"""Far less than those who are held have to wait, and far more than an answer takes on a busy machine."""


@pytest.fixture(params=["gunicorn", "threaded"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server of the test's own: gunicorn in a process, or the threaded one in this process."""
    if request.param == "gunicorn":
        with served() as running:
            yield running.url
    else:
        with misbehaving.in_process() as server:
            yield server.url


@pytest.mark.parametrize("query", ["kind=hang", "kind=dribble&pause_ms=60000"])
def test_a_hundred_clients_that_wait_delay_nobody_else(url: str, query: str) -> None:
    with clients(url, query) as waiting:
        wait_until_seen(url, query)

        assert slowest_of(url) < QUICK_S
        assert answered(waiting) == []


def test_a_single_thread_serves_others_while_many_wait() -> None:
    with served("--threads", "1") as running, clients(running.url, "kind=hang") as waiting:
        wait_until_seen(running.url, "kind=hang")

        assert slowest_of(running.url) < QUICK_S
        assert answered(waiting) == []


def test_a_hundred_clients_that_wait_for_two_workers_delay_nobody() -> None:
    with served("--workers", "2") as running, clients(running.url, "kind=hang") as waiting:
        wait_until(lambda: len(running.workers) == 2)

        assert slowest_of(running.url) < QUICK_S
        assert answered(waiting) == []


def test_many_hang_and_dribble_and_others_are_answered_all_at_the_same_time(url: str) -> None:
    def ask(number: int) -> bytes:
        kind = ["", "kind=hang&hold_ms=300", "kind=dribble&pause_ms=5", "kind=reset"][number % 4]
        try:
            return requests.post(f"{url}/?{kind}", timeout=20).content
        except requests.ConnectionError:
            return b""

    with ThreadPoolExecutor(40) as pool:
        contents = list(pool.map(ask, range(200)))

    assert contents == [CONTENT, b"", CONTENT, b""] * 50


def test_a_client_that_never_reads_takes_no_thread() -> None:
    query = "kind=truncate&repeat=200000"
    with served("--threads", "1") as running, clients(running.url, query, 10):
        wait_until_seen(running.url, query, 10)

        assert slowest_of(running.url) < QUICK_S


def files_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.parametrize("query", ["kind=hang", "kind=dribble&chunk_bytes=1&pause_ms=500"])
def test_whoever_hangs_up_is_let_go(query: str) -> None:
    with served() as running:
        assert slowest_of(running.url)
        (worker,) = running.workers
        # Connections of those just answered may still be open: there are no more files than before at the end.
        before = files_of(worker)
        with clients(running.url, query):
            wait_until(lambda: files_of(worker) >= MANY)

        assert before < MANY
        wait_until(lambda: files_of(worker) <= before)


def test_in_process_whoever_hangs_up_leaves_no_thread() -> None:
    with misbehaving.in_process() as server:
        with clients(server.url, "kind=hang"):
            wait_until(lambda: len(faults()) >= MANY)

        wait_until(lambda: not faults())


def test_in_process_a_client_that_never_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockkommunicate.misbehaviour._SEND_S", 2)
    with misbehaving.in_process() as server, clients(server.url, "kind=truncate&repeat=500000", 1):
        wait_until(lambda: faults() != [])

        wait_until(lambda: not faults())


def test_of_too_many_some_are_hung_up_on_at_once_and_others_are_served_as_ever() -> None:
    few_files = ["sh", "-c", 'ulimit -n 200; exec "$@"', "sh", *misbehaving.PROGRAM]
    with served(program=few_files) as running, clients(running.url, "kind=hang", 120) as waiting:
        wait_until(lambda: len(answered(waiting)) == 20)

        assert [connection.recv(1_000) for connection in answered(waiting)] == [b""] * 20
        assert slowest_of(running.url) < QUICK_S
        told = [line for line in running.log.splitlines() if "mockkommunicate.requests" not in line]
        refusals = [line for line in told if "100 connections are held already" in line]
        assert len(refusals) == len(told) == 20


def test_the_connections_that_may_be_held_leave_files_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def held(files: int) -> int:
        monkeypatch.setattr(os, "sysconf", lambda _name: files)
        return sockets.most_held()

    assert [held(files) for files in (64, 1_024, 1_048_576, -1)] == [32, 512, 1_000, 1_000]


class Body:
    """The body of an answer, which is closed as WSGI wants it."""

    closed = False

    def __iter__(self) -> Iterator[bytes]:
        """Answer its chunks."""
        yield CONTENT

    def close(self) -> None:
        """Remember."""
        self.closed = True


def call(environ: "WSGIEnvironment", body: Iterable[bytes]) -> Iterable[bytes]:
    """Call the middleware round an application that answers so."""

    def application(_environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start_response("200 OK", [])
        return body

    begun = mock.Mock()
    answer = sockets.Misbehaving(application)(environ | {"REQUEST_METHOD": "GET"}, begun)
    begun.assert_called_once_with("200 OK", [])
    return answer


def test_without_a_fault_the_answer_passes_untouched() -> None:
    body = Body()

    assert call({}, body) is body
    assert not body.closed


def test_the_body_that_a_fault_swallows_is_closed() -> None:
    body = Body()
    ours, theirs = socket.socketpair()
    fault = {sockets.FAULT: SocketFault(kind=SocketKind.EMPTY), "werkzeug.socket": ours}
    with theirs:
        with pytest.raises(ConnectionResetError):
            call(fault, body)

        assert theirs.recv(1_000) == b""
        assert body.closed


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("socket.socketpair", OSError("no file left")),
        ("threading.Thread.start", RuntimeError("no thread left")),
    ],
    ids=["files", "threads"],
)
def test_where_the_machine_has_nothing_left_the_connection_ends_and_the_log_says_why(
    where: str, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ours, theirs = socket.socketpair()
    fault = {sockets.FAULT: SocketFault(kind=SocketKind.HANG), "gunicorn.socket": ours}
    with ours, theirs:
        monkeypatch.setattr(where, mock.Mock(side_effect=error))
        with pytest.raises(ConnectionResetError):
            call(fault, [])
        ours.close()

        assert theirs.recv(1_000) == b""
    assert caplog.messages == [f"the fault hang became a closed connection: {error}"]
