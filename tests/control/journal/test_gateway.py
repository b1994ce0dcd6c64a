"""Requests that belong to no app are kept apart."""

import secrets
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client, refused
from tests.control.journal.kept import ANY, GATEWAY, SEND, at_gateway, entry, journal
from tests.expected import NOW
from tests.postgres import wait_until


def assert_is_at_gateway(server: MockKommunicate, response: requests.Response, **details: Any) -> None:
    kept = at_gateway(server, last=1)[0]
    sent = entry(response, id=kept["id"], at=NOW, durationMs=kept["durationMs"], **details)
    sent["headers"].pop("Api-Key")
    assert kept == sent | {"headers": {**sent["headers"], **_keys(kept)}, "unread": kept["unread"]}


def _keys(kept: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in kept["headers"].items() if value == "***"}


@pytest.mark.parametrize(
    ("key", "message"),
    [({}, "No API key found in request"), ({"Api-Key": "wrong-key"}, "Invalid authentication credentials")],
    ids=["no key", "a wrong key"],
)
def test_a_request_without_an_app_is_kept_apart(
    server: MockKommunicate, app: App, key: dict[str, str], message: str
) -> None:
    response = requests.post(f"{server.url}{SEND}", json={"a": 1}, headers=key, timeout=60)

    assert (response.status_code, response.json()) == (401, {"message": message})
    assert_is_at_gateway(server, response, body={"a": 1}, operation="message.send")
    assert journal(app) == []


def test_a_key_that_is_repeated_is_kept_apart_and_masked(server: MockKommunicate, app: App) -> None:
    query = {"apiKey": [app.api_key, app.api_key]}
    response = requests.post(f"{server.url}{SEND}", params=query, json={}, timeout=60)

    assert response.status_code == 401
    assert_is_at_gateway(
        server, response, query={"apiKey": ["***", "***"]}, body={}, operation="message.send"
    )
    assert journal(app) == []


@pytest.mark.parametrize("to", ["/rest/ws/nothing", "/somewhere", "/"])
@pytest.mark.parametrize("key", [{}, {"Api-Key": "wrong-key"}], ids=["no key", "a wrong key"])
def test_an_unknown_path_without_an_app_is_kept_apart(
    server: MockKommunicate, to: str, key: dict[str, str]
) -> None:
    response = requests.get(f"{server.url}{to}", headers=key, timeout=60)

    assert response.status_code == (401 if to.startswith("/rest") else 404)
    assert_is_at_gateway(server, response)


def test_a_made_up_key_that_begins_with_a_mistake_has_it_in_its_journal(server: MockKommunicate) -> None:
    name = f"new-{secrets.token_hex(4)}"
    response = Client(server.url, f"auto-{name}").call("POST", SEND, data=b"{")

    kept = requests.get(f"{server.url}/_mock/apps/{name}/requests", timeout=60).json()["requests"]
    assert [one["answer"] for one in kept] == [response.json()]


def test_past_the_bound_of_apps_the_refusal_is_kept_apart() -> None:
    with MockKommunicate(max_apps=1) as server:
        response = Client(server.url, "auto-more").detail(ADMIN)

        assert refused(response, 503)["errorCode"] == "MOCK-APPS"
        assert [one["answer"] for one in at_gateway(server)] == [response.json()]


def test_what_belongs_to_no_app_can_be_filtered_and_deleted(server: MockKommunicate) -> None:
    mark = f"/rest/ws/{secrets.token_hex(4)}"
    for number in range(4):
        requests.get(f"{server.url}{mark}/{number % 2}", timeout=60)
    matching = {"request": {"path": f"{mark}/0"}}
    deleted = requests.delete(f"{server.url}{GATEWAY}", json=matching, timeout=60)

    assert deleted.json() == {"deleted": 2}
    assert len(at_gateway(server, path=f"{mark}/1", status=401)) == 2
    assert requests.delete(f"{server.url}{GATEWAY}", timeout=60).json()["deleted"] >= 2
    assert at_gateway(server) == []


def test_an_app_that_is_deleted_amid_its_request_leaves_that_apart(server: MockKommunicate) -> None:
    app = server.create_app()
    mark = secrets.token_hex(4)
    app.control("POST", "faults", {"match": ANY, "do": {"latencyMs": 500}})
    with pytest.raises(requests.Timeout):
        requests.get(f"{app.url}/rest/ws/{mark}", headers=app.headers, timeout=0.2)
    app.delete()
    wait_until(lambda: at_gateway(server, path=f"/rest/ws/{mark}"))

    (kept,) = at_gateway(server, path=f"/rest/ws/{mark}")
    assert (kept["status"], kept["answer"]) == (401, {"message": "Invalid authentication credentials"})
