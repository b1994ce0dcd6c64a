"""Wrong methods, unknown routes, known routes that are not emulated: always JSON, never a silent success."""

import pytest

from tests import expected
from tests.api.test_keys import ROUTES
from tests.client import Client, refused

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]


@pytest.mark.parametrize(("right", "path"), ROUTES)
def test_every_other_method_is_refused_as_the_service_does(client: Client, right: str, path: str) -> None:
    for method in set(METHODS) - {right}:
        response = client.call(method, path)

        assert refused(response, 405) == expected.error(
            "AL-MA-01", "method not allowed", f"Request method '{method}' not supported"
        )
        assert response.headers["Allow"] == right
        assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(("right", "path"), ROUTES)
def test_head_is_another_method_too_but_where_get_is_the_right_one(
    client: Client, right: str, path: str
) -> None:
    response = client.call("HEAD", path)

    assert (response.status_code, response.content) == (200 if right == "GET" else 405, b"")


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/rest/ws/group/conversations", "/rest/ws/group/conversation"),
        ("/rest/ws/group/conversation/", "/rest/ws/group/conversation"),
        ("/rest/ws/group//conversation", "/rest/ws/group/conversation"),
        ("/rest/ws/Group/conversation", "/rest/ws/group/conversation"),
        ("/rest/ws/user/v2/details", "/rest/ws/user/v2/detail"),
        ("/rest/ws/message/send/", "/rest/ws/message/send"),
        ("/rest/ws/group/status/changed", "/rest/ws/group/status/change"),
        ("/rest/ws/group/assignee", "/rest/ws/group/assignee/change"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_route_names_the_nearest(client: Client, method: str, path: str, nearest: str) -> None:
    assert refused(client.call(method, path), 404) == expected.error(
        "MOCK-ROUTE", f"no such route: {path}; the nearest known route is {nearest}"
    )


@pytest.mark.parametrize(
    "path",
    ["/rest/ws/", "/rest/ws/" + "x" * 3_000, "/rest/ws/%00", "/rest/ws/%FF", "/rest/ws/<b>", "/rest/ws/../x"],
)
def test_any_path_below_the_prefix_is_answered_in_the_envelope(client: Client, path: str) -> None:
    entry = refused(client.call("POST", path), 404)

    assert entry["errorCode"] == "MOCK-ROUTE"
    assert entry["description"].startswith("no such route: /rest/")


@pytest.mark.parametrize("path", ["/", "/rest", "/favicon.ico", "/rest/wsx", "/index.html"])
def test_any_other_path_is_answered_in_json_without_a_key(client: Client, path: str) -> None:
    del client.session.headers["Api-Key"]

    assert refused(client.call("GET", path), 404)["errorCode"] == "MOCK-ROUTE"


@pytest.mark.parametrize(
    "path",
    [
        "/rest/ws/group/v2/create",
        "/rest/ws/group/v2/info",
        "/rest/ws/group/v2/assignee/change",
        "/rest/ws/group/update",
        "/rest/ws/message/list",
        "/rest/ws/user/detail",
        "/rest/ws/file/delete",
        "/rest/ws/attachment/2953a1e4-5777",
        "/rest/ws/register/client",
        "/rest/ws/team/business-settings",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_route_that_the_service_has_and_we_do_not_says_so(client: Client, method: str, path: str) -> None:
    assert refused(client.call(method, path), 501) == expected.error(
        "MOCK-ROUTE", f"{path} exists in Kommunicate and is not emulated here"
    )
