"""/_mock/apps/APP/faults: rules made, listed, counted, deleted."""

from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from mockkommunicate.domain.operations import OPERATIONS
from tests.client import Client, ok
from tests.worlds import error

RULE: dict[str, Any] = {"match": {"operation": "user.detail"}, "do": {"status": 503}}


class Faults:
    """The faults of an app, over HTTP."""

    def __init__(self, client: Client, app: App) -> None:
        self._client = client
        self.path = f"/_mock/apps/{app.application_id}/faults"

    def call(self, method: str, more: str = "", **options: Any) -> requests.Response:
        """Call the control API."""
        return self._client.call(method, f"{self.path}{more}", **options)

    def add(self, **rule: Any) -> dict[str, Any]:
        """Add a rule, which must be right; it answers 503 to user.detail, but for what is given."""
        response = self.call("POST", json={**RULE, **rule})
        assert response.status_code == 201, response.text
        return dict(response.json())

    def all(self) -> list[dict[str, Any]]:
        """List the rules."""
        body = self.call("GET").json()
        assert list(body) == ["faults"]
        return list(body["faults"])

    def counts(self) -> list[tuple[int, int]]:
        """List what each rule has seen and struck."""
        return [(fault["seen"], fault["hits"]) for fault in self.all()]


@pytest.fixture
def faults(client: Client, app: App) -> Faults:
    """The faults of the test's own app."""
    return Faults(client, app)


def test_the_operations_are_those_that_the_server_names(client: Client) -> None:
    emulated = client.call("GET", "/_mock/info").json()["emulates"]

    assert sorted(route["operation"] for route in emulated) == sorted(OPERATIONS)


def test_a_rule_is_answered_and_listed_as_it_was_given_with_its_number_and_counts(faults: Faults) -> None:
    rule = {
        "match": {"operation": "message.send", "body": {"message": {"$regex": "^Hi"}}},
        "when": {"times": 2, "until": "2100-01-01T00:00:00Z", "limit": 1, "window": "PT1M"},
        "phase": "after",
        "ttlMs": 60_000,
        "do": {"status": 500, "body": {"b": 1, "a": [None, "é"]}, "headers": {"X-A": 1}},
    }

    added = faults.add(**rule)

    assert added == {"id": 1, "hits": 0, "seen": 0, **rule}
    assert list(added)[:3] == ["id", "hits", "seen"]
    assert faults.all() == [added]


def test_rules_are_numbered_and_listed_in_the_order_in_which_they_were_made(faults: Faults) -> None:
    assert [faults.add()["id"] for _ in range(3)] == [1, 2, 3]
    assert [fault["id"] for fault in faults.all()] == [1, 2, 3]


def test_a_number_is_never_given_twice(faults: Faults) -> None:
    faults.add()
    faults.add()
    faults.call("DELETE")

    assert faults.add()["id"] == 3


def test_a_rule_can_be_deleted(faults: Faults) -> None:
    for _ in range(3):
        faults.add()

    assert faults.call("DELETE", "/2").json() == {"deleted": 1}
    assert [fault["id"] for fault in faults.all()] == [1, 3]


def test_all_rules_can_be_deleted(faults: Faults) -> None:
    for _ in range(3):
        faults.add()

    assert faults.call("DELETE").json() == {"deleted": 3}
    assert faults.all() == []
    assert faults.call("DELETE").json() == {"deleted": 0}


@pytest.mark.parametrize("fault_id", ["3", "0", "x", "-1", "1.0", "%20"])
def test_an_unknown_rule_is_refused_naming_those_that_there_are(faults: Faults, fault_id: str) -> None:
    faults.add()
    faults.add()
    refusal = error(faults.call("DELETE", f"/{fault_id}"), 404)

    assert (refusal["code"], refusal["hint"]) == ("FAULT_NOT_FOUND", "there are: 1, 2")
    assert len(faults.all()) == 2


def test_where_there_is_no_rule_that_is_said(faults: Faults) -> None:
    assert error(faults.call("DELETE", "/1"), 404) == {
        "code": "FAULT_NOT_FOUND",
        "message": "no fault '1'",
        "hint": "there is none",
    }


def test_a_wrong_rule_is_refused_by_name_and_nothing_is_made(faults: Faults) -> None:
    refusal = error(faults.call("POST", json={**RULE, "match": {"operation": "message.sned"}}), 400)

    assert refusal["code"] == "MOCK-PARAM"
    assert refusal["message"] == (
        f"body 'match.operation': must be one of {', '.join(OPERATIONS)}, or a matcher; "
        "did you mean 'message.send'?; "
        'got "message.sned"'
    )
    assert faults.all() == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"5", b'"x"', b"\xff"])
def test_a_body_that_is_no_rule_is_refused(faults: Faults, content: bytes) -> None:
    assert faults.call("POST", data=content).status_code == 400
    assert faults.all() == []


DEEP = {
    "match": '{"match": {"body": DEEP}, "do": {"status": 500}}',
    "when": '{"match": {"method": "POST"}, "when": {"times": DEEP}, "do": {"status": 500}}',
    "do": '{"match": {"method": "PUT"}, "do": {"status": 500, "body": DEEP}}',
}


@pytest.mark.parametrize("part", DEEP)
@pytest.mark.parametrize("levels", [50, 200, 400, 700, 900, 950, 990, 5_000, 100_000])
def test_a_rule_that_is_nested_however_deep_breaks_nothing(
    faults: Faults, client: Client, part: str, levels: int
) -> None:
    rule = DEEP[part].replace("DEEP", "[" * levels + "]" * levels)
    response = faults.call("POST", data=rule.encode())

    assert response.status_code == (201 if levels == 50 and part != "when" else 400), response.text
    assert faults.call("GET").status_code == 200
    assert client.detail("x").status_code == 200


def test_an_instant_that_is_past_already_is_refused(faults: Faults, client: Client) -> None:
    now = client.call("POST", faults.path.replace("faults", "clock"), json={"freeze": 5_000}).json()["now"]
    refusal = error(faults.call("POST", json={**RULE, "when": {"until": now}}), 400)

    assert refusal["message"] == (
        "body 'when.until': must be after the present time of the app's clock, 5000; got 5000"
    )
    assert faults.add(when={"until": now + 1})["id"] == 1


def test_there_are_at_most_a_thousand_rules(faults: Faults, client: Client) -> None:
    faults.add()
    state_path = faults.path.replace("faults", "state")
    state = client.call("GET", state_path).json()
    state["faults"] = [{**state["faults"][0], "id": number} for number in range(1, 1_000)]
    state["sequences"]["fault"] = 999
    assert client.call("PUT", state_path, json=state).status_code == 200

    assert faults.add()["id"] == 1_000
    refusal = error(faults.call("POST", json=RULE), 409)
    assert refusal["code"] == "TOO_MANY_FAULTS"
    assert refusal["message"].startswith("an app has at most 1000 faults")
    assert len(faults.all()) == 1_000


def test_rules_are_not_too_large_together(faults: Faults) -> None:
    large = {"status": 500, "body": "x" * 600_000}
    faults.add(do=large)
    refusal = error(faults.call("POST", json={**RULE, "do": large}), 409)

    assert refusal["code"] == "TOO_MANY_FAULTS"
    assert "1000000 characters" in refusal["message"]
    assert len(faults.all()) == 1


def test_a_rule_goes_when_its_time_has_come(faults: Faults, client: Client) -> None:
    clock = faults.path.replace("faults", "clock")
    client.call("POST", clock, json={"freeze": True})
    faults.add(ttlMs=1_000)
    faults.add()
    client.call("POST", clock, json={"advance": 999})
    before = [fault["id"] for fault in faults.all()]
    client.call("POST", clock, json={"advance": 1})

    assert (before, [fault["id"] for fault in faults.all()]) == ([1, 2], [2])
    assert error(faults.call("DELETE", "/1"), 404)["hint"] == "there are: 2"
    assert client.detail("x").headers["X-Mock-Fault"] == "2"
    assert faults.call("DELETE").json() == {"deleted": 1}


def test_rules_are_an_apps_own(faults: Faults, server: MockKommunicate) -> None:
    faults.add()
    other = server.create_app()
    client = Client(other.url, other.api_key)

    assert Faults(client, other).all() == []
    assert client.detail("x").status_code == 200


def test_a_reset_removes_the_rules_and_says_how_many(faults: Faults, app: App, client: Client) -> None:
    faults.add()
    faults.add()

    assert app.reset()["removed"]["faults"] == 2
    assert faults.all() == []
    assert ok(client.create("user-1"))
    assert faults.add()["id"] == 1


def test_an_unknown_app_is_refused(client: Client) -> None:
    response = client.call("GET", "/_mock/apps/nobody/faults")

    assert error(response, 404)["code"] == "APP_NOT_FOUND"


@pytest.mark.parametrize(("method", "more"), [("PUT", ""), ("PATCH", ""), ("POST", "/1"), ("GET", "/1")])
def test_another_method_is_refused(faults: Faults, method: str, more: str) -> None:
    assert error(faults.call(method, more), 405)["code"] == "METHOD"
