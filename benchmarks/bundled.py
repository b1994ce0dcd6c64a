"""Load by Python alone: processes with a few threads each, every thread with a keep-alive connection of its own."""

import http.client
import multiprocessing
import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import cycle
from typing import Protocol

from benchmarks.calls import Connection, Request
from benchmarks.load import Load, Outcome
from benchmarks.report import WrongAnswer

_PROCESSES = 4

Times = list[float]


class Barrier(Protocol):
    """Where threads, or processes, wait for each other."""

    def wait(self) -> int:
        """Wait until all have come."""


class _Start:
    """Where the processes of a load wait for each other."""

    barrier: Barrier


def run(load: Load) -> Outcome:
    """Share the connections out to processes, and put together what they measured."""
    count = min(_PROCESSES, load.connections)
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, initializer=_keep, initargs=(context.Barrier(count),))
    with pool:
        results = list(pool.map(_process, [load] * count, range(count), [count] * count))
    times = [time for found, _ in results for time in found]
    wrong = [sample for _, samples in results for sample in samples]
    percentiles = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return Outcome(
        answers=len(times) + len(wrong),
        wrong=len(wrong),
        seconds=load.seconds,
        p50=percentiles[49] * 1e3,
        p99=percentiles[98] * 1e3,
        sample=wrong[0] if wrong else "",
    )


def _keep(barrier: Barrier) -> None:
    _Start.barrier = barrier


def _wait_for_processes() -> None:
    _Start.barrier.wait()


def _process(load: Load, index: int, count: int) -> tuple[Times, list[str]]:
    """Run every count-th connection from the index-th on, each with its own share of the requests."""
    mine = range(index, load.connections, count)
    start = threading.Barrier(len(mine), action=_wait_for_processes)
    shares = [load.requests[each :: load.connections] for each in mine]
    with ThreadPoolExecutor(len(mine)) as pool:
        results = list(pool.map(lambda share: _connection(load, share, start), shares))
    return [time for times, _ in results for time in times], [text for _, wrong in results for text in wrong]


def _connection(load: Load, requests: Sequence[Request], start: threading.Barrier) -> tuple[Times, list[str]]:
    connection = Connection(load.url)
    times: Times = []
    wrong: list[str] = []
    start.wait()
    until = time.perf_counter() + load.seconds
    for request in cycle(requests):
        if time.perf_counter() > until:
            break
        try:
            times.append(_timed(connection, request, load.least))
        except (WrongAnswer, OSError, http.client.HTTPException) as error:
            wrong.append(repr(error))
    connection.close()
    return times, wrong


def _timed(connection: Connection, request: Request, least: int) -> float:
    body, seconds = connection.send(request)
    if len(body) < least:
        raise WrongAnswer(f"{request.path}: only {len(body)} bytes")
    return seconds
