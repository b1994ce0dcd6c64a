"""/_mock/livez, readyz, info, and what else is answered below /_mock."""

import pytest
import requests

import mockkommunicate
from mockkommunicate import MockKommunicate
from tests.api.test_keys import FILE_ROUTES, ROUTES
from tests.worlds import error

OPERATIONS = [
    "conversation.create",
    "user.detail",
    "message.send",
    "message.send_attachment",
    "conversation.status",
    "user.update",
    "conversation.assignee",
    "file.upload_image",
    "file.upload",
    "file.url",
    "file.download",
    "file.upload_url",
    "file.upload_signed",
    "conversation.waiting_list",
]


def get(server: MockKommunicate, path: str, method: str = "GET") -> requests.Response:
    return requests.request(method, f"{server.url}{path}", timeout=20)


def test_the_process_is_alive(server: MockKommunicate) -> None:
    response = get(server, "/_mock/livez")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert response.headers["Content-Type"] == "application/json"


def test_the_server_is_ready(server: MockKommunicate) -> None:
    response = get(server, "/_mock/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_without_its_default_app_the_server_is_not_ready() -> None:
    with MockKommunicate() as server:
        requests.delete(f"{server.url}/_mock/apps/default", timeout=20)
        response = get(server, "/_mock/readyz")

    assert (response.status_code, response.json()) == (503, {"status": "starting"})


SCENARIOS = [
    "after-hours",
    "at-capacity",
    "bot-first",
    "busy-day",
    "empty",
    "long-history",
    "starter",
    "support-team",
    "waiting-room",
]


def test_the_info_names_what_is_emulated_and_the_scenarios(server: MockKommunicate, backend: str) -> None:
    info = get(server, "/_mock/info").json()

    emulated = {route["operation"]: (route["method"], route["path"]) for route in info.pop("emulates")}
    *documented, waiting_list = ROUTES
    assert emulated == dict(zip(OPERATIONS, [*documented, *FILE_ROUTES, waiting_list], strict=True))
    assert info == {
        "name": "mockkommunicate",
        "version": mockkommunicate.__version__,
        "database": backend,
        "scenarios": SCENARIOS,
    }


@pytest.mark.parametrize(
    "path", ["/_mock/nothing", "/_mock", "/_mock/", "/_mock/livez/", "/_mock/apps/a/b/c/d"]
)
def test_an_unknown_route_is_refused_in_the_control_apis_form(server: MockKommunicate, path: str) -> None:
    entry = error(get(server, path), 404)

    assert (entry["code"], entry["message"]) == ("ROUTE", f"no such route: {path}")


def test_an_unknown_route_names_the_nearest(server: MockKommunicate) -> None:
    assert error(get(server, "/_mock/infos"), 404)["hint"] == "the nearest is /_mock/info"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/_mock/livez", "GET, HEAD"),
        ("DELETE", "/_mock/apps", "GET, HEAD, POST"),
        ("GET", "/_mock/apps/default/reset", "POST"),
        ("PUT", "/_mock/apps/default/settings", "GET, HEAD, PATCH"),
    ],
)
def test_another_method_is_refused_naming_those_there_are(
    server: MockKommunicate, method: str, path: str, allowed: str
) -> None:
    response = get(server, path, method)

    assert error(response, 405) == {
        "code": "METHOD",
        "message": f"{method} is not for {path}",
        "hint": f"allowed: {allowed}",
    }
    assert response.headers["Allow"] == allowed
