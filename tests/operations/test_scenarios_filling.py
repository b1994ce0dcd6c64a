"""What a scenario puts in at once is what the operations would have made one by one."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from mockkommunicate.domain import limits
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.errors import ScenarioError
from mockkommunicate.operations import (
    app_settings,
    assignment,
    conversations,
    generated,
    messages,
    reactions,
    scenarios,
    users,
)
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.story import Story
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations as conversation_rows
from mockkommunicate.store import users as user_rows
from mockkommunicate.store.records import Conversation
from tests.operations.filled import NOW, Rows, emulating, fill

TIMES = ("created_at", "last_seen_at", "last_logged_in_at", "last_message_at")


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator without HTTP."""
    with emulating() as emulator:
        yield emulator


def apply_slowly(work: Work, scenario: dict[str, Any]) -> None:
    """Fill an empty app by the operations that requests are answered with, one by one."""
    now, wanted = work.now, scenario.get("generate")
    maker = None if wanted is None else generated.Maker(wanted, seed=work.app.seed, now=now)
    told = scenarios._stories(work, scenario, maker)
    user_rows.add(work.connection, list(scenarios._people(work, scenario, maker)))
    app_settings.change(work, scenario.get("settings", {}))
    latest = 0
    for story in told:
        tell_slowly(work, story)
        work.now = latest = max(latest, story.end)
        reactions.run(work)
    work.now = now


def tell_slowly(work: Work, story: Story) -> None:
    """Create a conversation, send its messages, and change its status at last."""
    work.now = story.began
    conversation = conversations.create(
        work,
        name=story.name,
        member_ids=story.member_ids,
        client_group_id=story.client_group_id,
        metadata={**story.metadata, "CONVERSATION_STATUS": str(story.status.value)},
    ).conversation
    for line in story.lines:
        work.now = line.at
        sender = users.get_or_add(work, line.sender_id or conversation.assignee or story.member_ids[0])
        conversation = messages.send(work, conversation, sender=sender, draft=line.draft).conversation
    if story.ends_as is not None:
        end_slowly(work, conversation, story.ends_as)


def end_slowly(work: Work, conversation: Conversation, status: Status) -> None:
    """Change the status of a conversation, to closed if its agent would have no room for another.

    One that waits goes on waiting, unless it is done.
    """
    if conversation.queue_number is not None and status in limits.OPEN:
        return
    assignee = conversation.assignee and users.get_or_add(work, conversation.assignee)
    if status in limits.OPEN and assignee and assignment.is_full(work, assignee):
        status = Status.CLOSED
    found = conversation_rows.find(work.connection, work.app_id, conversation.id)
    assert found == conversation
    actor = users.get_or_add(work, "bot")
    conversations.change_status(work, conversation, actor=actor, status=status, notify=False)


STAFF = ("ada", "ben", "cleo", "robot")
CUSTOMERS = ("dora", "emil", "fay")
BOTH = st.sampled_from([*STAFF, *CUSTOMERS])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Make scenarios of a few people who talk about something."""
    people = draw(st.lists(st.sampled_from(STAFF), unique=True)) + draw(
        st.lists(st.sampled_from(CUSTOMERS), unique=True)
    )
    agents = [person for person in people if person in STAFF[:3]]
    document: dict[str, Any] = {
        "settings": {
            "handlingLimit": draw(st.none() | st.integers(0, 3)),
            "routing": {
                "rule": draw(st.sampled_from(["automatic", "notify_everybody"])),
                "defaultAgent": draw(st.sampled_from([None, *agents])),
                "assignNewConversationsTo": draw(st.sampled_from([None, *({"robot"} & {*people})])),
                "waitingQueue": draw(st.booleans()),
            },
            "teams": draw(teams(agents)),
        },
        "users": [draw(user(person)) for person in people],
        "conversations": draw(st.lists(conversation(people), max_size=8)),
    }
    if draw(st.booleans()):
        counts = {"agents": 3, "customers": 3, "conversations": 25, "messages": 4}
        document["generate"] = {name: draw(st.integers(0, most)) for name, most in counts.items()}
        document["generate"]["customers"] += 1
    return document


@st.composite
def teams(draw: st.DrawFn, agents: list[str]) -> list[dict[str, Any]]:
    """Make no team, one or two, with rules of their own or without."""
    made = []
    for team_id in draw(st.lists(st.sampled_from(["55", "66"]), unique=True)):
        own = {"waitingQueue": st.booleans(), "rule": st.sampled_from(["automatic", "notify_everybody"])}
        members = draw(st.lists(st.sampled_from(agents), unique=True)) if agents else []
        made.append({"teamId": team_id, "agents": members, **draw(st.fixed_dictionaries({}, optional=own))})
    return made


@st.composite
def user(draw: st.DrawFn, user_id: str) -> dict[str, Any]:
    """Make an agent, a bot or a customer, as the id says."""
    role = "customer" if user_id in CUSTOMERS else "bot" if user_id == "robot" else "agent"
    availability = draw(st.sampled_from(["online", "online", "away", "offline"]))
    limit = draw(st.none() | st.integers(0, 2))
    return {"userId": user_id, "role": role, "availability": availability, "handlingLimit": limit}


@st.composite
def conversation(draw: st.DrawFn, people: list[str]) -> dict[str, Any]:
    """Make a conversation, with or without an assignee, a time, and an id of the caller's."""
    told: dict[str, Any] = {
        "name": "A talk",
        "members": draw(st.lists(BOTH, min_size=1, max_size=3)),
        "metadata": draw(
            st.sampled_from(
                [
                    *({}, {"KM_TAGS": "a"}, {"KM_TEAM_ID": "55"}, {"KM_TEAM_ID": "66", "KM_TAGS": "a"}),
                    {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "ada"},
                ]
            )
        ),
    }
    staff = [person for person in people if person in STAFF]
    optional = {
        "assignee": st.sampled_from([None, *staff]),
        "status": st.sampled_from([status.name.lower() for status in Status]),
        "clientGroupId": st.integers(1, 3) | st.sampled_from(["a", "b"]),
        "ago": st.integers(0, 10**7),
    }
    told |= {name: draw(values) for name, values in optional.items() if draw(st.booleans())}
    told["messages"] = draw(st.lists(message(told["members"]), max_size=5))
    return told


@st.composite
def message(draw: st.DrawFn, members: list[str]) -> dict[str, Any]:
    """Make a message of a member, which may count as unread or not."""
    said: dict[str, Any] = {"from": draw(st.sampled_from(members)), "message": "Hello"}
    if draw(st.booleans()):
        said["metadata"] = {"BADGE_COUNT": draw(st.sampled_from(["true", "false"]))}
    if draw(st.booleans()):
        said["after"] = draw(st.integers(0, 10**5))
    return said


def sound(document: dict[str, Any]) -> bool:
    """Tell whether a document contradicts itself nowhere."""
    try:
        return bool(scenarios.load_object(document))
    except ScenarioError:
        return False


def opened_by(sender: str) -> dict[str, Any]:
    """Make a conversation that was not begun, and in which somebody says two things at once."""
    said = [{"from": sender, "message": "Hello", "after": 0}] * 2
    begun = {"name": "a", "members": ["dora", "ada"], "assignee": None, "status": "initial", "messages": said}
    return {"users": [{"userId": "ada", "role": "agent"}], "conversations": [begun]}


def crowded(status: str, **settings: Any) -> dict[str, Any]:
    """Make a queue for one agent, who gets one of those that are told to wait, and has no room for the others."""
    begun = {"name": "a", "members": ["dora"], "messages": [{"from": "dora", "message": "Hello"}]}
    return {
        "settings": {"handlingLimit": 2, "routing": {"waitingQueue": True}, **settings},
        "users": [{"userId": "ada", "role": "agent", "displayName": "Ada"}],
        "conversations": [
            begun | {"assignee": None, "status": "waiting"},
            *[begun, begun | {"status": status}, begun | {"metadata": {"KM_TEAM_ID": "55"}}] * 2,
            begun | {"assignee": None, "status": "waiting"},
        ],
        "generate": {"customers": 2, "conversations": 30, "messages": 2},
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(document=documents(), seed=st.integers(0, 2**40))
@example(document=opened_by("ada"), seed=1)
@example(document=opened_by("dora"), seed=1)
@example(document=crowded("open"), seed=1)
@example(document=crowded("waiting"), seed=1)
@example(document=crowded("closed", teams=[{"teamId": "55", "agents": ["ada"]}]), seed=1)
def test_what_is_put_in_at_once_is_what_the_operations_make_one_by_one(
    emulator: Emulator, document: dict[str, Any], seed: int
) -> None:
    assume(sound(document))

    at_once = fill(emulator, document, seed=seed)
    one_by_one = fill(emulator, document, seed=seed, how=apply_slowly)

    assert without_times_of_users(at_once) == without_times_of_users(one_by_one)


def without_times_of_users(held: Rows) -> Rows:
    """Leave out when users were made and seen: operations that run in the past leave that in the order of the file."""
    people = [{name: value for name, value in user.items() if name not in TIMES} for user in held["users"]]
    return {**held, "users": people}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(document=documents())
def test_whoever_speaks_was_made_before_and_is_seen_afterwards(
    emulator: Emulator, document: dict[str, Any]
) -> None:
    assume(sound(document))
    held = fill(emulator, document)

    for person in held["users"]:
        sent = [row["created_at"] for row in held["messages"] if row["sender_id"] == person["user_id"]]
        assert person["last_message_at"] == (max(sent) if sent else None)
        assert person["created_at"] <= min([*sent, person["last_seen_at"]])
        assert max([*sent, person["created_at"]]) <= person["last_seen_at"] <= NOW
        assert person["last_seen_at"] == NOW or person["availability"] != "online"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(document=documents())
def test_who_is_named_as_assignee_is_the_assignee(emulator: Emulator, document: dict[str, Any]) -> None:
    assume(sound(document))
    held = fill(emulator, document)

    for told, row in zip(document["conversations"], held["conversations"], strict=False):
        assert row["assignee"] == told.get("assignee", row["assignee"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(document=documents())
def test_the_counts_of_a_scenario_are_those_of_its_rows(emulator: Emulator, document: dict[str, Any]) -> None:
    assume(sound(document))
    held = fill(emulator, document)

    counted = scenarios.count(scenarios.load_object(document))
    assert counted == {kind: len(held[kind]) for kind in ("users", "conversations")} | {
        "messages": len([row for row in held["messages"] if "KM_ASSIGN" not in row["metadata"]])
    }


@pytest.mark.parametrize("name", scenarios.names())
def test_the_counts_of_every_shipped_scenario_are_those_of_its_rows(emulator: Emulator, name: str) -> None:
    held = fill(emulator, name)

    counted = scenarios.count(scenarios.load(name))
    assert counted == {kind: len(held[kind]) for kind in ("users", "conversations")} | {
        "messages": len([row for row in held["messages"] if "KM_ASSIGN" not in row["metadata"]])
    }


def test_an_id_that_a_conversation_names_as_its_own_is_given_to_no_other(emulator: Emulator) -> None:
    named = {"name": "b", "members": ["c"], "clientGroupId": 10_000_002}
    document = {"conversations": [{"name": "a", "members": ["c"]}, {"name": "b", "members": ["c"]}, named]}
    held = fill(emulator, document, seed=0)

    texts = [(row["id"], row["client_group_id"]) for row in held["conversations"]]
    assert texts == [(10_000_001, "10000001"), (10_000_003, "10000003"), (10_000_004, "10000002")]


def test_settings_are_put_in_whole_and_only_those_named(emulator: Emulator) -> None:
    held = fill(emulator, {"settings": {"statusLabels": "dashboard", "journal": {"limit": 5}}})
    stored = json.loads(held["apps"][0]["settings"])

    assert (stored["status_labels"], stored["dialect"]) == ("dashboard", "documented")
    assert stored["journal"] == {"enabled": True, "limit": 5}


def test_the_next_conversation_goes_to_whose_turn_it_is(emulator: Emulator) -> None:
    agents = [{"userId": name, "role": "agent"} for name in ("ada", "ben", "cleo")]
    document = {"users": agents, "conversations": [{"name": "a", "members": ["c"]}] * 4}
    held = fill(emulator, document)

    assert [row["assignee"] for row in held["conversations"]] == ["ada", "ben", "cleo", "ada"]
    assert json.loads(held["apps"][0]["rotation"]) == ["ben", "cleo", "ada"]
