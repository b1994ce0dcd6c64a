"""What becomes of imports, snapshots, restores and forks when the database fails in the middle: nothing is half done."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import event
from sqlalchemy.pool import Pool

from mockkommunicate import MockKommunicate
from tests.worlds import World, error

Full = Callable[[bool], None]


@pytest.fixture
def full() -> Iterator[Full]:
    """A way to fill the disk, on which each SQLite file has no room beyond what it holds, and to make room again."""
    pages = [2**30]

    def limit(connection: object, *_: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA max_page_count={pages[0]}")

    def fill(now: bool) -> None:  # noqa: FBT001 - it reads well where it is called
        pages[0] = 1 if now else 2**30

    event.listen(Pool, "checkout", limit)
    yield fill
    event.remove(Pool, "checkout", limit)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An app with half a megabyte in it, and a snapshot of that."""
    with MockKommunicate(database=f"sqlite:///{tmp_path / 'state.db'}") as server:
        world = World(server.url).furnish()
        group_id = world.client.created("carl")["id"]
        for _ in range(5):
            world.client.send(group_id, "carl", message="x" * 100_000)
        world.ok("PUT", "/snapshots/large")
        yield world


CALLS: dict[str, Callable[[World, str], requests.Response]] = {
    "import": lambda world, large: world.put(large.replace("x" * 1_000, "y" * 1_500)),
    "snapshot": lambda world, _: world.control("PUT", "/snapshots/another"),
    "fork": lambda world, _: world.client.call("POST", "/_mock/apps", json={"from": world.id}),
    "fork a snapshot": lambda world, _: world.client.call(
        "POST", "/_mock/apps", json={"from": world.id, "snapshot": "large"}
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_full_disk_is_503_with_nothing_half_done_and_all_recovers(
    world: World, full: Full, name: str
) -> None:
    large = world.state
    seen = [world.control("GET", path).text for path in ("/state", "/snapshots", "")]
    apps = world.client.call("GET", "/_mock/apps").text
    full(True)
    entry = error(CALLS[name](world, large), 503)

    assert (entry["code"], "database or disk is full" in entry["message"]) == ("MOCK-STORE", True)
    assert [world.control("GET", path).text for path in ("/state", "/snapshots", "")] == seen
    assert world.client.call("GET", "/_mock/apps").text == apps
    full(False)
    assert CALLS[name](world, large).ok


def test_a_restore_that_fails_leaves_the_app_as_it_was(world: World, full: Full) -> None:
    large = world.state
    world.ok("POST", "/reset")
    for _ in range(2):
        world.fork(snapshot="large")  # takes the room that the reset has made
    before = world.state
    full(True)

    assert error(world.control("POST", "/snapshots/large/restore"), 503)["code"] == "MOCK-STORE"
    assert world.state == before
    full(False)
    world.ok("POST", "/snapshots/large/restore")
    assert world.state == large


def test_a_locked_database_leaves_all_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with MockKommunicate(database=f"sqlite:///{file}", store_timeout=0.5) as server:
        world = World(server.url).furnish()
        world.ok("PUT", "/snapshots/it")
        before = world.state
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for name in ("import", "snapshot", "fork"):
            assert error(CALLS[name](world, before), 503)["code"] == "MOCK-STORE"
        assert error(world.control("POST", "/snapshots/it/restore"), 503)["code"] == "MOCK-STORE"
        other.close()

        assert world.state == before
        assert len(world.ok("GET", "/snapshots")["snapshots"]) == 1
