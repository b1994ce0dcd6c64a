"""/_mock/apps/APP/wait: wait for a message, a request, a delivery or an assignment."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Semaphore
from typing import Any

from flask import Blueprint, current_app, request

from mockkommunicate.control import conversations, journal
from mockkommunicate.control.endpoint import control
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.operations import waiting
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.journal import Look, ensure_kept
from mockkommunicate.wire import deliveries as wire_deliveries
from mockkommunicate.wire.answers import Met
from mockkommunicate.wire.waiting import Wait

blueprint = Blueprint("waiting", __name__, url_prefix="/apps/<application_id>/wait")

_PAUSE_S = 0.02
_LEISURE = 4
"""How many times as long as it looked it pauses: who waits is not to keep others from working."""

Find = Callable[[Look], Any]


@blueprint.post("")
@control(needs="emulator", body=Wait, answers=Met)
def wait(
    emulator: Emulator,
    *,
    application_id: str,
    what: str,
    matching: Any,  # noqa: ANN401 - a matcher, or any JSON object
    timeout_ms: int,
) -> dict[str, Any]:
    """Wait until it has come, unless it has already, and answer it; or that it has not come in time.

    The time is the wall clock's: an app's clock may stand still.
    """
    look, find = partial(emulator.look_at, application_id), _FINDERS[what](matching)
    if what == "request":
        with look() as work:
            ensure_kept(work)
    found = find(look)
    if found is None and timeout_ms:
        with place(emulator.settings.threads):
            found = _waited(partial(find, look), time.monotonic() + timeout_ms / 1000)
    return {"met": False} if found is None else {"met": True, "found": found}


def _waited(find: Callable[[], Any], end: float) -> Any:  # noqa: ANN401
    """Look again and again until something is found; None when the time is over."""
    while True:
        began = time.monotonic()
        found = find()
        now = time.monotonic()
        if found is not None or now >= end:
            return found
        time.sleep(min(max(_PAUSE_S, _LEISURE * (now - began)), end - now))


@contextmanager
def place(threads: int) -> Iterator[None]:
    """Take one of the threads of this worker to wait in; raise ControlError where the others are needed for work.

    A server that has a thread for each connection is not bounded.
    """
    most = threads - 1 - threads // 4
    places = current_app.extensions.setdefault("mockkommunicate.waiting", Semaphore(most))
    if "gunicorn.socket" not in request.environ:
        yield
        return
    if not places.acquire(blocking=False):
        raise ControlError(
            "TOO_MANY_WAIT",
            f"no more than {most} may wait at once at a worker with --threads {threads}: others must be answered",
            hint="call again, or start the server with more --threads",
            http_status=503,
        )
    try:
        yield
    finally:
        places.release()


def _request(expected: Any) -> Find:  # noqa: ANN401
    find = waiting.for_request(expected)

    def written(look: Look) -> dict[str, Any] | None:
        found = find(look)
        return None if found is None else journal.write_entry(found)

    return written


_FINDERS: dict[str, Callable[[Any], Find]] = {
    "message": lambda expected: waiting.for_message(expected, conversations.write_message),
    "request": _request,
    "delivery": lambda expected: waiting.for_delivery(expected, wire_deliveries.write),
    "assignment": lambda expected: waiting.for_assignment(expected, conversations.write),
}
