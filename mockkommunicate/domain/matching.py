"""Matching: whether a JSON value or a request is as expected, and if not, field by field what differs.

An expectation is a JSON value: an object matches partially, a list element by element, and anything else what is equal.
`{"$equals": v}`, `{"$type": name}`, `{"$regex": pattern}` and `{"$absent": true}` may stand in the place of any value.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any, TypeVar

from mockkommunicate.domain.received import ABSENT, Received

T = TypeVar("T")

_NOTHING = {"$absent": True}


@dataclass(frozen=True)
class Difference:
    """What was expected of a field such as `body.users[0]`, and what is there: ABSENT for nothing."""

    field: str
    expected: Any
    actual: Any

    def as_json(self) -> dict[str, Any]:
        """Answer the difference as JSON values; nothing that is absent is in it."""
        described = {"field": self.field, "expected": self.expected}
        return described if self.actual is ABSENT else described | {"actual": self.actual}


@dataclass(frozen=True, kw_only=True)
class RequestMatcher:
    """What is expected of a request. ABSENT expects nothing; None is the JSON value."""

    method: Any = ABSENT
    path: Any = ABSENT
    operation: Any = ABSENT
    query: Any = ABSENT
    headers: Any = ABSENT
    body: Any = ABSENT

    def matches(self, received: Received) -> bool:
        """Tell whether a request is as expected."""
        return next(self._differences(received), None) is None

    def differences(self, received: Received) -> list[Difference]:
        """List what differs from a request, field by field."""
        return list(self._differences(received))

    def _differences(self, received: Received) -> Iterator[Difference]:
        there = self.values(received)
        for field, expected in self.expectations.items():
            for difference in _differences(expected, there[field], field):
                # A pattern for the method is a compiled one here, so the difference names the one that was given.
                yield Difference("method", self.method, received.method) if field == "method" else difference

    def values(self, received: Received) -> dict[str, Any]:
        """Answer what a request holds in the place of each expectation, in the form that they have."""
        return {field: _RECEIVED[field](received, expected) for field, expected in self.expectations.items()}

    @cached_property
    def expectations(self) -> dict[str, Any]:
        """What is expected, field by field: methods in capitals, header names as received, texts in query and headers."""
        given = {field: getattr(self, field) for field in _RECEIVED}
        return {
            field: _PREPARED.get(field, _as_it_is)(expected)
            for field, expected in given.items()
            if expected is not ABSENT
        }


def in_order(matchers: Sequence[RequestMatcher], recorded: Iterable[tuple[T, Received]]) -> list[T]:
    """List requests that match one matcher after the other, each behind the one before; others may lie between.

    Where the list is shorter than the matchers, nothing behind its last matched the next of them.
    """
    left = iter(recorded)
    found: list[T] = []
    for matcher in matchers:
        fitting = next(([request] for request, received in left if matcher.matches(received)), [])
        found += fitting
        if not fitting:
            break
    return found


def compare(expected: Any, actual: Any, field: str = "body") -> list[Difference]:  # noqa: ANN401 - any JSON
    """List where a JSON value is not as expected; `field` is what the value itself is called."""
    return list(_differences(expected, actual, field))


def _differences(expected: Any, actual: Any, field: str) -> Iterator[Difference]:  # noqa: ANN401
    word = word_of(expected)
    if word is not None:
        fits = _WORDS[word](expected[word], actual)
    elif isinstance(expected, dict | list) and type(expected) is type(actual):
        fits = True
        for key, inner, there in _entries(expected, actual):
            yield from _differences(inner, there, step(field, key))
    else:
        fits = same(expected, actual)
    if not fits:
        yield Difference(field, expected, actual)


def _entries(expected: Any, actual: Any) -> Iterator[tuple[str | int, Any, Any]]:  # noqa: ANN401
    if isinstance(expected, dict):
        return ((key, inner, actual.get(key, ABSENT)) for key, inner in expected.items())
    pairs = zip_longest(expected, actual, fillvalue=ABSENT)
    return (
        (index, _NOTHING if inner is ABSENT else inner, there) for index, (inner, there) in enumerate(pairs)
    )


def word_of(expected: Any) -> str | None:  # noqa: ANN401
    """Answer the word, such as `$regex`, of an expectation that is one, or None."""
    if not isinstance(expected, dict) or len(expected) != 1:
        return None
    word = next(iter(expected))
    return word if word in _WORDS else None


def step(field: str, key: str | int) -> str:
    """Name a field inside a field: `body.metadata`, `body.users[0]`, `body["a.b"]`."""
    if isinstance(key, int):
        return f"{field}[{key}]"
    return f"{field}.{key}" if re.fullmatch(r'[^.\[\]"\s]+', key) else f"{field}[{json.dumps(key)}]"


def same(first: Any, second: Any) -> bool:  # noqa: ANN401
    """Tell whether two JSON values are equal: true is not 1, but 1 is 1.0."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(value, second[key]) for key, value in first.items())
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    return isinstance(first, bool) == isinstance(second, bool) and bool(first == second)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and value == value // 1,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}
"""The names that `$type` knows."""

_WORDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$equals": same,
    "$type": lambda name, actual: TYPES[name](actual),
    "$regex": lambda pattern, actual: isinstance(actual, str) and re.search(pattern, actual) is not None,
    "$absent": lambda _, actual: actual is ABSENT,
}

WORDS = tuple(_WORDS)
"""The words of the language."""


def _as_it_is(expected: Any) -> Any:  # noqa: ANN401
    return expected


def _folded(expected: Any) -> Any:  # noqa: ANN401
    """Make an expectation of a method that knows no case."""
    if isinstance(expected, str):
        return expected.upper()
    word = word_of(expected)
    if word == "$equals":
        return {word: _folded(expected[word])}
    return {word: re.compile(expected[word], re.IGNORECASE)} if word == "$regex" else expected


def _texts(expected: Any) -> Any:  # noqa: ANN401
    """Write numbers and booleans as they stand in a query or a header."""
    if isinstance(expected, list):
        return [_texts(inner) for inner in expected]
    if isinstance(expected, dict):
        written = word_of(expected) in {None, "$equals"}
        return {key: _texts(inner) for key, inner in expected.items()} if written else expected
    return json.dumps(expected) if isinstance(expected, bool | int | float) else expected


def _titled(expected: dict[str, Any]) -> dict[str, Any]:
    if word_of(expected) == "$equals":
        return {"$equals": _titled(expected["$equals"])}
    return {name.title(): _texts(inner) for name, inner in expected.items()}


def _query(received: Received, expected: dict[str, Any]) -> dict[str, Any]:
    """Answer the query's values, as lists of one where a list is expected."""
    named = expected["$equals"] if word_of(expected) == "$equals" else expected
    return {
        name: [value] if isinstance(value, str) and _is_list(named.get(name)) else value
        for name, value in received.query_values.items()
    }


def _is_list(expected: Any) -> bool:  # noqa: ANN401
    return isinstance(expected["$equals"] if word_of(expected) == "$equals" else expected, list)


def _body(received: Received, expected: Any) -> Any:  # noqa: ANN401
    if received.json is not ABSENT:
        return received.json
    return received.body if received.body or expected in ("", {"$equals": ""}) else ABSENT


_PREPARED: Mapping[str, Callable[[Any], Any]] = {"method": _folded, "query": _texts, "headers": _titled}

_RECEIVED: Mapping[str, Callable[[Received, Any], Any]] = {
    "method": lambda received, _: received.method.upper(),
    "path": lambda received, _: received.path,
    "operation": lambda received, _: ABSENT if received.operation is None else received.operation,
    "query": _query,
    "headers": lambda received, _: {name.title(): value for name, value in received.header_values.items()},
    "body": _body,
}
