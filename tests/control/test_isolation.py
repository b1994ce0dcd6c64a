"""Nothing crosses from one app to another, whatever is done; and equal calls on equal apps give equal bytes."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings

from mockkommunicate import MockKommunicate
from tests.random_calls import CALLS, MADE, Calls, perform
from tests.worlds import World

ON_A_SERVER = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def bystander(server: MockKommunicate) -> World:
    """An app that nobody calls, with snapshots of its own."""
    world = World(server.url, at=None).furnish()
    world.ok("PUT", "/snapshots/s0")
    return world


def told(world: World) -> list[str]:
    """Answer all that can be seen of an app from outside."""
    return [
        world.state,
        *(world.control("GET", path).text for path in ("", "/requests", "/snapshots", "/faults")),
    ]


@ON_A_SERVER
@given(calls=CALLS)
def test_whatever_is_done_with_one_app_leaves_every_other_as_it_was(
    server: MockKommunicate, bystander: World, calls: Calls
) -> None:
    before = told(bystander)
    world = World(server.url)
    for call in calls:
        perform(world, call)
        assert bystander.state == before[0], call

    world.ok("DELETE")
    assert told(bystander) == before


@pytest.mark.parametrize("name", MADE)
def test_each_call_on_one_app_leaves_every_other_as_it_was(
    server: MockKommunicate, bystander: World, name: str
) -> None:
    before = told(bystander)
    for world in (World(server.url), bystander.fork()):
        perform(world, (name, 0))

    assert told(bystander) == before


def test_apps_of_one_id_after_the_other_share_nothing(server: MockKommunicate) -> None:
    fresh = World(server.url).state
    for _ in range(3):
        world = World(server.url, applicationId="phoenix", apiKey="phoenix-key")
        assert world.state == fresh
        world.furnish()
        world.ok("PUT", "/snapshots/it")
        world.ok("DELETE")


@contextmanager
def hammered(server: MockKommunicate) -> Iterator[None]:
    """Let threads make calls at random on apps of their own and on one that they share."""
    stop = threading.Event()
    shared = World(server.url, at=None)

    def hammer(number: int) -> None:
        dice = random.Random(number)
        own = World(server.url)
        while not stop.is_set():
            name = dice.choice([name for name in MADE if name not in {"recreate", "import"}])
            perform(dice.choice([own, shared]), (name, dice.randrange(10)))

    threads = [threading.Thread(target=hammer, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_equal_calls_give_equal_bytes_while_other_apps_are_busy(server: MockKommunicate) -> None:
    dice = random.Random(5)
    # A running clock, or what is made up at random, cannot be the same twice.
    names = [name for name in MADE if name not in {"resume", "recreate"}]
    calls = [(dice.choice(names), dice.randrange(10)) for _ in range(60)]
    seen = []
    with hammered(server):
        for _ in range(2):
            world = World(server.url, scenario="support-team", seed=11)
            for call in calls:
                perform(world, call)
            seen.append((world.state, world.control("GET", "/requests").text))

    assert seen[0] == seen[1]
