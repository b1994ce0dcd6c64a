"""POST /_mock/apps/APP/requests/verify: whether the requests that were expected came, and if not, what came instead."""

import json
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client, ok
from tests.pages.blocks import named
from tests.worlds import BAD_PARAMETER, error

NOON = 1_900_000_000_000
SEND = "/rest/ws/message/v2/send"
ASSIGN = "/rest/ws/group/assignee/change"
STATUS = "/rest/ws/group/status/change"


@pytest.fixture
def app(server: MockKommunicate) -> App:
    """An app whose clock stands still, with five requests in its journal."""
    app = server.create_app(at=NOON)
    client = Client(app.url, app.api_key)
    client.send(7, "carl", message="Hello", metadata={"a": "1", "b": {"c": [1, 2]}})
    client.send(7, "dora", message="Bye")
    client.assign(7, "jane", sendNotifyMessage="true")
    client.call(
        "PATCH", f"{STATUS}?groupId=7&status=2&tag=a&tag=b", headers={"Of-User-Id": ADMIN, "X-Team": "2"}
    )
    client.call("GET", "/rest/ws/nothing")
    return app


def verify(app: App, **asked: Any) -> dict[str, Any]:
    url = f"{app.url}/_mock/apps/{app.application_id}/requests/verify"
    response = requests.post(url, json=asked, timeout=60)
    assert response.status_code == 200, response.text
    return dict(response.json())


def journal(app: App) -> list[dict[str, Any]]:
    url = f"{app.url}/_mock/apps/{app.application_id}/requests"
    return list(requests.get(url, timeout=60).json()["requests"])


def numbers(answer: dict[str, Any]) -> list[int]:
    return [near["request"]["id"] for near in answer["nearest"]]


# What matches.

MATCHING: list[tuple[dict[str, Any], int]] = [
    ({}, 5),
    ({"method": "PATCH"}, 2),
    ({"method": "patch"}, 2),
    ({"method": {"$regex": "^p"}}, 4),
    ({"path": SEND}, 2),
    ({"path": {"$regex": "change$"}}, 2),
    ({"path": {"$equals": ASSIGN}}, 1),
    ({"operation": "message.send"}, 2),
    ({"operation": {"$regex": "^conversation"}}, 2),
    ({"operation": {"$absent": True}}, 1),
    ({"query": {"assignee": "jane"}}, 1),
    ({"query": {"groupId": 7}}, 2),
    ({"query": {"groupId": "7"}}, 2),
    ({"query": {"sendNotifyMessage": True}}, 1),
    ({"query": {"tag": ["a", "b"]}}, 1),
    ({"query": {"tag": ["b", "a"]}}, 0),
    ({"query": {"assignee": {"$absent": True}}}, 4),
    ({"query": {"$equals": {}}}, 3),
    ({"headers": {"of-user-id": ADMIN}}, 2),
    ({"headers": {"X-TEAM": 2}}, 1),
    ({"headers": {"Api-Key": "***"}}, 5),
    ({"headers": {"Content-Type": {"$regex": "json"}}}, 2),
    ({"headers": {"x-team": {"$absent": True}}}, 4),
    ({"body": {"message": "Hello"}}, 1),
    ({"body": {"groupId": 7}}, 2),
    ({"body": {"groupId": "7"}}, 0),
    ({"body": {"metadata": {"a": "1"}}}, 1),
    ({"body": {"metadata": {"$equals": {"a": "1"}}}}, 0),
    ({"body": {"metadata": {"b": {"c": [1, {"$type": "integer"}]}}}}, 1),
    ({"body": {"metadata": {"b": {"c": [1]}}}}, 0),
    ({"body": {"metadata": {"$type": "object"}}}, 1),
    ({"body": {"metadata": {"$absent": True}}}, 1),
    ({"body": {"message": {"$regex": "^(Hello|Bye)$"}}}, 2),
    ({"body": {"$absent": True}}, 3),
    ({"body": None}, 0),
    ({"method": "POST", "path": SEND, "body": {"fromUserName": "dora"}}, 1),
    ({"method": "GET", "path": SEND}, 0),
]


@pytest.mark.parametrize(("expected", "count"), MATCHING, ids=str)
def test_those_that_are_as_expected_are_counted(app: App, expected: dict[str, Any], count: int) -> None:
    answer = verify(app, request=expected, times=count)

    assert answer == {"matched": True, "count": count, "nearest": []}


@pytest.mark.parametrize(
    ("expected", "count"),
    [
        ("a=1", 1),
        ({"$equals": "a=1"}, 1),
        ({"$regex": "^a"}, 1),
        ({"$type": "string"}, 1),
        ("a=2", 0),
        ({}, 0),
    ],
    ids=str,
)
def test_a_body_that_is_no_json_is_a_text(app: App, expected: Any, count: int) -> None:
    Client(app.url, app.api_key).call("POST", "/rest/ws/user/v2/detail", data="a=1")

    asked = {"operation": "user.detail", "body": expected}
    assert verify(app, request=asked, times=count)["matched"]


TIMES: list[tuple[Any, bool]] = [
    (2, True), (1, False), (3, False), (0, False),
    ({"atLeast": 1}, True), ({"atLeast": 2}, True), ({"atLeast": 3}, False),
    ({"atMost": 2}, True), ({"atMost": 1}, False), ({"atMost": 0}, False),
    ({"atLeast": 1, "atMost": 2}, True), ({"atLeast": 0, "atMost": 1}, False), ({"atLeast": 2, "atMost": 2}, True),
]  # fmt: skip


@pytest.mark.parametrize(("times", "matched"), TIMES, ids=str)
def test_they_may_be_expected_so_many_times(app: App, times: Any, *, matched: bool) -> None:
    answer = verify(app, request={"path": SEND}, times=times)

    assert (answer["matched"], answer["count"]) == (matched, 2)


@pytest.mark.parametrize(("expected", "matched"), [({"path": SEND}, True), ({"path": "/x"}, False)], ids=str)
def test_at_least_once_is_expected_if_nothing_is_said(
    app: App, expected: dict[str, Any], *, matched: bool
) -> None:
    assert verify(app, request=expected)["matched"] is matched


def test_that_something_never_came_can_be_expected(app: App) -> None:
    assert verify(app, request={"path": "/rest/ws/other"}, times=0) == {
        "matched": True,
        "count": 0,
        "nearest": [],
    }


def test_an_app_that_was_never_asked_has_nothing_near(server: MockKommunicate) -> None:
    app = server.create_app()

    assert verify(app, request={"path": SEND}) == {"matched": False, "count": 0, "nearest": []}


# What came instead.


def test_the_nearest_comes_first_with_what_differs_in_it(app: App) -> None:
    answer = verify(app, request={"method": "POST", "path": SEND, "body": {"message": "Hallo", "groupId": 7}})

    assert (answer["matched"], answer["count"], "route" in answer) == (False, 0, False)
    assert numbers(answer)[:2] == [1, 2]
    assert answer["nearest"][0] == {
        "request": journal(app)[0],
        "diff": [{"field": "body.message", "expected": "Hallo", "actual": "Hello"}],
    }


def test_what_is_not_there_at_all_has_no_actual_value(app: App) -> None:
    answer = verify(
        app, request={"path": ASSIGN, "query": {"takeOverFromBot": "true"}, "headers": {"X-A": "1"}}
    )

    assert answer["nearest"][0]["request"]["id"] == 3
    assert answer["nearest"][0]["diff"] == [
        {"field": "query.takeOverFromBot", "expected": "true"},
        {"field": "headers.X-A", "expected": "1"},
    ]


def test_every_field_that_differs_is_told(app: App) -> None:
    expected = {
        "method": "PUT",
        "path": STATUS,
        "query": {"status": 3, "tag": ["a"]},
        "headers": {"x-team": 3},
    }
    answer = verify(app, request=expected)

    assert answer["nearest"][0]["request"]["id"] == 4
    assert answer["nearest"][0]["diff"] == [
        {"field": "method", "expected": "PUT", "actual": "PATCH"},
        {"field": "query.status", "expected": "3", "actual": "2"},
        {"field": "query.tag[1]", "expected": {"$absent": True}, "actual": "b"},
        {"field": "headers.X-Team", "expected": "3", "actual": "2"},
    ]


def test_three_are_told_at_the_most(app: App) -> None:
    assert len(verify(app, request={"path": "/x"})["nearest"]) == 3


def test_of_too_many_the_newest_of_them_are_told(app: App) -> None:
    answer = verify(app, request={"path": SEND}, times=1)

    assert answer == {
        "matched": False,
        "count": 2,
        "nearest": [{"request": journal(app)[1], "diff": []}, {"request": journal(app)[0], "diff": []}],
    }


def test_of_too_few_those_that_came_are_no_near_misses(app: App) -> None:
    answer = verify(app, request={"path": SEND}, times=3)

    assert answer["count"] == 2
    assert not {1, 2} & set(numbers(answer))
    assert all(near["diff"] for near in answer["nearest"])


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/rest/ws/message/v2/sent", SEND),
        ("/rest/ws/group/asignee/change", ASSIGN),
        ("/rest/ws/conversation", "/rest/ws/group/conversation"),
    ],
)
def test_a_path_that_is_no_route_is_told_with_the_nearest(app: App, path: str, nearest: str) -> None:
    assert verify(app, request={"path": path})["route"] == {"path": path, "nearest": nearest}


def test_a_path_that_is_to_be_equal_is_looked_up_too(app: App) -> None:
    answer = verify(app, request={"path": {"$equals": f"{SEND}/"}})

    assert answer["route"] == {"path": f"{SEND}/", "nearest": SEND}


def test_a_pattern_is_no_path_to_look_up(app: App) -> None:
    assert "route" not in verify(app, request={"path": {"$regex": "^/x"}})


def test_a_path_that_is_like_no_route_has_no_nearest(app: App) -> None:
    assert verify(app, request={"path": "/"})["route"] == {"path": "/"}


def test_of_requests_that_were_dropped_their_number_is_told(app: App) -> None:
    app.settings({"journal": {"limit": 2}})
    Client(app.url, app.api_key).detail(ADMIN)

    assert verify(app, request={"path": SEND}, times=0) == {
        "matched": True,
        "count": 0,
        "nearest": [],
        "dropped": 4,
    }


def test_without_a_journal_nothing_can_be_verified(app: App) -> None:
    app.settings({"journal": {"enabled": False}})
    url = f"{app.url}/_mock/apps/{app.application_id}/requests/verify"
    refusal = error(requests.post(url, json={"request": {}, "times": 0}, timeout=60), 409)

    assert refusal == {
        "code": "JOURNAL_OFF",
        "message": "the app keeps no journal: its setting journal.enabled is false",
        "hint": 'PATCH /_mock/apps/APP/settings {"journal": {"enabled": true}}',
    }


EXAMPLES = re.findall(r"^```json\n(.*?)^```", (Path(__file__).parents[2] / "docs" / "journal.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)  # fmt: skip


@pytest.mark.parametrize(
    "example", [text for text in EXAMPLES if '"request"' in text or '"sequence"' in text]
)
def test_what_is_documented_can_be_verified(app: App, example: str) -> None:
    assert verify(app, **json.loads(example))["matched"] is False


def test_the_documented_entry_has_the_fields_of_an_entry(app: App) -> None:
    example = json.loads(named("docs/journal.md", "entry"))

    assert example.keys() == journal(app)[2].keys()


def test_the_documented_wait_can_be_asked_for(app: App, client: Client) -> None:
    (example,) = [json.loads(text) for text in EXAMPLES if '"timeoutMs"' in text]
    response = client.call("POST", f"/_mock/apps/{app.application_id}/wait", json=example | {"timeoutMs": 0})

    assert response.json() == {"met": False}


# Sequences.


def sent(*messages: str) -> list[dict[str, Any]]:
    return [{"path": SEND, "body": {"message": message}} for message in messages]


@pytest.mark.parametrize(
    "sequence",
    [
        sent("Hello"),
        sent("Hello", "Bye"),
        [*sent("Hello"), {"path": ASSIGN}, {"method": "GET"}],
        [{}, {}, {}, {}, {}],
        [{"operation": "message.send"}, {"operation": "message.send"}],
    ],
    ids=str,
)
def test_one_after_the_other_they_came_and_others_may_lie_between(
    app: App, sequence: list[dict[str, Any]]
) -> None:
    assert verify(app, sequence=sequence) == {"matched": True, "count": len(sequence), "nearest": []}


def test_in_another_order_they_did_not_and_the_one_that_came_too_early_is_told(app: App) -> None:
    answer = verify(app, sequence=sent("Bye", "Hello"))

    assert (answer["matched"], answer["count"]) == (False, 1)
    assert answer["nearest"][0] == {"request": journal(app)[0], "diff": []}


def test_one_request_is_not_two_of_a_sequence(app: App) -> None:
    answer = verify(app, sequence=[{"path": ASSIGN}, {"path": ASSIGN}])

    assert (answer["matched"], answer["count"]) == (False, 1)
    assert 3 not in numbers(answer)


def test_of_a_sequence_the_nearest_to_the_missing_one_is_looked_for_behind_the_others(app: App) -> None:
    answer = verify(app, sequence=[*sent("Hello"), {"path": SEND, "body": {"message": "By"}}])

    assert (answer["count"], numbers(answer)[0]) == (1, 2)
    assert answer["nearest"][0]["diff"] == [{"field": "body.message", "expected": "By", "actual": "Bye"}]


def test_of_a_sequence_that_lacks_its_end_the_route_is_told(app: App) -> None:
    answer = verify(app, sequence=[{"path": SEND}, {"path": "/rest/ws/message/send/"}])

    assert answer["route"] == {"path": "/rest/ws/message/send/", "nearest": "/rest/ws/message/send"}


def test_more_steps_than_requests_are_too_many(app: App) -> None:
    answer = verify(app, sequence=[{}] * 6)

    assert (answer["matched"], answer["count"]) == (False, 5)
    assert len(answer["nearest"]) == 3


# Bad input.

BAD: list[tuple[Any, str]] = [
    ({}, "body 'request': must be given, or else sequence: one of the two"),
    ({"request": {}, "sequence": [{}]}, "body 'request': must be given, or else sequence: one of the two"),
    ({"sequence": [{}], "times": 1}, "body 'times': is for one request; a sequence happens or it does not"),
    ({"sequence": []}, "body 'sequence': must have 1 to 1000 requests; got []"),
    ({"sequence": {}}, "body 'sequence': "),
    ({"sequence": [{"pth": "/x"}]}, "pth"),
    ({"sequence": [1]}, "body 'sequence[0]"),
    ({"request": []}, "body 'request': "),
    ({"request": None}, "body 'request': "),
    ({"request": {"metod": "GET"}}, "did you mean 'method'?"),
    ({"request": {"operation": "mesage.send"}}, "did you mean 'message.send'?"),
    ({"request": {"body": {"a": {"$regx": "x"}}}}, "did you mean '$regex'?"),
    ({"request": {"body": {"a": {"$regex": "("}}}}, "regular expression"),
    ({"request": {"body": {"a": {"$type": "text"}}}}, "string, number, integer, boolean, object, array, null"),
    ({"request": {"query": []}}, "body 'request.query': "),
    ({"reqest": {}}, "did you mean 'request'?"),
    ({"request": {}, "times": -1}, "body 'times': must be a number from 0, or an object with atLeast, atMost or both"),
    ({"request": {}, "times": True}, "body 'times': must be a number"),
    ({"request": {}, "times": 1.5}, "body 'times': must be a number"),
    ({"request": {}, "times": "many"}, "body 'times': must be a number"),
    ({"request": {}, "times": None}, "body 'times': must be a number"),
    ({"request": {}, "times": {}}, "body 'times': must be a number"),
    ({"request": {}, "times": {"atleast": 1}}, "body 'times.atleast': is not known here; did you mean 'atLeast'?"),
    ({"request": {}, "times": {"atLeast": -1}}, "body 'times.atLeast': must be a whole number from 0"),
    ({"request": {}, "times": {"atMost": None}}, "body 'times.atMost': must be a whole number from 0"),
    ({"request": {}, "times": {"atLeast": 3, "atMost": 2}}, "body 'times': atLeast must not be more than atMost"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "message"), BAD, ids=str)
def test_what_cannot_be_verified_is_refused_by_name(
    app: App, client: Client, asked: Any, message: str
) -> None:
    response = client.call("POST", f"/_mock/apps/{app.application_id}/requests/verify", json=asked)

    refusal = error(response, 400)
    assert refusal["code"] == BAD_PARAMETER
    assert message in refusal["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null"])
def test_what_is_no_object_is_refused(app: App, client: Client, body: bytes) -> None:
    response = client.call("POST", f"/_mock/apps/{app.application_id}/requests/verify", data=body)

    assert error(response, 400)["code"] in {BAD_PARAMETER, "MOCK-BODY"}


def test_of_an_app_that_there_is_not_nothing_can_be_verified(client: Client) -> None:
    response = client.call("POST", "/_mock/apps/nobody/requests/verify", json={"request": {}})

    assert error(response, 404)["code"] == "APP_NOT_FOUND"


# Other apps, and many requests.


def test_what_another_app_was_asked_does_not_count(server: MockKommunicate, app: App) -> None:
    other = server.create_app()

    assert verify(other, request={"path": SEND}, times=0)["matched"]
    assert verify(app, request={"path": SEND}, times=2)["matched"]


def test_while_much_is_verified_others_are_answered(server: MockKommunicate) -> None:
    app, other = server.create_app(), server.create_app()
    client = Client(app.url, app.api_key)
    for number in range(1_500):
        client.call("GET", f"/rest/ws/{number}")
    slowest, done = 0.0, threading.Event()
    answers: list[dict[str, Any]] = []

    def look() -> None:
        answers.append(verify(app, request={"method": "GET", "path": {"$regex": "/x1499$"}}))
        done.set()

    thread = threading.Thread(target=look)
    thread.start()
    while not done.is_set():
        began = time.monotonic()
        ok(Client(other.url, other.api_key).create("carl"))
        slowest = max(slowest, time.monotonic() - began)
    thread.join()

    assert answers[0]["count"] == 0
    assert slowest < 5
