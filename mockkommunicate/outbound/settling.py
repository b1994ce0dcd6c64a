"""Settling: everything that is due is sent, and what others send is waited for."""

import threading
import time
from collections.abc import Sequence
from typing import NamedTuple

from mockkommunicate.domain import clock
from mockkommunicate.domain.errors import EmulatorError
from mockkommunicate.operations import deliveries
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound.sending import Sender
from mockkommunicate.store import claims
from mockkommunicate.store.records import Delivery

_PAUSE_S = 0.01
_LEISURE = 4
"""How many times as long as it looked it pauses: who waits is not to keep others from working."""

_ALL = 2**62
"""A time and a place behind all others."""


class Settled(NamedTuple):
    """What is still owed, whether the time was over first, and what has been owed since a place."""

    pending: int
    timed_out: bool
    deliveries: Sequence[Delivery]
    last: int


class Drain:
    """Sends what is due in an app, one after the other, until nothing is pending that will be due by itself.

    It is run on a thread of its own, so that who waits for it can leave when the time is over, whatever a call takes.
    """

    def __init__(self, sender: Sender, application_id: str, *, timeout_ms: int) -> None:
        self._sender = sender
        self._application_id = application_id
        self._end = time.monotonic() + timeout_ms / 1_000
        self._done = threading.Event()
        self._failure: EmulatorError | None = None
        self._is_at_rest = False

    def run(self) -> None:
        """Send until nothing is left to wait for, or nobody waits any longer."""
        try:
            while not self._is_at_rest and not self._done.is_set() and self._left() > 0:
                self._is_at_rest = self._go_on()
        except EmulatorError as error:
            self._failure = error
        self._done.set()

    def wait(self) -> bool:
        """Wait for the end, or until the time is over; tell which it was. Raises ControlError when the app is gone."""
        self._done.wait(self._left())
        self._done.set()
        if self._failure is not None:
            raise self._failure
        return self._is_at_rest

    def _go_on(self) -> bool:
        """Send one, or wait; tell whether there is nothing to wait for."""
        began = time.monotonic()
        with self._sender.emulator.look_at(self._application_id) as work:
            wait = _wait(work)
        took = time.monotonic() - began
        claimed = self._sender.claim(self._application_id, most=1) if wait == 0 else []
        if claimed:
            self._sender.send(claimed[0])
        elif wait is not None:
            self._done.wait(min(max(wait, _PAUSE_S, _LEISURE * took), self._left()))
        return wait is None

    def _left(self) -> float:
        return max(0.0, self._end - time.monotonic())


def look(work: Work, *, timed_out: bool, after: int, limit: int) -> Settled:
    """Answer what is still owed, and what has been owed since the place `after`."""
    listed = deliveries.list_page(work, limit=limit, since=after)
    pending = deliveries.count_pending(work)
    return Settled(pending, timed_out and pending > 0, listed, work.app.last_delivery_id)


def _wait(work: Work) -> float | None:
    """Answer in how many seconds there may be something to send, 0 for at once; None if nothing comes by itself."""
    wall = clock.now_ms()
    ahead = claims.find_outlook(work.connection, work.app_id, wall=wall, now=_ALL, last=_ALL)
    due = ahead.first_due
    if due is not None and due <= work.now:
        return 0.0
    if ahead.is_any_in_flight:
        return _PAUSE_S
    return None if due is None or work.clock.frozen_at is not None else (due - work.now) / 1_000
