"""What is expected of requests, and what differs; whether requests came in order."""

import json
from typing import Any

import pytest
from hypothesis import given

from mockkommunicate.domain import matching
from mockkommunicate.domain.matching import Difference, RequestMatcher, compare
from mockkommunicate.domain.received import ABSENT, Received
from tests.strategies import JSON

ASSIGN = Received(
    method="PATCH",
    path="/rest/ws/group/assignee/change",
    query=(("groupId", "11320550"), ("assignee", "jane@example.com"), ("takeOverFromBot", "true")),
    headers=(("Api-Key", "***"), ("Of-User-Id", "admin@example.com")),
    operation="conversation.assignee",
)
SEND = Received(
    method="POST",
    path="/rest/ws/message/v2/send",
    headers=(("Content-Type", "application/json"),),
    body='{"groupId": 11320550, "message": "Hello", "metadata": {"KM_CHAT": "true"}, "tags": ["a", "b"]}',
    operation="message.send",
)


@pytest.mark.parametrize(
    "matcher",
    [
        RequestMatcher(),
        RequestMatcher(
            method="patch", path="/rest/ws/group/assignee/change", operation="conversation.assignee"
        ),
        RequestMatcher(method={"$regex": "^p(ost|atch)$"}),
        RequestMatcher(method={"$equals": "Patch"}),
        RequestMatcher(path={"$regex": "/assignee/"}),
        RequestMatcher(query={"groupId": 11320550, "takeOverFromBot": True}),
        RequestMatcher(query={"groupId": [11320550]}),
        RequestMatcher(query={"groupId": {"$equals": [11320550]}}),
        RequestMatcher(query={"status": {"$absent": True}, "assignee": {"$regex": "@example"}}),
        RequestMatcher(
            query={"$equals": {"takeOverFromBot": True, "assignee": "jane@example.com", "groupId": 11320550}}
        ),
        RequestMatcher(headers={"of-user-id": "admin@example.com", "X-TRACE": {"$absent": True}}),
        RequestMatcher(headers={"$equals": {"api-key": "***", "OF-USER-ID": "admin@example.com"}}),
        RequestMatcher(body={"$absent": True}),
    ],
    ids=str,
)
def test_a_request_is_as_expected(matcher: RequestMatcher) -> None:
    assert matcher.differences(ASSIGN) == []
    assert matcher.matches(ASSIGN)


@pytest.mark.parametrize(
    ("matcher", "difference"),
    [
        (RequestMatcher(method="post"), Difference("method", "post", "PATCH")),
        (RequestMatcher(method={"$regex": "get"}), Difference("method", {"$regex": "get"}, "PATCH")),
        (RequestMatcher(path="/rest"), Difference("path", "/rest", "/rest/ws/group/assignee/change")),
        (
            RequestMatcher(operation="message.send"),
            Difference("operation", "message.send", "conversation.assignee"),
        ),
        (RequestMatcher(query={"groupId": 1}), Difference("query.groupId", "1", "11320550")),
        (RequestMatcher(query={"status": 2}), Difference("query.status", "2", ABSENT)),
        (
            RequestMatcher(query={"takeOverFromBot": False}),
            Difference("query.takeOverFromBot", "false", "true"),
        ),
        (
            RequestMatcher(query={"groupId": {"$type": "number"}}),
            Difference("query.groupId", {"$type": "number"}, "11320550"),
        ),
        (RequestMatcher(query={"groupId": ["11320550", "2"]}), Difference("query.groupId[1]", "2", ABSENT)),
        (
            RequestMatcher(headers={"OF-USER-ID": "Admin@example.com"}),
            Difference("headers.Of-User-Id", "Admin@example.com", "admin@example.com"),
        ),
        (RequestMatcher(headers={"x-trace": 1}), Difference("headers.X-Trace", "1", ABSENT)),
        (RequestMatcher(body={}), Difference("body", {}, ABSENT)),
        (RequestMatcher(body=None), Difference("body", None, ABSENT)),
    ],
    ids=str,
)
def test_what_differs_in_a_request_is_named(matcher: RequestMatcher, difference: Difference) -> None:
    assert matcher.differences(ASSIGN) == [difference]
    assert not matcher.matches(ASSIGN)


def test_everything_that_differs_is_listed() -> None:
    matcher = RequestMatcher(
        method="PATCH",
        path="/rest/ws/message/send",
        headers={"Content-Type": {"$regex": "json"}},
        body={"groupId": "11320550", "message": "Hello", "metadata": {"KM_CHAT": True}, "tags": ["a"]},
    )

    assert [difference.as_json() for difference in matcher.differences(SEND)] == [
        {"field": "method", "expected": "PATCH", "actual": "POST"},
        {"field": "path", "expected": "/rest/ws/message/send", "actual": "/rest/ws/message/v2/send"},
        {"field": "body.groupId", "expected": "11320550", "actual": 11320550},
        {"field": "body.metadata.KM_CHAT", "expected": True, "actual": "true"},
        {"field": "body.tags[1]", "expected": {"$absent": True}, "actual": "b"},
    ]


def test_no_route_is_no_operation() -> None:
    nowhere = Received(method="GET", path="/nowhere")

    assert RequestMatcher(operation={"$absent": True}).matches(nowhere)
    assert RequestMatcher(operation="message.send").differences(nowhere) == [
        Difference("operation", "message.send", ABSENT)
    ]


def test_a_repeated_parameter_is_a_list() -> None:
    repeated = Received(method="GET", path="/", query=(("id", "1"), ("id", "2"), ("page", "1")))

    assert RequestMatcher(query={"id": [1, {"$regex": "2"}]}).matches(repeated)
    assert RequestMatcher(query={"$equals": {"id": [1, 2], "page": [1]}}).matches(repeated)
    assert RequestMatcher(query={"id": 1}).differences(repeated) == [Difference("query.id", "1", ["1", "2"])]


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        ("no JSON {", "no JSON {"),
        ({"$regex": "^no"}, "no JSON {"),
        ("", ""),
        ({"$equals": ""}, ""),
        ("text", '"text"'),
        (None, "null"),
    ],
)
def test_a_text_is_as_expected(expected: Any, body: str) -> None:
    assert RequestMatcher(body=expected).differences(Received(method="POST", path="/", body=body)) == []


@pytest.mark.parametrize(
    ("expected", "body", "actual"),
    [
        ({"a": 1, "b": 2}, "a=1&b=2", "a=1&b=2"),
        ([1, 2], "[1, 2", "[1, 2"),
        ("no JSON", "no JSON {", "no JSON {"),
        ("1", "1", 1),
        ("", "null", None),
        ({"$absent": True}, " ", " "),
        ("text", "", ABSENT),
        ({"a": 1}, "\udcff", "\udcff"),
    ],
)
def test_a_body_that_is_no_json_is_one_difference(expected: Any, body: str, actual: Any) -> None:
    received = Received(method="POST", path="/", body=body)

    assert RequestMatcher(body=expected).differences(received) == [Difference("body", expected, actual)]


@given(JSON, JSON)
def test_a_request_matches_where_nothing_differs(expected: Any, actual: Any) -> None:
    received = Received(method="POST", path="/", body=json.dumps(actual))
    matcher = RequestMatcher(body=expected)

    assert (
        matcher.matches(received)
        == (matcher.differences(received) == [])
        == (compare(expected, actual) == [])
    )


def test_requests_are_found_in_order() -> None:
    nowhere = Received(method="GET", path="/nowhere")
    steps = [RequestMatcher(method="POST"), RequestMatcher(query={"assignee": "jane@example.com"})]

    assert in_order(steps, ASSIGN, nowhere, SEND, nowhere, ASSIGN, SEND) == [2, 4]


def in_order(steps: list[RequestMatcher], *requests: Received) -> list[int]:
    return matching.in_order(steps, enumerate(requests))


def test_one_request_is_not_two_steps() -> None:
    step = RequestMatcher(method="POST")

    assert in_order([step, step], SEND, ASSIGN) == [0]
    assert in_order([step, step], SEND, SEND) == [0, 1]


def test_the_steps_that_were_found_end_before_the_one_that_nothing_fits() -> None:
    steps = [RequestMatcher(method="PATCH"), RequestMatcher(method="POST"), RequestMatcher(method="PATCH")]

    assert in_order(steps, SEND, ASSIGN) == [1]
    assert in_order(steps) == []


def test_no_steps_are_always_in_order() -> None:
    assert in_order([], SEND) == []


def test_no_more_requests_are_read_than_are_needed() -> None:
    left = iter(enumerate([SEND, ASSIGN, SEND]))

    assert matching.in_order([RequestMatcher(method="PATCH")], left) == [1]
    assert list(left) == [(2, SEND)]
