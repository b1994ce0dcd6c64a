"""PATCH /rest/ws/group/assignee/change."""

from typing import Any

import pytest
import requests

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, ok, refused

PATH = "/rest/ws/group/assignee/change"
ENGAGED = "AGENT_IS_ALREADY_ENGAGED"
SKIP = {"SKIP_ROUTING": True}


@pytest.fixture
def team(app: App) -> App:
    """Jane and Omar, agents who are away, and a bot."""
    app.add_agent("jane@example.com", displayName="Jane Agent", availability="away")
    app.add_agent("omar@example.com", availability="away")
    app.add_bot("robot", displayName="Robot")
    return app


@pytest.fixture
def group_id(team: App, client: Client) -> int:  # noqa: ARG001 - the team is there before
    """A conversation, assigned to the admin."""
    return int(client.created("user-1")["id"])


def change(client: Client, query: str, actor: str | None = ADMIN) -> requests.Response:
    return client.call("PATCH", f"{PATH}?{query}", headers={} if actor is None else {"Of-User-Id": actor})


def roles(app: App, group_id: int) -> dict[str, int]:
    return {member["userId"]: member["role"] for member in app.conversation(group_id)["groupUsers"]}


def state(app: App, group_id: int) -> Any:
    return app.conversation(group_id), app.messages(group_id)


# The five documented outcomes.


def test_a_change_answers_updated(app: App, client: Client, group_id: int) -> None:
    assert ok(client.assign(group_id, "jane@example.com")) == "updated"
    assert app.conversation(group_id)["assignee"] == "jane@example.com"
    assert app.conversation(group_id)["metadata"]["CONVERSATION_ASSIGNEE"] == "jane@example.com"


def test_the_same_assignee_again_answers_already_updated_and_changes_nothing(
    app: App, client: Client, group_id: int
) -> None:
    client.assign(group_id, "jane@example.com")
    before = state(app, group_id)

    assert ok(client.assign(group_id, "jane@example.com", takeOverFromBot="true")) == "already updated"
    assert state(app, group_id) == before


def test_a_full_agent_answers_engaged_and_nothing_changes(app: App, client: Client, group_id: int) -> None:
    app.add_agent("lena", limit=0)
    before = state(app, group_id)

    assert ok(client.assign(group_id, "lena", takeOverFromBot="true")) == ENGAGED
    assert state(app, group_id) == before


@pytest.mark.parametrize("assignee", ["nobody", "<AGENT_ID>", "", "Jane@example.com", "user-1"])
def test_who_is_neither_agent_nor_bot_is_not_found_and_nothing_changes(
    app: App, client: Client, group_id: int, assignee: str
) -> None:
    before = state(app, group_id)

    assert refused(client.assign(group_id, assignee)) == expected.NO_USER
    assert state(app, group_id) == before


@pytest.mark.parametrize("unknown", [1, 0, -1, 2**31 - 1, -(2**31), "", " "])
def test_an_unknown_conversation_is_not_found(client: Client, unknown: object) -> None:
    assert refused(client.assign(unknown, ADMIN)) == expected.NO_GROUP


# The order of the checks: conversation, assignee, already updated, limit.


def test_the_conversation_is_checked_before_the_assignee(client: Client) -> None:
    assert refused(client.assign(1, "nobody")) == expected.NO_GROUP


def test_the_conversation_is_checked_before_the_actor(client: Client) -> None:
    assert refused(client.assign(1, ADMIN, "nobody")) == expected.NO_GROUP


def test_a_full_agent_who_is_the_assignee_already_is_not_called_engaged(
    app: App, client: Client, group_id: int
) -> None:
    app.add_agent("lena", limit=1)
    client.assign(group_id, "lena")

    assert ok(client.assign(group_id, "lena")) == "already updated"


# Members.


def test_the_assignee_becomes_a_member_and_the_one_before_stays(
    app: App, client: Client, group_id: int
) -> None:
    client.assign(group_id, "jane@example.com")

    assert roles(app, group_id) == {"user-1": 3, ADMIN: 1, "bot": 2, "jane@example.com": 1}


def test_a_bot_can_be_the_assignee(app: App, client: Client, group_id: int) -> None:
    assert ok(client.assign(group_id, "robot")) == "updated"
    assert roles(app, group_id) == {"user-1": 3, ADMIN: 1, "bot": 2, "robot": 2}


def test_the_system_user_can_be_the_assignee(app: App, client: Client, group_id: int) -> None:
    assert ok(client.assign(group_id, "bot")) == "updated"
    assert app.conversation(group_id)["assignee"] == "bot"


def test_a_conversation_of_nobody_can_be_assigned(app: App, client: Client) -> None:
    group_id = client.created("user-1", metadata=SKIP)["id"]

    assert ok(client.assign(group_id, ADMIN)) == "updated"
    assert app.conversation(group_id)["assignee"] == ADMIN


@pytest.mark.parametrize("value", ["true", "True"])
def test_take_over_removes_every_bot_but_the_system_user(
    app: App, client: Client, group_id: int, value: str
) -> None:
    app.add_bot("second")
    for bot in ("robot", "second"):
        client.assign(group_id, bot)
    client.assign(group_id, "jane@example.com", takeOverFromBot=value)

    assert roles(app, group_id) == {"user-1": 3, ADMIN: 1, "bot": 2, "jane@example.com": 1}
    assert sorted(app.conversation(group_id)["removedMembersId"]) == ["robot", "second"]


@pytest.mark.parametrize("query", [{}, {"takeOverFromBot": "false"}])
def test_without_take_over_the_bots_stay(
    app: App, client: Client, group_id: int, query: dict[str, str]
) -> None:
    client.assign(group_id, "robot")
    client.assign(group_id, "jane@example.com", **query)

    assert "robot" in roles(app, group_id)


def test_taking_over_can_be_made_the_default(app: App, client: Client, group_id: int) -> None:
    app.settings({"takeOverFromBotDefault": True})
    client.assign(group_id, "robot")
    client.assign(group_id, "jane@example.com")
    without = roles(app, group_id)
    client.assign(group_id, "robot")
    client.assign(group_id, "jane@example.com", takeOverFromBot="false")

    assert "robot" not in without
    assert "robot" in roles(app, group_id)


def test_a_bot_that_takes_over_stays_itself(app: App, client: Client, group_id: int) -> None:
    app.add_bot("second")
    client.assign(group_id, "robot")
    client.assign(group_id, "second", takeOverFromBot="true")

    assert roles(app, group_id) == {"user-1": 3, ADMIN: 1, "bot": 2, "second": 2}


def test_a_bot_that_was_removed_comes_back_when_it_is_assigned(
    app: App, client: Client, group_id: int
) -> None:
    client.assign(group_id, "robot")
    client.assign(group_id, "jane@example.com", takeOverFromBot="true")
    client.assign(group_id, "robot")

    assert roles(app, group_id)["robot"] == 2
    assert app.conversation(group_id)["removedMembersId"] == []


def test_who_was_removed_gets_no_unread_messages(client: Client, group_id: int) -> None:
    client.assign(group_id, "robot")
    client.assign(group_id, "jane@example.com", takeOverFromBot="true")
    client.send(group_id, "user-1")

    assert client.detail("robot").json()[0]["unreadCount"] == 0


def test_who_comes_back_has_missed_what_was_sent_meanwhile(app: App, client: Client, group_id: int) -> None:
    client.assign(group_id, "robot")
    client.assign(group_id, "jane@example.com", takeOverFromBot="true")
    client.send(group_id, "user-1")
    client.assign(group_id, "robot")

    unread = {member["userId"]: member["unreadCount"] for member in app.conversation(group_id)["groupUsers"]}
    assert (unread["robot"], unread["jane@example.com"]) == (0, 1)


def test_the_status_stays_as_it_is(app: App, client: Client, group_id: int) -> None:
    client.status(group_id, 2)
    client.assign(group_id, "jane@example.com")

    assert app.conversation(group_id)["status"] == 2


# The notify message.


def test_a_notify_message_tells_of_the_new_assignee(app: App, client: Client, group_id: int) -> None:
    client.assign(group_id, "jane@example.com", "user-1")

    assert app.messages(group_id) == [
        expected.notice(
            group_id,
            "user-1",
            "Assigned to Jane Agent",
            KM_ASSIGN="jane@example.com",
            LOCALIZATION_VALUE="Jane Agent",
        )
    ]


def test_an_assignee_without_a_name_is_called_by_his_id(app: App, client: Client, group_id: int) -> None:
    client.assign(group_id, "omar@example.com")

    assert app.messages(group_id) == [
        expected.notice(
            group_id,
            ADMIN,
            "Assigned to omar@example.com",
            KM_ASSIGN="omar@example.com",
            LOCALIZATION_VALUE="omar@example.com",
        )
    ]


@pytest.mark.parametrize("value", ["false", "False"])
def test_a_notify_message_can_be_left_out(app: App, client: Client, group_id: int, value: str) -> None:
    client.assign(group_id, "jane@example.com", sendNotifyMessage=value)

    assert app.messages(group_id) == []


def test_a_notify_message_is_nobodys_unread_message(client: Client, group_id: int) -> None:
    client.assign(group_id, "jane@example.com")

    assert client.detail("user-1").json()[0]["unreadCount"] == 0


# Limits.


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_an_agent_gets_as_many_as_his_limit_and_no_more(team: App, client: Client, limit: int) -> None:
    team.add_agent("lena", limit=limit, availability="away")
    groups = [client.created("user-1")["id"] for _ in range(limit + 2)]

    answers = [ok(client.assign(group_id, "lena")) for group_id in groups]

    assert answers == ["updated"] * limit + [ENGAGED] * 2
    assert len(team.conversations(assignee="lena")) == limit


def test_the_apps_limit_holds_for_who_has_none_of_his_own(team: App, client: Client) -> None:
    team.add_agent("lena", limit=2, availability="away")
    groups = [client.created("user-1", metadata=SKIP)["id"] for _ in range(6)]
    team.settings({"handlingLimit": 1})

    given = [ok(client.assign(group_id, "lena")) for group_id in groups[:3]]
    given += [ok(client.assign(group_id, "jane@example.com")) for group_id in groups[3:]]

    assert given == ["updated", "updated", ENGAGED, "updated", ENGAGED, ENGAGED]


@pytest.mark.parametrize("status", [-1, 0, 1, 6])
def test_conversations_of_the_open_list_count(team: App, client: Client, status: int) -> None:
    team.add_agent("lena", limit=1, availability="away")
    metadata = SKIP | {"CONVERSATION_ASSIGNEE": "lena", "CONVERSATION_STATUS": status}
    client.created("user-1", "lena", metadata=metadata)

    assert ok(client.assign(client.created("user-2")["id"], "lena")) == ENGAGED


@pytest.mark.parametrize("status", [2, 3, 4, 5, 7])
def test_other_conversations_do_not_count(team: App, client: Client, status: int) -> None:
    team.add_agent("lena", limit=1, availability="away")
    metadata = SKIP | {"CONVERSATION_ASSIGNEE": "lena", "CONVERSATION_STATUS": status}
    client.created("user-1", "lena", metadata=metadata)

    assert ok(client.assign(client.created("user-2")["id"], "lena")) == "updated"


def test_who_gave_a_conversation_away_has_room_again(team: App, client: Client) -> None:
    team.add_agent("lena", limit=1, availability="away")
    one, other = client.created("user-1")["id"], client.created("user-2")["id"]
    client.assign(one, "lena")
    client.assign(one, "jane@example.com")

    assert ok(client.assign(other, "lena")) == "updated"


def test_bots_have_no_limit(team: App, client: Client) -> None:
    groups = [client.created("user-1")["id"] for _ in range(3)]
    team.settings({"handlingLimit": 1})

    assert [ok(client.assign(group_id, "robot")) for group_id in groups] == ["updated"] * 3


@pytest.mark.parametrize("availability", ["online", "away", "offline"])
def test_an_explicit_change_asks_nothing_about_availability(
    app: App, client: Client, availability: str
) -> None:
    group_id = client.created("user-1")["id"]
    app.add_agent("lena", availability=availability)

    assert ok(client.assign(group_id, "lena")) == "updated"


# Who asks, and what is wrong with it.


@pytest.mark.parametrize("actor", ["user-1", "robot", ADMIN, "admin%40example.com"])
def test_anybody_known_may_change_it(client: Client, group_id: int, actor: str) -> None:
    assert ok(client.assign(group_id, "jane@example.com", actor)) == "updated"


def test_an_unknown_actor_is_not_found_and_nothing_changes(app: App, client: Client, group_id: int) -> None:
    before = state(app, group_id)

    assert refused(client.assign(group_id, "jane@example.com", "nobody")) == expected.NO_USER
    assert state(app, group_id) == before


def test_a_missing_actor_is_named(client: Client, group_id: int) -> None:
    assert refused(client.assign(group_id, "jane@example.com", None), 400) == expected.error(
        "MOCK-PARAM", "header 'Of-User-Id': is missing: the id of the user on whose behalf the call is made"
    )


def test_what_sdks_send_besides_is_ignored(client: Client, group_id: int) -> None:
    assert ok(client.assign(group_id, "jane@example.com", switchAssignee="true")) == "updated"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("groupId=1", "query 'assignee': is missing: the id of an agent or a bot"),
        ("assignee=a", "query 'groupId': is missing: a conversation's id"),
        (
            "groupId=abc&assignee=a",
            "query 'groupId': must be a conversation's id: a whole number or a numeric string; got \"abc\"",
        ),
        (
            "groupId=-2147483649&assignee=a",
            "query 'groupId': must be a conversation's id from -2147483648 to 2147483647; got \"-2147483649\"",
        ),
        (
            "groupId=1&assignee=a&takeOverFromBot=1",
            "query 'takeOverFromBot': must be true or false; got \"1\"",
        ),
        (
            "groupId=1&assignee=a&sendNotifyMessage=no",
            "query 'sendNotifyMessage': must be true or false; got \"no\"",
        ),
        ("groupId=1&groupId=1&assignee=a", "query 'groupId': is repeated; it may be given once"),
        ("groupId=1&assignee=a&assignee=b", "query 'assignee': is repeated; it may be given once"),
        (
            "groupId=1&assignee=a&takeOverFromBot=true&takeOverFromBot=false",
            "query 'takeOverFromBot': is repeated; it may be given once",
        ),
    ],
)
def test_a_wrong_parameter_is_named_with_what_came_and_what_would_be_right(
    client: Client, query: str, problem: str
) -> None:
    assert refused(change(client, query), 400) == expected.error("MOCK-PARAM", problem)


def test_every_problem_is_named_at_once(client: Client) -> None:
    entry = refused(change(client, "groupId=x&sendNotifyMessage=no&takeOverFromBot=2", None), 400)

    for name in (
        *("query 'groupId'", "query 'assignee'", "query 'sendNotifyMessage'", "query 'takeOverFromBot'"),
        "header 'Of-User-Id'",
    ):
        assert f"{name}: " in entry["description"]
