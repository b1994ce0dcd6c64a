"""Which recorded requests are nearest to what was expected."""

import json
import random
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain.matching import Difference, RequestMatcher
from mockkommunicate.domain.nearest import rank
from mockkommunicate.domain.received import ABSENT, Received
from tests.domain import recorded
from tests.strategies import JSON


def send(body: Any, *, path: str = "/rest/ws/message/v2/send") -> Received:
    return Received(method="POST", path=path, body=json.dumps(body))


def assign(**query: str) -> Received:
    return Received(method="PATCH", path="/rest/ws/group/assignee/change", query=tuple(query.items()))


def numbered(*requests: Received) -> list[tuple[int, Received]]:
    return list(enumerate(requests))


def order(matcher: RequestMatcher, *requests: Received, most: int = 10) -> list[int]:
    return [number for number, _ in rank(matcher, numbered(*requests), most)]


@pytest.mark.parametrize("alike", [0.0, 0.5], ids=["varied", "others differ in a few fields"])
def test_of_200_mutated_expectations_95_percent_find_their_request_first(alike: float) -> None:
    found = 0
    for seed in range(200):
        rng = random.Random(seed)
        made = recorded.record(rng, 100, alike=alike)
        true = rng.randrange(len(made))
        expected = recorded.expect(recorded.mutated(rng, made[true], most=3))
        found += order(expected, *map(recorded.received, made), most=1) == [true]

    assert found / 200 >= 0.95


def test_of_200_mutated_requests_95_percent_are_found_first() -> None:
    found = 0
    for seed in range(200):
        rng = random.Random(seed)
        made = recorded.record(rng, 100, alike=0.0)
        true = rng.randrange(len(made))
        expected = recorded.expect(made[true])
        made[true] = recorded.mutated(rng, made[true], most=1)
        found += order(expected, *map(recorded.received, made), most=1) == [true]

    assert found / 200 >= 0.95


def test_one_of_10_000_requests_is_found_in_two_seconds() -> None:
    rng = random.Random(7)
    made = recorded.record(rng, 2_000, alike=0.5)
    requests = numbered(*(recorded.received(rng.choice(made)) for _ in range(10_000)))
    expected = recorded.expect(recorded.mutated(rng, made[77], most=3))

    began = time.process_time()
    nearest = rank(expected, requests)

    assert len(nearest) == 3
    assert time.process_time() - began < 2


def test_the_nearest_come_first_with_what_differs() -> None:
    matcher = RequestMatcher(method="PATCH", query={"groupId": "7", "assignee": "jane@example.com"})

    nearest = rank(
        matcher,
        numbered(
            assign(groupId="7", assignee="jane@example.org"),
            assign(groupId="8", assignee="omar@example.com"),
            send({"groupId": "7"}),
        ),
        most=2,
    )

    assert nearest == [
        (0, [Difference("query.assignee", "jane@example.com", "jane@example.org")]),
        (
            1,
            [
                Difference("query.groupId", "7", "8"),
                Difference("query.assignee", "jane@example.com", "omar@example.com"),
            ],
        ),
    ]


def test_of_requests_equally_near_the_latest_comes_first() -> None:
    again = assign(groupId="7")

    assert order(RequestMatcher(query={"groupId": "8"}), again, send({}), again, again, most=3) == [3, 2, 0]


def test_a_request_that_fits_comes_before_all_others() -> None:
    wanted: dict[str, Any] = {"message": "x" * 400, "metadata": {}, "fileMeta": {}}
    more = {f"key-{number}": number for number in range(50)}
    fits = send({**wanted, **more, "metadata": more, "fileMeta": more})
    nearly = send({**wanted, "message": "x" * 200 + "y" + "x" * 199})

    assert order(RequestMatcher(body=wanted), nearly, fits, nearly) == [1, 2, 0]


@pytest.mark.parametrize(
    "near",
    [
        {"groupMemberList": ["ann", "bob"], "groupName": "Help"},
        {"groupMemberlist": ["bob"], "groupName": "A question"},
        {"groupMemberlist": ["bob", "ann"], "groupName": "A question"},
        {"groupMemberlist": ["ann", "bob"], "groupName": "a qestion"},
        {"groupMemberlist": "ann", "groupName": "A question"},
        {"groupMemberlist": '["ann", "bob"]', "groupName": "A question"},
        {"groupName": "A question"},
    ],
    ids=str,
)
def test_half_right_is_nearer_than_wrong(near: dict[str, Any]) -> None:
    matcher = RequestMatcher(body={"groupMemberlist": ["ann", "bob"], "groupName": "A question"})
    wrong = send({"groupMembers": ["zoe", "lee"], "topic": "-"})

    assert order(matcher, wrong, send(near), wrong) == [1, 2, 0]


@pytest.mark.parametrize(
    ("body", "near", "far"),
    [
        ({"size": 182_025}, {"size": 182_026}, {"size": 7}),
        ({"size": 100}, {"size": 99}, {"size": 700}),
        ({"status": 2}, {"status": "2"}, {"status": "0"}),
        ({"metadata": {"a": "1"}}, {"metadata": '{"a": "1"}'}, {"metadata": "a"}),
        ({"metadata": {"a": "1"}}, {"metaData": {"a": "1"}}, {"other": {"b": "1"}}),
        ({"userIdList": ["ann", "bob"]}, {"userIdList": ["bob"]}, {"userIdList": ["zoe"]}),
        ({"message": "x" * 5_000}, {"message": "x" * 4_999}, {"message": "y" * 5_000}),
        ({"message": {"$regex": "^Hello"}}, {"message": "Bye"}, {}),
        ({"message": {"$equals": {"a": 1}}}, {"message": {"a": 1, "b": 2}}, {"message": {"a": 2}}),
        ("no JSON {", "no JSON [", "JSON"),
        ([1, 2, 3], [1, 2], [5, 5, 5]),
        (None, "null", {"a": 1}),
    ],
    ids=str,
)
def test_the_value_most_like_the_expected_one_is_nearest(body: Any, near: Any, far: Any) -> None:
    assert order(RequestMatcher(body=body), send(far), send(near), send(far)) == [1, 2, 0]


def test_another_route_is_farther_than_another_value() -> None:
    matcher = RequestMatcher(path="/rest/ws/group/assignee/change", query={"groupId": "5"})
    elsewhere = Received(method="PATCH", path="/rest/ws/group/status/change", query=(("groupId", "5"),))

    assert order(matcher, elsewhere, assign(groupId="6"), elsewhere) == [1, 2, 0]


def test_a_field_behind_a_long_list_is_not_overlooked() -> None:
    users = [f"customer-{number}" for number in range(1_000)]
    near, far = send({"users": users, "message": "Hallo"}), send({"users": users, "message": "Bye"})

    assert order(RequestMatcher(body={"users": users, "message": "Hello"}), far, near, far) == [1, 2, 0]


def test_a_rare_value_tells_more_than_common_ones() -> None:
    common = [assign(groupId=str(number), assignee="jane", takeOverFromBot="true") for number in range(20)]
    rare = assign(groupId="11320550", assignee="omar", takeOverFromBot="false")
    matcher = RequestMatcher(query={"groupId": "11320550", "assignee": "jane", "takeOverFromBot": "true"})

    assert order(matcher, *common, rare, *common, most=1) == [20]


def test_nothing_recorded_is_near_nothing() -> None:
    assert rank(RequestMatcher(method="GET"), []) == []


def test_everything_fits_an_empty_expectation_the_latest_first() -> None:
    assert rank(RequestMatcher(), numbered(assign(), send({})), most=5) == [(1, []), (0, [])]


def test_huge_expectations_and_requests_are_ranked_in_time() -> None:
    huge = {f"key-{number}": [f"{number}-{other}" for other in range(50)] for number in range(200)}
    requests = numbered(
        *(send({**huge, "number": number, "text": "yes no " * 20_000}) for number in range(50))
    )

    began = time.process_time()
    nearest = rank(RequestMatcher(body={"number": 21, "text": "no yes " * 20_000, **huge}), requests, most=1)

    assert [(number, [each.field for each in differences]) for number, differences in nearest] == [
        (21, ["body.text"])
    ]
    assert time.process_time() - began < 5


def test_bodies_too_deep_to_be_written_are_ranked_like_any_other() -> None:
    for depth in range(500, 1_000, 2):
        deep = Received(method="POST", path="/rest/ws/message/v2/send", body="[" * depth + "]" * depth)

        assert order(RequestMatcher(body="b"), deep, send("c")) == [1, 0]


@given(JSON, st.lists(JSON, max_size=5))
def test_any_json_is_ranked_and_what_fits_is_first(expected: Any, bodies: list[Any]) -> None:
    matcher = RequestMatcher(body=expected)
    requests = numbered(*(send(body) for body in [*bodies, expected]))

    nearest = rank(matcher, requests, most=10)

    assert sorted(number for number, _ in nearest) == list(range(len(requests)))
    assert nearest[0][1] == []
    assert nearest == [(number, matcher.differences(requests[number][1])) for number, _ in nearest]


def test_what_is_to_be_absent_is_no_nearer_for_being_there() -> None:
    matcher = RequestMatcher(query={"assignee": "jane", "status": {"$absent": True}})

    nearest = rank(matcher, numbered(assign(assignee="omar", status="2"), assign(assignee="omar")), most=2)

    assert [number for number, _ in nearest] == [1, 0]
    assert nearest[1][1][1] == Difference("query.status", {"$absent": True}, "2")
    assert nearest[0][1] == [Difference("query.assignee", "jane", "omar")]
    assert ABSENT not in [each.actual for each in nearest[0][1]]
