"""The clock of an app, and how instants and durations may be written."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mockkommunicate.handle.results import Time

Call = Callable[..., dict[str, Any]]
Instant = int | str | datetime
"""Milliseconds since 1970, ISO 8601, or a datetime; without an offset it is UTC."""
Duration = int | str | timedelta
"""Milliseconds, ISO 8601 such as "PT1H", or a timedelta."""


class Clock:
    """The clock of an app. Every call answers what it shows afterwards."""

    def __init__(self, call: Call) -> None:
        self._call = call

    @property
    def now(self) -> int:
        """The time of the app, in milliseconds since 1970."""
        return self._look().now

    @property
    def mode(self) -> str:
        """Whether it is "running" or "frozen"."""
        return self._look().mode

    def freeze(self, at: Instant | None = None) -> Time:
        """Stop it, where it is or at an instant."""
        return self._move(freeze=True if at is None else at)

    def set(self, to: Instant) -> Time:
        """Set it to an instant; it runs or stands still as before."""
        return self._move(set=to)

    def advance(self, by: Duration) -> Time:
        """Move it ahead; `ran` of the answer is what came due."""
        return self._move(advance=by)

    def resume(self) -> Time:
        """Let it run, from where it is."""
        return self._move(resume=True)

    def _look(self) -> Time:
        return Time.of(self._call("GET", "clock"))

    def _move(self, **how: object) -> Time:
        return Time.of(self._call("POST", "clock", how))
