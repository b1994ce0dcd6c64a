"""What the OpenAPI document of the control API says of an answer is what is answered."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from mockkommunicate import App, MockKommunicate
from tests import openapi_examples

BOT = {"userId": "echo", "role": "bot", "builtIn": {"kind": "echo"}}
VERIFY = {"request": {"operation": "message.send"}, "times": 9}
CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/_mock/apps", None),
    ("POST", "/_mock/apps", {"scenario": {"users": [{"userId": "a", "role": "agent"}]}}),
    ("GET", "/_mock/apps/APP", None),
    ("GET", "/_mock/apps/APP/settings", None),
    ("PATCH", "/_mock/apps/APP/settings", {"strict": False, "handlingLimit": 5}),
    ("GET", "/_mock/apps/APP/users?limit=1", None),
    ("POST", "/_mock/apps/APP/users", BOT),
    ("GET", "/_mock/apps/APP/users/echo", None),
    ("PATCH", "/_mock/apps/APP/users/customer-1", {"displayName": "Carl"}),
    ("GET", "/_mock/apps/APP/conversations?limit=1", None),
    ("GET", "/_mock/apps/APP/conversations/ID", None),
    ("GET", "/_mock/apps/APP/conversations/ID/messages", None),
    ("POST", "/_mock/apps/APP/conversations/ID/assignee", {"from": "jane@example.com", "assignee": "echo"}),
    ("POST", "/_mock/apps/APP/conversations/ID/messages", {"from": "customer-1", "message": "Hello"}),
    ("POST", "/_mock/apps/APP/conversations/ID/reply", {"from": "echo", "reply": [{"message": "Hi"}]}),
    ("POST", "/_mock/apps/APP/conversations/ID/status", {"from": "jane@example.com", "status": 2}),
    ("GET", "/_mock/apps/APP/inbox", None),
    ("GET", "/_mock/apps/APP/agents", None),
    ("POST", "/_mock/apps/APP/settle", {}),
    ("GET", "/_mock/apps/APP/deliveries?limit=1", None),
    ("GET", "/_mock/apps/APP/deliveries/1", None),
    ("POST", "/_mock/apps/APP/deliveries/1/redeliver", {}),
    ("POST", "/_mock/apps/APP/wait", {"for": "message", "matching": {"message": "Hello"}}),
    ("POST", "/_mock/apps/APP/wait", {"for": "message", "matching": {"message": "No"}, "timeoutMs": 0}),
    ("POST", "/_mock/apps/APP/requests/verify", VERIFY),
    ("POST", "/_mock/apps/APP/requests/verify", {"request": {"path": "/rest/ws/grop"}}),
    ("GET", "/_mock/apps/APP/requests", None),
    ("GET", "/_mock/apps/APP/requests/1", None),
    ("GET", "/_mock/apps/APP/requests/ignored", None),
    ("GET", "/_mock/requests", None),
    (
        "POST",
        "/_mock/apps/APP/faults",
        {"match": {"operation": "user.update"}, "do": {"gateway": 429}, "ttlMs": "PT1H"},
    ),
    ("GET", "/_mock/apps/APP/faults", None),
    ("PUT", "/_mock/apps/APP/snapshots/before", {}),
    ("GET", "/_mock/apps/APP/snapshots", None),
    ("POST", "/_mock/apps/APP/files?name=a.txt", None),
    ("GET", "/_mock/apps/APP/files", None),
    ("GET", "/_mock/apps/APP/clock", None),
    ("POST", "/_mock/apps/APP/clock", {"advance": "PT1H"}),
    ("GET", "/_mock/fidelity", None),
]
"""A call of each kind that says what it answers, one after the other."""

Problems = Callable[[str, str, Any], list[str]]


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """An emulator; none of this depends on the database."""
    with MockKommunicate() as running:
        yield running


@pytest.fixture(scope="module")
def described(server: MockKommunicate) -> dict[str, Any]:
    """The document of the control API."""
    return dict(requests.get(f"{server.url}/_mock/openapi/control.json", timeout=10).json())


@pytest.fixture
def app(server: MockKommunicate) -> App:
    """A team at work whose webhook nobody answers (the port 9 is that of discard), and a request with a name that nobody read."""
    webhook = {"url": "http://127.0.0.1:9/"}
    made = server.create_app(scenario="support-team", settings={"webhook": webhook})
    body = {"groupId": made.conversations()[0].id, "fromUserName": "customer-1", "message": "Hm", "colour": 1}
    url = f"{made.url}/rest/ws/message/v2/send"
    assert requests.post(url, json=body, headers=made.headers, timeout=10).json()["status"] == "success"
    return made


def answers(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Answer the schema of each call that says what it answers."""
    schemas = {
        route: media["application/json"]["schema"]
        for route, operation in openapi_examples.operations(document)
        for status, answer in operation["responses"].items()
        if status != "default" and "application/json" in (media := answer["content"])
    }
    return {route: schema for route, schema in schemas.items() if "$ref" in schema}


def route_of(method: str, path: str, routes: dict[str, Any]) -> str:
    """Answer the route of a call: one without variables before one with."""
    wanted = f"{method} {path.partition('?')[0]}"
    fitting = [route for route in routes if re.fullmatch(re.sub(r"{\w+}", "[^/]+", route), wanted)]
    return min(fitting, key=lambda route: route.count("{"))


def problems(document: dict[str, Any], schema: dict[str, Any], answer: object) -> list[str]:
    whole = {**schema, "components": document["components"]}
    return [wrong.message for wrong in Draft202012Validator(whole).iter_errors(answer)]


def test_every_answer_is_as_it_is_described(app: App, described: dict[str, Any]) -> None:
    schemas, told, seen = answers(described), {}, set()
    for method, path, body in CALLS:
        url = path.replace("APP", app.application_id).replace("ID", str(app.conversations()[0].id))
        answer = requests.request(method, app.url + url, json=body, timeout=10)
        assert answer.ok, answer.text
        route = route_of(method, path, schemas)
        seen.add(route)
        told[f"{method} {path}"] = problems(described, schemas[route], answer.json())

    assert {call: wrong for call, wrong in told.items() if wrong} == {}
    assert seen == set(schemas)


def test_an_answer_that_is_otherwise_is_found(app: App, described: dict[str, Any]) -> None:
    schema = answers(described)["GET /_mock/apps/{application_id}"]
    answer = requests.get(f"{app.url}/_mock/apps/{app.application_id}", timeout=10).json()

    assert problems(described, schema, answer) == []
    assert problems(described, schema, answer | {"seed": "7"}) == ["'7' is not of type 'integer'"]
    assert len(problems(described, schema, answer | {"colour": "red"})) == 1


def test_what_only_says_that_it_is_an_object_is_known(described: dict[str, Any]) -> None:
    answered = answers(described)
    objects = [
        route
        for route, operation in openapi_examples.operations(described)
        if "application/json" in next(iter(operation["responses"].values()))["content"]
        and route not in answered
        and not route.startswith("DELETE ")
    ]

    assert [route.removeprefix("GET ").rpartition("/")[2] for route in objects] == [
        *("info", "kommunicate.json", "control.json", "reset", "read", "queue", "state", "state", "restore"),
        *("curl", "pytest", "example"),
    ]
