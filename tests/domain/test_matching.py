"""What is expected of JSON values, and what differs."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain.matching import Difference, compare
from mockkommunicate.domain.received import ABSENT
from tests.strategies import TEXTS

KEYS = st.sampled_from(["a", "b", "", "a.b", 'c"[0]', "0"]) | TEXTS.filter(
    lambda key: not key.startswith("$")
)
PLAIN = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
"""JSON values without a word of the language."""


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({}, {"a": 1}),
        ({"a": {"b": {}}}, {"a": {"b": {"c": None}}}),
        ([{"a": 1}, 2], [{"a": 1, "b": 2}, 2]),
        (1, 1.0),
        (10**20, 1e20),
        (None, None),
        ({"$equals": {"a": [1]}}, {"a": [1.0]}),
        ({"$equals": {"$regex": "("}}, {"$regex": "("}),
        ({"$type": "string"}, ""),
        ({"$type": "number"}, 1.5),
        ({"$type": "integer"}, 2.0),
        ({"$type": "boolean"}, False),
        ({"$type": "object"}, {}),
        ({"$type": "array"}, []),
        ({"$type": "null"}, None),
        ({"$regex": "^He.*o$"}, "Hello"),
        ({"$regex": "ell"}, "Hello"),
        ({"a": {"$absent": True}}, {"b": 1}),
        ([1, {"$absent": True}], [1]),
        ({"$no": 1}, {"$no": 1}),
    ],
    ids=str,
)
def test_a_value_is_as_expected(expected: Any, actual: Any) -> None:
    assert compare(expected, actual) == []


@pytest.mark.parametrize(
    ("expected", "actual", "differences"),
    [
        (1, True, [Difference("body", 1, True)]),
        (False, 0, [Difference("body", False, 0)]),
        ("1", 1, [Difference("body", "1", 1)]),
        (None, ABSENT, [Difference("body", None, ABSENT)]),
        ({"a": None}, {}, [Difference("body.a", None, ABSENT)]),
        ({}, [], [Difference("body", {}, [])]),
        ({"a": 1}, None, [Difference("body", {"a": 1}, None)]),
        ([], {}, [Difference("body", [], {})]),
        ({"a": {"b": 1}}, {"a": "b"}, [Difference("body.a", {"b": 1}, "b")]),
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}, [Difference("body.a", 1, 2), Difference("body.b", 2, 1)]),
        ([1, 2], [1], [Difference("body[1]", 2, ABSENT)]),
        ([1], [1, 2], [Difference("body[1]", {"$absent": True}, 2)]),
        ([], [None], [Difference("body[0]", {"$absent": True}, None)]),
        (
            {"$equals": {"a": 1}},
            {"a": 1, "b": 2},
            [Difference("body", {"$equals": {"a": 1}}, {"a": 1, "b": 2})],
        ),
        ({"$equals": [1]}, [True], [Difference("body", {"$equals": [1]}, [True])]),
        ({"$type": "number"}, True, [Difference("body", {"$type": "number"}, True)]),
        ({"$type": "integer"}, 1.5, [Difference("body", {"$type": "integer"}, 1.5)]),
        ({"$type": "integer"}, "1", [Difference("body", {"$type": "integer"}, "1")]),
        ({"$type": "null"}, ABSENT, [Difference("body", {"$type": "null"}, ABSENT)]),
        ({"$regex": "1"}, 1, [Difference("body", {"$regex": "1"}, 1)]),
        ({"$regex": "^b"}, "ab", [Difference("body", {"$regex": "^b"}, "ab")]),
        ({"a": {"$absent": True}}, {"a": None}, [Difference("body.a", {"$absent": True}, None)]),
        ({"a": {"b": {"$absent": True}}}, {}, [Difference("body.a", {"b": {"$absent": True}}, ABSENT)]),
        ({"a.b": {" ": 1}}, {"a.b": {" ": 2}}, [Difference('body["a.b"][" "]', 1, 2)]),
        ({"users": [{"id": 1}]}, {"users": [{"id": 2}]}, [Difference("body.users[0].id", 1, 2)]),
    ],
    ids=str,
)
def test_what_differs_is_named(expected: Any, actual: Any, differences: list[Difference]) -> None:
    found = compare(expected, actual)

    # 1 and True are equal in Python, so the differences are compared as they are written.
    assert repr(found) == repr(differences)


def test_a_difference_is_written_without_what_is_absent() -> None:
    assert Difference("body.a", 1, ABSENT).as_json() == {"field": "body.a", "expected": 1}
    assert Difference("body.a", 1, None).as_json() == {"field": "body.a", "expected": 1, "actual": None}


@given(VALUES)
def test_a_value_matches_itself(value: Any) -> None:
    assert compare(value, json.loads(json.dumps(value))) == []


@given(VALUES, st.data())
def test_an_expectation_with_fewer_keys_still_fits(value: Any, data: st.DataObject) -> None:
    fewer = _without_some_keys(value, data)

    assert compare(fewer, value) == []
    assert compare(_without_some_keys(fewer, data), value) == []


def _without_some_keys(value: Any, data: st.DataObject) -> Any:
    if isinstance(value, list):
        return [_without_some_keys(inner, data) for inner in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_some_keys(inner, data) for key, inner in value.items() if data.draw(st.booleans())}


@given(VALUES, VALUES, st.booleans())
def test_equals_is_exact(first: Any, second: Any, alike: bool) -> None:  # noqa: FBT001 - hypothesis gives it by place
    second = json.loads(json.dumps(first)) if alike else second

    assert (compare({"$equals": first}, second) == []) == (_written(first) == _written(second))


def _written(value: Any) -> str:
    """Write a value so that equal ones are written alike: keys in order, whole numbers without a point."""
    return json.dumps(
        json.loads(json.dumps(value), parse_float=lambda text: _whole(float(text))), sort_keys=True
    )


def _whole(number: float) -> float:
    return int(number) if number.is_integer() else number


@given(VALUES, VALUES)
def test_differences_name_what_is_there(expected: Any, actual: Any) -> None:
    for difference in compare(expected, actual):
        assert _at(actual, difference.field) is difference.actual
        wanted = _at(expected, difference.field)
        assert difference.expected is wanted or (wanted, difference.expected) == (ABSENT, {"$absent": True})


def _at(value: Any, field: str) -> Any:
    """Follow a field's path into a value; ABSENT where its last step leads nowhere."""
    path = field.removeprefix("body")
    steps = re.findall(r'\.([^.\[\]"\s]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]', path)
    assert "".join(_step_written(*step) for step in steps) == path
    for plain, index, quoted in steps:
        if index:
            value = value[int(index)] if int(index) < len(value) else ABSENT
        else:
            value = value.get(json.loads(quoted) if quoted else plain, ABSENT)
    return value


def _step_written(plain: str, index: str, quoted: str) -> str:
    return f".{plain}" if plain else f"[{index or quoted}]"


@given(VALUES, VALUES)
def test_the_order_of_keys_means_nothing(expected: Any, actual: Any) -> None:
    turned = compare(_turned(expected), _turned(actual))

    assert {each.field for each in turned} == {each.field for each in compare(expected, actual)}


def _turned(value: Any) -> Any:
    if isinstance(value, list):
        return [_turned(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {key: _turned(value[key]) for key in reversed(value)}
