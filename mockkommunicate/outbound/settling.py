"""Settling: everything that is due is sent, and what others send is waited for."""

import threading
import time
from collections.abc import Sequence
from typing import NamedTuple

from mockkommunicate.domain import clock
from mockkommunicate.operations import deliveries
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound.sending import Sender
from mockkommunicate.store import claims
from mockkommunicate.store.records import Delivery

_PAUSE_S = 0.01
_LEISURE = 4
"""How many times as long as it looked it pauses: who waits is not to keep others from working."""


class Settled(NamedTuple):
    """What is still owed, and what has been owed since a place, whatever has become of it."""

    pending: int
    deliveries: Sequence[Delivery]
    last: int
    timed_out: bool


def drain(sender: Sender, application_id: str, *, end: float, done: threading.Event) -> None:
    """Send what is due in an app, one after the other, until nothing is pending that will be due by itself.

    It is `done` then, or when the time ends, or when whoever waits for it says so. Raises ControlError when the app is gone.
    """
    while time.monotonic() < end and not done.is_set():
        began = time.monotonic()
        with sender.emulator.look_at(application_id) as work:
            wait = _wait(work)
        took = time.monotonic() - began
        if wait is None:
            break
        claimed = sender.claim(application_id, most=1) if wait == 0 else []
        if claimed:
            sender.send(claimed[0])
        else:
            done.wait(min(max(wait, _PAUSE_S, _LEISURE * took), max(0.0, end - time.monotonic())))
    done.set()


def look(work: Work, *, after: int, limit: int) -> Settled:
    """Answer what is still owed, whether it would come by itself, and what has been owed since the place `after`."""
    listed = deliveries.list_page(work, limit=limit, since=after)
    pending = deliveries.count_pending(work)
    return Settled(pending, listed, work.app.last_delivery_id, timed_out=_wait(work) is not None)


def _wait(work: Work) -> float | None:
    """Answer in how many seconds there may be something to send, 0 for at once; None if nothing comes by itself."""
    wall, last = clock.now_ms(), work.app.last_delivery_id
    due = claims.find_first_due(work.connection, work.app_id, wall=wall)
    if due is not None and due <= work.now:
        return 0.0
    if claims.is_any_in_flight(work.connection, work.app_id, wall=wall, now=work.now, last=last):
        return _PAUSE_S
    return None if due is None or work.clock.frozen_at is not None else (due - work.now) / 1_000
