"""Agents who go away: their open conversations stay theirs, or go to others, as the app's settings say."""

import pytest

from mockkommunicate import App
from tests.client import ADMIN, Client, ok

JANE, OMAR = "jane@example.com", "omar@example.com"


@pytest.fixture
def app(app: App) -> App:
    """An app with two agents that re-assigns; the admin, who is the default agent, is away."""
    set_user(app, ADMIN, availability="away")
    app.add_agent(JANE)
    app.add_agent(OMAR, displayName="Omar Agent")
    app.settings({"routing": {"reassignWhenAway": True}})
    return app


def set_user(app: App, user_id: str, **changes: object) -> None:
    app.control("PATCH", f"users/{user_id}", changes)


def of_jane(client: Client, number: int = 1, **metadata: object) -> list[int]:
    """Create conversations that Jane has; answer their ids."""
    named = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": JANE, **metadata}
    return [int(client.created("user-1", JANE, metadata=named)["id"]) for _ in range(number)]


def assignees(app: App, *conversation_ids: int) -> list[str | None]:
    return [app.conversation(one).assignee for one in conversation_ids]


@pytest.mark.parametrize("availability", ["away", "offline"])
def test_what_an_agent_has_goes_to_others_when_he_goes(app: App, client: Client, availability: str) -> None:
    (first,) = of_jane(client)
    set_user(app, JANE, availability=availability)

    conversation = app.conversation(first)
    assert (conversation.status, conversation.assignee) == (0, OMAR)
    assert sorted(conversation.members) == ["bot", JANE, OMAR, "user-1"]
    (notice,) = app.messages(first)
    assert (notice.sender, notice.text) == ("bot", "Assigned to Omar Agent")
    assert conversation.routing["outcome"] == "round_robin"


def test_without_the_setting_it_stays_his(app: App, client: Client) -> None:
    app.settings({"routing": {"reassignWhenAway": False}})
    (first,) = of_jane(client)
    set_user(app, JANE, availability="away")

    assert (assignees(app, first), app.messages(first)) == ([JANE], [])


@pytest.mark.parametrize("status", [2, 3, 4, 5])
def test_what_is_done_stays_his(app: App, client: Client, status: int) -> None:
    (first,) = of_jane(client, CONVERSATION_STATUS=status)
    set_user(app, JANE, availability="away")

    assert assignees(app, first) == [JANE]


def test_it_goes_round_and_stops_at_limits(app: App, client: Client) -> None:
    app.add_agent("lena@example.com", limit=1)
    given = of_jane(client, 4)
    set_user(app, JANE, availability="away")

    assert assignees(app, *given) == [OMAR, "lena@example.com", OMAR, OMAR]


def test_with_nobody_there_the_default_agent_gets_it(app: App, client: Client) -> None:
    set_user(app, OMAR, availability="offline")
    (first,) = of_jane(client)
    set_user(app, JANE, availability="away")

    assert assignees(app, first) == [ADMIN]


def test_the_default_agent_keeps_what_nobody_else_can_take(app: App, client: Client) -> None:
    app.settings({"routing": {"defaultAgent": JANE}})
    set_user(app, OMAR, availability="offline")
    (first,) = of_jane(client)
    set_user(app, JANE, availability="away")

    assert (assignees(app, first), app.messages(first)) == ([JANE], [])


def test_without_a_default_agent_he_keeps_it_too(app: App, client: Client) -> None:
    app.settings({"routing": {"defaultAgent": None}})
    set_user(app, OMAR, availability="offline")
    (first,) = of_jane(client)
    set_user(app, JANE, availability="away")

    assert (assignees(app, first), app.messages(first)) == ([JANE], [])


def test_with_a_queue_and_nobody_who_has_room_it_waits_behind_the_others(app: App, client: Client) -> None:
    app.settings({"routing": {"waitingQueue": True}, "handlingLimit": 2})
    set_user(app, OMAR, handlingLimit=1)
    first, second = of_jane(client, 2)
    client.created("user-1")
    waiting = client.created("user-1")["id"]
    set_user(app, JANE, availability="away")

    assert app.waiting() == [waiting, first, second]
    assert app.conversation(first).status == 7
    set_user(app, JANE, availability="online")
    assert app.waiting() == [second]
    assert assignees(app, waiting, first) == [JANE, JANE]


def test_a_bot_for_new_conversations_does_not_get_it(app: App, client: Client) -> None:
    app.add_bot("robot")
    app.settings({"routing": {"assignNewConversationsTo": "robot"}})
    (first,) = of_jane(client)
    set_user(app, JANE, availability="away")

    assert assignees(app, first) == [OMAR]


def test_it_goes_by_the_rules_of_its_team(app: App, client: Client) -> None:
    app.add_agent("lena@example.com")
    app.settings({"teams": [{"teamId": "55", "agents": [JANE, "lena@example.com"]}]})
    first, second = *of_jane(client, KM_TEAM_ID="55"), *of_jane(client)
    set_user(app, JANE, availability="away")

    assert assignees(app, first, second) == ["lena@example.com", OMAR]


def test_what_a_bot_has_stays_its(app: App, client: Client) -> None:
    app.add_bot("robot")
    (first,) = of_jane(client)
    ok(client.assign(first, "robot"))
    set_user(app, "robot", availability="offline")

    assert assignees(app, first) == ["robot"]


def test_from_away_to_offline_is_going_again(app: App, client: Client) -> None:
    app.settings({"routing": {"reassignWhenAway": False}})
    (first,) = of_jane(client)
    set_user(app, JANE, availability="away")
    app.settings({"routing": {"reassignWhenAway": True}})
    set_user(app, JANE, availability="offline")

    assert assignees(app, first) == [OMAR]


@pytest.mark.parametrize(
    "changes", [{"availability": "online"}, {"handlingLimit": 0}, {"displayName": "J"}], ids=str
)
def test_nothing_else_that_is_changed_of_him_takes_it_away(
    app: App, client: Client, changes: dict[str, object]
) -> None:
    (first,) = of_jane(client)
    set_user(app, JANE, **changes)

    assert assignees(app, first) == [JANE]


def test_a_change_that_is_refused_re_assigns_nothing(app: App, client: Client) -> None:
    (first,) = of_jane(client)
    refused = client.call(
        "PATCH", f"/_mock/apps/{app.application_id}/users/{JANE}", json={"availability": "gone"}
    )

    assert (refused.status_code, assignees(app, first)) == (400, [JANE])
    ok(client.status(first, 2))
