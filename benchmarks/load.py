"""Load: as many requests as a server answers over so many connections in so many seconds, every answer checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.calls import Request


@dataclass(frozen=True, kw_only=True)
class Load:
    """What to send: the requests in turn, again and again. An answer shorter than `least` bytes is a wrong one."""

    url: str
    requests: Sequence[Request]
    connections: int
    seconds: int
    least: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it: counts, percentiles in milliseconds, and one of the wrong answers."""

    answers: int
    wrong: int
    seconds: float
    p50: float
    p99: float
    sample: str

    @property
    def per_second(self) -> float:
        """How many requests were answered in a second."""
        return self.answers / self.seconds
