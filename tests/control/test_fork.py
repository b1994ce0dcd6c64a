"""POST /_mock/apps with "from": an app that goes on from another, or from a snapshot of it."""

import secrets
import threading
from typing import Any

import pytest

from mockkommunicate import MockKommunicate
from tests.client import ADMIN, Client, ok
from tests.expected import NOW, Like
from tests.worlds import AT, BAD_PARAMETER, World, error


@pytest.fixture(scope="module")
def furnished(server: MockKommunicate) -> World:
    """An app with something of everything in it."""
    return World(server.url).furnish()


@pytest.fixture
def world(furnished: World) -> World:
    """Such an app of the test's own."""
    return furnished.fork()


def refused(world: World, status: int, **wanted: Any) -> dict[str, str]:
    """Answer why an app is not made; fail when one is."""
    before = world.client.call("GET", "/_mock/apps").text
    entry = error(world.client.call("POST", "/_mock/apps", json=wanted), status)
    assert world.client.call("GET", "/_mock/apps").text == before
    return entry


def test_a_fork_has_the_state_of_its_origin_and_an_id_and_key_of_its_own(world: World) -> None:
    fork = world.fork()

    assert fork.state == world.state
    assert fork.made == {
        "applicationId": Like("app-[0-9a-f]{16}"),
        "apiKey": Like("key-[0-9a-f]{32}"),
        "scenario": "empty",
        "seed": 7,
        "createdAtTime": AT,
    }
    assert fork.id != world.id


def test_id_and_key_can_be_given(world: World) -> None:
    name = f"fork-{secrets.token_hex(4)}"
    fork = world.fork(applicationId=name, apiKey=f"key-of-{name}")

    assert (fork.id, fork.made["apiKey"]) == (name, f"key-of-{name}")
    assert ok(Client(world.url, f"key-of-{name}").create())["id"]


def test_a_fork_of_a_snapshot_has_the_state_of_that_time(world: World) -> None:
    before = world.state
    world.ok("PUT", "/snapshots/before")
    world.ok("POST", "/reset")
    fork = world.fork(snapshot="before")

    assert fork.state == before
    assert world.state != before


def test_origin_and_fork_go_different_ways(world: World) -> None:
    fork = world.fork()
    before = world.state
    group_id = fork.client.created("nina")["id"]
    ok(fork.client.send(group_id, "nina"))
    ok(fork.client.update("carl", displayName="Another Carl"))
    fork.ok("PATCH", "/settings", {"dialect": "observed"})
    fork.ok("POST", "/clock", {"advance": "P1D"})
    fork.ok("POST", "/reset")
    fork.ok("DELETE")

    assert world.state == before


def test_what_becomes_of_the_origin_is_nothing_to_the_fork(world: World) -> None:
    fork = world.fork()
    before = fork.state
    world.client.created("nina")
    world.ok("POST", "/reset")
    world.ok("DELETE")

    assert fork.state == before


def test_both_go_on_alike(world: World) -> None:
    fork = world.fork()
    for app in (world, fork):
        group = app.client.created("nina", "carl")
        ok(app.client.send(group["id"], "nina"))
        app.client.detail(ADMIN)

    assert fork.state == world.state


def test_a_fork_has_an_empty_journal_and_no_snapshots(world: World) -> None:
    world.ok("PUT", "/snapshots/before")
    fork = world.fork()

    assert fork.ok("GET", "/requests") == {"requests": [], "dropped": 0}
    assert fork.ok("GET", "/snapshots") == {"snapshots": []}
    fork.client.created("nina")
    (entry,) = fork.ok("GET", "/requests")["requests"]
    assert entry["id"] == 1


def test_another_seed_is_the_forks_own(world: World) -> None:
    fork = world.fork(seed=9)

    assert fork.made["seed"] == 9
    assert fork.document == {**world.document, "seed": 9}


def test_settings_and_users_come_on_top(world: World) -> None:
    fork = world.fork(
        settings={"routing": {"defaultAgent": "mia"}, "dialect": "observed"},
        users=[
            {"userId": "mia", "role": "agent"},
            {"userId": "carl", "role": "customer", "displayName": "C"},
        ],
    )

    assert fork.ok("GET", "/settings") == {
        **world.ok("GET", "/settings"),
        "dialect": "observed",
        "routing": {**world.ok("GET", "/settings")["routing"], "defaultAgent": "mia"},
    }
    assert fork.ok("GET", "/users/mia")["role"] == "agent"
    assert fork.ok("GET", "/users/carl")["displayName"] == "C"
    assert len(fork.ok("GET", "/conversations")["conversations"]) == 2


def test_the_clock_is_the_origins(server: MockKommunicate) -> None:
    ahead = World(server.url, at=None)
    ahead.ok("POST", "/clock", {"advance": "P1D"})
    fork = ahead.fork()

    assert fork.document["clock"] == {"mode": "running", "offsetMs": 86_400_000}
    assert 0 <= fork.made["createdAtTime"] - ahead.ok("GET", "/clock")["now"] + 10_000 <= 10_000


@pytest.mark.parametrize("at", [1_900_000_000_000, "2030-03-17T17:46:40Z", "2030-03-17T18:46:40+01:00"])
def test_a_fork_can_be_frozen_at_another_instant(world: World, at: object) -> None:
    fork = world.fork(at=at)

    assert fork.ok("GET", "/clock") == {"now": 1_900_000_000_000, "mode": "frozen"}
    assert fork.document["clock"]["startsAt"] == fork.made["createdAtTime"] == 1_900_000_000_000
    assert fork.document["conversations"] == world.document["conversations"]


def test_a_fork_is_reset_to_the_scenario_of_its_origin(server: MockKommunicate) -> None:
    origin = World(server.url, scenario="support-team", seed=3)
    before = origin.state
    origin.client.created("nina")
    fork = origin.fork()
    fork.ok("POST", "/reset")

    assert fork.state == before


def test_a_fork_of_a_fork_is_one(world: World) -> None:
    assert world.fork().fork().state == world.state


def test_the_default_app_can_be_forked_by_both_its_names(server: MockKommunicate) -> None:
    for name in ("default", "mock-app"):
        fork = World(server.url, seed=None, at=None, **{"from": name})
        assert fork.made == {**fork.made, "scenario": "empty", "seed": 0, "createdAtTime": NOW}


def test_a_fork_is_of_one_moment_while_others_write(world: World) -> None:
    group_id = world.client.created("carl")["id"]
    stop = threading.Event()

    def write() -> None:
        client = Client(world.url, world.made["apiKey"])
        while not stop.is_set():
            ok(client.send(group_id, "carl"))

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    forks = [world.fork() for _ in range(10)]
    stop.set()
    for writer in writers:
        writer.join()

    for fork in forks:
        conversation = next(one for one in fork.document["conversations"] if one["id"] == group_id)
        unread = {member["userId"]: member["unreadCount"] for member in conversation["members"]}
        assert unread["bot"] == len(conversation["messages"])


def test_forks_made_at_once_are_all_made(world: World) -> None:
    made: list[World] = []
    makers = [threading.Thread(target=lambda: made.append(world.fork())) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()

    assert len({fork.id for fork in made}) == 8
    assert {fork.state for fork in made} == {world.state}


# What is refused.


def test_a_scenario_has_no_place_beside_an_origin(world: World) -> None:
    assert refused(world, 400, **{"from": world.id, "scenario": "empty"}) == {
        "code": BAD_PARAMETER,
        "message": "body 'scenario': must be left out together with 'from': a fork has the content of its origin; "
        'got "empty"',
        "hint": "/_mock/openapi/control.json says what each call takes",
    }


def test_a_snapshot_needs_the_app_whose_it_is(world: World) -> None:
    world.ok("PUT", "/snapshots/before")
    entry = refused(world, 400, snapshot="before")

    assert entry["message"].startswith("body 'snapshot': must be left out without 'from'")


def test_an_unknown_origin_is_refused_with_some_there_are_and_the_nearest(world: World) -> None:
    entry = refused(world, 404, **{"from": "mock-ap"})

    assert (entry["code"], entry["message"]) == ("APP_NOT_FOUND", "no app 'mock-ap'")
    assert entry["hint"].startswith("there are: ")
    assert entry["hint"].endswith("; did you mean 'mock-app'?")


@pytest.mark.parametrize("name", ["", "a b", "\0", "ä", "x" * 2_000, "mock-app@it", "@"])
def test_what_can_be_no_app_is_refused(world: World, name: str) -> None:
    assert refused(world, 404, **{"from": name})["code"] == "APP_NOT_FOUND"


def test_an_unknown_snapshot_is_refused_with_those_there_are_and_the_nearest(world: World) -> None:
    world.ok("PUT", "/snapshots/before")

    assert refused(world, 404, **{"from": world.id, "snapshot": "befroe"}) == {
        "code": "SNAPSHOT_NOT_FOUND",
        "message": f"the app {world.id!r} has no snapshot 'befroe'",
        "hint": "there are: before; did you mean 'before'?",
    }


def test_a_snapshot_of_another_app_is_none_of_this_one(world: World) -> None:
    world.fork().ok("PUT", "/snapshots/before")

    assert refused(world, 404, **{"from": world.id, "snapshot": "before"})["code"] == "SNAPSHOT_NOT_FOUND"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ({"from": 1}, "from"),
        ({"from": None}, "from"),
        ({"snapshot": 1}, "snapshot"),
        ({"form": "x"}, "form"),
        ({"at": "yesterday"}, "at"),
        ({"at": -1}, "at"),
        ({"at": "2030-13-01"}, "at"),
        ({"at": True}, "at"),
        ({"seed": -1}, "seed"),
        ({"settings": {"dialekt": 1}}, "settings.dialekt"),
        ({"users": [{"userId": "a", "role": "boss"}]}, "users[0].role"),
    ],
    ids=str,
)
def test_a_wrong_field_is_named(world: World, wanted: dict[str, Any], name: str) -> None:
    assert f"body '{name}': " in refused(world, 400, **{"from": world.id, **wanted})["message"]


def test_settings_that_name_nobody_of_the_fork_are_refused_and_no_app_is_left(world: World) -> None:
    wanted = {"from": world.id, "settings": {"routing": {"defaultAgent": "nobody"}}}

    assert "routing.defaultAgent" in refused(world, 400, **wanted)["message"]


@pytest.mark.parametrize("field", ["applicationId", "apiKey"])
def test_a_taken_id_or_key_is_refused(world: World, field: str) -> None:
    assert refused(world, 409, **{"from": world.id, field: world.made[field]})["code"] == "APP_EXISTS"


def test_forks_count_against_the_bound_of_apps() -> None:
    with MockKommunicate(max_apps=2) as server:
        world = World(server.url)

        assert refused(world, 503, **{"from": world.id})["code"] == "MOCK-APPS"


def test_a_fork_keeps_what_its_clients_see(world: World) -> None:
    world.ok("DELETE", "/faults")
    fork = world.fork()

    assert fork.client.detail("carl", "jane").json() == world.client.detail("carl", "jane").json()
