"""Likeness of values, from 0 to 1: quick to sort out the many, close to rank the few."""

import difflib
import json
from collections.abc import Callable
from operator import add
from typing import Any

from mockkommunicate.domain.leaves import Size
from mockkommunicate.domain.matching import same
from mockkommunicate.domain.received import ABSENT

_LONGEST = 160
"""Of a longer text only head and tail are compared: the time to compare grows with the square of the length."""

_LONGEST_NUMBERS = 40
"""How many digits two numbers have together, if their difference means anything."""

_ENOUGH = 0.8
"""What an object is worth that has more entries than are expected, however many."""

_NEVER_QUITE = 0.95
"""What a value that is not equal is worth at the most."""

Measure = Callable[[str, str], float]


class Likeness:
    """How alike values are by one measure of texts, each pair measured once: recorded requests repeat themselves."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._measured: dict[tuple[str, str], float] = {}

    def texts(self, first: str, second: str) -> float:
        """Answer how alike two texts are."""
        if first == second:
            return 1.0
        pair = first, second
        if pair not in self._measured:
            self._measured[pair] = self._measure(_cut(first), _cut(second))
        return self._measured[pair]

    def values(self, expected: Any, actual: Any) -> float:  # noqa: ANN401 - any JSON
        """Answer how alike two JSON values are: 1 when equal, nearly so when only the type is another."""
        if actual is ABSENT:
            return 0.0
        if same(expected, actual):
            return 1.0
        if isinstance(expected, bool) and isinstance(actual, bool):
            return 0.0
        ours, theirs = _text(expected), _text(actual)
        return _NEVER_QUITE * max(self.texts(ours, theirs), _of_numbers(ours, theirs))


def of_sizes(expected: Size, actual: Any) -> float:  # noqa: ANN401
    """Answer how near the size of a list or an object is."""
    if not isinstance(actual, expected.kind):
        return 0.0
    share = 1 / (1 + abs(len(actual) - expected.length))  # type: ignore[arg-type]
    return _ENOUGH + (1 - _ENOUGH) * share if expected.partial else share


class Quick:
    """Measures how many characters, and pairs of neighbours, two texts have in common."""

    def __init__(self) -> None:
        self._features: dict[str, set[str]] = {}

    def __call__(self, first: str, second: str) -> float:
        """Answer the measure; `first` is one of the few texts that are expected."""
        if first not in self._features:
            self._features[first] = _features(first)
        ours, theirs = self._features[first], _features(second)
        together = len(ours) + len(theirs)
        return (2 * len(ours & theirs) / together) ** 2 if together else 1.0


def close(first: str, second: str) -> float:
    """Measure how much of two texts is in the same order; squared, as any two texts have something in common."""
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() ** 2


def of_paths(first: str, second: str) -> float:
    """Measure how many segments two paths have in common, and how alike their texts are."""
    segments = difflib.SequenceMatcher(None, first.split("/"), second.split("/"), autojunk=False).ratio()
    return (segments + close(first, second)) / 2


def _of_numbers(first: str, second: str) -> float:
    if len(first + second) <= _LONGEST_NUMBERS and first.isdecimal() and second.isdecimal():
        return 1 / (1 + abs(int(first) - int(second)) / len(first))
    return 0.0


def _features(text: str) -> set[str]:
    return {*text, *map(add, text, text[1:])}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST * 2 // 3] + text[-_LONGEST // 3 :]


def _text(value: Any) -> str:  # noqa: ANN401
    try:
        return value if isinstance(value, str) else json.dumps(value)
    except RecursionError:  # what could just be read may be too deep to be written from here
        return ""
