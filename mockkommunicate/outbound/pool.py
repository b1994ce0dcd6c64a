"""A pool of threads: as many as are needed, up to a bound, and none when there is nothing to do.

They are daemons: a process that ends waits for none of them longer than it wants to.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable

IDLE_S = 5.0
"""How long a thread waits for more to do."""

log = logging.getLogger("mockkommunicate")

Job = Callable[[], None]


class Pool:
    """At most so many threads that do what they are given."""

    def __init__(self, most: int, *, name: str) -> None:
        self.most = most
        self._name = name
        self._changed = threading.Condition()
        self._jobs: deque[Job] = deque()
        self._threads = 0
        self._idle = 0
        self._is_closed = False

    def submit(self, job: Job) -> None:
        """Let a job be done, by a new thread if none is idle and there may be one more."""
        with self._changed:
            if self._is_closed:
                return
            self._jobs.append(job)
            if self._idle >= len(self._jobs) or self._threads == self.most:
                self._changed.notify_all()
                return
            self._threads += 1
        threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def close(self, timeout: float) -> bool:
        """Take no more, and wait until everything is done; tell whether it is."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._threads, timeout)

    def _work(self) -> None:
        try:
            while (job := self._next()) is not None:
                self._do(job)
        except BaseException:
            with self._changed:
                self._leave()
            raise

    def _do(self, job: Job) -> None:
        try:
            job()
        except Exception:
            log.exception("%s: this is a mistake of the emulator's", self._name)

    def _next(self) -> Job | None:
        """Answer what is to be done next; None when there has been nothing for long enough."""
        with self._changed:
            self._idle += 1
            self._changed.wait_for(lambda: self._jobs or self._is_closed, IDLE_S)
            self._idle -= 1
            if self._jobs:
                return self._jobs.popleft()
            self._leave()  # before anybody can count on this thread
            return None

    def _leave(self) -> None:
        self._threads -= 1
        self._changed.notify_all()
