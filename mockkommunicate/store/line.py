"""A line of writers: SQLite's own busy handler polls and starves, so the writers of a process wait here instead."""

import threading
from collections import deque

from mockkommunicate.domain.errors import StoreUnavailable


class Line:
    """A lock that serves its waiters first come, first served."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def enter(self, timeout: float) -> None:
        """Wait for the turn; raise StoreUnavailable after `timeout` seconds."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                raise StoreUnavailable(f"other writers held it for {timeout:g} seconds")

    def leave(self) -> None:
        """Give the turn to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
