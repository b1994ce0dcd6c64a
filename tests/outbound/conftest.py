"""An emulator for each way to send what is owed, on each kind of database that it runs on."""

from collections.abc import Iterator

import pytest

from mockkommunicate import App, MockKommunicate
from tests.client import Client
from tests.receivers import Receiver

WAYS = ["inline-sqlite", "inline-postgresql", "pump-sqlite", "pump-postgresql", "procrastinate-postgresql"]


@pytest.fixture(scope="session", params=WAYS)
def sending(request: pytest.FixtureRequest) -> Iterator[MockKommunicate]:
    """A running emulator that sends in one of the ways; whatever uses this runs by each."""
    way, _, backend = request.param.partition("-")
    database = None
    if backend == "postgresql":
        database = request.getfixturevalue("postgres").create_database()
    with MockKommunicate(database=database, deliveries=way) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def hooked(sending: MockKommunicate, receiver: Receiver) -> App:
    """An app of the test's own, whose webhook is the receiver."""
    return sending.create_app(settings={"webhook": {"url": receiver.url, "token": "abcdef"}})


@pytest.fixture
def speaker(hooked: App) -> Client:
    """A client of that app."""
    return Client(hooked.url, hooked.api_key)
