"""Hand-off: a bot's conversation goes to an agent, by the rules, or to another bot."""

import json
from typing import Any

import pytest

from mockkommunicate import MockKommunicate
from tests import expected
from tests.client import ADMIN, ok
from tests.worlds import World


def script(**answers: Any) -> dict[str, Any]:
    """Make a bot that hands over as it is told by the text or event of this name."""
    rules = [
        {kind: name, "replies": [{"message": f"To {metadata['KM_ASSIGN_TO']!r}", "metadata": metadata}]}
        for name, metadata in answers.items()
        for kind in ("pattern", "event")
    ]
    return {"kind": "scripted", "rules": rules}


HANDS_OVER = script(
    rules={"KM_ASSIGN_TO": ""},
    agent={"KM_ASSIGN_TO": "jane"},
    full={"KM_ASSIGN_TO": "busy"},
    stranger={"KM_ASSIGN_TO": "nobody"},
    customer={"KM_ASSIGN_TO": "carl"},
    itself={"KM_ASSIGN_TO": "robot", "event": {"name": "itself"}},
    other={"KM_ASSIGN_TO": "other"},
    event={"KM_ASSIGN_TO": "other", "event": {"name": "BUY", "data": {}}},
)


@pytest.fixture
def world(server: MockKommunicate) -> World:
    """An app with a bot that gets what is new, another one, an agent and one who is full."""
    users = [
        {"userId": "robot", "role": "bot", "builtIn": HANDS_OVER, "displayName": "Robot"},
        {
            "userId": "other",
            "role": "bot",
            "builtIn": {"kind": "scripted", "rules": [{"event": "BUY", "replies": [{"message": "Bought"}]}]},
        },
        {"userId": "jane", "role": "agent", "displayName": "Jane Agent"},
        {"userId": "busy", "role": "agent", "handlingLimit": 0},
    ]
    world = World(server.url, users=users)
    world.ok("PATCH", "/users/" + ADMIN, {"availability": "away"})
    world.ok("PATCH", "/settings", {"routing": {"assignNewConversationsTo": "robot", "defaultAgent": ADMIN}})
    return world


def begun(world: World, *texts: str, **metadata: Any) -> int:
    """Begin a conversation in which carl says something; answer its id."""
    group_id = int(world.client.created("carl")["id"])
    for text in texts:
        ok(world.client.send(group_id, "carl", message=text, metadata=metadata))
    return group_id


def look(world: World, group_id: int) -> dict[str, Any]:
    return dict(world.ok("GET", f"/conversations/{group_id}"))


def messages(world: World, group_id: int) -> list[dict[str, Any]]:
    return list(world.ok("GET", f"/conversations/{group_id}/messages")["messages"])


def stream(world: World, group_id: int) -> list[tuple[str, str]]:
    return [(message["from"], message["message"]) for message in messages(world, group_id)]


def test_an_agent_is_assigned_after_the_message_and_the_bot_says_so(world: World) -> None:
    group_id = begun(world, "agent")
    notice = expected.notice(
        group_id, "robot", "Assigned to Jane Agent", KM_ASSIGN="jane", LOCALIZATION_VALUE="Jane Agent"
    )

    assert messages(world, group_id)[2] == {**notice, "createdAtTime": 1_700_000_000_000}
    assert stream(world, group_id)[:2] == [("carl", "agent"), ("robot", "To 'jane'")]
    seen = look(world, group_id)
    assert seen["assignee"] == "jane"
    assert set(seen["membersId"]) == {"bot", "carl", "jane", "robot"}
    assert seen["routing"] == {
        "outcome": "handed_over",
        "assignee": "jane",
        "considered": [],
        "handoff": {"by": "robot", "to": "jane", "result": "handed_over", "inARow": 1, "message": 2},
    }


def test_the_rules_take_turns_and_do_not_give_it_back_to_the_bot(world: World) -> None:
    world.ok("POST", "/users", {"userId": "omar", "role": "agent"})
    groups = [begun(world, "rules") for _ in range(4)]

    assert [look(world, group_id)["assignee"] for group_id in groups] == ["jane", "omar", "jane", "omar"]
    assert look(world, groups[0])["routing"] == {
        "outcome": "round_robin",
        "assignee": "jane",
        "considered": [{"userId": ADMIN, "result": "away"}, {"userId": "jane", "result": "taken"}],
        "handoff": {"by": "robot", "to": "", "result": "handed_over", "inARow": 1, "message": 2},
    }


def test_the_rules_fall_back_on_the_default_agent(world: World) -> None:
    world.ok("PATCH", "/users/jane", {"availability": "offline"})
    group_id = begun(world, "rules")

    assert look(world, group_id)["assignee"] == ADMIN
    assert look(world, group_id)["routing"]["outcome"] == "default_agent"


def test_notify_everybody_makes_every_agent_a_member(world: World) -> None:
    world.ok("PATCH", "/settings", {"routing": {"rule": "notify_everybody"}})
    group_id = begun(world, "rules")

    assert look(world, group_id)["assignee"] == ADMIN
    assert set(look(world, group_id)["membersId"]) == {"bot", "carl", "robot", "jane", "busy", ADMIN}


def test_nobody_is_assigned_where_the_rules_find_nobody(world: World) -> None:
    world.ok("PATCH", "/users/jane", {"availability": "offline"})
    world.ok("PATCH", "/settings", {"routing": {"defaultAgent": None}})
    group_id = begun(world, "rules")

    seen = look(world, group_id)
    assert (seen["assignee"], seen["routing"]["outcome"]) == (None, "nobody")
    assert seen["routing"]["handoff"]["result"] == "nobody"
    assert stream(world, group_id) == [("carl", "rules"), ("robot", "To ''")]


def test_whom_the_rules_find_no_room_for_waits_and_is_served_in_turn(world: World) -> None:
    world.ok("PATCH", "/users/jane", {"handlingLimit": 0})
    world.ok("PATCH", "/settings", {"routing": {"waitingQueue": True}})
    group_id = begun(world, "rules")

    seen = look(world, group_id)
    assert (seen["assignee"], seen["status"], seen["queuePosition"]) == (None, 7, 1)
    assert (seen["routing"]["outcome"], seen["routing"]["handoff"]["result"]) == ("queued", "queued")

    world.ok("PATCH", "/users/jane", {"handlingLimit": 1})

    assert (look(world, group_id)["assignee"], look(world, group_id)["status"]) == ("jane", 0)


@pytest.mark.parametrize(
    ("text", "result"),
    [("full", "full"), ("stranger", "unknown"), ("customer", "unknown"), ("itself", "already")],
)
def test_what_cannot_be_handed_over_stays_with_the_bot(world: World, text: str, result: str) -> None:
    group_id = begun(world, text)

    seen = look(world, group_id)
    assert seen["assignee"] == "robot"
    assert seen["routing"]["outcome"] == "bot"
    assert seen["routing"]["handoff"]["result"] == result
    assert len(stream(world, group_id)) == 2


def test_another_bot_takes_over_silently(world: World) -> None:
    group_id = begun(world, "other", "Hm")

    assert look(world, group_id)["assignee"] == "other"
    assert stream(world, group_id) == [
        ("carl", "other"),
        ("robot", "To 'other'"),
        ("robot", "Assigned to other"),
        ("carl", "Hm"),
    ]


def test_another_bot_takes_over_with_an_event(world: World) -> None:
    group_id = begun(world, "event")

    assert stream(world, group_id)[2:] == [("robot", "Assigned to other"), ("other", "Bought")]
    assert json.loads(messages(world, group_id)[1]["metadata"]["event"]) == {"name": "BUY", "data": {}}


def test_bots_that_hand_on_to_each_other_stop(world: World) -> None:
    passes = {name: {"KM_ASSIGN_TO": name, "event": {"name": "pass"}} for name in ("robot", "other")}
    world.ok("PATCH", "/users/robot", {"builtIn": script(**{"pass": passes["other"]})})
    world.ok("PATCH", "/users/other", {"builtIn": script(**{"pass": passes["robot"]})})
    group_id = begun(world, "pass")

    first = look(world, group_id)["routing"]["handoff"]
    assert (first["result"], first["inARow"]) == ("too_many", 10)
    assert len(stream(world, group_id)) == 1 + 11 + 10
    world.client.send(group_id, "carl", message="pass")
    assert len(stream(world, group_id)) == 2 * (1 + 11 + 10)


def test_two_echoes_do_not_answer_each_other(world: World) -> None:
    for user_id in ("robot", "other"):
        world.ok("PATCH", f"/users/{user_id}", {"builtIn": {"kind": "echo"}})
    group_id = int(world.client.created("carl", "other")["id"])
    world.client.send(group_id, "carl")

    assert stream(world, group_id) == [("carl", "Hello"), ("robot", "Hello")]


# By a message that is sent.


@pytest.mark.parametrize("sender", ["carl", ADMIN, "robot", "other", "jane"])
def test_whoever_sends_it_a_message_hands_a_bots_conversation_over(world: World, sender: str) -> None:
    group_id = begun(world)
    world.client.send(group_id, sender, message="Take it", metadata={"KM_ASSIGN_TO": "jane"})

    assert look(world, group_id)["assignee"] == "jane"
    assert stream(world, group_id) == [(sender, "Take it"), ("robot", "Assigned to Jane Agent")]


def test_a_message_that_hands_over_does_not_call_the_bot_that_it_leaves(world: World) -> None:
    group_id = begun(world, "agent", KM_ASSIGN_TO="other")

    assert stream(world, group_id) == [("carl", "agent"), ("robot", "Assigned to other")]


def test_a_message_that_hands_over_in_vain_calls_the_bot_as_any_other(world: World) -> None:
    group_id = begun(world, "agent", KM_ASSIGN_TO="nobody")

    assert look(world, group_id)["assignee"] == "jane"
    assert stream(world, group_id)[:2] == [("carl", "agent"), ("robot", "To 'jane'")]


def test_an_event_comes_as_text_over_the_api(world: World) -> None:
    group_id = begun(world)
    metadata = {"KM_ASSIGN_TO": "other", "event": '{"name": "BUY"}'}
    world.client.send(group_id, "robot", message="Take it", metadata=metadata)

    assert stream(world, group_id)[1:] == [("robot", "Assigned to other"), ("other", "Bought")]


@pytest.mark.parametrize("to", ["", "robot", "busy", "jane"])
def test_an_agents_conversation_is_nothing_that_can_be_handed_over(world: World, to: str) -> None:
    group_id = begun(world, "agent")
    before = look(world, group_id)
    world.client.send(group_id, "carl", message="Take it", metadata={"KM_ASSIGN_TO": to})

    after = look(world, group_id)
    assert (after["assignee"], after["routing"]) == (before["assignee"], before["routing"])
    assert stream(world, group_id)[-1] == ("carl", "Take it")


def test_nobodys_conversation_is_nothing_that_can_be_handed_over(world: World) -> None:
    group_id = int(world.client.created("carl", metadata={"SKIP_ROUTING": True})["id"])
    world.client.send(group_id, "carl", metadata={"KM_ASSIGN_TO": "jane"})

    assert look(world, group_id)["assignee"] is None


def test_an_object_in_the_metadata_is_refused_as_ever(world: World) -> None:
    group_id = begun(world)
    refused = world.client.send(
        group_id, "carl", metadata={"KM_ASSIGN_TO": "other", "event": {"name": "BUY"}}
    )

    assert refused.status_code == 400
    assert "stringify objects and arrays" in refused.text
    assert look(world, group_id)["assignee"] == "robot"


# Who leaves.


@pytest.mark.parametrize(
    ("text", "left"), [("agent", {"robot", "third"}), ("rules", {"robot", "third"}), ("other", set())]
)
def test_bots_leave_where_an_agent_takes_over_if_the_setting_says_so(
    world: World, text: str, left: set[str]
) -> None:
    world.ok("PATCH", "/settings", {"removeBotOnHandoff": True})
    world.ok("POST", "/users", {"userId": "third", "role": "bot"})
    group_id = int(world.client.created("carl", "third")["id"])
    world.client.send(group_id, "carl", message=text)

    seen = look(world, group_id)
    assert set(seen["removedMembersId"]) == left
    assert "bot" in seen["membersId"]


def test_bots_stay_without_the_setting(world: World) -> None:
    assert look(world, begun(world, "agent"))["removedMembersId"] == []


def test_taking_over_from_the_bot_is_as_before(world: World) -> None:
    group_id = begun(world)
    ok(world.client.assign(group_id, "jane", takeOverFromBot=True))

    seen = look(world, group_id)
    assert (seen["assignee"], seen["removedMembersId"]) == ("jane", ["robot"])
    assert seen["routing"] == {"outcome": "changed", "assignee": "jane", "considered": []}


def test_a_handed_over_conversation_is_exported_and_imported_as_the_same_bytes(world: World) -> None:
    begun(world, "agent")
    begun(world, "full")
    other = World(world.url)

    assert other.put(world.state).status_code == 200
    assert other.state == world.state
