"""The JSON of a request matcher: what is loaded, and what is refused by name."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from marshmallow import fields

from mockkommunicate.domain.matching import RequestMatcher, compare
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.wire import reading
from mockkommunicate.wire.matchers import Matcher
from mockkommunicate.wire.settings import Strict
from tests.strategies import JSON

LITERALLY = "keys that begin with $ are plain ones inside $equals"
WORDS = f"there are $equals, $type, $regex, $absent; {LITERALLY}"
OPERATION = f"must be one of {', '.join(OPERATIONS)}, or a matcher"
TYPE = "must be one of string, number, integer, boolean, object, array, null"
PARTS = "there are method, path, operation, query, headers, body"
TEXT = 'must be a string, a number, true, false, or a matcher such as {"$absent": true}'
NAMES = 'must be an object of names and values, or {"$equals": such an object}'


class Call(Strict):
    """A body that holds a matcher, as those of the control API do."""

    request = fields.Nested(Matcher, required=True)


def load(value: Any) -> RequestMatcher:
    loaded, problems = reading.load(Call(), {"request": value}, "body")
    assert problems == []
    matcher: RequestMatcher = loaded["request"]
    return matcher


def refusals(value: Any) -> list[str]:
    loaded, problems = reading.load(Call(), {"request": value}, "body")
    assert loaded == {}
    return [f"{problem.name}: {problem.message}" for problem in problems]


def test_a_whole_matcher_is_loaded_as_it_is() -> None:
    value = {
        "method": "PATCH",
        "path": {"$regex": "^/rest/ws/group/"},
        "operation": "conversation.assignee",
        "query": {
            "assignee": "jane@example.com",
            "groupId": 11,
            "takeOverFromBot": True,
            "id": [1, {"$regex": "2"}],
        },
        "headers": {"Of-User-Id": {"$type": "string"}, "X-Trace": {"$absent": True}},
        "body": {
            "metadata": {"KM_CHAT": {"$equals": {"$any": [1]}}},
            "users": [{"id": {"$type": "integer"}}],
        },
    }

    assert load(value) == RequestMatcher(**value)


def test_an_empty_matcher_expects_nothing() -> None:
    assert load({}) == RequestMatcher()


@pytest.mark.parametrize(
    "value",
    [
        {"body": None},
        {"body": "text"},
        {"body": [1, {"a": None}]},
        {"body": {"$absent": True}},
        {"body": {"$equals": {"$regex": "("}}},
        {"method": {"$equals": "patch"}},
        {"operation": {"$absent": True}},
        {"query": {}},
        {"query": {"$equals": {"a": [1, "b"], "b": False}}},
        {"query": {"a": {"$equals": ["1"]}}},
        {"headers": {"$equals": {"X-Trace": 1}}},
        {"path": {"$equals": "/rest"}},
    ],
    ids=str,
)
def test_what_can_be_understood_is_loaded(value: dict[str, Any]) -> None:
    assert load(value) == RequestMatcher(**value)


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        (5, ["request: must be an object; got 5"]),
        ({"boddy": 1}, ["request.boddy: is not known here; did you mean 'body'?"]),
        ({"zzz": 1}, [f"request.zzz: is not known here; {PARTS}"]),
        ({"$equals": {}}, [f"request.$equals: is not known here; {PARTS}"]),
        ({"method": 5}, ["request.method: must be a method such as PATCH, or a matcher; got 5"]),
        ({"method": ""}, ['request.method: must be a method such as PATCH, or a matcher; got ""']),
        ({"method": None}, ["request.method: must not be null; leave it out to expect nothing of it; got null"]),
        ({"path": "rest"}, ['request.path: must be a path that begins with /, or a matcher; got "rest"']),
        (
            {"path": "/a?b=1"},
            ['request.path: must be the path alone: what is behind the ? belongs into query; got "/a?b=1"'],
        ),
        (
            {"operation": "message.sned"},
            [f"request.operation: {OPERATION}; did you mean 'message.send'?; got \"message.sned\""],
        ),
        ({"operation": {"$equals": 1}}, [f"request.operation.$equals: {OPERATION}; got 1"]),
        ({"query": "a=1"}, [f'request.query: {NAMES}; got "a=1"']),
        ({"query": {"$absent": True}}, [f'request.query: {NAMES}; got {{"$absent": true}}']),
        ({"query": {"$equals": 1}}, [f"request.query.$equals: {NAMES}; got 1"]),
        ({"query": {"a": None}}, [f"request.query.a: {TEXT}; got null"]),
        ({"query": {"a": {"b": 1}}}, [f'request.query.a: {TEXT}; got {{"b": 1}}']),
        ({"query": {"a": [1, [2]]}}, [f"request.query.a[1]: {TEXT}; got [2]"]),
        ({"query": {"$equals": {"a": {"$regex": "1"}}}}, [f'request.query.$equals.a: {TEXT}; got {{"$regex": "1"}}']),
        ({"headers": {"A": [1]}}, [f"request.headers.A: {TEXT}; got [1]"]),
        (
            {"headers": {"api-key": "a", "Api-Key": "b"}},
            ["request.headers: name 'api-key' twice, in another case; got {\"api-key\": \"a\", \"Api-Key\": \"b\"}"],
        ),
        (
            {"body": {"a": [{"$regx": "x"}]}},
            [f"request.body.a[0]: '$regx' is no matcher; did you mean '$regex'?; {WORDS}; got {{\"$regx\": \"x\"}}"],
        ),
        ({"body": {"$zzz": 1}}, [f"request.body: '$zzz' is no matcher; {WORDS}; got {{\"$zzz\": 1}}"]),
        (
            {"body": {"$regex": "x", "a": 1}},
            [f"request.body: must hold '$regex' alone; {LITERALLY}; got {{\"$regex\": \"x\", \"a\": 1}}"],
        ),
        ({"body": {"$regex": "a("}}, ['request.body.$regex: is no regular expression: missing ), unterminated subpattern at position 1; got "a("']),
        ({"body": {"$regex": 5}}, ["request.body.$regex: must be a string: a regular expression; got 5"]),
        (
            {"body": {"$type": "strng"}},
            [f"request.body.$type: {TYPE}; did you mean 'string'?; got \"strng\""],
        ),
        ({"body": {"$type": ["null"]}}, [f'request.body.$type: {TYPE}; got ["null"]']),
        ({"body": {"$absent": False}}, ["request.body.$absent: must be true; got false"]),
        ({"body": {"$absent": 1}}, ["request.body.$absent: must be true; got 1"]),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_by_name(value: Any, refused: list[str]) -> None:
    assert refusals(value) == refused


def test_everything_wrong_is_named_at_once() -> None:
    value = {"methd": 1, "path": 2, "query": {"a": None}, "body": {"a": {"$type": 1}, "b": [{"$regex": "["}]}}

    assert [refusal.split(":")[0] for refusal in refusals(value)] == [
        "request.path",
        "request.query.a",
        "request.body.a.$type",
        "request.body.b[0].$regex",
        "request.methd",
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "(" * 100_000,
        "a{99999999999999999999}",
        f"(?P<{'x' * 100_000}",
        f"(?P={'x' * 100_000})",
        "[" * 100_000,
    ],
    ids=["nested", "repeated", "unfinished name", "unknown name", "sets"],
)
def test_a_huge_pattern_is_refused_in_few_words(pattern: str) -> None:
    [refusal] = refusals({"body": {"$regex": pattern}})

    assert refusal.startswith("request.body.$regex: is no regular expression: ")
    assert len(refusal) < 300


def test_a_huge_word_is_refused_in_few_words() -> None:
    [refusal] = refusals({"body": {"$" + "x" * 100_000: 1}})

    assert refusal.startswith("request.body: '$xxx")
    assert len(refusal) < 300


def test_a_pattern_that_python_warns_of_is_refused_where_warnings_are_errors() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert refusals({"body": {"$regex": "[[a]b"}}) == [
            'request.body.$regex: is no regular expression: Possible nested set at position 1; got "[[a]b"'
        ]


@given(JSON)
def test_any_body_is_loaded_or_refused(value: Any) -> None:
    loaded, problems = reading.load(Call(), {"request": {"body": value}}, "body")

    assert bool(loaded) != bool(problems)
    assert problems or compare(loaded["request"].body, value) == [] or "$" in json.dumps(value)


@given(JSON)
def test_any_json_is_expected_exactly_inside_equals(value: Any) -> None:
    matcher = load({"body": {"$equals": value}})

    assert compare(matcher.body, value) == []


def test_the_operations_are_those_that_are_emulated() -> None:
    folder = Path(__file__).parents[2] / "fixtures" / "contract"
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*/*.json")]

    assert sorted(document["operation"] for document in documents if "operation" in document) == sorted(
        OPERATIONS
    )
