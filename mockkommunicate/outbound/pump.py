"""The pump: a thread that claims what is due and hands it to a pool of threads, which send it.

It is woken by what this process commits. What others leave, and what is to be tried again, it finds by looking.
"""

import heapq
import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial

from mockkommunicate.domain.errors import StoreUnavailable
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound.pool import Pool
from mockkommunicate.outbound.sending import Sender
from mockkommunicate.store.records import Delivery

MOST = 64
MOST_OF_APP = 32
MOST_OF_URL = 16
"""How many calls a process makes at once, for one app and to one URL: who hangs leaves room for others."""

CUT_S = 1.0
"""How long a call that was cut off takes to end."""

LOOK_S = 0.5
_LEISURE = 10
"""How many times as long as it looked it waits until it looks again."""

log = logging.getLogger("mockkommunicate")


class Pump:
    """Sends what is due by itself."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._pool = Pool(MOST, name="mockkommunicate-delivery")
        self._changed = threading.Condition()
        self._hot: dict[str, None] = {}
        self._full: dict[str, None] = {}
        self._later: list[tuple[float, str]] = []
        self._of_app: Counter[str] = Counter()
        self._of_url: Counter[str] = Counter()
        self._thread: threading.Thread | None = None
        self._is_closing = False

    def start(self) -> None:
        """Begin at once where others may leave something to send; else with the first that is owed."""
        if self._sender.is_shared():
            with self._changed:
                self._begin()

    def prepare(self, work: Work) -> None:
        """Do nothing before it is committed."""

    def wake(self, work: Work) -> None:
        """Send what has been committed, once it is due."""
        is_frozen = work.clock.frozen_at is not None
        with self._changed:
            for delivery in work.leading:
                delay = delivery.due_at - work.now
                if delay <= 0:
                    self._hot[work.app_id] = None
                elif not is_frozen:
                    heapq.heappush(self._later, (time.monotonic() + delay / 1_000, work.app_id))
            self._begin()
            self._changed.notify_all()

    def stop(self) -> None:
        """Begin to send nothing more."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()

    def close(self, grace: float) -> None:
        """Wait so many seconds for the calls that are being made, then cut them off."""
        self.stop()
        if self._thread is not None:
            self._thread.join(grace)
        if not self._pool.close(grace):
            self._sender.close()
            self._pool.close(CUT_S)

    def _begin(self) -> None:
        if self._thread is None and not self._is_closing:
            self._thread = threading.Thread(target=self._run, name="mockkommunicate-pump", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        looks_at = 0.0
        while not self._is_closing:
            try:
                if time.monotonic() >= looks_at:
                    looks_at = self._look()
                self._dispatch()
            except StoreUnavailable as error:
                log.warning("deliveries wait for the database: %s", error.description)
                looks_at = time.monotonic() + LOOK_S
            self._pause(looks_at)

    def _look(self) -> float:
        """Look for apps that have something due; answer when to look again."""
        began = time.monotonic()
        found = self._sender.list_apps()
        with self._changed:
            self._hot |= dict.fromkeys(found)
        now = time.monotonic()
        return now + max(LOOK_S, _LEISURE * (now - began))

    def _dispatch(self) -> None:
        """Claim of each app what there is room for."""
        with self._changed:
            apps, self._hot = list(self._hot), {}
        for application_id in apps:
            room, busy = self._room(application_id)
            claimed = self._sender.claim(application_id, most=room, busy=busy) if room > 0 else []
            self._count(application_id, claimed, is_all=len(claimed) < room and not busy)
            for delivery in claimed:
                self._pool.submit(partial(self._send, delivery))

    def _room(self, application_id: str) -> tuple[int, list[str]]:
        """Answer how many more calls an app may make, and to which URLs it may make none."""
        with self._changed:
            busy = [url for url, count in self._of_url.items() if count >= MOST_OF_URL]
            others = [count for count in self._of_url.values() if count < MOST_OF_URL]
            room = min(MOST - self._of_app.total(), MOST_OF_APP - self._of_app[application_id])
        return min(room, MOST_OF_URL - max(others, default=0)), busy

    def _count(self, application_id: str, claimed: Sequence[Delivery], *, is_all: bool) -> None:
        """Count calls that begin; an app that may have more to send is looked at again, when a call has ended at last."""
        with self._changed:
            self._of_app[application_id] += len(claimed)
            self._of_url.update(delivery.url for delivery in claimed)
            if not is_all:
                again = self._hot if claimed else self._full
                again[application_id] = None

    def _send(self, delivery: Delivery) -> None:
        try:
            self._sender.send(delivery)
        except StoreUnavailable as error:
            log.warning("delivery %s is sent again: %s", delivery.id, error.description)
        finally:
            with self._changed:
                _count_down(self._of_app, delivery.application_id)
                _count_down(self._of_url, delivery.url)
                self._hot, self._full = self._hot | self._full, {}
                self._changed.notify_all()

    def _pause(self, looks_at: float) -> None:
        """Wait until there is something to do."""
        with self._changed:
            if not self._hot and not self._is_closing:
                until = min(looks_at, self._later[0][0] if self._later else looks_at)
                self._changed.wait(max(0.0, until - time.monotonic()))
            now = time.monotonic()
            while self._later and self._later[0][0] <= now:
                self._hot[heapq.heappop(self._later)[1]] = None


def _count_down(counter: Counter[str], name: str) -> None:
    counter[name] -= 1
    if counter[name] <= 0:
        del counter[name]
