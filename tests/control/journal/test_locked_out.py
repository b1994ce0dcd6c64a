"""The journal of a database that takes nothing at present."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockkommunicate import MockKommunicate
from tests.client import ADMIN, Client, refused
from tests.control.journal.kept import NOON, journal


@pytest.fixture
def locked_out(tmp_path: Path) -> Iterator[tuple[MockKommunicate, sqlite3.Connection]]:
    """A server on a SQLite file, and somebody else's connection to that file."""
    file = tmp_path / "state.db"
    with MockKommunicate(database=f"sqlite:///{file}", store_timeout=0.3) as server:
        other = sqlite3.connect(file, isolation_level=None)
        yield server, other
        other.close()


def test_what_the_database_would_not_take_is_answered_by_the_apps_clock_logged_and_not_kept(
    locked_out: tuple[MockKommunicate, sqlite3.Connection], caplog: pytest.LogCaptureFixture
) -> None:
    server, other = locked_out
    app = server.create_app(at=NOON)
    other.execute("BEGIN IMMEDIATE")
    failed = Client(app.url, app.api_key).create("carl")
    other.execute("ROLLBACK")

    assert refused(failed, 503)["errorCode"] == "MOCK-STORE"
    assert failed.json()["generatedAt"] == NOON
    assert journal(app) == []
    assert "POST /rest/ws/group/conversation is not in the journal" in caplog.text


def test_the_journal_can_be_read_while_the_database_takes_nothing(
    locked_out: tuple[MockKommunicate, sqlite3.Connection],
) -> None:
    server, other = locked_out
    Client(server.url, "mock-api-key").detail(ADMIN)
    other.execute("BEGIN IMMEDIATE")

    assert [kept["operation"] for kept in journal(server.default_app)] == ["user.detail"]
    verified = server.default_app.control("POST", "requests/verify", {"request": {}, "times": 1})
    assert verified["matched"]
