"""PATCH /rest/ws/group/status/change."""

import pytest
import requests

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, ok, refused

PATH = "/rest/ws/group/status/change"


def change(client: Client, query: str, actor: str | None = ADMIN) -> requests.Response:
    return client.call("PATCH", f"{PATH}?{query}", headers={} if actor is None else {"Of-User-Id": actor})


def test_a_change_answers_updated(client: Client) -> None:
    group_id = client.created("user-1")["id"]
    response = client.status(group_id, 2)

    assert ok(response) == "updated"
    assert response.headers["Content-Type"] == "application/json"


def test_the_same_status_again_answers_already_updated(client: Client) -> None:
    group_id = client.created("user-1")["id"]
    client.status(group_id, 2)

    assert ok(client.status(group_id, 2)) == "already updated"


def test_a_new_conversation_is_open_already(client: Client) -> None:
    assert ok(client.status(client.created("user-1")["id"], 0)) == "already updated"


@pytest.mark.parametrize("status", [-1, 1, 2, 3, 4, 5, 6, 7])
def test_every_status_is_kept_as_a_string_in_the_metadata(app: App, client: Client, status: int) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.status(group_id, status))

    conversation = app.conversation(group_id)
    assert conversation["metadata"]["CONVERSATION_STATUS"] == str(status)
    assert conversation["status"] == status


def test_the_change_shows_in_the_time_of_the_update(app: App, client: Client) -> None:
    group = client.created("user-1")
    answer = client.status(group["id"], 2).json()

    conversation = app.conversation(group["id"])
    assert conversation["createdAtTime"] == group["createdAtTime"]
    assert group["updatedAtTime"] <= conversation["updatedAtTime"] == answer["generatedAt"]


# The notify message.


@pytest.mark.parametrize(
    ("labels", "status", "label"),
    [
        ("sdk", 2, "closed"),
        ("sdk", 3, "Spam"),
        ("sdk", 4, "Duplicate"),
        ("sdk", 7, "Waiting"),
        ("dashboard", 2, "Resolved"),
        ("dashboard", 3, "Spam/Irrelevant"),
    ],
)
def test_a_notify_message_tells_of_the_change(
    app: App, client: Client, labels: str, status: int, label: str
) -> None:
    app.settings({"statusLabels": labels})
    group_id = client.created("user-1")["id"]
    ok(client.status(group_id, status))

    notice = expected.notice(group_id, ADMIN, f"Status changed to {label}", KM_STATUS=label)
    assert app.messages(group_id) == [notice]


def test_reopening_is_told_as_open(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.status(group_id, 2, sendNotifyMessage="false"))
    ok(client.status(group_id, 0))

    assert app.messages(group_id) == [
        expected.notice(group_id, ADMIN, "Status changed to Open", KM_STATUS="Open")
    ]


@pytest.mark.parametrize("value", ["true", "True", "TRUE"])
def test_a_notify_message_can_be_asked_for(app: App, client: Client, value: str) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.status(group_id, 2, sendNotifyMessage=value))

    assert len(app.messages(group_id)) == 1


@pytest.mark.parametrize("value", ["false", "False", "FALSE"])
def test_a_notify_message_can_be_left_out(app: App, client: Client, value: str) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.status(group_id, 2, sendNotifyMessage=value))

    assert app.messages(group_id) == []


def test_already_updated_changes_nothing_and_tells_nothing(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    before = app.conversation(group_id)
    ok(client.status(group_id, 0))

    assert app.conversation(group_id) == before
    assert app.messages(group_id) == []


def test_a_notify_message_is_nobodys_unread_message(client: Client) -> None:
    ok(client.status(client.created("user-1")["id"], 2))

    assert client.detail("user-1").json()[0]["unreadCount"] == 0


# Who asks.


@pytest.mark.parametrize("actor", ["user-1", "bot", ADMIN, "admin%40example.com"])
def test_anybody_known_may_change_it(client: Client, actor: str) -> None:
    assert ok(client.status(client.created("user-1")["id"], 2, actor)) == "updated"


def test_the_actor_may_be_named_in_the_query(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.status(group_id, 2, None, ofUserId="user-1"))

    assert app.messages(group_id)[0]["from"] == "user-1"


@pytest.mark.parametrize("actor", ["nobody", "", "Admin@example.com"])
def test_an_unknown_actor_is_not_found_and_nothing_changes(app: App, client: Client, actor: str) -> None:
    group_id = client.created("user-1")["id"]

    assert refused(client.status(group_id, 2, actor)) == expected.NO_USER
    assert app.conversation(group_id)["status"] == 0


def test_a_missing_actor_is_named(client: Client) -> None:
    assert refused(client.status(client.created("user-1")["id"], 2, None), 400) == expected.error(
        "MOCK-PARAM", "header 'Of-User-Id': is missing: the id of the user on whose behalf the call is made"
    )


# What is wrong with it.


@pytest.mark.parametrize("group_id", [1, 0, -1, 2**31 - 1, "", " "])
def test_an_unknown_conversation_is_not_found(client: Client, group_id: object) -> None:
    assert refused(client.status(group_id, 2)) == expected.NO_GROUP


def test_the_conversation_is_looked_up_before_the_actor(client: Client) -> None:
    assert refused(client.status(1, 2, "nobody")) == expected.NO_GROUP


ENUM = "must be one of -1, 0, 1, 2, 3, 4, 5, 6, 7"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("groupId=1", f"query 'status': is missing: {ENUM.removeprefix('must be ')}"),
        ("status=2", "query 'groupId': is missing: a conversation's id"),
        ("groupId=1&status=8", f"query 'status': {ENUM}; got \"8\""),
        ("groupId=1&status=-2", f"query 'status': {ENUM}; got \"-2\""),
        ("groupId=1&status=open", f"query 'status': {ENUM}; got \"open\""),
        ("groupId=1&status=", f"query 'status': {ENUM}; got \"\""),
        ("groupId=1&status=2.0", f"query 'status': {ENUM}; got \"2.0\""),
        (
            "groupId=abc&status=2",
            "query 'groupId': must be a conversation's id: a whole number or a numeric string; got \"abc\"",
        ),
        (
            "groupId=2147483648&status=2",
            "query 'groupId': must be a conversation's id from -2147483648 to 2147483647; got \"2147483648\"",
        ),
        (
            "groupId=1&status=2&sendNotifyMessage=1",
            "query 'sendNotifyMessage': must be true or false; got \"1\"",
        ),
        (
            "groupId=1&status=2&sendNotifyMessage=",
            "query 'sendNotifyMessage': must be true or false; got \"\"",
        ),
    ],
)
def test_a_wrong_parameter_is_named_with_what_came_and_what_would_be_right(
    client: Client, query: str, problem: str
) -> None:
    assert refused(change(client, query), 400) == expected.error("MOCK-PARAM", problem)


@pytest.mark.parametrize("name", ["groupId", "status", "sendNotifyMessage"])
@pytest.mark.parametrize("second", ["same", "other"])
def test_a_repeated_parameter_is_refused(client: Client, name: str, second: str) -> None:
    group_id = client.created("user-1")["id"]
    values = {"groupId": str(group_id), "status": "2", "sendNotifyMessage": "true"}
    others = {"groupId": "1", "status": "3", "sendNotifyMessage": "false"}
    query = "&".join(f"{key}={value}" for key, value in values.items())
    again = values[name] if second == "same" else others[name]

    assert refused(change(client, f"{query}&{name}={again}"), 400) == expected.error(
        "MOCK-PARAM", f"query '{name}': is repeated; it may be given once"
    )


def test_every_problem_is_named_at_once(client: Client) -> None:
    entry = refused(change(client, "groupId=x&status=9&sendNotifyMessage=no", None), 400)

    for name in ("query 'groupId'", "query 'status'", "query 'sendNotifyMessage'", "header 'Of-User-Id'"):
        assert f"{name}: " in entry["description"]


def test_names_of_parameters_are_case_sensitive_and_unknown_ones_ignored(client: Client) -> None:
    group_id = client.created("user-1")["id"]

    assert ok(change(client, f"groupId={group_id}&status=2&Status=3&x=1&x=2")) == "updated"


@pytest.mark.parametrize("body", [b"", b"{}", b"not JSON", b"\xff"])
def test_a_body_counts_for_nothing(client: Client, body: bytes) -> None:
    group_id = client.created("user-1")["id"]
    params = {"groupId": group_id, "status": 2}

    assert (
        ok(client.call("PATCH", PATH, params=params, data=body, headers={"Of-User-Id": ADMIN})) == "updated"
    )


# The limit of an agent.


def test_a_closed_conversation_takes_up_no_room(app: App, client: Client) -> None:
    app.add_agent("jane", limit=1, availability="away")
    one, other = client.created("user-1")["id"], client.created("user-2")["id"]
    client.assign(one, "jane")
    full = ok(client.assign(other, "jane"))
    client.status(one, 2)

    assert (full, ok(client.assign(other, "jane"))) == ("AGENT_IS_ALREADY_ENGAGED", "updated")


def test_a_conversation_that_opens_again_for_a_full_agent_is_routed_anew(app: App, client: Client) -> None:
    app.add_agent("jane", limit=1)
    skip = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "jane"}
    one = client.created("user-1", "jane", metadata=skip)["id"]
    client.status(one, 2, sendNotifyMessage="false")
    other = client.created("user-2", "jane", metadata=skip)["id"]

    assert ok(client.status(one, 0)) == "updated"
    assert app.conversation(one)["assignee"] == ADMIN
    assert app.conversation(other)["assignee"] == "jane"
    assert app.messages(one) == [
        expected.notice(one, ADMIN, "Status changed to Open", KM_STATUS="Open"),
        expected.notice(
            one, ADMIN, "Assigned to Super Admin", KM_ASSIGN=ADMIN, LOCALIZATION_VALUE="Super Admin"
        ),
    ]
