"""An entry of the journal holds the request and its answer whole."""

import json

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests import expected
from tests.client import ADMIN, Client, ok
from tests.control.journal.kept import (
    ANY,
    NOON,
    STATUS,
    entry,
    journal,
    path,
)
from tests.expected import NOW
from tests.worlds import error


def test_a_request_and_its_answer_are_kept_whole(app: App, client: Client) -> None:
    response = client.create("carl")

    body = {"groupName": "A question", "groupMemberList": ["carl"]}
    assert journal(app) == [entry(response, body=body, operation="conversation.create")]


def test_a_query_is_kept_with_what_is_repeated_in_order(app: App, client: Client) -> None:
    response = client.call("PATCH", f"{STATUS}?groupId=1&x=2&y=&x=1", headers={"Of-User-Id": ADMIN})

    query = {"groupId": "1", "x": ["2", "1"], "y": ""}
    (kept,) = journal(app)
    del kept["unread"]
    assert kept == entry(response, query=query, operation="conversation.status", unread=None)


def test_a_read_is_kept_too(app: App, client: Client) -> None:
    response = client.detail(ADMIN)

    assert journal(app) == [entry(response, body={"userIdList": [ADMIN]}, operation="user.detail")]


def test_an_answer_that_is_no_json_is_kept_as_text(app: App, client: Client) -> None:
    response = client.attach(1, "nobody")

    (kept,) = journal(app)
    assert (response.text, kept["answerText"]) == ("error", "error")
    assert "answer" not in kept


@pytest.mark.parametrize("text", ["NaN", "[" * 5_000, "<html>", "{"])
def test_an_answer_of_a_fault_is_kept_as_what_it_is(app: App, client: Client, text: str) -> None:
    app.control("POST", "faults", {"match": ANY, "do": {"status": 200, "body": text}})
    client.detail(ADMIN)

    listed = client.call("GET", path(app))
    assert json.loads(listed.text, parse_constant=pytest.fail)["requests"][0]["answerText"] == text


def test_many_requests_are_listed_in_their_order(app: App, client: Client) -> None:
    answers = [client.create(f"customer-{number}") for number in range(5)]

    kept = journal(app)
    assert [entry["id"] for entry in kept] == [1, 2, 3, 4, 5]
    assert [entry["answer"] for entry in kept] == [answer.json() for answer in answers]


def test_what_is_asked_of_the_control_api_is_not_kept(app: App, client: Client) -> None:
    client.call("GET", path(app))
    client.call("GET", "/_mock/nothing")
    app.add_agent("jane")

    assert journal(app) == []


def test_one_request_can_be_looked_at(app: App, client: Client) -> None:
    client.create("carl")
    client.detail("carl")

    assert client.call("GET", path(app, "/2")).json() == journal(app)[1]


@pytest.mark.parametrize("number", [0, 2, 2**40])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_request_that_is_not_there_is_not_found(app: App, client: Client, method: str, number: int) -> None:
    client.create("carl")

    refusal = error(client.call(method, path(app, f"/{number}")), 404)
    assert refusal == {
        "code": "REQUEST_NOT_FOUND",
        "message": f"no request {number} in the journal",
        "hint": f"GET {path(app)} lists those there are",
    }
    assert len(journal(app)) == 1


def test_a_running_clock_tells_when_it_came_and_how_long_it_took(server: MockKommunicate) -> None:
    app = server.create_app()
    app.control("POST", "faults", {"match": ANY, "do": {"latencyMs": 120}, "when": {"times": 1}})
    client = Client(app.url, app.api_key)
    client.create("carl")
    client.create("carl")

    slow, quick = journal(app)
    assert (slow["at"], quick["at"]) == (NOW, NOW)
    assert 120 <= slow["durationMs"] < 20_000
    assert 0 <= quick["durationMs"] < 20_000


def test_the_whole_journal_of_a_conversation_is_told_by_equal_bytes(server: MockKommunicate) -> None:
    told = []
    for _ in range(2):
        app = server.create_app(at=NOON, seed=7)
        client = Client(app.url, app.api_key)
        group_id = client.created("carl")["id"]
        client.send(group_id, "carl")
        ok(client.status(group_id, 2))
        client.call("GET", "/rest/ws/nothing")
        told.append(requests.get(f"{app.url}{path(app)}", timeout=60).content)

    assert told[0] == told[1]
    assert expected.ADMIN["userId"].encode() in told[0]
