"""Leaves: an expectation taken apart into single values, each with its way there."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mockkommunicate.domain.matching import word_of
from mockkommunicate.domain.received import ABSENT

_SIZE_WEIGHT = 0.3
"""How much the size of a list or an object counts, a value being 1."""

_MOST_FOUND = 2_000
"""How far into a huge expectation is looked at all."""


@dataclass(frozen=True)
class Step:
    """One key or index on the way to a leaf, and all the keys that are expected at that place."""

    key: str | int
    beside: frozenset[str] = frozenset()

    def fits(self, actual: Any) -> bool:  # noqa: ANN401 - any JSON
        """Tell whether a value is a container of the kind that the step goes into."""
        return isinstance(actual, dict if isinstance(self.key, str) else list)

    def of(self, actual: Any) -> Any:  # noqa: ANN401
        """Answer the entry of such a container, ABSENT when there is none."""
        if isinstance(self.key, str):
            return actual.get(self.key, ABSENT)
        return actual[self.key] if self.key < len(actual) else ABSENT


@dataclass(frozen=True)
class Size:
    """The expectation of a list or an object with so many entries, or `partial`: so many or more."""

    kind: type
    length: int
    partial: bool = False


@dataclass(frozen=True)
class Leaf:
    """A plain value, a word or a size that is expected somewhere in a field of the request."""

    field: str
    way: tuple[Step, ...]
    expected: Any

    def of(self, actual: Any) -> Any:  # noqa: ANN401
        """Answer what is at the end of the way, ABSENT when it leads nowhere."""
        for step in self.way:
            actual = step.of(actual) if step.fits(actual) else ABSENT
        return actual

    @property
    def weight(self) -> float:
        """How much the leaf counts."""
        return _SIZE_WEIGHT if isinstance(self.expected, Size) else 1.0


def take_apart(field: str, expected: Any, *, most: int) -> list[Leaf]:  # noqa: ANN401
    """List the leaves of what is expected of a field, at most so many: entries of long lists are left out first."""
    found = islice(_leaves(expected, field, ()), _MOST_FOUND)
    return sorted(found, key=lambda leaf: sum(isinstance(step.key, int) for step in leaf.way))[:most]


def _leaves(expected: Any, field: str, way: tuple[Step, ...]) -> Iterator[Leaf]:  # noqa: ANN401
    word = word_of(expected)
    if word == "$equals":
        yield from _exact(expected[word], field, way)
    elif word is not None or not isinstance(expected, dict | list):
        yield Leaf(field, way, expected)
    else:
        yield Leaf(field, way, Size(type(expected), len(expected), partial=isinstance(expected, dict)))
        for step, inner in _entries(expected):
            yield from _leaves(inner, field, (*way, step))


def _exact(expected: Any, field: str, way: tuple[Step, ...]) -> Iterator[Leaf]:  # noqa: ANN401
    if not isinstance(expected, dict | list):
        yield Leaf(field, way, expected)
        return
    yield Leaf(field, way, Size(type(expected), len(expected)))
    for step, inner in _entries(expected):
        yield from _exact(inner, field, (*way, step))


def _entries(container: dict[str, Any] | list[Any]) -> Iterator[tuple[Step, Any]]:
    if isinstance(container, list):
        return ((Step(index), inner) for index, inner in enumerate(container))
    keys = frozenset(container)
    return ((Step(key, keys), inner) for key, inner in container.items())
