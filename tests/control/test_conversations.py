"""/_mock/apps/APP/conversations: look at them, and act in them as somebody."""

from typing import Any

import pytest
import requests

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, ok
from tests.expected import NOW
from tests.worlds import error

SKIP = {"SKIP_ROUTING": True}


def path(app: App, rest: object = "") -> str:
    return f"/_mock/apps/{app.application_id}/conversations{f'/{rest}' if rest != '' else ''}"


def act(client: Client, app: App, group_id: int, kind: str, **body: Any) -> requests.Response:
    return client.call("POST", path(app, f"{group_id}/{kind}"), json=body)


def test_a_conversation_is_the_wires_object_with_status_assignee_and_routing(
    app: App, client: Client
) -> None:
    created = client.created("carl", clientGroupId="order", groupName="Order", metadata={"a": "b"})
    looked_at = client.call("GET", path(app, created["id"])).json()

    users = {user["userId"]: user for user in created["users"]}
    assert looked_at == {
        **expected.group(created["id"], [users[user_id] for user_id in sorted(users)]),
        "clientGroupId": "order",
        "name": "Order",
        "metadata": {"a": "b", "CONVERSATION_ASSIGNEE": ADMIN, "CONVERSATION_STATUS": "0"},
        "status": 0,
        "assignee": ADMIN,
        "routing": {
            "outcome": "round_robin",
            "assignee": ADMIN,
            "considered": [{"userId": ADMIN, "result": "taken"}],
        },
    }


def test_a_conversation_of_nobody_has_the_assignee_null(app: App, client: Client) -> None:
    group_id = client.created("carl", metadata=SKIP)["id"]
    looked_at = client.call("GET", path(app, group_id)).json()

    assert looked_at["assignee"] is None
    assert looked_at["routing"] == {"outcome": "skipped", "assignee": None, "considered": []}


def test_an_explicit_change_shows_in_the_routing(app: App, client: Client) -> None:
    app.add_agent("jane")
    group_id = client.created("carl")["id"]
    client.assign(group_id, "jane")

    assert app.conversation(group_id)["routing"] == {
        "outcome": "changed",
        "assignee": "jane",
        "considered": [],
    }


def test_an_app_without_conversations_lists_none(app: App, client: Client) -> None:
    assert client.call("GET", path(app)).json() == {"conversations": []}


def test_conversations_are_listed_in_order_of_creation_and_in_pages(app: App, client: Client) -> None:
    ids = [client.created("carl")["id"] for _ in range(5)]
    seen, after = [], 0
    while after is not None:
        page = client.call("GET", path(app), params={"limit": 2, "after": after}).json()
        seen.append([group["id"] for group in page["conversations"]])
        after = page.get("next")

    assert seen == [ids[:2], ids[2:4], ids[4:]]


def test_a_page_that_is_just_full_names_no_next(app: App, client: Client) -> None:
    client.created("carl")

    assert list(client.call("GET", path(app), params={"limit": 1}).json()) == ["conversations"]


def test_conversations_of_a_status_or_an_assignee_are_listed(app: App, client: Client) -> None:
    app.add_agent("jane", availability="away")
    one, two, three = (client.created("carl")["id"] for _ in range(3))
    client.assign(two, "jane")
    client.status(two, 2)
    client.status(three, 2)

    def ids(**params: object) -> list[int]:
        found = client.call("GET", path(app), params=params).json()["conversations"]
        return [group["id"] for group in found]

    assert ids(status=0) == [one]
    assert ids(status=2) == [two, three]
    assert ids(status=2, assignee="jane") == [two]
    assert ids(assignee=ADMIN) == [one, three]
    assert ids(assignee="nobody") == ids(status=7) == []
    assert ids(status=2, limit=1) == [two]


def test_messages_are_listed_oldest_first_and_in_pages(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    for number in range(5):
        client.send(group_id, "carl", message=str(number))
    seen, after = [], 0
    while after is not None:
        page = client.call(
            "GET", path(app, f"{group_id}/messages"), params={"limit": 2, "after": after}
        ).json()
        seen.append([message["message"] for message in page["messages"]])
        after = page.get("next")

    assert seen == [["0", "1"], ["2", "3"], ["4"]]


# Acting as somebody.


def test_a_message_can_be_sent_as_somebody(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    response = act(client, app, group_id, "messages", **{"from": "carl"}, message="Hello")

    assert response.status_code == 201
    assert response.json() == expected.message(group_id, "carl")
    assert app.messages(group_id) == [response.json()]


def test_a_message_sent_as_somebody_may_hold_what_any_message_may(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    given = {"contentType": 1, "source": 1, "metadata": {"skipBot": True}, "fileMeta": {"blobKey": "b"}}
    response = act(client, app, group_id, "messages", **{"from": "carl"}, **given)

    assert response.json() == expected.message(
        group_id,
        "carl",
        message="",
        contentType=1,
        source=1,
        metadata={"skipBot": "true"},
        fileMeta={"blobKey": "b"},
    )


def test_the_status_can_be_changed_as_somebody(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    answers = [act(client, app, group_id, "status", **{"from": "carl"}, status=2).json() for _ in range(2)]

    assert answers == [{"result": "updated"}, {"result": "already updated"}]
    assert app.messages(group_id) == [
        expected.notice(group_id, "carl", "Status changed to closed", KM_STATUS="closed")
    ]


def test_the_assignee_can_be_changed_as_somebody(app: App, client: Client) -> None:
    app.add_agent("jane")
    app.add_agent("full", limit=0)
    group_id = client.created("carl")["id"]
    answers = [
        act(client, app, group_id, "assignee", **{"from": "carl"}, assignee=who).json()
        for who in ("jane", "jane", "full")
    ]

    assert answers == [
        {"result": "updated"},
        {"result": "already updated"},
        {"result": "AGENT_IS_ALREADY_ENGAGED"},
    ]
    assert [message["message"] for message in app.messages(group_id)] == ["Assigned to jane"]


def test_a_notify_message_can_be_left_out_and_bots_taken_over_from(app: App, client: Client) -> None:
    app.add_bot("robot")
    group_id = client.created("carl", "robot")["id"]
    options = {"sendNotifyMessage": False, "takeOverFromBot": True}
    act(client, app, group_id, "status", **{"from": "carl"}, status=3, sendNotifyMessage=False)
    app.add_agent("jane")
    act(client, app, group_id, "assignee", **{"from": "carl"}, assignee="jane", **options)

    assert app.messages(group_id) == []
    assert app.conversation(group_id)["removedMembersId"] == ["robot"]


# What is refused.


@pytest.mark.parametrize("group_id", ["1", "0", "2147483648", "1099511627776", "9" * 30])
@pytest.mark.parametrize(
    ("method", "rest"),
    [("GET", ""), ("GET", "/messages"), ("POST", "/messages"), ("POST", "/status"), ("POST", "/assignee")],
)
def test_an_unknown_conversation_is_not_found(
    app: App, client: Client, group_id: str, method: str, rest: str
) -> None:
    body = {"from": ADMIN, "message": "Hello", "status": 2, "assignee": ADMIN}
    wanted = {
        "/messages": ("from", "message"),
        "/status": ("from", "status"),
        "/assignee": ("from", "assignee"),
    }
    given = {name: body[name] for name in wanted[rest]} if method == "POST" else None
    entry = error(client.call(method, path(app, group_id + rest), json=given), 404)

    assert (entry["code"], entry["message"]) == ("AL-G-01", "group not found")
    assert "lists the conversations there are" in entry["hint"]


@pytest.mark.parametrize("group_id", ["x", "-1", "1.5", "%00"])
def test_what_cannot_be_an_id_is_no_route(app: App, client: Client, group_id: str) -> None:
    assert error(client.call("GET", path(app, group_id)), 404)["code"] == "ROUTE"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("messages", {"from": "nobody", "message": "Hello"}),
        ("status", {"from": "nobody", "status": 2}),
        ("assignee", {"from": "nobody", "assignee": ADMIN}),
        ("assignee", {"from": ADMIN, "assignee": "nobody"}),
        ("assignee", {"from": ADMIN, "assignee": "carl"}),
    ],
)
def test_who_is_not_there_is_not_found(app: App, client: Client, kind: str, body: dict[str, Any]) -> None:
    group_id = client.created("carl")["id"]
    before = app.conversation(group_id)
    entry = error(act(client, app, group_id, kind, **body), 404)

    assert (entry["code"], entry["message"]) == ("AL-U-01", "user not found")
    assert app.conversation(group_id) == before
    assert app.messages(group_id) == []


@pytest.mark.parametrize(
    ("kind", "body", "names"),
    [
        ("messages", {}, ["from", "message"]),
        ("messages", {"from": ADMIN, "message": 1}, ["message"]),
        ("messages", {"from": ADMIN, "message": "a", "text": "b"}, ["text"]),
        ("messages", {"from": ADMIN, "message": "a", "metadata": {"a": []}}, ["metadata.a"]),
        ("messages", {"from": 1, "contentType": 9}, ["from", "contentType", "message"]),
        ("status", {}, ["from", "status"]),
        ("status", {"from": ADMIN, "status": 8}, ["status"]),
        ("status", {"from": ADMIN, "status": 2, "sendNotifyMessage": 1}, ["sendNotifyMessage"]),
        ("assignee", {}, ["from", "assignee"]),
        ("assignee", {"from": ADMIN, "assignee": ADMIN, "takeOver": True}, ["takeOver"]),
    ],
    ids=str,
)
def test_wrong_fields_are_named_all_at_once(
    app: App, client: Client, kind: str, body: dict[str, Any], names: list[str]
) -> None:
    group_id = client.created("carl")["id"]
    entry = error(act(client, app, group_id, kind, **body), 400)

    assert entry["code"] == "MOCK-PARAM"
    for name in names:
        assert f"body '{name}': " in entry["message"]


@pytest.mark.parametrize(
    ("query", "name"),
    [("status=8", "status"), ("status=open", "status"), ("assigned=a", "assigned"), ("limit=0", "limit")],
)
def test_a_filter_that_cannot_be_is_refused(app: App, client: Client, query: str, name: str) -> None:
    entry = error(client.call("GET", f"{path(app)}?{query}"), 400)

    assert f"query '{name}': " in entry["message"]


def test_times_are_those_of_what_happened(app: App, client: Client) -> None:
    group = client.created("carl")
    sent = ok(client.send(group["id"], "carl"))

    looked_at = app.conversation(group["id"])
    assert (looked_at["createdAtTime"], sent["createdAt"]) == (group["createdAtTime"], NOW)
    assert app.messages(group["id"])[0]["createdAtTime"] == sent["createdAt"]
