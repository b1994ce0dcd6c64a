"""Those requests are listed that are asked for."""

from typing import Any

import pytest

from mockkommunicate import App
from tests.client import Client
from tests.control.journal.kept import GATEWAY, NOON, SEND, journal, path
from tests.worlds import error

FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3, 4, 5, 6]),
    ({"method": "GET"}, [3, 4]),
    ({"method": "get"}, [3, 4]),
    ({"method": "TRACE"}, []),
    ({"path": SEND}, [2, 4, 5]),
    ({"path": SEND[:-1]}, []),
    ({"operation": "message.send"}, [2, 5]),
    ({"status": 200}, [1, 2, 6]),
    ({"status": 400}, [5]),
    ({"since": NOON + 3_000}, [4, 5, 6]),
    ({"since": "2030-03-17T17:46:43Z"}, [4, 5, 6]),
    ({"since": NOON + 3_001}, [5, 6]),
    ({"unmatched": "true"}, [3, 4]),
    ({"unmatched": "false"}, [1, 2, 5, 6]),
    ({"path": SEND, "method": "POST", "status": 400}, [5]),
    ({"limit": 2}, [1, 2]),
    ({"after": 4}, [5, 6]),
    ({"after": 4, "limit": 1}, [5]),
    ({"last": 2}, [5, 6]),
    ({"last": 100}, [1, 2, 3, 4, 5, 6]),
    ({"last": 2, "path": SEND}, [4, 5]),
    ({"last": 2, "after": 5}, [6]),
    ({"after": 6}, []),
    ({"after": 2**31 - 1}, []),
]


@pytest.mark.parametrize(("query", "numbers"), FILTERS, ids=str)
def test_those_that_are_asked_for_are_listed(lived: App, query: dict[str, Any], numbers: list[int]) -> None:
    assert [one["id"] for one in journal(lived, **query)] == numbers


def test_the_list_comes_in_pages(lived: App, client: Client) -> None:
    seen, after, pages = [], 0, 0
    while after is not None:
        page = client.call("GET", path(lived), params={"limit": 2, "after": after, "path": SEND}).json()
        assert page["dropped"] == 0
        seen += [one["id"] for one in page["requests"]]
        after, pages = page.get("next"), pages + 1

    assert (seen, pages) == ([2, 4, 5], 2)


@pytest.mark.parametrize("query", [{"limit": 6}, {"last": 6}, {"last": 3}, {"limit": 2, "after": 4}], ids=str)
def test_a_list_with_nothing_behind_it_names_no_next(
    lived: App, client: Client, query: dict[str, Any]
) -> None:
    assert "next" not in client.call("GET", path(lived), params=query).json()


BAD_QUERIES = [
    ("limit=0", "query 'limit': must be from 1 to 10000; got \"0\""),
    ("limit=-1", "query 'limit': must be from 1 to 10000; got \"-1\""),
    ("limit=10001", "query 'limit': must be from 1 to 10000; got \"10001\""),
    ("last=0", "query 'last': must be from 1 to 10000; got \"0\""),
    ("after=x", "query 'after': must be a whole number; got \"x\""),
    ("after=-1", "query 'after': must be from 0 to"),
    ("status=ok", "query 'status': must be a whole number; got \"ok\""),
    ("since=yesterday", "query 'since': must be an instant: milliseconds since 1970, or ISO 8601"),
    ("since=1969-12-31", "query 'since': must be an instant from the year 1970 to 9999"),
    ("unmatched=maybe", "query 'unmatched': must be true or false"),
    ("operation=mesage.send", "did you mean 'message.send'?"),
    ("operation=", "query 'operation': must be one of conversation.create, user.detail, message.send"),
    ("metod=GET", "did you mean 'method'?"),
    ("path=/a&path=/b", "query 'path': is repeated; it may be given once"),
    ("last=2&limit=2", "query 'last': cannot be given together with limit"),
]


@pytest.mark.parametrize(("query", "message"), BAD_QUERIES, ids=[query for query, _ in BAD_QUERIES])
@pytest.mark.parametrize("where", ["app", "gateway"])
def test_a_list_that_cannot_be_is_refused_by_name(
    app: App, client: Client, query: str, message: str, where: str
) -> None:
    asked = path(app) if where == "app" else GATEWAY
    refusal = error(client.call("GET", f"{asked}?{query}"), 400)

    assert refusal["code"] == "MOCK-PARAM"
    assert message in refusal["message"]


@pytest.mark.parametrize("rest", ["", "/1", "/ignored"])
def test_of_an_app_that_there_is_not_there_is_no_journal(client: Client, rest: str) -> None:
    assert error(client.call("GET", f"/_mock/apps/nobody/requests{rest}"), 404)["code"] == "APP_NOT_FOUND"
