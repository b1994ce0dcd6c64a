"""Those requests are deleted that are meant, and no other app's."""

from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client
from tests.control.journal.kept import GATEWAY, NOON, SEND, at_gateway, journal, path
from tests.worlds import error


def test_one_request_can_be_deleted_and_its_number_is_not_given_again(lived: App, client: Client) -> None:
    response = client.call("DELETE", path(lived, "/6"))
    client.detail(ADMIN)

    assert response.json() == {"deleted": 1}
    assert [one["id"] for one in journal(lived)] == [1, 2, 3, 4, 5, 7]


DELETIONS: list[tuple[Any, list[int]]] = [
    (None, []),
    ({}, []),
    ({"request": {}}, []),
    ({"request": {"path": SEND}}, [1, 3, 6]),
    ({"request": {"method": "get"}}, [1, 2, 5, 6]),
    ({"request": {"operation": "message.send", "body": {"groupId": 7}}}, [1, 3, 4, 5, 6]),
    ({"request": {"path": {"$regex": "nothing$"}}}, [1, 2, 4, 5, 6]),
    ({"request": {"headers": {"api-key": "other"}}}, [1, 2, 3, 4, 5, 6]),
]


@pytest.mark.parametrize(("body", "left"), DELETIONS, ids=str)
def test_those_that_match_are_deleted_or_all(lived: App, client: Client, body: Any, left: list[int]) -> None:
    response = client.call("DELETE", path(lived), json=body)

    assert response.json() == {"deleted": 6 - len(left)}
    assert [one["id"] for one in journal(lived)] == left


BAD_DELETIONS: list[tuple[Any, str]] = [
    ({"request": {"pth": "/x"}}, "body 'request.pth': "),
    ({"reqest": {}}, "did you mean 'request'?"),
    ({"request": []}, "body 'request': "),
    ({"request": None}, "body 'request': "),
    ({"request": {"path": {"$regx": "x"}}}, "$regx"),
    ({"request": {"path": {"$regex": "("}}}, "regular expression"),
    ({"request": {"operation": "mesage.send"}}, "did you mean 'message.send'?"),
    ({"path": SEND}, "body 'path': is not known here"),
]


@pytest.mark.parametrize(("body", "message"), BAD_DELETIONS, ids=str)
@pytest.mark.parametrize("where", ["app", "gateway"])
def test_a_deletion_that_cannot_be_understood_is_refused_and_deletes_nothing(
    server: MockKommunicate, lived: App, client: Client, *, body: Any, message: str, where: str
) -> None:
    requests.get(f"{server.url}/rest/ws/x", timeout=60)
    asked = path(lived) if where == "app" else GATEWAY
    refusal = error(client.call("DELETE", asked, json=body), 400)

    assert refusal["code"] == "MOCK-PARAM"
    assert message in refusal["message"]
    assert len(journal(lived)) == 6
    assert at_gateway(server, last=1)


def test_the_journal_of_another_app_stays_as_it_is(
    server: MockKommunicate, lived: App, client: Client
) -> None:
    other = server.create_app(at=NOON)
    Client(other.url, other.api_key).create("carl")
    before = requests.get(f"{other.url}{path(other)}", timeout=60).content
    client.call("DELETE", path(lived))
    lived.reset()
    client.create("dora")

    assert requests.get(f"{other.url}{path(other)}", timeout=60).content == before


def test_a_reset_begins_a_new_journal(lived: App, client: Client) -> None:
    removed = lived.reset()["removed"]
    client.create("carl")

    assert removed["requests"] == 6
    assert [one["id"] for one in journal(lived)] == [1]
