"""/_mock/apps/APP/deliveries and settle: what is owed, what became of it, and sending it again."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from mockkommunicate import App, ControlFailed, MockKommunicate
from tests.client import Client, ok
from tests.receivers import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def app(app: App, receiver: Receiver) -> App:
    """An app with a webhook."""
    app.settings({"webhook": {"url": receiver.url, "token": "abcdef"}})
    return app


def settle(app: App, **asked: Any) -> dict[str, Any]:
    return app.control("POST", "settle", asked)


def test_a_message_is_sent_to_the_webhook(app: App, client: Client, receiver: Receiver) -> None:
    group_id = client.created("carl")["id"]
    sent = ok(client.send(group_id, "carl", message="Hello"))
    answer = settle(app)

    (delivery,) = answer["deliveries"]
    (attempt,) = delivery.pop("attempts")
    assert delivery == {
        "id": 1,
        "kind": "webhook",
        "state": "sent",
        "conversation": group_id,
        "url": receiver.url,
        "headers": {"Authentication": "***"},
        "payload": receiver.got[0].json,
        "createdAt": sent["createdAt"],
    }
    assert {"at", "durationMs"} <= attempt.keys()
    assert attempt["status"] == 200
    assert (answer["settled"], answer["pending"], answer["last"]) == (True, 0, 1)


def test_an_app_without_a_webhook_owes_nothing(app: App, client: Client, receiver: Receiver) -> None:
    app.settings({"webhook": {"url": None}})
    client.send(client.created("carl")["id"], "carl")

    assert settle(app) == {
        "settled": True,
        "timedOut": False,
        "pending": 0,
        "deliveries": [],
        "last": 0,
    }
    assert receiver.got == []


def send(client: Client, *texts: str, of: str = "carl") -> int:
    """Send messages in a conversation of their own; answer its id."""
    group_id = int(client.created(of)["id"])
    for text in texts:
        ok(client.send(group_id, of, message=text))
    return group_id


def listed(app: App, query: str = "") -> list[int]:
    return [entry["id"] for entry in app.control("GET", f"deliveries?{query}")["deliveries"]]


def refusal(app: App, method: str, path: str) -> tuple[int, str, str]:
    with pytest.raises(ControlFailed) as refused:
        app.control(method, path)
    return refused.value.status, refused.value.code, str(refused.value)


def test_deliveries_are_listed_by_state_kind_and_conversation(
    app: App, client: Client, receiver: Receiver
) -> None:
    receiver.answer = lambda received: (500 if received.json["message"] == "no" else 200, b"")
    first, second = send(client, "yes", "no"), send(client, "yes", of="dora")
    settle(app)

    assert listed(app) == [1, 2, 3]
    assert listed(app, "state=sent") == [1, 3]
    assert listed(app, "state=failed") == [2]
    assert listed(app, "state=pending") == []
    assert listed(app, "kind=webhook") == [1, 2, 3]
    assert listed(app, "kind=bot") == []
    assert listed(app, f"conversation={first}") == [1, 2]
    assert listed(app, f"conversation={second}&state=sent") == [3]


def test_a_long_list_has_pages(app: App, client: Client) -> None:
    send(client, *"abcde")
    settle(app)
    first = app.control("GET", "deliveries?limit=2")
    second = app.control("GET", f"deliveries?limit=3&after={first['next']}")

    assert [entry["id"] for entry in first["deliveries"]] == [1, 2]
    assert [entry["id"] for entry in second["deliveries"]] == [3, 4, 5]
    assert "next" not in second
    assert first["dropped"] == 0


def test_one_delivery_is_looked_at(app: App, client: Client) -> None:
    send(client, "a", "b")
    (_, second) = settle(app)["deliveries"]

    assert app.control("GET", "deliveries/2") == second


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "deliveries/7"), ("POST", "deliveries/7/redeliver"), ("DELETE", "deliveries/7")],
)
def test_a_delivery_that_there_is_not_is_not_found(app: App, method: str, path: str) -> None:
    hint = f"GET /_mock/apps/{app.application_id}/deliveries lists those there are"

    assert refusal(app, method, path) == (404, "DELIVERY_NOT_FOUND", f"no delivery 7 ({hint})")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("state=done", "'state': must be one of pending, sent, failed, dead, refused"),
        ("kind=mail", "'kind': must be one of webhook, bot"),
        ("conversation=x", "'conversation': must be a conversation's id"),
        ("limit=0", "'limit': must be from 1 to 10000"),
        ("stat=sent", "'stat': is not known here; did you mean 'state'?"),
        ("state=sent&state=dead", "'state': is repeated"),
    ],
)
def test_a_list_that_cannot_be_is_refused_by_name(app: App, query: str, message: str) -> None:
    status, code, told = refusal(app, "GET", f"deliveries?{query}")

    assert (status, code) == (400, "MOCK-PARAM")
    assert message in told


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"timeoutMs": -1}, "'timeoutMs': must be from 0 to 120000"),
        ({"timeoutMs": "soon"}, "'timeoutMs': must be a whole number"),
        ({"after": -1}, "'after': must be from 0"),
        ({"timeout": 5}, "'timeout': is not known here; did you mean 'timeoutMs'?"),
    ],
)
def test_settling_that_cannot_be_is_refused_by_name(app: App, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(ControlFailed, match=message):
        settle(app, **asked)


def test_settling_answers_what_was_owed_since_the_last_time(app: App, client: Client) -> None:
    send(client, "a", "b")
    first = settle(app)
    send(client, "c", of="dora")
    app.control("POST", "deliveries/1/redeliver")
    second = settle(app, after=first["last"])
    third = settle(app, after=second["last"])

    assert [entry["id"] for entry in first["deliveries"]] == [1, 2]
    assert [entry["id"] for entry in second["deliveries"]] == [1, 3]
    assert third["deliveries"] == []
    assert second["settled"]


def test_who_does_not_want_to_wait_is_told_what_is_pending(
    server: MockKommunicate, receiver: Receiver
) -> None:
    receiver.answer = lambda _: (500, b"")
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"retries": ["1h"]}}
    app = server.create_app(settings=settings)
    send(Client(app.url, app.api_key), "a")
    app.wait_for("delivery", {"attempts": [{"status": 500}]})
    answer = settle(app, timeoutMs=0)

    assert (answer["settled"], answer["timedOut"], answer["pending"]) == (False, True, 1)
    assert answer["deliveries"][0]["dueAt"] > answer["deliveries"][0]["createdAt"] + 3_590_000


def test_who_does_not_want_to_wait_is_told_that_nothing_is_pending(app: App, client: Client) -> None:
    send(client, "a")
    settle(app)
    answer = settle(app, timeoutMs=0)

    assert (answer["settled"], answer["timedOut"], answer["pending"]) == (True, False, 0)


def test_what_is_finished_is_deleted_and_what_is_pending_is_not(
    server: MockKommunicate, receiver: Receiver
) -> None:
    receiver.answer = lambda received: (500 if received.json["message"] == "no" else 200, b"")
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"retries": ["1h"]}}
    app = server.create_app(at=1_900_000_000_000, settings=settings)
    send(Client(app.url, app.api_key), "a", "b", "no", "c")
    settle(app)

    assert refusal(app, "DELETE", "deliveries/3")[:2] == (409, "DELIVERY_PENDING")
    assert app.control("DELETE", "deliveries/1") == {"deleted": 1}
    assert listed(app) == [2, 3, 4]
    assert app.control("DELETE", "deliveries") == {"deleted": 1}
    assert listed(app) == [3, 4]


def test_no_token_is_shown_anywhere(app: App, client: Client) -> None:
    send(client, "a")
    shown = str(settle(app)) + str(app.control("GET", "deliveries")) + str(app.control("GET", "deliveries/1"))

    assert "YWJjZGVm" not in shown
    assert "abcdef" not in shown


@pytest.mark.parametrize(
    ("matching", "number"),
    [
        ({}, 1),
        ({"state": "failed"}, 2),
        ({"payload": {"message": "no"}}, 2),
        ({"attempts": [{"status": 500}]}, 2),
        ({"kind": "webhook", "payload": {"message": {"$regex": "^y"}}}, 1),
        ({"dueAt": {"$absent": True}, "id": 2}, 2),
    ],
)
def test_a_delivery_that_is_there_is_waited_for_by_whatever_it_has(
    app: App, client: Client, receiver: Receiver, matching: dict[str, Any], number: int
) -> None:
    receiver.answer = lambda received: (500 if received.json["message"] == "no" else 200, b"")
    send(client, "yes", "no")
    settle(app)

    assert app.wait_for("delivery", matching, timeout=0).id == number


def test_a_delivery_that_is_sent_again_is_waited_for(app: App, client: Client, receiver: Receiver) -> None:
    receiver.answer = lambda _: (500, b"")
    send(client, "a", "b")
    settle(app)
    receiver.answer = lambda _: (200, b"")
    threading.Timer(0.3, app.redeliver, [1]).start()

    assert app.wait_for("delivery", {"state": "sent"}, timeout=30).id == 1


def test_a_delivery_that_never_comes_is_not_waited_for_longer_than_asked(app: App) -> None:
    with pytest.raises(TimeoutError, match=r"no delivery \{'state': 'dead'\} within 0.2 s"):
        app.wait_for("delivery", {"state": "dead"}, timeout=0.2)


@pytest.mark.parametrize("name", ["sate", "status", "message"])
def test_a_field_that_no_delivery_has_is_refused(app: App, name: str) -> None:
    with pytest.raises(ControlFailed, match=f"'matching.{name}': is not known here"):
        app.wait_for("delivery", {name: 1})


def test_retries_are_durations_of_any_form(app: App) -> None:
    changed = app.settings({"deliveries": {"retries": ["1s", "PT10S", 60_000, "5m", "500ms"]}})

    assert changed["deliveries"]["retries"] == [1_000, 10_000, 60_000, 300_000, 500]


@pytest.mark.parametrize("retries", [["soon"], [-1], [None], "1s", [1] * 101])
def test_retries_that_cannot_be_are_refused(app: App, retries: Any) -> None:
    with pytest.raises(ControlFailed, match=r"deliveries\.retries"):
        app.settings({"deliveries": {"retries": retries}})

    assert app.settings()["deliveries"]["retries"] == []


def test_an_app_that_there_is_not_cannot_be_settled(server: MockKommunicate) -> None:
    nobody = App(server.url, "nobody", "x")

    assert refusal(nobody, "POST", "settle")[:2] == (404, "APP_NOT_FOUND")


def test_an_app_that_is_deleted_while_it_is_called_for_is_forgotten(
    server: MockKommunicate, receiver: Receiver
) -> None:
    arrived, answering = threading.Event(), threading.Event()

    def answer(_: object) -> tuple[int, bytes]:
        arrived.set()
        answering.wait(30)
        return 200, b""

    receiver.answer = answer
    app = server.create_app(settings={"webhook": {"url": receiver.url}})
    send(Client(app.url, app.api_key), "a")
    assert arrived.wait(30)
    app.delete()
    again = server.create_app(applicationId=app.application_id, settings={"webhook": {"url": receiver.url}})
    answering.set()
    send(Client(again.url, again.api_key), "b")

    assert [delivery.payload["message"] for delivery in again.settle()] == ["b"]
