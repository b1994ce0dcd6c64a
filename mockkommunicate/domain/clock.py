"""The time, running, shifted or frozen, as a value. The one module that reads the wall clock."""

import time
from dataclasses import dataclass, replace

LATEST_MS = 253_402_300_799_999
"""The last millisecond of the year 9999."""


def now_ms() -> int:
    """Answer the present time in milliseconds since 1970, as every time on Kommunicate's wire is given."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, kw_only=True)
class Clock:
    """An app's clock: frozen at an instant, or so many milliseconds ahead of the wall clock."""

    offset: int = 0
    frozen_at: int | None = None

    def now(self) -> int:
        """Answer the time in milliseconds since 1970."""
        return self.frozen_at if self.frozen_at is not None else now_ms() + self.offset

    def freeze(self, at: int | None = None) -> "Clock":
        """Answer the clock standing still: where it is, or at an instant."""
        return replace(self, frozen_at=self.now() if at is None else at)

    def set(self, to: int) -> "Clock":
        """Answer the clock at another instant, running or frozen as it was."""
        return self.advance(to - self.now())

    def advance(self, by: int) -> "Clock":
        """Answer the clock so many milliseconds later, running or frozen as it was."""
        if self.frozen_at is not None:
            return replace(self, frozen_at=self.frozen_at + by)
        return replace(self, offset=self.offset + by)

    def resume(self) -> "Clock":
        """Answer the clock running, from the instant at which it stood still."""
        return self if self.frozen_at is None else Clock(offset=self.frozen_at - now_ms())
