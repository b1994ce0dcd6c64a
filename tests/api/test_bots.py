"""Built-in bots: they answer in the transaction of the message that calls them."""

from typing import Any

import pytest

from mockkommunicate import MockKommunicate
from tests import expected
from tests.client import ADMIN
from tests.worlds import World

SCRIPT = {
    "kind": "scripted",
    "rules": [
        {"event": "WELCOME", "replies": [{"message": "Hello"}]},
        {"event": "KOMMUNICATE_MEDIA_EVENT", "replies": [{"message": "Nice picture"}]},
        {"event": "BUY", "replies": [{"message": "Bought"}]},
        {
            "pattern": "order",
            "replies": [{"message": "<b>Which?</b>", "messageType": "html"}, {"message": "1 or 2"}],
        },
    ],
    "otherwise": [{"message": "What?", "metadata": {"payload": [{"title": "A", "message": "b"}]}}],
}


def bot(user_id: str, built_in: Any) -> dict[str, Any]:
    return {"userId": user_id, "role": "bot", "builtIn": built_in}


@pytest.fixture
def world(server: MockKommunicate) -> World:
    """An app whose new conversations a scripted bot gets, and where an echo is, too."""
    world = World(server.url, users=[bot("script", SCRIPT), bot("echo", {"kind": "echo"})])
    world.ok("PATCH", "/settings", {"routing": {"assignNewConversationsTo": "script"}})
    return world


def stream(world: World, group_id: int) -> list[tuple[str, str]]:
    found = world.ok("GET", f"/conversations/{group_id}/messages")["messages"]
    return [(message["from"], message["message"]) for message in found]


def test_a_script_welcomes_and_answers_whole_messages(world: World) -> None:
    group_id = world.client.created("carl")["id"]
    world.client.send(group_id, "carl", message="My ORDER")
    world.client.send(group_id, "carl", message="Hm")
    found = world.ok("GET", f"/conversations/{group_id}/messages")["messages"]

    def like(sender: str, text: str, **more: Any) -> dict[str, Any]:
        return expected.message(group_id, sender, message=text, createdAtTime=1_700_000_000_000, **more)

    assert found == [
        like("script", "Hello"),
        like("carl", "My ORDER"),
        like("script", "<b>Which?</b>", contentType=3),
        like("script", "1 or 2"),
        like("carl", "Hm"),
        like("script", "What?", metadata={"payload": '[{"message":"b","title":"A"}]'}),
    ]
    assert len({message["key"] for message in found}) == 6


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"contentType": 1, "fileMeta": {"name": "a.png"}}, "Nice picture"),
        ({"contentType": 2, "message": '{"lat": 1, "lon": 2}'}, "Nice picture"),
        ({"contentType": 10, "metadata": {"KM_TRIGGER_EVENT": "BUY", "category": "HIDDEN"}}, "Bought"),
        ({"metadata": {"KM_TRIGGER_EVENT": "BUY"}}, "Bought"),
        ({"metadata": {"skipBot": "false"}, "message": "a"}, "What?"),
    ],
    ids=str,
)
def test_a_script_answers_events(world: World, body: dict[str, Any], answer: str) -> None:
    group_id = world.client.created("carl")["id"]
    world.client.send(group_id, "carl", **body)

    assert stream(world, group_id)[2:] == [("script", answer)]


@pytest.mark.parametrize(
    ("sender", "body"),
    [
        ("carl", {"metadata": {"skipBot": True}}),
        ("carl", {"metadata": {"KM_TRIGGER_EVENT": "UNKNOWN"}}),
        (ADMIN, {}),
        ("script", {}),
        ("echo", {}),
    ],
    ids=str,
)
def test_what_does_not_call_the_bot_is_not_answered(world: World, sender: str, body: dict[str, Any]) -> None:
    group_id = world.client.created("carl")["id"]
    world.client.send(group_id, sender, **body)

    assert len(stream(world, group_id)) == 2


def test_an_attachment_sent_by_the_other_endpoint_calls_the_bot_too(world: World) -> None:
    group_id = world.client.created("carl")["id"]
    world.client.attach(group_id, "carl")

    assert stream(world, group_id)[2:] == [("script", "Nice picture")]


@pytest.mark.parametrize(
    ("metadata", "welcomed"),
    [
        ({}, ["Hello"]),
        ({"SKIP_BOT_EVENT": '["WELCOME_EVENT"]'}, []),
        ({"CUSTOM_WELCOME_EVENT": "BUY"}, ["Bought"]),
        ({"CUSTOM_WELCOME_EVENT": "UNKNOWN"}, []),
        ({"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "script"}, ["Hello"]),
        ({"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": ADMIN}, []),
        ({"SKIP_ROUTING": True}, []),
    ],
    ids=str,
)
def test_a_new_conversation_is_welcomed_by_its_bot(
    world: World, metadata: dict[str, Any], welcomed: list[str]
) -> None:
    group_id = world.client.created("carl", metadata=metadata)["id"]

    assert [text for _, text in stream(world, group_id)] == welcomed


def test_an_echo_says_again_what_it_hears(world: World) -> None:
    metadata = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "echo"}
    group_id = world.client.created("carl", "echo", metadata=metadata)["id"]
    world.client.send(group_id, "carl", message="Größe? 😀")
    world.client.attach(group_id, "carl", message="", fileMeta={"name": "a", "size": 1.5})
    found = world.ok("GET", f"/conversations/{group_id}/messages")["messages"]

    assert [(one["from"], one["message"], one.get("fileMeta")) for one in found] == [
        ("carl", "Größe? 😀", None),
        ("echo", "Größe? 😀", None),
        ("carl", "", {"name": "a", "size": 1.5}),
        ("echo", "", {"name": "a", "size": 1.5}),
    ]


def test_a_bot_that_answers_in_no_way_is_silent(world: World) -> None:
    world.ok("PATCH", "/users/script", {"builtIn": None})
    group_id = world.client.created("carl")["id"]
    world.client.send(group_id, "carl")

    assert stream(world, group_id) == [("carl", "Hello")]


def test_a_conversation_assigned_to_a_bot_later_is_answered_but_not_welcomed(world: World) -> None:
    group_id = world.client.created("carl", metadata={"SKIP_ROUTING": True})["id"]
    world.client.assign(group_id, "script")
    world.client.send(group_id, "carl", message="Hm")

    assert stream(world, group_id)[1:] == [("carl", "Hm"), ("script", "What?")]


def test_a_pattern_that_would_run_for_ever_costs_the_answer_and_nothing_else(world: World) -> None:
    rules = [{"pattern": "(a+)+$", "replies": [{"message": "a"}]}]
    world.ok("PATCH", "/users/script", {"builtIn": {"kind": "scripted", "rules": rules}})
    group_id = world.client.created("carl")["id"]
    sent = world.client.send(group_id, "carl", message="a" * 5_000 + "!")

    assert sent.status_code == 200
    assert len(stream(world, group_id)) == 1


def test_the_same_calls_give_the_same_bytes_in_a_fork_and_after_an_import(world: World) -> None:
    other = World(world.url)
    other.put(world.state)
    worlds = [world, world.fork(), other]
    states = []
    for one in worlds:
        group_id = one.client.created("carl")["id"]
        one.client.send(group_id, "carl", message="Hm")
        states.append(one.state)

    assert states[0] == states[1] == states[2]
    assert len(stream(other, group_id)) == 3


def test_readers_have_not_read_what_a_bot_says(world: World) -> None:
    group_id = world.client.created("carl")["id"]
    world.client.send(group_id, "carl", message="Hm")

    users = {user["userId"]: user for user in world.ok("GET", f"/conversations/{group_id}")["groupUsers"]}
    assert (users["carl"]["unreadCount"], users["script"]["unreadCount"]) == (2, 1)
