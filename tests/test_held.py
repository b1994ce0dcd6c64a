"""Servers that stop while clients are held by a socket fault."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests import misbehaving
from tests.misbehaving import MANY, STOP_S, answered, clients, faults, served, wait_until_seen
from tests.postgres import wait_until
from tests.served import Served
from tests.tiny import CONTENT


def assert_stops(running: Served, how: signal.Signals = signal.SIGTERM) -> None:
    """Stop a server, which must be in time and in order."""
    began = time.monotonic()

    assert running.stop(how) == (0, "")
    assert time.monotonic() - began < STOP_S
    assert "Traceback" not in running.log


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
@pytest.mark.parametrize("kind", ["gunicorn", "threaded"])
@pytest.mark.parametrize("query", ["kind=hang", "kind=dribble&pause_ms=60000"])
def test_a_signal_ends_it_in_time_and_hangs_up_on_those_who_wait(
    kind: str, query: str, how: signal.Signals
) -> None:
    program = misbehaving.PROGRAM + ["--threaded"] * (kind == "threaded")
    with served(program=program) as running, clients(running.url, query) as waiting:
        wait_until_seen(running.url, query)
        assert_stops(running, how)

        assert [connection.recv(1_000) for connection in waiting] == [b""] * MANY


def test_two_workers_end_in_time_although_many_wait_for_each() -> None:
    with served("--workers", "2") as running, clients(running.url, "kind=hang") as waiting:
        wait_until(lambda: len(running.workers) == 2)
        assert answered(waiting, within=0.2) == []
        assert_stops(running)

        assert [connection.recv(1_000) for connection in waiting] == [b""] * MANY


def test_a_request_in_flight_is_finished_although_others_hang() -> None:
    with served() as running, clients(running.url, "kind=hang") as waiting, ThreadPoolExecutor(1) as pool:
        wait_until_seen(running.url, "kind=hang")
        slow = pool.submit(requests.get, f"{running.url}/?sleep=1", timeout=10)
        wait_until_seen(running.url, "sleep=1", 1)
        assert_stops(running)

        assert slow.result().content == CONTENT
        assert len(answered(waiting)) == MANY


def test_in_process_stop_hangs_up_on_those_who_wait_and_leaves_no_thread() -> None:
    with (
        misbehaving.in_process() as server,
        clients(server.url, "kind=hang") as hanging,
        clients(server.url, "kind=dribble&pause_ms=60000") as dribbling,
    ):
        wait_until(lambda: len(faults()) >= 2 * MANY)
        began = time.monotonic()
        server.stop()

        assert time.monotonic() - began < STOP_S
        assert [connection.recv(1_000) for connection in hanging + dribbling] == [b""] * 2 * MANY
        assert not faults()


def test_in_process_a_fault_that_comes_when_it_has_stopped_holds_nobody() -> None:
    with misbehaving.in_process() as server, clients(server.url, "sleep=1.5&kind=hang", 1) as (late,):
        wait_until(lambda: requests.get(f"{server.url}/seen", timeout=10).json() != [])
        server.stop()
        assert not answered([late])

        assert late.recv(1_000) == b""


def test_in_process_one_server_that_stops_leaves_those_who_wait_for_another() -> None:
    with (
        misbehaving.in_process() as one,
        misbehaving.in_process() as other,
        clients(one.url, "kind=hang", 1),
        clients(other.url, "kind=hang", 1) as waiting,
    ):
        wait_until_seen(other.url, "kind=hang", 1)
        one.stop()

        assert answered(waiting, within=0.2) == []
