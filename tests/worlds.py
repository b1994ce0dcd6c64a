"""One app of a running server as tests see it from outside: its clients' API, its control API and its exported state."""

import json
from typing import Any

import requests

from tests.client import ADMIN, Client
from tests.pictures import PNG

AT = 1_700_000_000_000
"""The instant at which clocks stand still in tests."""

BAD_PARAMETER = "MOCK-PARAM"

RICH = {"contentType": "300", "templateId": "6", "payload": '[{"title": "Yes"}]'}
"""Metadata of a rich message with a finding."""


class World:
    """An app, made with what `POST /_mock/apps` takes; by default with the seed 7 and a clock that stands still."""

    def __init__(self, url: str, **wanted: Any) -> None:
        given = {name: value for name, value in {"seed": 7, "at": AT, **wanted}.items() if value is not None}
        made = requests.post(f"{url}/_mock/apps", json=given, timeout=60)
        assert made.status_code == 201, made.text
        self.made = made.json()
        self.url = url
        self.id = str(self.made["applicationId"])
        self.client = Client(url, self.made["apiKey"])

    def control(self, method: str, path: str = "", **options: Any) -> requests.Response:
        """Call the control API; `path` begins behind the application id."""
        return self.client.call(method, f"/_mock/apps/{self.id}{path}", **options)

    def ok(self, method: str, path: str = "", body: Any = None) -> Any:
        """Call the control API and answer the JSON; fail when it refuses."""
        response = self.control(method, path, json=body)
        assert response.ok, response.text
        return response.json()

    @property
    def state(self) -> str:
        """The exported state, as it came."""
        response = self.control("GET", "/state")
        assert response.status_code == 200, response.text
        return response.text

    @property
    def document(self) -> dict[str, Any]:
        """The exported state, read."""
        return dict(json.loads(self.state))

    def put(self, state: str | dict[str, Any]) -> requests.Response:
        """Import a state."""
        text = state if isinstance(state, str) else json.dumps(state)
        return self.control("PUT", "/state", data=text)

    def fork(self, **wanted: Any) -> "World":
        """Make a fork."""
        return World(self.url, **{"seed": None, "at": None, "from": self.id, **wanted})

    def furnish(self) -> "World":
        """Put something of everything into it; answer itself."""
        client = self.client
        self.ok(
            "POST", "/users", {"userId": "jane", "role": "agent", "displayName": "Jane", "handlingLimit": 3}
        )
        self.ok("POST", "/users", {"userId": "robot", "role": "bot"})
        self.ok("POST", "/users", {"userId": "leaver", "role": "agent", "availability": "away"})
        first = client.created("carl", "dora", metadata={"order": 300}, clientGroupId="order")["id"]
        client.send(first, "carl", message="Größe? 😀", metadata={"a": True})
        client.send(first, "leaver", metadata=RICH)
        client.attach(first, fileMeta={"blobKey": "b", "size": 1.5, "more": [None, {"z": 1, "a": 2}]})
        client.status(first, 2)
        client.assign(client.created("emil")["id"], "robot")
        client.update("carl", displayName="Carl", email="carl@example.com", metadata={"plan": "gold"})
        self.ok("DELETE", "/users/leaver")
        self.ok("PATCH", "/settings", {"handlingLimit": 5, "routing": {"assignNewConversationsTo": "robot"}})
        rule = {"match": {"operation": "user.detail"}, "when": {"times": 2}, "do": {"status": 503}}
        self.ok("POST", "/faults", rule)
        client.upload("a.html", b"<p>\x00\xff</p>", "text/html")
        client.upload("photo.png", PNG, "image/png")
        client.detail(ADMIN)
        return self


def error(response: requests.Response, status: int) -> dict[str, str]:
    """Answer what the control API says is wrong; fail on anything else."""
    body = response.json()
    assert response.status_code == status, body
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message", "hint"]
    return dict(body["error"])
