"""What a run is asked for."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""Where the package and the benchmarks are imported from, by every process of a run."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What to measure and for how long. `database` is a SQLAlchemy URL, or None for the embedded SQLite file."""

    database: str | None = None
    workers: int = 1
    threads: int = 8
    seconds: int = 2
    rounds: int = 3
    starts: int = 7
    connections: tuple[int, ...] = (1, 8, 32)
    conversations: tuple[int, ...] = (1_000, 10_000, 100_000)
    growth_calls: int = 500
    apps: int = 100
    resets: int = 10


QUICK = Options(
    seconds=1,
    rounds=1,
    starts=2,
    connections=(8,),
    conversations=(1_000, 10_000),
    growth_calls=150,
    apps=30,
    resets=3,
)
"""Enough to see that everything works and where the figures are, in about half a minute."""
