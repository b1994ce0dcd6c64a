"""POST /rest/ws/user/v2/detail."""

from typing import Any

import pytest

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, ok, refused

PATH = "/rest/ws/user/v2/detail"


def ids(client: Client, **body: Any) -> list[str]:
    return [user["userId"] for user in client.call("POST", PATH, json=body).json()]


def test_the_answer_is_a_bare_array_as_documented(client: Client) -> None:
    client.created("user-1")
    response = client.detail("user-1", ADMIN, "bot")

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == [expected.user("user-1"), expected.ADMIN, expected.BOT]


def test_the_observed_dialect_answers_in_the_envelope(app: App, client: Client) -> None:
    app.settings({"dialect": "observed"})

    assert ok(client.detail(ADMIN)) == [expected.ADMIN]


def test_every_documented_field_has_its_real_value(app: App, client: Client) -> None:
    app.add_customer(
        "user-1",
        displayName="Carl Customer",
        email="carl@example.com",
        imageLink="http://image.url",
        phoneNumber="+912345678954",
        statusMessage="On holiday",
        metadata={"plan": "gold"},
        availability="online",
    )
    group = client.created("user-1")
    client.send(group["id"], ADMIN)
    client.send(group["id"], ADMIN)
    sent = ok(client.send(group["id"], "user-1"))

    (user,) = client.detail("user-1", params={"fetchLatestMessageTime": "True"}).json()

    assert user == expected.user(
        "user-1",
        userName="Carl Customer",
        displayName="Carl Customer",
        connected=True,
        status=1,
        connectedClientCount=1,
        imageLink="http://image.url",
        email="carl@example.com",
        phoneNumber="+912345678954",
        statusMessage="On holiday",
        unreadCount=2,
        lastSeenAtTime=sent["createdAt"],
        lastMessageAtTime=sent["createdAt"],
        metadata={"plan": "gold"},
    )


def test_fields_without_a_value_are_left_out_and_never_null(client: Client) -> None:
    client.created("user-1")
    (user,) = client.detail("user-1").json()

    assert None not in user.values()
    assert not {"userName", "displayName", "email", "phoneNumber", "imageLink", "lastMessageAtTime"} & set(
        user
    )


@pytest.mark.parametrize(
    ("availability", "connected", "status"), [("online", True, 1), ("away", False, 2), ("offline", False, 0)]
)
def test_availability_shows_in_connected_and_status(
    app: App,
    client: Client,
    availability: str,
    *,
    connected: bool,
    status: int,
) -> None:
    app.add_agent("jane", availability=availability)
    (user,) = client.detail("jane").json()

    assert (user["connected"], user["status"]) == (connected, status)


def test_a_deactivated_user_shows_as_such(app: App, client: Client) -> None:
    app.add_customer("carl", deactivated=True)
    (user,) = client.detail("carl").json()

    assert (user["deactivated"], user["active"]) == (True, False)


# Whom it is about.


def test_users_come_once_and_in_the_order_of_the_request(client: Client) -> None:
    client.created("a", "b", "c")

    assert ids(client, userIdList=["c", "a", "c", "b", "a"]) == ["c", "a", "b"]


def test_unknown_users_are_left_out(client: Client) -> None:
    client.created("a")

    assert ids(client, userIdList=["nobody", "a", "", "A"]) == ["a"]
    assert client.detail("nobody").json() == []


def test_unknown_users_can_be_made_an_error(app: App, client: Client) -> None:
    app.settings({"detailOfUnknownUsers": "error"})

    assert refused(client.detail(ADMIN, "nobody")) == expected.NO_USER
    assert client.detail(ADMIN).json() == [expected.ADMIN]


def test_users_are_found_by_phone_number_and_by_email(app: App, client: Client) -> None:
    app.add_customer("a", phoneNumber="+49 30 1234", email="a@example.com")
    app.add_customer("b", phoneNumber="+1 555 1234")
    app.add_customer("c", email="c@example.com")

    assert ids(client, phoneNumberList=["+1 555 1234", "+49 30 1234"]) == ["b", "a"]
    assert ids(client, emailIds=["c@example.com", "a@example.com"]) == ["c", "a"]


def test_the_three_ways_to_ask_can_be_mixed(app: App, client: Client) -> None:
    app.add_customer("a", phoneNumber="+1", email="a@example.com")
    app.add_customer("b", email="b@example.com")

    body = {"userIdList": ["bot"], "phoneNumberList": ["+1"], "emailIds": ["b@example.com", "a@example.com"]}
    assert ids(client, **body) == ["bot", "a", "b"]


def test_a_hundred_thousand_ids_are_looked_up(client: Client) -> None:
    client.created("user-99999")

    assert ids(client, userIdList=[f"user-{number}" for number in range(100_000)]) == ["user-99999"]


def test_asking_creates_nobody(app: App, client: Client) -> None:
    client.detail("nobody")

    assert client.detail("nobody").json() == []
    assert app.conversations() == []


# The time of the last message.


@pytest.mark.parametrize("value", ["True", "true", "TRUE"])
def test_the_time_of_the_last_message_comes_when_asked_for(client: Client, value: str) -> None:
    group = client.created("user-1")
    sent = ok(client.send(group["id"], "user-1"))

    (user,) = client.detail("user-1", params={"fetchLatestMessageTime": value}).json()

    assert user["lastMessageAtTime"] == sent["createdAt"]


@pytest.mark.parametrize(
    "params", [{}, {"fetchLatestMessageTime": "False"}, {"fetchLatestMessageTime": "false"}]
)
def test_the_time_of_the_last_message_does_not_come_unasked(client: Client, params: dict[str, str]) -> None:
    group = client.created("user-1")
    client.send(group["id"], "user-1")

    assert "lastMessageAtTime" not in client.detail("user-1", params=params).json()[0]


def test_who_never_wrote_has_no_time_of_a_last_message(client: Client) -> None:
    client.created("user-1")
    (user,) = client.detail("user-1", params={"fetchLatestMessageTime": "True"}).json()

    assert "lastMessageAtTime" not in user


# Unread messages.


def test_a_message_is_unread_for_every_member_but_its_sender(client: Client) -> None:
    group = client.created("a", "b")
    client.created("elsewhere")
    client.send(group["id"], "a")
    client.send(group["id"], "a")

    counts = {
        user["userId"]: user["unreadCount"] for user in client.detail("a", "b", ADMIN, "elsewhere").json()
    }
    assert counts == {"a": 0, "b": 2, ADMIN: 2, "elsewhere": 0}


def test_unread_messages_of_several_conversations_add_up(client: Client) -> None:
    for _ in range(3):
        client.send(client.created("a", "b")["id"], "a")

    assert client.detail("b").json()[0]["unreadCount"] == 3


# What is refused.


@pytest.mark.parametrize(
    "body",
    [{}, {"userIdList": []}, {"userIdList": None}, {"userIdList": [], "phoneNumberList": [], "emailIds": []}],
    ids=str,
)
def test_a_request_for_nobody_is_refused(client: Client, body: dict[str, Any]) -> None:
    entry = refused(client.call("POST", PATH, json=body), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith(
        "body 'userIdList': must be a list with at least one user id (or give phoneNumberList or emailIds)"
    )


@pytest.mark.parametrize(
    ("body", "name", "got"),
    [
        ({"userIdList": "a"}, "userIdList", '"a"'),
        ({"userIdList": {"a": 1}}, "userIdList", '{"a": 1}'),
        ({"userIdList": ["a", 1]}, "userIdList[1]", "1"),
        ({"userIdList": [["a"]]}, "userIdList[0]", '["a"]'),
        ({"userIdList": [True]}, "userIdList[0]", "true"),
        ({"phoneNumberList": [491]}, "phoneNumberList[0]", "491"),
        ({"emailIds": ["a@example.com", {}]}, "emailIds[1]", "{}"),
    ],
    ids=str,
)
def test_a_list_with_something_else_than_strings_is_refused(
    client: Client, body: dict[str, Any], name: str, got: str
) -> None:
    entry = refused(client.call("POST", PATH, json=body), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith(f"body '{name}': ")
    assert entry["description"].endswith(f"got {got}")


def test_a_wrong_query_parameter_is_refused_together_with_a_wrong_body(client: Client) -> None:
    response = client.detail("a", json={"userIdList": [1]}, params={"fetchLatestMessageTime": "yes"})

    assert refused(response, 400) == expected.error(
        "MOCK-PARAM",
        "body 'userIdList[0]': must be a string; got 1; "
        "query 'fetchLatestMessageTime': must be true or false; got \"yes\"",
    )


def test_of_user_id_in_the_query_is_tolerated(client: Client) -> None:
    assert client.detail("bot", params={"ofUserId": "bot"}).json() == [expected.BOT]
