"""POST /_mock/apps/APP/wait: for a message, a request or an assignment that has come, or comes later, or never does."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests import expected
from tests.client import ADMIN, Client, ok
from tests.served import Served
from tests.worlds import BAD_PARAMETER, error

LATER_S = 0.3
JANE = "jane@example.com"


def ask(app: App, what: str, matching: Any = None, timeout_ms: int = 30_000) -> requests.Response:
    asked: dict[str, Any] = {"for": what, "timeoutMs": timeout_ms}
    asked |= {} if matching is None else {"matching": matching}
    return requests.post(f"{app.url}/_mock/apps/{app.application_id}/wait", json=asked, timeout=60)


def wait(app: App, what: str, matching: Any = None, timeout_ms: int = 30_000) -> dict[str, Any]:
    response = ask(app, what, matching, timeout_ms)
    assert response.status_code == 200, response.text
    return dict(response.json())


def journal(app: App) -> list[dict[str, Any]]:
    url = f"{app.url}/_mock/apps/{app.application_id}/requests"
    return list(requests.get(url, timeout=60).json()["requests"])


@pytest.fixture
def app(app: App) -> App:
    """An app with an agent."""
    app.add_agent(JANE)
    return app


@pytest.fixture
def later() -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """Let something happen while the test waits."""
    with ThreadPoolExecutor() as threads:

        def happen(act: Callable[[], Any]) -> Future[Any]:
            return threads.submit(_act_later, act)

        yield happen


def _act_later(act: Callable[[], Any]) -> Any:
    time.sleep(LATER_S)
    return act()


Later = Callable[[Callable[[], Any]], Future[Any]]


# What is there already.


def test_a_message_that_is_there_is_answered_at_once(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    client.send(group_id, "carl", message="Hello")
    client.send(group_id, "carl", message="Bye")

    answer = wait(app, "message", {"message": {"$regex": "^B"}, "groupId": group_id})

    assert answer == {"met": True, "found": expected.message(group_id, "carl", message="Bye")}


def test_of_several_messages_the_first_is_answered(app: App, client: Client) -> None:
    first, second = client.created("carl")["id"], client.created("carl")["id"]
    client.send(second, "carl", message="Two")
    client.send(first, "carl", message="One")

    assert wait(app, "message")["found"]["message"] == "One"


def test_a_request_that_is_there_is_answered_at_once(app: App, client: Client) -> None:
    client.created("carl")
    client.detail(ADMIN)

    answer = wait(app, "request", {"operation": "user.detail", "body": {"userIdList": [ADMIN]}})

    assert answer == {"met": True, "found": journal(app)[1]}


def test_an_assignment_that_is_there_is_answered_at_once(app: App, client: Client) -> None:
    group_id = client.created("carl", metadata={"SKIP_ROUTING": True})["id"]
    ok(client.assign(group_id, JANE))

    answer = wait(app, "assignment", {"id": group_id, "assignee": JANE})

    assert answer == {"met": True, "found": dict(app.conversation(group_id))}


def test_an_assignment_may_be_expected_by_whatever_a_conversation_has(app: App, client: Client) -> None:
    client.created("carl", clientGroupId="a")
    group_id = client.created("dora", clientGroupId="b", metadata={"plan": "gold"})["id"]

    for matching in (
        {"metadata": {"plan": "gold"}},
        {"clientGroupId": "b"},
        {"users": {"$type": "array"}, "name": "A question", "metadata": {"plan": {"$regex": "^g"}}},
        {"routing": {"$type": "object"}, "id": {"$equals": group_id}},
    ):
        assert wait(app, "assignment", matching, timeout_ms=0)["found"]["id"] == group_id


# What comes later.


def test_a_message_that_comes_later_is_waited_for(app: App, client: Client, later: Later) -> None:
    group_id = client.created("carl")["id"]
    client.send(group_id, "carl", message="Early")
    later(lambda: client.send(group_id, "carl", message="Late"))
    began = time.monotonic()
    answer = wait(app, "message", {"message": "Late"})

    assert answer["found"]["message"] == "Late"
    assert LATER_S * 0.9 < time.monotonic() - began < 20


def test_a_message_in_a_conversation_that_is_made_later_is_waited_for(
    app: App, client: Client, later: Later
) -> None:
    later(lambda: client.send(client.created("carl")["id"], "carl", message="Late"))

    assert wait(app, "message", {"message": "Late"})["met"]


def test_a_notice_is_a_message(app: App, client: Client, later: Later) -> None:
    group_id = client.created("carl")["id"]
    later(lambda: client.status(group_id, 2))

    assert wait(app, "message", {"metadata": {"KM_STATUS": "closed"}})["found"]["contentType"] == 10


def test_a_request_that_comes_later_is_waited_for(app: App, client: Client, later: Later) -> None:
    client.detail("carl")
    later(lambda: client.detail("dora"))
    answer = wait(app, "request", {"body": {"userIdList": ["dora"]}})

    assert answer["found"]["id"] == 2


def test_a_request_that_is_refused_is_waited_for_too(app: App, client: Client, later: Later) -> None:
    later(lambda: client.call("GET", "/rest/ws/nothing"))

    assert wait(app, "request", {"path": "/rest/ws/nothing"})["found"]["status"] == 404


def test_an_assignment_that_comes_later_is_waited_for(app: App, client: Client, later: Later) -> None:
    group_id = client.created("carl")["id"]
    later(lambda: client.assign(group_id, JANE))

    assert wait(app, "assignment", {"assignee": JANE})["found"]["id"] == group_id


def test_what_somebody_did_through_the_control_api_is_waited_for(
    app: App, client: Client, later: Later
) -> None:
    group_id = client.created("carl")["id"]
    later(
        lambda: app.control("POST", f"conversations/{group_id}/messages", {"from": "carl", "message": "Hi"})
    )

    assert wait(app, "message", {"from": "carl"})["found"]["message"] == "Hi"


@pytest.mark.parametrize(
    ("what", "matching"),
    [("request", {"operation": "user.detail"}), ("message", {"message": "After"})],
    ids=["request", "message"],
)
def test_what_comes_after_a_reset_is_waited_for(
    app: App, client: Client, later: Later, what: str, matching: dict[str, Any]
) -> None:
    group_id = client.created("carl")["id"]
    for _ in range(3):
        client.send(group_id, "carl")

    def begin_anew() -> None:
        app.reset()
        client.send(client.created("carl")["id"], "carl", message="After")
        client.detail("carl")

    later(begin_anew)

    assert wait(app, what, matching)["met"]


def test_several_may_wait_for_one_thing(app: App, client: Client, later: Later) -> None:
    waiting = [later(lambda: wait(app, "request", {"operation": "user.detail"})) for _ in range(4)]
    time.sleep(2 * LATER_S)
    client.detail(ADMIN)

    assert [future.result()["met"] for future in waiting] == [True] * 4


def test_the_app_goes_on_while_somebody_waits(app: App, client: Client, later: Later) -> None:
    waiting = later(lambda: wait(app, "message", {"message": "19"}))
    group_id = client.created("carl")["id"]
    for number in range(20):
        ok(client.send(group_id, "carl", message=str(number)))

    assert waiting.result()["found"]["message"] == "19"


def test_who_waits_at_one_worker_sees_what_the_other_does() -> None:
    with Served("--workers", "2", "--threads", "8") as served:
        with ThreadPoolExecutor() as threads:
            waiting = [
                threads.submit(wait, served.app, "request", {"path": f"/rest/ws/{number}"})
                for number in range(4)
            ]
            time.sleep(LATER_S)
            for number in range(4):
                requests.get(f"{served.url}/rest/ws/{number}", headers=served.app.headers, timeout=60)

        assert [future.result()["met"] for future in waiting] == [True] * 4


def test_however_many_wait_others_are_answered() -> None:
    with Served("--threads", "4") as served, ThreadPoolExecutor(12) as threads:
        asked = [threads.submit(ask, served.app, "message", {"message": "Late"}, 20_000) for _ in range(12)]
        time.sleep(2 * LATER_S)
        client = served.client
        ok(client.send(client.created("carl")["id"], "carl", message="Late"))
        answers = [future.result() for future in asked]

    waited = [answer.json()["met"] for answer in answers if answer.status_code == 200]
    refusals = [error(answer, 503) for answer in answers if answer.status_code != 200]
    assert waited == [True, True]
    assert (
        refusals
        == [
            {
                "code": "TOO_MANY_WAIT",
                "message": "no more than 2 may wait at once at a worker with --threads 4: others must be answered",
                "hint": "call again, or start the server with more --threads",
            }
        ]
        * 10
    )


# What never comes.


@pytest.mark.parametrize(
    ("what", "matching"),
    [
        ("message", {"message": "Never"}),
        ("request", {"operation": "user.update"}),
        ("assignment", {"assignee": JANE}),
    ],
)
def test_what_never_comes_is_not_met_when_the_time_is_over(
    app: App, client: Client, what: str, matching: dict[str, Any]
) -> None:
    client.send(client.created("carl")["id"], "carl")
    began = time.monotonic()
    answer = wait(app, what, matching, timeout_ms=400)

    assert answer == {"met": False}
    assert 0.4 <= time.monotonic() - began < 10


def test_without_time_it_is_looked_once(app: App, client: Client) -> None:
    client.detail(ADMIN)

    assert wait(app, "request", {"operation": "user.detail"}, timeout_ms=0)["met"]
    assert wait(app, "request", {"operation": "user.update"}, timeout_ms=0) == {"met": False}


def test_the_time_is_the_wall_clocks(app: App) -> None:
    app.control("POST", "clock", {"freeze": True})
    began = time.monotonic()

    assert wait(app, "message", timeout_ms=300) == {"met": False}
    assert time.monotonic() - began >= 0.3


def test_what_comes_to_another_app_is_not_waited_for(server: MockKommunicate, app: App, later: Later) -> None:
    other = server.create_app()
    later(lambda: Client(other.url, other.api_key).detail(ADMIN))

    assert wait(app, "request", timeout_ms=800) == {"met": False}


def test_a_conversation_that_nobody_is_assigned_is_no_assignment(app: App, client: Client) -> None:
    client.created("carl", metadata={"SKIP_ROUTING": True})

    assert wait(app, "assignment", timeout_ms=0) == {"met": False}


def test_who_waits_in_an_app_that_is_deleted_is_told(app: App, later: Later) -> None:
    later(app.delete)
    refusal = error(ask(app, "message"), 404)

    assert (refusal["code"], refusal["message"]) == ("APP_NOT_FOUND", f"no app '{app.application_id}'")


def test_without_a_journal_no_request_can_be_waited_for(app: App) -> None:
    app.settings({"journal": {"enabled": False}})

    assert error(ask(app, "request"), 409)["code"] == "JOURNAL_OFF"
    assert wait(app, "message", timeout_ms=0) == {"met": False}


def test_a_server_that_stops_waits_for_nobody() -> None:
    server = MockKommunicate().start()
    thread = threading.Thread(target=lambda: _swallow(server.default_app))
    thread.start()
    time.sleep(LATER_S)
    began = time.monotonic()
    server.stop()

    assert time.monotonic() - began < 10
    thread.join(30)
    assert not thread.is_alive()


def _swallow(app: App) -> None:
    with suppress(requests.RequestException):
        ask(app, "message", timeout_ms=10_000)


# Bad input.

BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "body 'for': "),
    (
        {"for": "mesage"},
        "body 'for': must be one of message, request, delivery, assignment; did you mean 'message'?; got \"mesage\"",
    ),
    ({"for": None}, "body 'for': "),
    ({"for": "message", "matching": []}, "body 'matching': must be an object"),
    ({"for": "message", "matching": None}, "body 'matching': must be an object"),
    ({"for": "message", "matching": {"mesage": "x"}}, "body 'matching.mesage': is not known here; did you mean 'message'?"),
    ({"for": "message", "matching": {"message": {"$regx": "x"}}}, "did you mean '$regex'?"),
    ({"for": "message", "matching": {"message": {"$regex": "("}}}, "body 'matching.message"),
    ({"for": "assignment", "matching": {"asignee": "x"}}, "did you mean 'assignee'?"),
    ({"for": "assignment", "matching": {"message": "x"}}, "body 'matching.message': is not known here"),
    ({"for": "request", "matching": {"pth": "/x"}}, "body 'matching.pth': "),
    ({"for": "request", "matching": {"operation": "mesage.send"}}, "did you mean 'message.send'?"),
    ({"for": "request", "matching": {"body": {"a": {"$type": "x"}}}}, "body 'matching.body"),
    ({"for": "message", "timeoutMs": -1}, "body 'timeoutMs': must be from 0 to 120000"),
    ({"for": "message", "timeoutMs": 120_001}, "body 'timeoutMs': must be from 0 to 120000"),
    ({"for": "message", "timeoutMs": "PT1S"}, "body 'timeoutMs': must be a whole number"),
    ({"for": "message", "timeoutMs": None}, "body 'timeoutMs': "),
    ({"for": "message", "timeout": 5}, "body 'timeout': is not known here; did you mean 'timeoutMs'?"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "message"), BAD, ids=str)
def test_what_cannot_be_waited_for_is_refused_by_name(
    app: App, client: Client, asked: dict[str, Any], message: str
) -> None:
    response = client.call("POST", f"/_mock/apps/{app.application_id}/wait", json=asked)

    refusal = error(response, 400)
    assert refusal["code"] == BAD_PARAMETER
    assert message in refusal["message"]


def test_in_an_app_that_there_is_not_nobody_can_wait(client: Client) -> None:
    response = client.call("POST", "/_mock/apps/nobody/wait", json={"for": "message", "timeoutMs": 0})

    assert error(response, 404)["code"] == "APP_NOT_FOUND"
