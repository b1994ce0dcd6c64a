"""The API key: checked before anything else, as by the gateway in front of the service."""

import secrets
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client, ok, refused

ROUTES = [
    ("POST", "/rest/ws/group/conversation"),
    ("POST", "/rest/ws/user/v2/detail"),
    ("POST", "/rest/ws/message/v2/send"),
    ("POST", "/rest/ws/message/send"),
    ("PATCH", "/rest/ws/group/status/change"),
    ("POST", "/rest/ws/user/update"),
    ("PATCH", "/rest/ws/group/assignee/change"),
    ("GET", "/rest/ws/group/waiting/list"),
]
FILE_ROUTES = [
    ("POST", "/rest/ws/upload/image"),
    ("POST", "/rest/ws/upload/file"),
    ("GET", "/rest/ws/file/url"),
    ("GET", "/rest/ws/aws/file/{blob_key}"),
    ("GET", "/rest/ws/aws/file/url"),
    ("POST", "/rest/ws/aws/file/url"),
]
DETAIL = "/rest/ws/user/v2/detail"
EVERYTHING = [
    *ROUTES,
    *FILE_ROUTES,
    ("GET", DETAIL),
    ("GET", "/rest/ws/group/v2/info"),
    ("POST", "/rest/ws/nothing"),
]
"""Besides the emulated routes: another method, a route that is not emulated, no route at all."""


def call(server: MockKommunicate, method: str, path: str, **options: Any) -> requests.Response:
    return requests.request(method, f"{server.url}{path}", timeout=30, **options)


def detail(server: MockKommunicate, headers: dict[str, str], query: str = "") -> requests.Response:
    return call(server, "POST", f"{DETAIL}{query}", headers=headers, json={"userIdList": [ADMIN]})


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_without_a_key_the_gateway_answers(server: MockKommunicate, method: str, path: str) -> None:
    response = call(server, method, path)

    assert response.status_code == 401
    assert response.text == '{"message":"No API key found in request"}'
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.headers["WWW-Authenticate"] == 'Key realm="kong"'


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_with_a_wrong_key_the_gateway_answers(server: MockKommunicate, method: str, path: str) -> None:
    response = call(server, method, path, headers={"Api-Key": "wrong"})

    assert response.status_code == 401
    assert response.text == '{"message":"Invalid authentication credentials"}'
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "WWW-Authenticate" not in response.headers


@pytest.mark.parametrize("name", ["Api-Key", "API-key", "api-key", "API-KEY", "aPI-kEY"])
def test_the_headers_name_may_be_in_any_case(server: MockKommunicate, app: App, name: str) -> None:
    assert detail(server, {name: app.api_key}).status_code == 200


def test_the_key_may_be_in_the_query(server: MockKommunicate, app: App) -> None:
    assert detail(server, {}, f"?apiKey={app.api_key}").status_code == 200


@pytest.mark.parametrize("name", ["apikey", "api-key", "Api-Key", "ApiKey"])
def test_the_querys_name_is_case_sensitive(server: MockKommunicate, app: App, name: str) -> None:
    assert detail(server, {}, f"?{name}={app.api_key}").json() == {"message": "No API key found in request"}


def test_the_header_goes_before_the_query(server: MockKommunicate, app: App) -> None:
    assert detail(server, {"Api-Key": "wrong"}, f"?apiKey={app.api_key}").status_code == 401
    assert detail(server, {"Api-Key": app.api_key}, "?apiKey=wrong").status_code == 200


def test_a_key_twice_in_the_query_is_the_gateways_business(server: MockKommunicate, app: App) -> None:
    response = detail(server, {}, f"?apiKey={app.api_key}&apiKey={app.api_key}")

    assert (response.status_code, response.json()) == (401, {"message": "Duplicate API key found"})


@pytest.mark.parametrize(("headers", "query"), [({"Api-Key": ""}, ""), ({}, "?apiKey="), ({}, "?apiKey")])
def test_an_empty_key_is_no_key(server: MockKommunicate, headers: dict[str, str], query: str) -> None:
    assert detail(server, headers, query).json() == {"message": "No API key found in request"}


@pytest.mark.parametrize(
    "query",
    [
        "%00",
        "auto-%00",
        "%FF",
        "%F0%9F%98%80",
        "%ED%A0%80",
        "'%20or%20''='",
        "x" * 5_000,
        "auto-" + "x" * 5_000,
    ],
    ids=lambda query: query[:20],
)
def test_any_text_can_be_a_wrong_key(server: MockKommunicate, query: str) -> None:
    response = detail(server, {}, f"?apiKey={query}")

    assert (response.status_code, response.json()) == (401, {"message": "Invalid authentication credentials"})


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda key: f"{key}x", lambda key: key[:-1]])
def test_keys_are_compared_exactly(server: MockKommunicate, change: Any) -> None:
    key = f"Key-{secrets.token_hex(8)}"
    server.create_app(apiKey=key)

    assert detail(server, {"Api-Key": change(key)}).status_code == 401
    assert detail(server, {"Api-Key": key}).status_code == 200


def test_the_application_id_is_no_key(server: MockKommunicate, app: App) -> None:
    assert detail(server, {"Api-Key": app.application_id}).status_code == 401


def test_the_key_of_a_deleted_app_is_wrong(server: MockKommunicate, app: App) -> None:
    assert detail(server, app.headers).status_code == 200
    app.delete()

    assert detail(server, app.headers).json() == {"message": "Invalid authentication credentials"}


def test_the_key_is_checked_before_the_body(server: MockKommunicate) -> None:
    assert call(server, "POST", DETAIL, data=b"\xff{").status_code == 401


def test_a_wrong_key_does_nothing(app: App) -> None:
    assert Client(app.url, "wrong").create("user-1").status_code == 401

    assert app.conversations() == []


# Keys that make their app.


@pytest.fixture
def auto(server: MockKommunicate) -> Client:
    """A client with a key that nobody has used."""
    return Client(server.url, f"auto-{secrets.token_hex(8)}")


def test_a_made_up_key_makes_its_app_on_first_use(auto: Client) -> None:
    group = auto.created("user-1")

    application_id = str(auto.session.headers["Api-Key"]).removeprefix("auto-")
    assert App(auto.url, application_id, "").conversation(group["id"])["assignee"] == ADMIN
    assert auto.created("user-1")["id"] == group["id"] + 1


def test_a_made_up_key_may_begin_by_asking(auto: Client) -> None:
    assert [user["userId"] for user in auto.detail(ADMIN, "bot").json()] == [ADMIN, "bot"]


def test_a_made_up_key_may_begin_with_a_mistake(auto: Client) -> None:
    assert refused(auto.call("POST", "/rest/ws/nothing"), 404)["errorCode"] == "MOCK-ROUTE"
    assert refused(auto.create(groupName=1), 400)["errorCode"] == "MOCK-PARAM"
    assert ok(auto.create("user-1"))["membersId"] == ["user-1", ADMIN, "bot"]


def test_a_made_up_key_works_in_the_query(server: MockKommunicate) -> None:
    assert detail(server, {}, f"?apiKey=auto-{secrets.token_hex(8)}").status_code == 200


def test_two_made_up_keys_are_two_worlds(server: MockKommunicate) -> None:
    one, other = (Client(server.url, f"auto-{secrets.token_hex(8)}") for _ in range(2))
    one.created("user-1", clientGroupId="same")

    assert other.detail("user-1").json() == []
    assert other.created("user-1", clientGroupId="same")["clientGroupId"] == "same"


def test_the_worlds_of_made_up_keys_are_alike(server: MockKommunicate) -> None:
    one, other = (Client(server.url, f"auto-{secrets.token_hex(8)}") for _ in range(2))

    assert one.created("user-1")["id"] == other.created("user-1")["id"]


@pytest.mark.parametrize(
    "key", ["auto-", "auto- x", "auto-a/b", "auto-é", "auto-mock-app", "Auto-x", "auto-" + "x" * 101]
)
def test_a_key_that_cannot_be_an_apps_is_wrong(server: MockKommunicate, key: str) -> None:
    headers: Any = {"Api-Key": key.encode()}

    assert detail(server, headers).json() == {"message": "Invalid authentication credentials"}


def test_an_app_whose_id_a_made_up_key_asks_for_is_not_opened_by_it(
    server: MockKommunicate, app: App
) -> None:
    assert detail(server, {"Api-Key": f"auto-{app.application_id}"}).status_code == 401


def test_past_the_bound_made_up_keys_are_refused_and_those_there_are_go_on() -> None:
    with MockKommunicate(max_apps=2) as server:
        assert detail(server, {"Api-Key": "auto-one"}).status_code == 200
        response = detail(server, {"Api-Key": "auto-two"})

        assert refused(response, 503) == {
            "errorCode": "MOCK-APPS",
            "description": "there are 2 apps already (--max-apps); delete some or raise the bound",
            "displayMessage": "unable to process",
        }
        assert detail(server, {"Api-Key": "auto-one"}).status_code == 200
        assert detail(server, {"Api-Key": "mock-api-key"}).status_code == 200


def test_a_made_up_app_is_filled_from_the_servers_scenario_and_seed() -> None:
    with MockKommunicate(scenario="support-team", seed=3) as server:
        default = [group["name"] for group in server.default_app.conversations()]
        detail(server, {"Api-Key": "auto-one"})

        assert [group["name"] for group in App(server.url, "one", "auto-one").conversations()] == default
