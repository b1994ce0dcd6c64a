"""/_mock/apps/APP/deliveries and settle: what is owed, what became of it, and sending it again."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockkommunicate import App
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
