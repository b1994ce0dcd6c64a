"""Whatever is asked of an app that there is not, however wrongly: 404, naming the apps there are."""

import re
from typing import Any

import pytest

from mockkommunicate import MockKommunicate
from tests.client import Client
from tests.worlds import error


def calls(client: Client) -> list[tuple[str, str]]:
    """List every call of the control API on an app, with an app that there is not and names that may be."""
    document: dict[str, Any] = client.call("GET", "/_mock/openapi/control.json").json()
    found = [
        (method.upper(), re.sub(r"{\w+}", "1", path.replace("{application_id}", "mock-ap")))
        for path, methods in document["paths"].items()
        if "{application_id}" in path
        for method in methods
        if method != "parameters"
    ]
    assert len(found) > 30
    return found


@pytest.mark.parametrize("body", [b"", b"{}", b'{"unknown": 1}', b"[]", b"{"], ids=repr)
def test_every_call_on_it_is_not_found(server: MockKommunicate, body: bytes) -> None:
    client = Client(server.url, "")
    answers = [(*call, error(client.call(*call, data=body), 404)) for call in calls(client)]

    assert {refusal["code"] for _, _, refusal in answers} == {"APP_NOT_FOUND"}
    assert {refusal["message"] for _, _, refusal in answers} == {"no app 'mock-ap'"}
    assert [
        hint for hint in (each[2]["hint"] for each in answers) if not hint.startswith("there are: ")
    ] == []


@pytest.mark.parametrize("query", ["limit=-1", "unknown=1"])
def test_a_list_of_it_is_not_found_either(server: MockKommunicate, query: str) -> None:
    client = Client(server.url, "")
    for what in ("requests", "requests/ignored", "conversations"):
        refusal = error(client.call("GET", f"/_mock/apps/mock-ap/{what}?{query}"), 404)

        assert refusal["code"] == "APP_NOT_FOUND"
