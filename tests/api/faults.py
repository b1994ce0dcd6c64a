"""What the tests of faults share: an app whose clock stands still, its faults, and calls that are answered as they should."""

from collections.abc import Callable, Mapping
from typing import Any

import requests

from mockkommunicate import App
from tests.client import ADMIN, Client

NOW = 1_893_456_000_000


class Faulty:
    """An app with one conversation, its clock standing still, and the faults that are put into it."""

    def __init__(self, app: App, client: Client) -> None:
        self.client = client
        self.path = f"/_mock/apps/{app.application_id}"
        self.control("POST", "/clock", freeze=NOW)
        self.conversation = int(client.created("user-1")["id"])
        stored = client.call("POST", f"{self.path}/files?name=a.txt", data=b"abc")
        self.blob_key = str(stored.json()["blobKey"])

    def control(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """Call the control API; it must not refuse."""
        response = self.client.call(method, f"{self.path}{path}", json=body or None)
        assert response.ok, response.text
        return dict(response.json())

    def upload(self, path: str, part: str, content: bytes = b"abc") -> requests.Response:
        """Upload a file as a part of a form."""
        return self.client.call("POST", path, files={part: ("a.txt", content)})

    def fail(self, operation: str = "user.detail", **rule: Any) -> str:
        """Add a rule; answer its number as answers carry it."""
        return str(self.control("POST", "/faults", **{"match": {"operation": operation}, **rule})["id"])

    def counts(self) -> list[tuple[int, int]]:
        """List what each rule has seen and struck."""
        return [(fault["seen"], fault["hits"]) for fault in self.control("GET", "/faults")["faults"]]

    def statuses(self, calls: int) -> list[int]:
        """Ask for a user's details so many times; list the statuses."""
        return [self.client.detail(ADMIN).status_code for _ in range(calls)]

    def entries(self) -> list[dict[str, Any]]:
        """List the journal."""
        return list(self.control("GET", "/requests")["requests"])

    def titles(self) -> list[str]:
        """List the names of the conversations."""
        return [group["name"] for group in self.control("GET", "/conversations")["conversations"]]


Call = Callable[[Faulty], requests.Response]

CALLS: Mapping[str, Call] = {
    "conversation.create": lambda app: app.client.create("user-1"),
    "user.detail": lambda app: app.client.detail(ADMIN),
    "message.send": lambda app: app.client.send(app.conversation),
    "message.send_attachment": lambda app: app.client.attach(app.conversation),
    "conversation.status": lambda app: app.client.status(app.conversation, 2),
    "user.update": lambda app: app.client.update("user-1", displayName="U"),
    "conversation.assignee": lambda app: app.client.assign(app.conversation, "jane"),
    "file.upload_image": lambda app: app.client.upload(),
    "file.upload": lambda app: app.upload("/rest/ws/upload/file", "file"),
    "file.url": lambda app: app.client.call("GET", "/rest/ws/file/url", params={"key": app.blob_key}),
    "file.download": lambda app: app.client.download(app.blob_key),
    "file.upload_url": lambda app: app.client.call("GET", "/rest/ws/aws/file/url"),
    "file.upload_signed": lambda app: app.upload("/rest/ws/aws/file/url", "files[]"),
    "conversation.waiting_list": lambda app: app.client.waiting(),
}
"""A call of each operation."""


def content(response: requests.Response) -> tuple[int, bytes, dict[str, str]]:
    """Answer everything that a server may say, but for the day and what tells of the fault."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return (
        response.status_code,
        response.content,
        {name: value for name, value in headers.items() if name not in {"date", "x-mock-fault"}},
    )
