"""/_mock/apps/APP/snapshots: the app's state taken down by name, and gone back to."""

import threading
from typing import Any

import pytest

from mockkommunicate import MockKommunicate
from mockkommunicate.operations.copies import MOST_SNAPSHOTS
from mockkommunicate.store import copies
from tests.client import ADMIN, Client, ok
from tests.worlds import AT, BAD_PARAMETER, World, error


@pytest.fixture(scope="module")
def furnished(server: MockKommunicate) -> World:
    """An app with something of everything in it."""
    return World(server.url).furnish()


@pytest.fixture
def world(furnished: World) -> World:
    """Such an app of the test's own."""
    return furnished.fork()


def names(world: World) -> list[str]:
    return [snapshot["name"] for snapshot in world.ok("GET", "/snapshots")["snapshots"]]


def test_a_snapshot_is_taken_listed_restored_and_deleted(world: World) -> None:
    taken = world.control("PUT", "/snapshots/before")
    listed = world.ok("GET", "/snapshots")
    restored = world.ok("POST", "/snapshots/before/restore")
    deleted = world.ok("DELETE", "/snapshots/before")

    assert taken.status_code == 201
    assert taken.json() == {"name": "before", "createdAtTime": AT}
    assert listed == {"snapshots": [{"name": "before", "createdAtTime": AT}]}
    assert restored == {"restored": "before"}
    assert deleted == {"deleted": "before"}
    assert world.ok("GET", "/snapshots") == {"snapshots": []}


def test_restoring_gives_the_exported_bytes_back_whatever_was_done_since(world: World) -> None:
    before = world.state
    world.ok("PUT", "/snapshots/before")
    world.client.detail(ADMIN)
    ok(world.client.assign(world.client.created("nina")["id"], ADMIN))
    world.ok("POST", "/clock", {"advance": "P1D"})
    world.ok("PATCH", "/settings", {"dialect": "observed"})
    world.ok("DELETE", "/faults")
    world.ok("POST", "/reset", {"scenario": "support-team", "seed": 1})
    assert world.state != before

    world.ok("POST", "/snapshots/before/restore")
    assert world.state == before


def test_a_snapshot_can_be_restored_again_and_again(world: World) -> None:
    before = world.state
    world.ok("PUT", "/snapshots/before")
    for _ in range(3):
        world.client.created("nina")
        world.ok("POST", "/snapshots/before/restore")

        assert world.state == before


def test_ids_and_turns_go_on_from_where_they_were(world: World) -> None:
    world.ok("PUT", "/snapshots/before")
    first = world.client.created("nina")
    world.ok("POST", "/snapshots/before/restore")

    assert world.client.created("nina") == first


def test_a_running_clock_runs_on(server: MockKommunicate) -> None:
    world = World(server.url, at=None)
    world.ok("PUT", "/snapshots/before")
    world.ok("POST", "/clock", {"freeze": AT})
    world.ok("POST", "/snapshots/before/restore")

    assert world.ok("GET", "/clock")["mode"] == "running"


def test_a_reset_after_a_restore_begins_with_the_snapshots_scenario_and_clock(world: World) -> None:
    world.ok("PUT", "/snapshots/before")
    world.ok("POST", "/reset", {"scenario": "support-team", "seed": 1})
    world.ok("POST", "/clock", {"resume": True})
    world.ok("POST", "/snapshots/before/restore")
    reset = world.ok("POST", "/reset")

    assert (reset["scenario"], reset["seed"]) == ("empty", 7)
    assert world.ok("GET", "/clock") == {"now": AT, "mode": "frozen"}


def test_id_key_time_of_creation_journal_and_other_snapshots_stay(world: World) -> None:
    world.ok("PUT", "/snapshots/before")
    world.client.created("nina")
    world.ok("PUT", "/snapshots/other")
    kept = [world.ok("GET", path) for path in ("", "/requests", "/snapshots")]
    world.ok("POST", "/snapshots/before/restore")

    assert [world.ok("GET", path) for path in ("", "/requests", "/snapshots")] == kept


def test_a_snapshot_of_the_same_name_is_replaced(world: World) -> None:
    world.ok("PUT", "/snapshots/it")
    world.ok("POST", "/clock", {"advance": 1_000})
    world.client.created("nina")
    later = world.state

    assert world.ok("PUT", "/snapshots/it") == {"name": "it", "createdAtTime": AT + 1_000}
    assert names(world) == ["it"]
    world.ok("POST", "/reset")
    world.ok("POST", "/snapshots/it/restore")
    assert world.state == later


def test_snapshots_are_listed_by_name(world: World) -> None:
    for name in ("b", "a.1", "B", "a", "10", "9"):
        world.ok("PUT", f"/snapshots/{name}")

    assert names(world) == ["10", "9", "B", "a", "a.1", "b"]


def test_snapshots_of_different_states_are_kept_apart(world: World) -> None:
    states = {}
    for name in ("a", "A", "a-", "a_", "a.b"):
        world.client.created(f"user-{name}")
        states[name] = world.state
        world.ok("PUT", f"/snapshots/{name}")

    for name, state in states.items():
        world.ok("POST", f"/snapshots/{name}/restore")
        assert world.state == state


def test_a_reset_and_an_import_keep_the_snapshots(world: World) -> None:
    before = world.state
    world.ok("PUT", "/snapshots/before")
    world.ok("POST", "/reset")
    world.put(world.state)

    assert names(world) == ["before"]
    world.ok("POST", "/snapshots/before/restore")
    assert world.state == before


def test_a_deleted_apps_snapshots_are_gone(server: MockKommunicate) -> None:
    world = World(server.url)
    for name in ("one", "two"):
        world.ok("PUT", f"/snapshots/{name}")

    assert world.ok("DELETE")["removed"]["snapshots"] == 2
    again = World(server.url, applicationId=world.id)
    assert names(again) == []
    assert again.control("POST", "/snapshots/one/restore").status_code == 404


def test_snapshots_are_no_apps(server: MockKommunicate) -> None:
    world = World(server.url)
    world.ok("PUT", "/snapshots/it")
    snapshot_id = copies.snapshot_id(world.id, "it")

    assert snapshot_id not in str(world.client.call("GET", "/_mock/apps").json())
    assert world.client.call("GET", f"/_mock/apps/{snapshot_id}").status_code == 404
    assert Client(world.url, snapshot_id).detail(ADMIN).status_code == 401


def test_snapshots_count_against_no_bound_of_apps() -> None:
    with MockKommunicate(max_apps=2) as server:
        world = World(server.url)
        for name in ("one", "two", "three"):
            world.ok("PUT", f"/snapshots/{name}")

        assert names(world) == ["one", "three", "two"]


@pytest.mark.parametrize(("one", "other"), [("a", "a-b"), ("a_b", "aXb"), ("a.b", "a"), ("A", "a")])
def test_apps_of_similar_names_have_each_their_own_snapshots(
    server: MockKommunicate, one: str, other: str
) -> None:
    first, second = (World(server.url, applicationId=f"snap.{name}") for name in (one, other))
    first.ok("PUT", "/snapshots/it")
    try:
        assert names(second) == []
        second.ok("DELETE")
        assert names(first) == ["it"]
    finally:
        first.ok("DELETE")


def test_the_default_apps_snapshots_are_found_by_both_its_names(world: World) -> None:
    call = world.client.call
    assert call("PUT", "/_mock/apps/default/snapshots/by-default").status_code == 201

    assert call("DELETE", "/_mock/apps/mock-app/snapshots/by-default").json() == {"deleted": "by-default"}


def test_a_snapshot_is_of_one_moment_while_others_write(world: World) -> None:
    group_id = world.client.created("carl")["id"]
    stop = threading.Event()

    def write() -> None:
        client = Client(world.url, world.made["apiKey"])
        while not stop.is_set():
            client.send(group_id, "carl")

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(10):
        world.ok("PUT", "/snapshots/it")
        world.ok("POST", "/snapshots/it/restore")
    stop.set()
    for writer in writers:
        writer.join()
    world.ok("POST", "/snapshots/it/restore")

    conversation = next(one for one in world.document["conversations"] if one["id"] == group_id)
    unread = {member["userId"]: member["unreadCount"] for member in conversation["members"]}
    assert unread["bot"] == len(conversation["messages"])
    assert [message["number"] for message in conversation["messages"]] == list(range(1, unread["bot"] + 1))


# What is refused.


@pytest.mark.parametrize(
    "name",
    [
        "a%20b",
        "%C3%A4",
        "a/b",
        "a%2Fb",
        "a@b",
        "%00",
        "...",
        "a" * 101,
        "a/restore",
        "a:b",
        "%E2%80%A6",
    ],
)
def test_a_bad_name_is_refused_by_name(world: World, name: str) -> None:
    entry = error(world.control("PUT", f"/snapshots/{name}"), 400)

    assert entry["code"] == "SNAPSHOT_NAME"
    assert "cannot be a snapshot's name" in entry["message"]
    assert entry["hint"] == "a name has 1 to 100 letters, digits, '.', '_' or '-', and not dots alone"
    assert names(world) == []


@pytest.mark.parametrize("name", ["a", "A.b_c-9", "0", "a" * 100, "-", "_", ".a"])
def test_a_good_name_is_taken(world: World, name: str) -> None:
    world.ok("PUT", f"/snapshots/{name}")

    assert names(world) == [name]


@pytest.mark.parametrize(("method", "rest"), [("POST", "/restore"), ("DELETE", "")])
def test_an_unknown_snapshot_is_refused_with_those_there_are_and_nothing_is_done(
    world: World, method: str, rest: str
) -> None:
    none = error(world.control(method, f"/snapshots/befroe{rest}"), 404)
    for index in range(6):
        world.ok("PUT", f"/snapshots/number-{index}")
    world.ok("PUT", "/snapshots/before")
    before = world.state
    some = error(world.control(method, f"/snapshots/befroe{rest}"), 404)

    assert none == {
        "code": "SNAPSHOT_NOT_FOUND",
        "message": f"the app {world.id!r} has no snapshot 'befroe'",
        "hint": "there is none yet",
    }
    assert some["hint"] == (
        "there are: before, number-0, number-1, number-2, number-3, ...; did you mean 'before'?"
    )
    assert world.state == before
    assert len(names(world)) == 7


@pytest.mark.parametrize(("method", "path"), [("PUT", "/snapshots/it"), ("POST", "/snapshots/it/restore")])
def test_a_field_that_the_call_does_not_know_is_refused(world: World, method: str, path: str) -> None:
    entry = error(world.control(method, path, json={"name": "other"}), 400)

    assert entry["code"] == BAD_PARAMETER
    assert "body 'name': is not known here" in entry["message"]
    assert names(world) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/snapshots"),
        ("PUT", "/snapshots/it"),
        ("POST", "/snapshots/it/restore"),
        ("DELETE", "/snapshots/it"),
    ],
)
def test_an_unknown_app_has_none(world: World, method: str, path: str) -> None:
    assert error(world.client.call(method, f"/_mock/apps/nobody{path}"), 404)["code"] == "APP_NOT_FOUND"


@pytest.mark.parametrize(("method", "path"), [("POST", "/snapshots/it"), ("GET", "/snapshots/it/restore")])
def test_another_method_is_refused_with_those_allowed(world: World, method: str, path: str) -> None:
    assert error(world.control(method, path), 405)["code"] == "METHOD"


def test_past_the_bound_snapshots_are_refused_but_one_can_be_replaced(
    server: MockKommunicate, monkeypatch: Any
) -> None:
    assert MOST_SNAPSHOTS == 1_000
    monkeypatch.setattr("mockkommunicate.operations.copies.MOST_SNAPSHOTS", 2)
    world = World(server.url)
    for name in ("one", "two", "two"):
        world.ok("PUT", f"/snapshots/{name}")
    entry = error(world.control("PUT", "/snapshots/three"), 409)

    assert entry == {
        "code": "TOO_MANY_SNAPSHOTS",
        "message": "the app has 2 snapshots already",
        "hint": f"DELETE /_mock/apps/{world.id}/snapshots/NAME makes room",
    }
    world.ok("DELETE", "/snapshots/one")
    world.ok("PUT", "/snapshots/three")
    assert names(world) == ["three", "two"]
