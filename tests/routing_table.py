"""The routing table of docs/routing.md, read so that documentation and tests cannot differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, product, takewhile
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "routing.md"

VALUES = {
    "SKIP_ROUTING": ("true", "false"),
    "CONVERSATION_ASSIGNEE": ("none", "jane", "robot", "stranger"),
    "bot": ("none", "robot"),
    "rule": ("automatic", "notify_everybody"),
    "jane": ("online", "away", "offline"),
    "jane's limit": ("none", "room", "full"),
    "omar": ("free", "away"),
    "default agent": ("admin", "none"),
    "queue": ("off", "on"),
}
"""What decides, and every value that it can have."""


@dataclass(frozen=True)
class Row:
    """One row: for each deciding column the values it stands for, and what is decided."""

    number: int
    when: dict[str, tuple[str, ...]]
    assignee: str | None
    outcome: str
    joins: tuple[str, ...]

    def matches(self, case: dict[str, str]) -> bool:
        """Tell whether the row is about a combination of values."""
        return all(case[column] in values for column, values in self.when.items())

    def cases(self) -> Iterator[dict[str, str]]:
        """List every combination of values that the row is about."""
        for values in product(*self.when.values()):
            yield dict(zip(self.when, values, strict=True))

    def samples(self) -> Iterator[dict[str, str]]:
        """List combinations in which each value of the row comes up at least once."""
        for index in range(max(map(len, self.when.values()))):
            yield {column: values[index % len(values)] for column, values in self.when.items()}

    def __str__(self) -> str:
        """Name the row in a test's id."""
        return f"{self.number}-{self.outcome}"


def read(text: str) -> list[Row]:
    """Read the page's first table; fail on a column or a value that is not known."""
    lines = dropwhile(lambda line: not line.startswith("|"), text.splitlines())
    header, _, *body = [_cells(line) for line in takewhile(lambda line: line.startswith("|"), lines)]
    assert header == [*VALUES, "assignee", "outcome", "joins"], header
    return [_row(number, dict(zip(header, cells, strict=True))) for number, cells in enumerate(body, 1)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _row(number: int, cells: dict[str, str]) -> Row:
    when = {column: _values(cells[column], known) for column, known in VALUES.items()}
    assignee = None if cells["assignee"] == "nobody" else cells["assignee"]
    joins = () if cells["joins"] == "nobody" else tuple(cells["joins"].split(", "))
    return Row(number, when, assignee, cells["outcome"], joins)


def _values(cell: str, known: tuple[str, ...]) -> tuple[str, ...]:
    values = known if cell == "any" else tuple(cell.split(", "))
    assert set(values) <= set(known), cell
    return values


ROWS = read(PAGE.read_text(encoding="utf-8"))
