"""A crowd of callers: several real processes with several threads each, all of whom begin at the same moment.

The sizes of these tests grow with MOCKKOMMUNICATE_TEST_SCALE; the full size is

    MOCKKOMMUNICATE_TEST_SCALE=10 pytest tests/concurrency --timeout=1800
"""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import requests

from mockkommunicate import App
from tests.client import Client

SCALE = float(os.environ.get("MOCKKOMMUNICATE_TEST_SCALE", "1"))
PROCESSES = 4
THREADS = 4
CALLERS = PROCESSES * THREADS
START_S = 120

Given = TypeVar("Given")
Result = TypeVar("Result")

_barriers: list[Barrier] = []
"""In a process of the crowd: what all of them wait at. It can only be handed over when the process begins."""


def scaled(size: int) -> int:
    """Answer a size for the scale of this run."""
    return max(1, round(size * SCALE))


class Caller(Client):
    """A client that fails on any 5xx. Each call has a connection of its own, so that any worker may serve it."""

    def __init__(self, app: App) -> None:
        super().__init__(app.url, app.api_key)
        self.app = app

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request."""
        options["headers"] = {"Connection": "close", **options.get("headers", {})}
        response = super().call(method, path, **options)
        assert response.status_code < 500, response.text
        return response

    def look(self, path: str, **query: Any) -> Any:
        """Look at something of the app through the control API; `path` begins behind the application id."""
        response = self.call("GET", f"/_mock/apps/{self.app.application_id}/{path}", params=query)
        assert response.status_code == 200, response.text
        return response.json()


Act = Callable[[Caller, Given], Result]


@dataclass(frozen=True)
class Thrown(Generic[Result]):
    """What a crowd is doing."""

    parts: Sequence[Future[list[Result]]]
    count: int

    @property
    def is_going_on(self) -> bool:
        """Tell whether any caller is still at it."""
        return not all(part.done() for part in self.parts)

    def results(self) -> list[Result]:
        """Wait for the end; answer the results in the order of what was given."""
        parts = [part.result() for part in self.parts]
        return [parts[number % PROCESSES][number // PROCESSES] for number in range(self.count)]


class Crowd:
    """The processes, started once; `throw` lets them all act at once."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(
            PROCESSES, context, initializer=_join, initargs=(context.Barrier(PROCESSES),)
        )

    def begin(self, act: Act[Given, Result], app: App, given: Sequence[Given]) -> Thrown[Result]:
        """Let `act` be done once with each thing given, spread over all callers, and do not wait for the end."""
        parts = [given[number::PROCESSES] for number in range(PROCESSES)]
        futures = [self._pool.submit(_act_in_threads, act, app, part) for part in parts]
        return Thrown(futures, len(given))

    def throw(self, act: Act[Given, Result], app: App, given: Sequence[Given]) -> list[Result]:
        """Do as `begin`, and wait for the end."""
        return self.begin(act, app, given).results()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes."""
        self._pool.shutdown()


def _join(barrier: Barrier) -> None:
    """In a new process of the crowd: keep what all wait at."""
    _barriers.append(barrier)


def _act_in_threads(act: Act[Given, Result], app: App, given: Sequence[Given]) -> list[Result]:
    """In a process of the crowd: wait for the others, then do one's part with threads."""
    _barriers[0].wait(START_S)
    callers = [Caller(app) for _ in range(THREADS)]
    parts = [given[number::THREADS] for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as threads:
        done = list(threads.map(lambda caller, part: [act(caller, one) for one in part], callers, parts))
    return [done[number % THREADS][number // THREADS] for number in range(len(given))]
