"""The report: Markdown tables, each measured ratio beside its target."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

NOTHING = "-"


class WrongAnswer(Exception):
    """A server answered something else than a success: its speed means nothing."""


@dataclass(frozen=True)
class Target:
    """A bound of a figure: an upper one if `at_most`, else a lower one."""

    bound: float
    at_most: bool = True
    unit: str = ""

    def cells(self, value: float) -> tuple[str, str]:
        """Answer the table's cells: the target, and whether a figure meets it."""
        met = value <= self.bound if self.at_most else value >= self.bound
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}{self.unit}", "yes" if met else "**no**"


NO_TARGET = (NOTHING, NOTHING)


@dataclass
class Table:
    """One section of the report, and what went wrong while it was measured."""

    title: str
    columns: Sequence[str] = ()
    rows: list[Sequence[str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """Write it as Markdown, its columns aligned."""
        lines = [list(self.columns), *(list(row) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        written = [
            "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines
        ]
        written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join([f"## {self.title}", "", *written, ""])


def median(values: Iterable[float]) -> float:
    """Answer the median."""
    return statistics.median(values)


def median_ratio(values: Sequence[float], others: Sequence[float]) -> float:
    """Answer the median of the ratios of figures measured side by side, so that drift of the machine cancels."""
    return median(value / other for value, other in zip(values, others, strict=True))


def milliseconds(value: float) -> str:
    """Write milliseconds with as many digits as they deserve."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
