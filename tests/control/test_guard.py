"""Who may use the control API."""

from collections.abc import Iterator

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client
from tests.worlds import error

TOKEN = "a-token-of-this-test"
PATHS = [
    "/_mock/apps",
    "/_mock/info",
    "/_mock/apps/default/users",
    "/_mock/openapi/kommunicate.json",
    "/_mock/nothing",
]


def get(url: str, path: str = "/_mock/apps", **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(f"{url}{path}", headers=named, timeout=20)


@pytest.fixture(scope="module")
def guarded() -> Iterator[MockKommunicate]:
    """A server that other machines can reach."""
    with MockKommunicate(host="0.0.0.0", control_token=TOKEN) as server:
        yield server


def test_off_loopback_the_control_api_wants_its_token(guarded: MockKommunicate) -> None:
    for path in PATHS:
        assert error(get(guarded.url, path), 401) == {
            "code": "TOKEN",
            "message": "the control API needs its token",
            "hint": "Authorization: Bearer <the token that the server printed, or --control-token>",
        }


@pytest.mark.parametrize(
    "value",
    [
        "",
        TOKEN,
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        "Bearer",
        f"bearer{TOKEN}",
        "Bearer é",
    ],
)
def test_a_wrong_token_is_refused(guarded: MockKommunicate, value: str) -> None:
    headers = {"Authorization": value.encode()}
    response = requests.get(f"{guarded.url}/_mock/apps", headers=headers, timeout=20)

    assert error(response, 401)["code"] == "TOKEN"


def test_the_right_token_opens_it(guarded: MockKommunicate) -> None:
    assert get(guarded.url, Authorization=f"Bearer {TOKEN}").status_code == 200


@pytest.mark.parametrize("path", ["/_mock/livez", "/_mock/readyz"])
def test_health_checks_need_no_token(guarded: MockKommunicate, path: str) -> None:
    assert get(guarded.url, path).status_code == 200


def test_the_emulated_api_needs_no_token(guarded: MockKommunicate) -> None:
    assert Client(guarded.url, "mock-api-key").detail(ADMIN).status_code == 200


def test_with_the_token_any_name_of_the_machine_will_do(guarded: MockKommunicate) -> None:
    response = get(guarded.url, Authorization=f"Bearer {TOKEN}", Host="emulator.internal:8080")

    assert response.status_code == 200


def test_a_token_is_made_up_when_none_is_given() -> None:
    with MockKommunicate(host="0.0.0.0") as server:
        assert error(get(server.url), 401)["code"] == "TOKEN"
        assert error(get(server.url, Authorization="Bearer None"), 401)["code"] == "TOKEN"


def test_a_server_off_loopback_can_be_used_through_its_own_handle() -> None:
    with MockKommunicate(host="0.0.0.0") as server:
        app = server.create_app()
        group = Client(app.url, app.api_key).created("carl")

        assert app.conversation(group["id"])["assignee"] == ADMIN


def test_a_token_can_be_wanted_on_loopback_too() -> None:
    with MockKommunicate(control_token=TOKEN) as server:
        assert error(get(server.url), 401)["code"] == "TOKEN"
        assert get(server.url, Authorization=f"Bearer {TOKEN}").status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1",
        "http://localhost:1",
        "null",
        "",
        "http://[",
        "file://",
        "\xe9",
    ],
)
def test_calls_of_a_page_of_another_origin_are_refused(
    server: MockKommunicate, guarded: MockKommunicate, origin: str
) -> None:
    headers = {"Origin": origin.encode(), "Authorization": f"Bearer {TOKEN}".encode()}
    for url in (server.url, guarded.url):
        for path in (*PATHS, "/_mock/livez"):
            response = requests.get(f"{url}{path}", headers=headers, timeout=20)

            assert error(response, 403)["code"] == "ORIGIN"
            assert "Access-Control-Allow-Origin" not in response.headers


def test_a_page_of_the_servers_own_origin_may_call(server: MockKommunicate) -> None:
    assert get(server.url, Origin=server.url).status_code == 200


def test_a_refused_call_does_nothing(server: MockKommunicate, app: App) -> None:
    headers = {"Origin": "http://evil.example"}
    path = f"{server.url}/_mock/apps/{app.application_id}"
    response = requests.delete(path, headers=headers, timeout=20)

    assert response.status_code == 403
    assert get(server.url, f"/_mock/apps/{app.application_id}").status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[::2]",
        "[::1",
    ],
)
def test_on_loopback_a_foreign_name_is_refused(server: MockKommunicate, host: str) -> None:
    assert error(get(server.url, Host=host), 403)["code"] == "HOST"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost:1",
        "127.0.0.1",
        "127.0.0.2:8080",
        "[::1]",
        "[::1]:8080",
        "app.localhost",
    ],
)
def test_on_loopback_every_name_of_it_will_do(server: MockKommunicate, host: str) -> None:
    assert get(server.url, Host=host).status_code == 200


def test_the_emulated_api_may_be_called_by_any_name(server: MockKommunicate, app: App) -> None:
    headers = {**app.headers, "Host": "services.kommunicate.io", "Origin": "http://shop.example"}
    response = requests.post(
        f"{server.url}/rest/ws/user/v2/detail", headers=headers, json={"userIdList": ["bot"]}, timeout=20
    )

    assert response.status_code == 200
