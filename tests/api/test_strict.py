"""The setting `strict`: what no handler would read is refused, all of it at once and by name."""

from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests import expected
from tests.client import ADMIN, Client, ok, refused

NOON = 1_900_000_000_000
SEND = "/rest/ws/message/v2/send"
CREATE = "/rest/ws/group/conversation"
STATUS = "/rest/ws/group/status/change"
DETAIL = "/rest/ws/user/v2/detail"
ATTACH = "/rest/ws/message/send"
MEMBERS = {"groupName": "A", "groupMemberList": ["carl"]}


@pytest.fixture
def app(server: MockKommunicate) -> App:
    """An app that takes nothing unknown, and whose clock stands still."""
    return server.create_app(at=NOON, settings={"strict": True})


def problems(response: requests.Response) -> list[str]:
    """List what a refusal says is wrong."""
    entry = refused(response, 400)
    assert (entry["errorCode"], entry["displayMessage"]) == ("MOCK-PARAM", "unable to process")
    return entry["description"].split("; ")


def journal(app: App) -> list[dict[str, Any]]:
    url = f"{app.url}/_mock/apps/{app.application_id}/requests"
    return list(requests.get(url, timeout=60).json()["requests"])


UNKNOWN: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", CREATE, {"json": {**MEMBERS, "groupNam": "x"}}, "body 'groupNam': is not known here; did you mean 'groupName'?"),
    ("POST", CREATE, {"json": {**MEMBERS, "xyz": 1}}, "body 'xyz': is not known here"),
    ("POST", CREATE, {"json": {**MEMBERS, "metadata": {"SKIP_ROUTNG": "true"}}}, "body 'metadata.SKIP_ROUTNG': is not known here; did you mean 'metadata.SKIP_ROUTING'?"),
    ("POST", CREATE, {"json": MEMBERS, "params": {"colour": "red"}}, "query 'colour': is not known here"),
    ("POST", SEND, {"json": {"groupId": 1, "message": "x", "fromUserName": "carl", "fromUsername": "x"}}, "body 'fromUsername': is not known here; did you mean 'fromUserName'?"),
    ("POST", SEND, {"json": {"groupId": 1, "message": "x", "fromUserName": "carl"}, "headers": {"X-Mock-Faults": "hang"}}, "header 'X-Mock-Faults': is not known here; did you mean 'X-Mock-Fault'?"),
    ("POST", DETAIL, {"json": {"userIdList": [ADMIN]}, "params": {"userIdLst": "a"}}, "query 'userIdLst': is not known here; did you mean body 'userIdList'?"),
    ("POST", ATTACH, {"json": {"groupId": 1, "message": "x", "filMeta": {}}, "headers": {"Of-User-Id": ADMIN}}, "body 'filMeta': is not known here; did you mean 'fileMeta'?"),
    ("POST", "/rest/ws/user/update", {"json": {"displayname": "x"}, "headers": {"Of-User-Id": ADMIN}}, "body 'displayname': is not known here; did you mean 'displayName'?"),
    ("PATCH", STATUS, {"params": {"groupId": 1, "status": 2, "stauts": 1}, "headers": {"Of-User-Id": ADMIN}}, "query 'stauts': is not known here; did you mean 'status'?"),
    ("PATCH", "/rest/ws/group/assignee/change", {"params": {"groupId": 1, "assignee": ADMIN, "asignee": "x"}, "headers": {"Of-User-Id": ADMIN}}, "query 'asignee': is not known here; did you mean 'assignee'?"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "options", "problem"), UNKNOWN, ids=[case[3] for case in UNKNOWN])
def test_what_is_unknown_is_refused_with_the_nearest_name(
    client: Client, *, method: str, path: str, options: dict[str, Any], problem: str
) -> None:
    assert "; ".join(problems(client.call(method, path, **options))) == problem


@pytest.mark.parametrize(("method", "path", "options", "problem"), UNKNOWN, ids=[case[3] for case in UNKNOWN])
def test_without_the_setting_it_is_not(
    server: MockKommunicate, *, method: str, path: str, options: dict[str, Any], problem: str
) -> None:
    app = server.create_app()
    response = Client(app.url, app.api_key).call(method, path, **options)

    assert response.status_code == 200
    assert problem not in response.text


def test_everything_unknown_and_everything_wrong_is_named_at_once(client: Client) -> None:
    body = {"groupMemberlist": ["carl"], "metadata": {"SKIP_ROUTNG": 1, "own": "x"}, "colour": 1}
    response = client.call("POST", CREATE, json=body, params={"a": 1})

    assert problems(response) == [
        "body 'groupName': is missing: a string",
        "body 'groupMemberList': is missing: a list of at least one user id",
        "body 'groupMemberlist': is not known here",
        "did you mean 'groupMemberList'?",
        "body 'metadata.SKIP_ROUTNG': is not known here",
        "did you mean 'metadata.SKIP_ROUTING'?",
        "body 'colour': is not known here",
        "query 'a': is not known here",
    ]


def test_what_is_refused_is_not_done_and_its_request_is_in_the_journal(app: App, client: Client) -> None:
    response = client.create("carl", xyz=1)

    assert client.detail("carl").json() == []
    kept = journal(app)[0]
    assert response.json()["generatedAt"] == NOON
    assert (kept["status"], kept["answer"]) == (400, response.json())
    assert kept["unread"] == [{"where": "body", "name": "xyz", "class": "unknown"}]


def test_what_is_known_and_only_has_no_effect_is_taken(client: Client) -> None:
    group = ok(client.create("carl", admin="x", type=10))

    assert ok(client.send(group["id"], "carl", clientGroupId="other"))["messageKey"]


def test_metadata_of_ones_own_is_taken(client: Client) -> None:
    group = ok(client.create("carl", metadata={"order": "300", "SKIP": "x"}))

    assert (group["metadata"]["order"], group["metadata"]["SKIP"]) == ("300", "x")


def test_headers_of_ones_own_are_taken(client: Client) -> None:
    headers = {"X-Request-Id": "1", "Accept-Language": "de", "Of-User-Id": ADMIN}

    assert client.detail(ADMIN, headers=headers).json() == [expected.ADMIN | _times()]


def _times() -> dict[str, int]:
    return dict.fromkeys(("createdAtTime", "lastSeenAtTime", "lastLoggedInAtTime"), NOON)


def test_a_body_that_cannot_be_read_is_only_that(client: Client) -> None:
    response = client.call("POST", SEND, data="{", params={"a": 1})

    assert refused(response, 400)["errorCode"] == "MOCK-BODY"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", SEND, 405), ("GET", "/rest/ws/x", 404), ("GET", "/rest/ws/group/list", 501)]
)  # fmt: skip
def test_what_is_no_operation_is_answered_as_ever(
    client: Client, method: str, path: str, status: int
) -> None:
    assert client.call(method, path, params={"a": 1}).status_code == status


def test_the_key_comes_first(server: MockKommunicate) -> None:
    assert Client(server.url, "wrong").create("carl", xyz=1).status_code == 401


def test_what_was_strict_can_be_lenient_again(app: App, client: Client) -> None:
    before = client.create("carl", xyz=1).status_code
    app.settings({"strict": False})

    assert (before, client.create("carl", xyz=1).status_code) == (400, 200)


def test_what_is_ignored_in_a_lenient_app_is_refused_in_a_strict_one_and_nothing_else(
    server: MockKommunicate, client: Client
) -> None:
    lenient = server.create_app()
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", CREATE, {"json": {**MEMBERS, "users": [], "clientGroupId": "order-1"}}),
        ("POST", SEND, {"json": {"groupId": 1, "message": "x", "to": "y", "fromUserName": "carl"}}),
        ("POST", DETAIL, {"json": {"userIdList": [ADMIN], "userNames": []}}),
        ("PATCH", STATUS, {"params": {"groupId": 1, "status": 2}, "headers": {"Of-User-Id": ADMIN}}),
        ("POST", ATTACH, {"json": {"groupId": 1, "message": "x"}, "headers": {"Of-User-Id": ADMIN}}),
    ]
    strict = [client.call(method, path, **options) for method, path, options in calls]
    for method, path, options in calls:
        Client(lenient.url, lenient.api_key).call(method, path, **options)

    unknown = [any(one["class"] == "unknown" for one in kept["unread"]) for kept in journal(lenient)]
    assert [response.status_code == 400 for response in strict] == unknown
