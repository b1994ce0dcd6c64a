"""Nearest: which recorded requests are most like the one that was expected."""

import heapq
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from mockkommunicate.domain import leaves, likeness
from mockkommunicate.domain.leaves import Leaf, Size, Step
from mockkommunicate.domain.likeness import Likeness, Measure
from mockkommunicate.domain.matching import Difference, RequestMatcher, compare
from mockkommunicate.domain.received import ABSENT, Received

T = TypeVar("T")

CANDIDATES = 100
"""How many requests are compared closely, having been found nearest by the quick measure."""

_SAMPLE = 200
"""From how many requests it is learnt what is common and what is rare."""

_MOST_OTHERS = 20
"""How many keys are tried in the place of one that is not there."""

_SHIFTS = (-1, 1, -2, 2)
"""How far an entry of a list is looked for from where it is expected."""

_MOST_LEAVES = 60
"""How many leaves of a field are looked at, if the requests are few."""

_FEWEST_LEAVES = 15
"""How many are looked at, however many requests there are."""

_WORK = 150_000
"""How many leaves are compared quickly, in all the requests together."""

_ELSEWHERE = 0.95
"""What an entry of a list is worth at another place than expected."""

_WRAPPED = 0.8
"""What is worth an object that came as a string of JSON, or a value without the list around it."""

_LONGEST_PARSED = 10_000
"""How long a string may be that is tried as JSON."""


def rank(
    matcher: RequestMatcher, recorded: Sequence[tuple[T, Received]], most: int = 3
) -> list[tuple[T, list[Difference]]]:
    """List the recorded requests that are most like what is expected, nearest first, with what differs in each.

    Of those that are equally near the later comes first.
    """
    requests = [received for _, received in recorded]
    few = min(_MOST_LEAVES, max(_FEWEST_LEAVES, _WORK // (len(requests) + 1)))
    sample = requests[:: len(requests) // _SAMPLE + 1]
    quick = _Judge(matcher, likeness.Quick(), sample, most_leaves=few)
    candidates = quick.best(requests, range(len(requests)), CANDIDATES)
    rivals = [requests[index] for index in candidates]
    close = _Judge(matcher, likeness.close, rivals, most_leaves=_MOST_LEAVES, thorough=True)
    nearest = close.best(requests, candidates, most)
    return [(recorded[index][0], matcher.differences(requests[index])) for index in nearest]


@dataclass(frozen=True)
class _Clue:
    """A leaf with its weight, and how alike values are that are not the expected one: no more is worth nothing."""

    leaf: Leaf
    weight: float
    chance: float

    def worth(self, mark: float) -> float:
        """Answer what a value so like the expected one is worth."""
        return self.weight * max(0.0, (mark - self.chance) / (1 - self.chance))


class _Judge:
    """Marks requests by one measure. One who is thorough tries other entries in the place of those that are not there."""

    def __init__(
        self,
        matcher: RequestMatcher,
        measure: Measure,
        sample: Sequence[Received],
        *,
        most_leaves: int,
        thorough: bool = False,
    ) -> None:
        self._matcher, self._thorough = matcher, thorough
        self._values, self._paths = Likeness(measure), Likeness(likeness.of_paths)
        there = [matcher.values(received) for received in sample]
        self._clues = [
            self._weigh(leaf, [leaf.of(values[field]) for values in there])
            for field, expected in matcher.expectations.items()
            for leaf in leaves.take_apart(field, expected, most=most_leaves)
        ]

    def _weigh(self, leaf: Leaf, there: Sequence[Any]) -> _Clue:
        """Weigh a leaf by what it tells: a value that few requests have tells more than one that most have."""
        marks = [self._compare(leaf, actual) for actual in there if actual is not ABSENT]
        wrong = [mark for mark in marks if mark < 1]
        rarity = math.log((len(marks) + 1) / (len(marks) - len(wrong) + 0.5))
        return _Clue(leaf, leaf.weight * (0.1 + rarity), sum(wrong) / (len(wrong) + 1))

    def best(self, requests: Sequence[Received], indices: Iterable[int], most: int) -> list[int]:
        """List the indices of the nearest requests, those first that fit wholly."""
        marks = ((*self._mark(requests[index]), index) for index in indices)
        return [index for *_, index in heapq.nlargest(most, marks)]

    def _mark(self, received: Received) -> tuple[bool, float]:
        there = self._matcher.values(received)
        mark = sum(
            clue.worth(self._find(clue.leaf, clue.leaf.way, there[clue.leaf.field])) for clue in self._clues
        )
        # Sums of the same numbers are to be a tie, in whichever order they came.
        return self._thorough and self._matcher.matches(received), round(mark, 9)

    def _find(self, leaf: Leaf, way: tuple[Step, ...], actual: Any, *, strayed: bool = False) -> float:  # noqa: ANN401
        if not way:
            return self._compare(leaf, actual)
        found = 0.0
        if way[0].fits(actual):
            found = self._find(leaf, way[1:], way[0].of(actual), strayed=strayed)
        if found == 1.0 or strayed or not self._thorough:
            return found
        others = _others(way[0], actual, self._values)
        return max(
            [found, *(worth * self._find(leaf, way[1:], other, strayed=True) for worth, other in others)]
        )

    def _compare(self, leaf: Leaf, actual: Any) -> float:  # noqa: ANN401
        expected = leaf.expected
        if isinstance(expected, Size):
            return likeness.of_sizes(expected, actual)
        if isinstance(expected, dict):
            return 0.0 if compare(expected, actual) else 1.0
        return (self._paths if leaf.field == "path" else self._values).values(expected, actual)


def _others(step: Step, actual: Any, keys: Likeness) -> Iterator[tuple[float, Any]]:  # noqa: ANN401
    """List what may be meant by an entry that is not there or another, and what it is worth."""
    if isinstance(actual, list) and isinstance(step.key, int):
        places = (step.key + shift for shift in _SHIFTS)
        yield from ((_ELSEWHERE, actual[place]) for place in places if 0 <= place < len(actual))
    elif isinstance(actual, dict) and isinstance(step.key, str) and step.key not in actual:
        free = (key for key in actual if key not in step.beside)
        for key in islice(free, _MOST_OTHERS):
            yield 0.4 + 0.5 * keys.texts(step.key, key), actual[key]
    elif step.key == 0 and not isinstance(actual, dict | list):
        yield _WRAPPED, actual
    elif isinstance(actual, str) and step.fits(parsed := _parsed(actual)):
        yield _WRAPPED, step.of(parsed)


def _parsed(text: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text) if len(text) <= _LONGEST_PARSED else ABSENT
    except (ValueError, RecursionError):
        return ABSENT
