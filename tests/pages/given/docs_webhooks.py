"""A receiver of webhooks, and a service that answers a customer."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from mockkommunicate import App


class Handler(BaseHTTPRequestHandler):
    """Takes every call."""

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class receiver:  # noqa: N801 - the page's name
    """What the page calls the receiver."""

    url: str


class my_service:  # noqa: N801 - the page's name
    """What the page calls the service."""

    app: App

    @classmethod
    def answer(cls, user: str) -> None:
        """Open a conversation with somebody, and write into it."""
        made = cls._post("group/conversation", groupName="Help", groupMemberList=[user])
        cls._post("message/v2/send", groupId=made["response"]["id"], fromUserName=user, message="Hello")

    @classmethod
    def _post(cls, path: str, **body: object) -> dict[str, dict[str, int]]:
        url = f"{cls.app.url}/rest/ws/{path}"
        return dict(requests.post(url, json=body, headers=cls.app.headers, timeout=20).json())


@pytest.fixture(autouse=True)
def _running(kommunicate: App) -> Iterator[None]:
    my_service.app = kommunicate
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/webhook"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()
