"""What tests share: a running emulator on each kind of database, and an app of its own for each test."""

import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockkommunicate import App, MockKommunicate
from tests.client import Client
from tests.postgres import Postgres, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["tests.recording"]


def pytest_configure() -> None:
    """Take the signals that whoever starts this in the background may have made it ignore, and its children too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run more tests at once than there are cores: many wait for processes, leases and browsers."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL of this test run's own."""
    with running() as server:
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kinds of database; whatever uses this runs on each."""
    return str(request.param)


@pytest.fixture(scope="session")
def server(backend: str, request: pytest.FixtureRequest) -> Iterator[MockKommunicate]:
    """A running emulator on a thread of this process."""
    database = None
    if backend == "postgresql":
        database = request.getfixturevalue("postgres").create_database()
    with MockKommunicate(database=database) as running:
        yield running


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of the test's own."""
    if backend == "postgresql":
        return str(request.getfixturevalue("postgres").create_database())
    return f"sqlite:///{tmp_path / f'{secrets.token_hex(4)}.db'}"


@pytest.fixture
def app(server: MockKommunicate) -> App:
    """An app of the test's own, as the scenario `empty` makes it."""
    return server.create_app()


@pytest.fixture
def client(app: App) -> Client:
    """A client of the test's own app."""
    return Client(app.url, app.api_key)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, for the tests of one module: while it runs, no other event loop can."""
    from tests import browsing  # noqa: PLC0415 - few tests need Playwright

    with browsing.running() as running:
        yield running
