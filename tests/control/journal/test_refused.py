"""What is refused, fits no route or meets a fault is in the journal like everything else."""

import json
from typing import Any
from unittest import mock

import pytest
import requests

from mockkommunicate import App
from tests.client import Client, refused
from tests.control.journal.kept import (
    ANY,
    CREATE,
    NOON,
    SEND,
    STATUS,
    entry,
    journal,
)
from tests.postgres import wait_until

REFUSED: dict[str, tuple[str, str, dict[str, Any], int, str | None]] = {
    "an unknown path": ("GET", "/rest/ws/nothing", {}, 404, None),
    "a path elsewhere": ("DELETE", "/somewhere", {}, 404, None),
    "the root": ("GET", "/", {}, 404, None),
    "a neighbour that is not emulated": ("GET", "/rest/ws/group/list", {}, 501, None),
    "a wrong method": ("GET", SEND, {}, 405, None),
    "a method that nobody knows": ("BREW", CREATE, {}, 405, None),
    "missing parameters": ("PATCH", STATUS, {}, 400, "conversation.status"),
    "an application error": ("POST", SEND, {"json": {"groupId": 7, "message": "", "fromUserName": "x"}}, 200, "message.send"),
    "a user who is unknown": ("POST", "/rest/ws/user/update", {"json": {}, "headers": {"Of-User-Id": "x"}}, 200, "user.update"),
    "an object in metadata": ("POST", CREATE, {"json": {"metadata": {"a": {}}}}, 400, "conversation.create"),
    "no body": ("POST", SEND, {}, 400, "message.send"),
    "an array": ("POST", SEND, {"json": [1]}, 400, "message.send"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "to", "options", "status", "operation"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_kept(
    app: App,
    client: Client,
    *,
    method: str,
    to: str,
    options: dict[str, Any],
    status: int,
    operation: str | None,
) -> None:
    response = client.call(method, to, **options)

    (kept,) = journal(app)
    assert response.status_code == status
    assert kept == entry(response, body=options.get("json"), operation=operation, unread=kept["unread"])


def test_the_answer_to_head_is_kept_though_it_was_not_sent(app: App, client: Client) -> None:
    client.call("HEAD", CREATE)

    (kept,) = journal(app)
    assert (kept["method"], kept["status"]) == ("HEAD", 405)
    assert kept["answer"]["errorResponse"][0]["errorCode"] == "AL-MA-01"


def test_the_work_that_is_undone_leaves_its_request_in_the_journal(app: App, client: Client) -> None:
    client.create("carl", clientGroupId="order-1")
    response = client.create("dora", "emil", clientGroupId="order-1")

    assert refused(response)["errorCode"] == "AL-G-02"
    assert client.detail("dora", "emil").json() == []
    assert [(one["id"], one["status"]) for one in journal(app)] == [(1, 200), (2, 200), (3, 200)]
    assert journal(app)[1]["answer"] == response.json()


def test_a_fault_of_the_emulator_itself_is_kept(app: App, client: Client) -> None:
    with mock.patch("mockkommunicate.operations.messages.send", side_effect=ZeroDivisionError):
        response = client.send(client.created("carl")["id"], "carl")

    failed = journal(app)[-1]
    assert refused(response, 500)["errorCode"] == "MOCK-INTERNAL"
    assert failed == entry(
        response, id=2, body=json.loads(response.request.body or b""), operation="message.send"
    )


def test_a_request_that_met_a_fault_names_it(app: App, client: Client) -> None:
    fault = app.control("POST", "faults", {"match": {"operation": "message.send"}, "do": {"status": 503}})
    response = client.send(1)

    (kept,) = journal(app)
    assert (kept["status"], kept["fault"]) == (503, str(fault["id"]))
    assert response.headers["X-Mock-Fault"] == kept["fault"]


def test_a_request_that_got_no_answer_has_none(app: App, client: Client) -> None:
    app.control("POST", "faults", {"match": ANY, "do": {"socket": "empty"}})
    with pytest.raises(requests.ConnectionError):
        client.send(1)

    (kept,) = journal(app)
    assert not {"status", "answer", "answerText"} & set(kept)
    assert kept["fault"] == "1"
    assert [one["id"] for one in journal(app, status=0)] == [1]


def test_the_time_stands_still_for_whoever_is_kept_waiting_while_the_clock_is_moved(
    app: App, client: Client
) -> None:
    rule = {"match": ANY, "do": {"latencyMs": 600}}
    app.control("POST", "faults", rule)
    with pytest.raises(requests.Timeout):
        client.session.post(f"{client.url}{SEND}", json={}, timeout=0.2)
    app.control("POST", "clock", {"set": 5, "resume": True})
    wait_until(lambda: journal(app))

    (kept,) = journal(app)
    assert kept["at"] == NOON
    assert 600 <= kept["durationMs"] < 20_000
