"""/_mock/apps/APP/inbox: conversations in brief, the newest first, filtered and searched."""

from typing import Any

import pytest
import requests

from mockkommunicate import App
from tests.client import ADMIN, Client, ok
from tests.worlds import error

SKIPPED = {"SKIP_ROUTING": "true"}


def inbox(app: App, **asked: Any) -> dict[str, Any]:
    url = f"{app.url}/_mock/apps/{app.application_id}/inbox"
    response = requests.get(url, params=asked, timeout=10)
    assert response.status_code == 200, response.text
    return dict(response.json())


def ids(app: App, **asked: Any) -> list[int]:
    return [entry["id"] for entry in inbox(app, **asked)["conversations"]]


def test_a_conversation_is_shown_in_brief_with_its_last_message(app: App, client: Client) -> None:
    app.clock.freeze(1_900_000_000_000)
    group_id = client.created("carl", clientGroupId="order-1", groupName="An order")["id"]
    client.send(group_id, "carl", message="Hello")
    sent = ok(client.send(group_id, "carl", message="Anybody?"))

    assert inbox(app)["conversations"] == [
        {
            "id": group_id,
            "clientGroupId": "order-1",
            "name": "An order",
            "assignee": ADMIN,
            "status": 0,
            "unread": 2,
            "messages": 2,
            "createdAtTime": 1_900_000_000_000,
            "updatedAtTime": 1_900_000_000_000,
            "lastMessage": {
                "from": "carl",
                "message": "Anybody?",
                "contentType": 0,
                "createdAtTime": sent["createdAt"],
            },
        }
    ]


def test_one_without_a_message_or_an_assignee_says_so(app: App, client: Client) -> None:
    client.created("carl", metadata=SKIPPED)
    (entry,) = inbox(app)["conversations"]

    assert (entry["assignee"], entry["messages"], "lastMessage" in entry) == (None, 0, False)


def test_the_newest_come_first_page_by_page(app: App, client: Client) -> None:
    made = [client.created("carl")["id"] for _ in range(5)]

    first = inbox(app, limit=2)
    second = inbox(app, limit=2, after=first["next"])
    last = inbox(app, limit=2, after=second["next"])

    pages = [[entry["id"] for entry in page["conversations"]] for page in (first, second, last)]
    assert pages == [[made[4], made[3]], [made[2], made[1]], [made[0]]]
    assert "next" not in last


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("invoice", ["invoice"]),
        ("INVOICE", ["invoice"]),
        ("order-7", ["own id"]),
        ("dora", ["dora's"]),
        ("100%", ["100% off_"]),
        ("%", ["100% off_"]),
        ("f_", ["100% off_"]),
        ("\\", []),
        ("nothing", []),
    ],
)
def test_a_search_looks_at_names_ids_and_people(
    app: App, client: Client, search: str, found: list[str]
) -> None:
    client.created("carl", groupName="invoice")
    client.created("carl", groupName="own id", clientGroupId="order-7")
    client.created("dora", groupName="dora's")
    client.created("carl", groupName="100% off_")

    assert [entry["name"] for entry in inbox(app, search=search)["conversations"]] == found


def test_a_search_finds_a_conversation_by_its_id(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    client.created("carl")

    assert ids(app, search=str(group_id)) == [group_id]


def test_the_filters_go_together(app: App, client: Client) -> None:
    taken = client.created("carl")["id"]
    closed = client.created("carl")["id"]
    client.status(closed, 2, sendNotifyMessage="false")
    nobodys = client.created("carl", metadata=SKIPPED)["id"]
    client.send(taken, "carl")

    assert ids(app, status=2) == [closed]
    assert ids(app, assignee=ADMIN) == [closed, taken]
    assert ids(app, assignee=ADMIN, status=0) == [taken]
    assert ids(app, unassigned="true") == [nobodys]
    assert ids(app, unassigned="false") == [closed, taken]
    assert ids(app, unread="true") == [taken]
    assert ids(app, unread="false", status=0) == [nobodys]


def test_a_long_message_is_cut_and_any_character_comes_through(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    client.send(group_id, "carl", message="\x00\ud800" + "x" * 1_000)

    (entry,) = inbox(app)["conversations"]
    assert entry["lastMessage"]["message"] == "\x00\ud800" + "x" * 198


@pytest.mark.parametrize(
    ("query", "named"),
    [("limit=0", "limit"), ("limit=1001", "limit"), ("staus=1", "staus"), ("unread=perhaps", "unread")],
)
def test_what_cannot_be_asked_is_refused_by_name(app: App, query: str, named: str) -> None:
    response = requests.get(f"{app.url}/_mock/apps/{app.application_id}/inbox?{query}", timeout=10)

    assert named in error(response, 400)["message"]
