"""The waiting queue over HTTP: who waits, who is served where room is made, and what docs/routing.md says of the rest."""

from collections.abc import Callable
from typing import Any

import pytest

from mockkommunicate import App
from mockkommunicate.handle.results import Conversation
from tests.client import ADMIN, Client, ok

JANE, OMAR = "jane@example.com", "omar@example.com"
SKIP = {"SKIP_ROUTING": True}

Change = Callable[[App, Client], object]


@pytest.fixture
def app(app: App) -> App:
    """An app with the queue on, whose agents may have one conversation each; there is one, and the admin is away."""
    set_user(app, ADMIN, availability="away")
    app.add_agent(JANE, displayName="Jane Agent")
    app.settings({"handlingLimit": 1, "routing": {"waitingQueue": True}})
    return app


def set_user(app: App, user_id: str, **changes: object) -> None:
    app.control("PATCH", f"users/{user_id}", changes)


def make(client: Client, number: int = 1, **metadata: object) -> list[int]:
    """Create conversations one after the other; answer their ids."""
    return [int(client.created("user-1", metadata=metadata)["id"]) for _ in range(number)]


def seen(app: App, conversation_id: int) -> tuple[int, str | None, int | None]:
    """Answer a conversation's status, its assignee and its place in the queue."""
    conversation = app.conversation(conversation_id)
    return conversation.status, conversation.assignee, conversation.queue_position


def notices(app: App, conversation_id: int) -> list[tuple[str, str | None]]:
    """List who wrote which notify messages."""
    return [(message.sender, message.text) for message in app.messages(conversation_id)]


def test_whom_nobody_has_room_for_waits_and_is_told_so_at_once(app: App, client: Client) -> None:
    make(client)
    group = client.created("user-1")

    assert group["metadata"] == {"CONVERSATION_STATUS": "7"}
    assert group["membersId"] == ["user-1", "bot"]
    waiting = app.conversation(group["id"])
    assert (waiting.status, waiting.assignee, waiting.queue_position) == (7, None, 1)
    assert waiting.routing == {
        "outcome": "queued",
        "assignee": None,
        "considered": [{"userId": ADMIN, "result": "away"}, {"userId": JANE, "result": "full"}],
    }
    assert app.messages(group["id"]) == []


def test_those_who_wait_are_served_in_the_order_in_which_they_came(app: App, client: Client) -> None:
    first, *others = make(client, 5)
    served = []
    for _ in others:
        ok(client.status(first, 2))
        (first,) = [one.id for one in app.conversations(assignee=JANE, status=0)]
        served.append(first)

    assert served == others
    assert app.waiting() == []


def test_who_is_served_is_open_has_his_agent_as_a_member_and_his_notify_message(
    app: App, client: Client
) -> None:
    busy, waiting = make(client, 2)
    ok(client.status(busy, 2))

    conversation = app.conversation(waiting)
    assert (conversation.status, conversation.assignee, conversation.queue_position) == (0, JANE, None)
    assert sorted(conversation.members) == ["bot", JANE, "user-1"]
    assert conversation.routing == {
        "outcome": "round_robin",
        "assignee": JANE,
        "considered": [{"userId": ADMIN, "result": "away"}, {"userId": JANE, "result": "taken"}],
        "waited": True,
    }
    (notice,) = app.messages(waiting)
    assert (notice.sender, notice.text, notice.content_type) == ("bot", "Assigned to Jane Agent", 10)
    assert notice.metadata["KM_ASSIGN"] == JANE


MAKES_ROOM: dict[str, Change] = {
    "the status 2": lambda _, client: client.status(busy(client), 2),
    "the status 3": lambda _, client: client.status(busy(client), 3),
    "the status 4": lambda _, client: client.status(busy(client), 4),
    "the status 5": lambda _, client: client.status(busy(client), 5),
    "another assignee": lambda _, client: client.assign(busy(client), "robot"),
    "the status 2 by the control API": lambda app, client: app.control("POST", f"conversations/{busy(client)}/status", {"from": ADMIN, "status": 2}),
    "a higher limit": lambda app, _: set_user(app, JANE, handlingLimit=2),
    "a higher limit of the app": lambda app, _: app.settings({"handlingLimit": 2}),
    "an agent who comes online": lambda app, _: set_user(app, ADMIN, availability="online"),
    "an agent who is added": lambda app, _: app.add_agent("new"),
    "another role": lambda app, _: set_user(app, "carl", role="agent", availability="online"),
}  # fmt: skip


def busy(client: Client) -> int:
    """Answer the first conversation of an app, which its agent has."""
    return int(client.first)  # type: ignore[attr-defined]


@pytest.mark.parametrize("change", MAKES_ROOM.values(), ids=MAKES_ROOM)
def test_room_that_is_made_is_taken_by_whoever_waits_longest(
    app: App, client: Client, change: Change
) -> None:
    app.add_bot("robot")
    app.add_customer("carl")
    client.first, first, second = make(client, 3)  # type: ignore[attr-defined]

    change(app, client)

    assert seen(app, first)[0] == 0
    assert seen(app, first)[1] is not None
    assert app.waiting() == [second]


def test_much_room_serves_as_many_as_it_holds(app: App, client: Client) -> None:
    _, *waiting = make(client, 6)
    set_user(app, JANE, handlingLimit=4)

    assert app.waiting() == waiting[3:]
    assert [seen(app, one)[:2] for one in waiting[:3]] == [(0, JANE)] * 3


def test_agents_who_wait_for_work_take_their_turns(app: App, client: Client) -> None:
    set_user(app, JANE, availability="offline")
    waiting = make(client, 4)
    app.add_agent(OMAR, availability="offline", limit=2)
    app.settings({"handlingLimit": 2})
    set_user(app, OMAR, availability="online")
    set_user(app, JANE, availability="online")

    assert [seen(app, one)[1] for one in waiting] == [OMAR, OMAR, JANE, JANE]


def test_a_status_that_still_counts_makes_no_room(app: App, client: Client) -> None:
    first, second = make(client, 2)
    ok(client.status(first, 1))

    assert app.waiting() == [second]


def test_a_reset_forgets_who_waits(app: App, client: Client) -> None:
    make(client, 3)
    app.reset()

    assert app.waiting() == []


def test_without_the_setting_nobody_waits(app: App, client: Client) -> None:
    app.settings({"routing": {"waitingQueue": False}})
    _, second = make(client, 2)

    assert seen(app, second) == (0, ADMIN, None)


@pytest.mark.parametrize("metadata", [SKIP, {**SKIP, "CONVERSATION_ASSIGNEE": JANE}], ids=str)
def test_what_skips_the_rules_does_not_wait(app: App, client: Client, metadata: dict[str, Any]) -> None:
    make(client)
    (skipped,) = make(client, **metadata)

    assert seen(app, skipped) == (0, None, None)


def test_a_bot_for_new_conversations_goes_before_the_queue(app: App, client: Client) -> None:
    app.add_bot("robot")
    app.settings({"routing": {"assignNewConversationsTo": "robot"}})

    assert [seen(app, one) for one in make(client, 2)] == [(0, "robot", None)] * 2


def test_where_everybody_is_notified_nobody_waits(app: App, client: Client) -> None:
    app.settings({"routing": {"rule": "notify_everybody"}})

    assert [seen(app, one) for one in make(client, 2)] == [(0, ADMIN, None)] * 2


@pytest.mark.parametrize("status", [2, 3, 4, 5])
def test_what_is_created_done_does_not_wait(app: App, client: Client, status: int) -> None:
    make(client)
    (done,) = make(client, CONVERSATION_STATUS=status)

    assert seen(app, done) == (status, ADMIN, None)


@pytest.mark.parametrize("status", [-1, 0, 1, 6])
def test_what_is_created_with_any_other_status_waits(app: App, client: Client, status: int) -> None:
    make(client)
    (waiting,) = make(client, CONVERSATION_STATUS=status)

    assert seen(app, waiting) == (7, None, 1)


def test_what_is_created_to_wait_is_open_if_somebody_has_room(app: App, client: Client) -> None:
    first, second = make(client, 2, CONVERSATION_STATUS=7)

    assert [seen(app, one) for one in (first, second)] == [(0, JANE, None), (7, None, 1)]


def test_what_skips_the_rules_and_is_to_wait_waits_behind_the_others(app: App, client: Client) -> None:
    _, second = make(client, 2)
    (skipped,) = make(client, **SKIP, CONVERSATION_STATUS=7)

    assert app.waiting() == [second, skipped]


def test_what_skips_the_rules_and_is_to_wait_is_served_at_once_by_whoever_has_room(
    app: App, client: Client
) -> None:
    (skipped,) = make(client, **SKIP, CONVERSATION_STATUS=7)

    assert seen(app, skipped) == (0, JANE, None)


def test_who_is_named_has_it_whatever_its_status(app: App, client: Client) -> None:
    (named,) = make(client, **SKIP, CONVERSATION_ASSIGNEE=JANE, CONVERSATION_STATUS=7)

    assert seen(app, named) == (7, JANE, None)
    assert app.waiting() == []


def test_the_status_7_sends_a_conversation_behind_the_others_and_the_longest_waiting_is_served(
    app: App, client: Client
) -> None:
    first, second, third = make(client, 3)
    assert ok(client.status(first, 7)) == "updated"

    assert app.waiting() == [third, first]
    assert [seen(app, one) for one in (first, second)] == [(7, None, 2), (0, JANE, None)]
    assert JANE in app.conversation(first).members
    assert notices(app, first) == [(ADMIN, "Status changed to Waiting")]


def test_the_status_7_comes_back_to_an_agent_who_has_room(app: App, client: Client) -> None:
    (first,) = make(client)
    ok(client.status(first, 7))

    assert seen(app, first) == (0, JANE, None)
    assert notices(app, first) == [(ADMIN, "Status changed to Waiting"), ("bot", "Assigned to Jane Agent")]


def test_the_status_7_again_is_already_updated_and_keeps_its_place(app: App, client: Client) -> None:
    _, second, third = make(client, 3)

    assert ok(client.status(second, 7)) == "already updated"
    assert app.waiting() == [second, third]


def test_without_a_queue_the_status_7_is_a_status_like_others(app: App, client: Client) -> None:
    (first,) = make(client)
    app.settings({"routing": {"waitingQueue": False}})
    ok(client.status(first, 7))

    assert seen(app, first) == (7, JANE, None)


@pytest.mark.parametrize("status", [-1, 0, 1, 2, 3, 4, 5, 6])
def test_any_other_status_takes_one_out_of_the_queue(app: App, client: Client, status: int) -> None:
    _, second, third = make(client, 3)
    assert ok(client.status(second, status)) == "updated"

    assert seen(app, second) == (status, None, None)
    assert seen(app, third) == (7, None, 1)


def test_one_that_is_assigned_by_hand_leaves_the_queue_open(app: App, client: Client) -> None:
    _, second, third = make(client, 3)
    assert ok(client.assign(third, ADMIN)) == "updated"

    assert (seen(app, third), app.waiting()) == ((0, ADMIN, None), [second])
    assert notices(app, third) == [(ADMIN, f"Assigned to {'Super Admin'}")]


def test_a_full_agent_is_refused_and_the_place_is_kept(app: App, client: Client) -> None:
    _, second, third = make(client, 3)

    assert ok(client.assign(third, JANE)) == "AGENT_IS_ALREADY_ENGAGED"
    assert app.waiting() == [second, third]


def test_opened_again_while_nobody_has_room_it_waits_behind_the_others(app: App, client: Client) -> None:
    first, second, third = make(client, 3)
    ok(client.status(first, 2))
    assert ok(client.status(first, 0)) == "updated"

    assert app.waiting() == [third, first]
    assert (seen(app, first), seen(app, second)) == ((7, None, 2), (0, JANE, None))
    assert notices(app, first)[1:] == [(ADMIN, "Status changed to Waiting")]


def test_turning_the_queue_on_takes_in_who_waits_already(app: App, client: Client) -> None:
    app.settings({"routing": {"waitingQueue": False}})
    make(client)
    first, second = make(client, 2, **SKIP, CONVERSATION_STATUS=7)
    assert app.waiting() == []
    app.settings({"routing": {"waitingQueue": True}})

    assert app.waiting() == [first, second]


def test_turning_the_queue_off_sends_everybody_where_the_rules_do(app: App, client: Client) -> None:
    _, *waiting = make(client, 3)
    app.settings({"routing": {"waitingQueue": False}})

    assert [seen(app, one) for one in waiting] == [(0, ADMIN, None)] * 2
    assert [notices(app, one) for one in waiting] == [[("bot", "Assigned to Super Admin")]] * 2
    assert app.conversation(waiting[0]).routing["outcome"] == "default_agent"


def test_turning_the_queue_off_without_a_default_agent_leaves_them_to_nobody(
    app: App, client: Client
) -> None:
    app.settings({"routing": {"defaultAgent": None}})
    _, second = make(client, 2)
    app.settings({"routing": {"waitingQueue": False}})

    assert (seen(app, second), notices(app, second)) == ((0, None, None), [])


def test_another_rule_sends_everybody_where_it_does(app: App, client: Client) -> None:
    _, second = make(client, 2)
    app.settings({"routing": {"rule": "notify_everybody"}})

    assert seen(app, second) == (0, ADMIN, None)
    assert {JANE, ADMIN} <= set(app.conversation(second).members)


def test_a_new_bot_for_new_conversations_does_not_get_those_that_wait(app: App, client: Client) -> None:
    app.add_bot("robot")
    busy_one, second = make(client, 2)
    app.settings({"routing": {"assignNewConversationsTo": "robot"}})
    still = app.waiting()
    ok(client.status(busy_one, 2))

    assert (still, seen(app, second)) == ([second], (0, JANE, None))


def test_what_a_refused_call_would_have_made_makes_no_room(app: App, client: Client) -> None:
    first, second = make(client, 2)
    client.status(first, 2, "nobody")
    app.control("GET", "settings")

    assert app.waiting() == [second]


def test_messages_of_customers_do_not_change_who_waits(app: App, client: Client) -> None:
    _, second, third = make(client, 3)
    ok(client.send(second))

    assert app.waiting() == [second, third]


def test_a_list_of_conversations_shows_their_places(app: App, client: Client) -> None:
    app.settings({"teams": [{"teamId": "55", "agents": [JANE]}]})
    first, second = make(client, 2)
    (third,) = make(client, KM_TEAM_ID="55")
    (fourth,) = make(client)

    def place(conversation: Conversation) -> tuple[int, int | None]:
        return conversation.id, conversation.queue_position

    assert [place(one) for one in app.conversations()] == [
        (first, None),
        (second, 1),
        (third, 1),
        (fourth, 3),
    ]
    assert (app.waiting("55"), app.waiting()) == ([third], [second, third, fourth])


def test_a_snapshot_keeps_the_queue(app: App, client: Client) -> None:
    first, second, third = make(client, 3)
    app.snapshot("full")
    ok(client.status(first, 2))
    app.restore("full")

    assert app.waiting() == [second, third]
    ok(client.status(first, 2))
    assert (app.waiting(), *make(client)) == ([third], third + 1)


def test_a_fork_goes_on_with_the_queue(app: App, client: Client) -> None:
    first, second = make(client, 2)
    fork = app.fork()
    ok(Client(fork.url, fork.api_key).status(first, 2))

    assert (fork.waiting(), app.waiting()) == ([], [second])
    assert seen(fork, second) == (0, JANE, None)


def test_a_fork_with_more_agents_serves_those_who_wait(app: App, client: Client) -> None:
    make(client, 2)

    assert app.fork(users=[{"userId": "new", "role": "agent"}]).waiting() == []
