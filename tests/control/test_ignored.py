"""GET /_mock/apps/APP/requests/ignored: what clients sent and nobody read."""

from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client
from tests.worlds import BAD_PARAMETER, error

SEND = "/rest/ws/message/v2/send"


def path(app: App) -> str:
    return f"/_mock/apps/{app.application_id}/requests/ignored"


def ignored(app: App, **query: Any) -> dict[str, Any]:
    response = requests.get(f"{app.url}{path(app)}", params=query, timeout=60)
    assert response.status_code == 200, response.text
    return dict(response.json())


@pytest.fixture
def misread(app: App, client: Client) -> App:
    """An app that was sent much that nobody reads, and some that is read."""
    client.create("carl", groupMemberlist=["dora"], metadata={"SKIP_ROUTNG": "true", "order": "1"})
    client.detail(ADMIN)
    client.send(7, "carl", fromUsername="dora", clientGroupId="x")
    client.status(7, 2, stauts=1)
    client.call("GET", "/rest/ws/nothing", params={"a": 1})
    return app


def unknown(request_id: int, where: str, name: str, nearest: str) -> dict[str, Any]:
    return {"requestId": request_id, "where": where, "name": name, "class": "unknown", "nearest": nearest}


MISREAD = [
    unknown(1, "body", "groupMemberlist", "groupMemberList"),
    unknown(1, "body", "metadata.SKIP_ROUTNG", "metadata.SKIP_ROUTING"),
    unknown(3, "body", "fromUsername", "fromUserName"),
    {"requestId": 3, "where": "body", "name": "clientGroupId", "class": "ignored"},
    unknown(4, "query", "stauts", "status"),
]


def test_what_nobody_read_is_listed_with_its_request_and_the_nearest_name(misread: App) -> None:
    found = ignored(misread)["ignored"]

    assert sorted(found, key=str) == sorted(MISREAD, key=str)
    assert [one["requestId"] for one in found] == [1, 1, 3, 3, 4]


def test_each_request_of_the_journal_has_its_own(misread: App, client: Client) -> None:
    kept = client.call("GET", path(misread).removesuffix("/ignored")).json()["requests"]

    listed = [{"requestId": request["id"], **one} for request in kept for one in request["unread"]]
    assert listed == ignored(misread)["ignored"]
    assert [len(request["unread"]) for request in kept] == [2, 0, 2, 1, 0]


def test_where_everything_is_read_nothing_is_listed(app: App, client: Client) -> None:
    client.create("carl")
    client.detail(ADMIN)

    assert ignored(app) == {"ignored": []}


def test_the_list_comes_in_pages_of_requests(misread: App) -> None:
    seen: list[Any] = []
    after: int | None = 0
    pages = 0
    while after is not None:
        page = ignored(misread, limit=2, after=after)
        seen += page["ignored"]
        after, pages = page.get("next"), pages + 1

    assert seen == ignored(misread)["ignored"]
    assert pages == 3


def test_a_page_that_is_just_full_names_no_next(misread: App) -> None:
    assert "next" not in ignored(misread, limit=5)


def test_a_page_of_requests_that_were_read_goes_on(misread: App) -> None:
    assert ignored(misread, limit=1, after=1) == {"ignored": [], "next": 2}


def test_what_is_deleted_from_the_journal_is_gone_here_too(misread: App, client: Client) -> None:
    client.call("DELETE", path(misread).removesuffix("/ignored"))

    assert ignored(misread) == {"ignored": []}


def test_what_another_app_was_sent_is_not_listed(server: MockKommunicate, misread: App) -> None:
    assert ignored(server.create_app()) == {"ignored": []}
    assert len(ignored(misread)["ignored"]) == len(MISREAD)


def test_what_was_refused_is_listed_too(app: App, client: Client) -> None:
    app.settings({"strict": True})
    client.call("POST", SEND, json={"groupid": 1})

    assert ignored(app)["ignored"] == [unknown(1, "body", "groupid", "groupId")]


def test_what_a_body_holds_that_cannot_be_read_is_not_listed(app: App, client: Client) -> None:
    for body in (b'{"a": 1', b'{"a": "\xff"}', b'{"a": NaN}', b"[1]", b""):
        client.call("POST", SEND, data=body)

    assert ignored(app) == {"ignored": []}


def test_an_app_without_a_journal_lists_nothing(app: App, client: Client) -> None:
    app.settings({"journal": {"enabled": False}})
    client.create("carl", xyz=1)

    assert ignored(app) == {"ignored": []}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=0", "query 'limit': must be from 1 to 10000"),
        ("limit=x", "query 'limit': must be a whole number"),
        ("after=-1", "query 'after': must be from 0 to"),
        ("last=1", "query 'last': is not known here"),
        ("aftr=1", "query 'aftr': is not known here; did you mean 'after'?"),
        ("limit=1&limit=2", "query 'limit': is repeated; it may be given once"),
    ],
)
def test_a_page_that_cannot_be_is_refused_by_name(app: App, client: Client, query: str, message: str) -> None:
    refusal = error(client.call("GET", f"{path(app)}?{query}"), 400)

    assert refusal["code"] == BAD_PARAMETER
    assert message in refusal["message"]
