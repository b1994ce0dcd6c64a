"""Apps whose clock stands still, so that their journal can be told byte for byte."""

from collections.abc import Callable

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client
from tests.control.journal.kept import NOON, SEND


@pytest.fixture
def app(server: MockKommunicate) -> App:
    """An app whose clock stands still."""
    return server.create_app(at=NOON)


@pytest.fixture
def lived(app: App, client: Client) -> App:
    """An app with six requests, a second apart."""
    calls: list[Callable[[], requests.Response]] = [
        lambda: client.create("carl"),
        lambda: client.send(7),
        lambda: client.call("GET", "/rest/ws/nothing"),
        lambda: client.call("GET", SEND),
        lambda: client.call("POST", SEND, data="{"),
        lambda: client.detail(ADMIN),
    ]
    for call in calls:
        call()
        app.control("POST", "clock", {"advance": 1_000})
    return app
