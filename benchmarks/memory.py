"""The memory of a process and all its descendants, from Linux's /proc."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """Sums over processes in megabytes: `pss` shares out what they have in common, `rss` counts it for each."""

    pss: float
    rss: float


def of_tree(pid: int) -> Memory:
    """Answer the memory of a process and its descendants."""
    rollups = [_rollup(process) for process in _tree(pid)]
    return Memory(pss=sum(rollup["Pss"] for rollup in rollups), rss=sum(rollup["Rss"] for rollup in rollups))


def is_known() -> bool:
    """Tell whether this system says how much memory a process uses."""
    return Path("/proc/self/smaps_rollup").exists()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _tree(int(child))


def _rollup(pid: int) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    fields = (line.split() for line in lines)
    return {name.rstrip(":"): int(kilobytes) / 1024 for name, kilobytes, *_ in fields}
