"""Bots with a webhook: what it gets, to the byte, and what becomes of what it answers."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockkommunicate import App, MockKommunicate
from tests import expected
from tests.client import ADMIN, ok
from tests.receivers import Received, Receiver
from tests.worlds import World

FOLDER = Path(__file__).parents[2] / "fixtures" / "bots"
FIXTURES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
CONVERSATION = 31_050_328
"""The first conversation of an app with the seed 7."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A bot's server that answers nothing to say."""
    with Receiver(lambda _: (200, b"[]")) as receiver:
        yield receiver


@pytest.fixture
def world(server: MockKommunicate, receiver: Receiver) -> World:
    """An app whose new conversations a bot gets, who is called with a header."""
    webhook = {"url": receiver.url, "headers": {"Authorization": "secret", "X-Number": 7}}
    world = World(server.url, users=[{"userId": "robot", "role": "bot", "webhook": webhook}])
    world.ok("PATCH", "/settings", {"routing": {"assignNewConversationsTo": "robot"}})
    return world


def settle(world: World) -> list[Any]:
    """Wait until nothing is owed; answer what was."""
    settled = world.ok("POST", "/settle", {"timeoutMs": 60_000})
    assert settled["settled"]
    return list(settled["deliveries"])


def messages(world: World, conversation: int = CONVERSATION) -> list[Any]:
    return list(world.ok("GET", f"/conversations/{conversation}/messages")["messages"])


def texts(world: World) -> list[tuple[str, str]]:
    return [(message["from"], message["message"]) for message in messages(world)]


def answering(reply: Any, status: int = 200) -> Callable[[Received], tuple[int, bytes]]:
    text = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    return lambda _: (status, text)


@pytest.mark.parametrize("name", FIXTURES)
def test_a_bot_gets_what_the_example_says(world: World, receiver: Receiver, name: str) -> None:
    example = FIXTURES[name]
    ok(world.client.call("POST", "/rest/ws/group/conversation", json=example["conversation"]))
    if "message" in example:
        body = {"groupId": CONVERSATION, **example["message"]}
        ok(world.client.call("POST", "/rest/ws/message/v2/send", json=body))
    settle(world)

    (got,) = receiver.got
    text = json.dumps(example["payload"], separators=(",", ":")).replace("${app}", world.id)
    assert got.body.decode() == text
    assert (got.headers["Authorization"], got.headers["X-Number"]) == ("secret", "7")
    assert got.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", FIXTURES)
def test_an_example_says_how_sure_it_is_and_why(name: str) -> None:
    example = FIXTURES[name]

    assert set(example) - {"message"} == {"title", "evidence", "source", "conversation", "payload"}
    assert example["evidence"] in {"documented", "observed", "inferred"}
    assert len(example["source"]) > 10


def test_what_it_answers_are_its_messages_in_order(world: World, receiver: Receiver) -> None:
    payload = [{"title": "Yes", "message": "Größe"}]
    receiver.answer = answering(
        [{"message": "one"}, {"message": "two", "metadata": {"contentType": 300, "payload": payload}}]
    )
    world.client.created("carl")
    (delivery,) = settle(world)

    first, second = messages(world)
    assert first == {
        **expected.message(CONVERSATION, "robot", message="one"),
        "createdAtTime": 1_700_000_000_000,
    }
    assert second["message"] == "two"
    assert second["metadata"] == {
        "contentType": "300",
        "payload": '[{"title":"Yes","message":"Größe"}]',
    }
    assert (delivery["kind"], delivery["bot"], delivery["state"]) == ("bot", "robot", "sent")
    assert set(delivery["headers"].values()) == {"***"}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (
            b"",
            "the answer is not JSON: Expecting value at line 1, column 1; a JSON array of messages is needed",
        ),
        (
            b"Hello",
            "the answer is not JSON: Expecting value at line 1, column 1; a JSON array of messages is needed",
        ),
        (b'{"message": "a"}', "the answer is JSON but an object; a JSON array of messages is needed"),
        (b"[NaN]", "the answer is not JSON that can be read: NaN is not JSON"),
        (b"[" * 101 + b"]" * 101, "the answer is JSON that is nested deeper than 100 objects and arrays"),
        (
            b'[{"message": "a"}, {}]',
            "the answer '[1]': has nothing to show: a message, metadata or fileMeta; got {}",
        ),
        (
            b'[{"message": "a"}, 5]',
            "the answer '[1]': must be an object with a message, metadata or both; got 5",
        ),
    ],
    ids=str,
)
def test_an_answer_that_is_useless_leaves_everything_as_it_is(
    world: World, receiver: Receiver, answer: bytes, why: str
) -> None:
    receiver.answer = answering(answer)
    world.client.created("carl")
    (delivery,) = settle(world)

    assert delivery["state"] == "failed"
    assert delivery["attempts"][0]["error"] == why
    assert messages(world) == []
    assert world.ok("GET", f"/conversations/{CONVERSATION}")["assignee"] == "robot"


@pytest.mark.parametrize("status", [404, 500, 503, 301])
def test_the_answer_of_a_server_that_fails_is_not_read(world: World, receiver: Receiver, status: int) -> None:
    receiver.answer = answering([{"message": "a"}], status)
    world.client.created("carl")
    (delivery,) = settle(world)

    assert delivery["state"] == "failed"
    assert messages(world) == []


def test_an_answer_that_comes_too_late_is_none(world: World, receiver: Receiver) -> None:
    world.ok("PATCH", "/settings", {"deliveries": {"botTimeoutMs": 50}})
    settled = threading.Event()

    def slow(_: Received) -> tuple[int, bytes]:
        settled.wait(5)
        return 200, b'[{"message": "late"}]'

    receiver.answer = slow
    world.client.created("carl")
    (delivery,) = settle(world)
    settled.set()

    assert delivery["state"] == "failed"
    assert messages(world) == []


def test_its_own_messages_and_those_of_agents_do_not_call_it(world: World, receiver: Receiver) -> None:
    receiver.answer = answering([{"message": "Hello"}])
    world.client.created("carl")
    world.client.send(CONVERSATION, ADMIN)
    world.client.send(CONVERSATION, "robot")
    world.client.send(CONVERSATION, "carl", metadata={"skipBot": True})
    settle(world)

    assert receiver.messages == ["Event:WELCOME"]


def test_a_conversation_of_an_agent_calls_no_bot(world: World, receiver: Receiver) -> None:
    world.client.created("carl", "robot", metadata={"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": ADMIN})
    world.client.send(CONVERSATION, "carl")

    assert settle(world) == []
    assert receiver.got == []


def test_it_hands_over_by_the_rules_and_is_called_no_more(world: World, receiver: Receiver) -> None:
    receiver.answer = answering([{"message": "Wait", "metadata": {"KM_ASSIGN_TO": ""}}, {"message": "Bye"}])
    world.client.created("carl")
    settle(world)
    world.client.send(CONVERSATION, "carl", message="Thanks")
    settle(world)

    assert texts(world) == [
        ("robot", "Wait"),
        ("robot", "Bye"),
        ("robot", "Assigned to Super Admin"),
        ("carl", "Thanks"),
    ]
    assert world.ok("GET", f"/conversations/{CONVERSATION}")["assignee"] == ADMIN
    assert len(receiver.got) == 1


def test_another_bot_takes_over_with_an_event_and_its_data(world: World, receiver: Receiver) -> None:
    world.ok("POST", "/users", {"userId": "other", "role": "bot", "webhook": {"url": receiver.url}})
    event = {"name": "BUY", "data": {"order": 7, "from": "nobody"}}
    replies = {
        "robot": [{"message": "Wait", "metadata": {"KM_ASSIGN_TO": "other", "event": event}}],
        "other": [{"message": "Buy what?"}],
    }
    receiver.answer = lambda got: (200, json.dumps(replies[got.json["botId"]]).encode())
    world.client.created("carl")
    settle(world)

    called = receiver.got[1].json
    assert texts(world) == [("robot", "Wait"), ("robot", "Assigned to other"), ("other", "Buy what?")]
    assert called["eventName"] == "BUY"
    assert called["from"] == "carl"
    assert called["key"] != receiver.got[0].json["key"]
    assert called["metadata"]["KM_CHAT_CONTEXT"]["order"] == 7
    assert called["metadata"]["KM_CHAT_CONTEXT"]["from"] == "carl"


def test_bots_that_hand_on_to_each_other_stop(world: World, receiver: Receiver) -> None:
    world.ok("POST", "/users", {"userId": "other", "role": "bot", "webhook": {"url": receiver.url}})

    def pass_on(got: Received) -> tuple[int, bytes]:
        to = {"robot": "other", "other": "robot"}[got.json["botId"]]
        metadata = {"KM_ASSIGN_TO": to, "event": {"name": "YOURS"}}
        return 200, json.dumps([{"metadata": metadata}]).encode()

    receiver.answer = pass_on
    world.client.created("carl")
    settle(world)

    routing = world.ok("GET", f"/conversations/{CONVERSATION}")["routing"]
    assert len(receiver.got) == 11
    assert routing["handoff"] == {
        "by": "robot",
        "to": "other",
        "result": "too_many",
        "inARow": 10,
        "message": 21,
    }
    world.client.send(CONVERSATION, "carl", message="Hello?")
    settle(world)
    assert len(receiver.got) > 12


def test_a_bot_that_was_made_to_leave_answers_no_more(world: World, receiver: Receiver) -> None:
    world.ok("PATCH", "/settings", {"removeBotOnHandoff": True})

    def escalate(_: Received) -> tuple[int, bytes]:
        world.client.send(CONVERSATION, ADMIN, metadata={"KM_ASSIGN_TO": ADMIN})
        return 200, b'[{"message": "late"}]'

    receiver.answer = escalate
    world.client.created("carl")
    (delivery,) = settle(world)[:1]

    assert delivery["attempts"][0]["error"] == "the bot 'robot' has left the conversation"
    assert [text for _, text in texts(world)] == ["Hello", "Assigned to Super Admin"]


def test_a_bot_that_is_gone_answers_no_more(world: World, receiver: Receiver) -> None:
    def leave(_: Received) -> tuple[int, bytes]:
        world.ok("PATCH", "/settings", {"routing": {"assignNewConversationsTo": None}})
        world.ok("DELETE", "/users/robot")
        return 200, b'[{"message": "late"}]'

    receiver.answer = leave
    world.client.created("carl")
    (delivery,) = settle(world)

    assert delivery["attempts"][0]["error"] == "there is no bot 'robot' any more"
    assert messages(world) == []


def test_the_apps_webhook_gets_what_the_bot_says_in_order(world: World, receiver: Receiver) -> None:
    receiver.answer = answering([{"message": "a"}, {"message": "b", "metadata": {"KM_ASSIGN_TO": ""}}])
    with Receiver() as hook:
        world.ok("PATCH", "/settings", {"webhook": {"url": hook.url}})
        world.client.created("carl")
        settle(world)
        settle(world)

        assert hook.messages == ["a", "b", "Assigned to Super Admin"]


def test_the_handle_adds_bots_of_each_kind(app: App, receiver: Receiver) -> None:
    webhook = {"url": receiver.url, "headers": {"X-Key": "a"}}
    added = [
        app.add_bot("one", webhook=receiver.url),
        app.add_bot("two", webhook=webhook),
        app.add_bot("three", built_in="echo"),
        app.add_bot("four", built_in={"kind": "scripted", "rules": []}),
        app.add_bot("five"),
    ]

    assert [(bot.get("webhook"), bot.get("builtIn")) for bot in added] == [
        ({"url": receiver.url}, None),
        ({"url": receiver.url, "headers": {"X-Key": "***"}}, None),
        (None, {"kind": "echo"}),
        (None, {"kind": "scripted", "rules": []}),
        (None, None),
    ]
