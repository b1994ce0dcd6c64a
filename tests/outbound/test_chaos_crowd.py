"""Chaos while many write at once, by workers of gunicorn and replicas: what one gets is what the records say."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import groupby

import pytest

from mockkommunicate import App
from mockkommunicate.handle.results import Delivery
from tests.client import Client, ok
from tests.receivers import Receiver
from tests.served import Served

CONVERSATIONS = 4
MESSAGES = 40

Serve = Callable[[], list[App]]


@pytest.fixture
def serve(database_url: str) -> Iterator[Serve]:
    """Serve an app, by two workers on SQLite, by two replicas of them on PostgreSQL; answer a handle on each server."""
    with ExitStack() as running:

        def start() -> list[App]:
            count = 1 if database_url.startswith("sqlite") else 2
            options = ["--workers", "2", "--threads", "8", "--database", database_url]
            return [running.enter_context(Served(*options)).app for _ in range(count)]

        yield start


def speak(apps: Sequence[App], conversations: Sequence[int]) -> None:
    """Write into all conversations at once, into each of them one message after the other."""

    def write(place: int) -> None:
        app = apps[place % len(apps)]
        client = Client(app.url, app.api_key)
        for number in range(MESSAGES):
            ok(client.send(conversations[place], f"carl-{place}", message=f"{place}/{number}"))

    with ThreadPoolExecutor(CONVERSATIONS) as writers:
        list(writers.map(write, range(CONVERSATIONS)))


def befell(delivery: Delivery) -> str | None:
    """What befell a delivery."""
    return str(delivery.fault["deliver"]) if delivery.fault else None


def expected(deliveries: Sequence[Delivery]) -> dict[int, list[str]]:
    """Put what was owed into its order, conversation by conversation: whatever is put back stands behind the next."""
    lanes: dict[int, list[str]] = defaultdict(list)
    held: dict[int, bool] = defaultdict(bool)
    for key, group in groupby(deliveries, lambda each: (each.conversation_id, each.payload["key"])):
        copies = [each for each in group if befell(each) != "drop"]
        if copies:
            lane = lanes[key[0]]
            end = len(lane) - held[key[0]]
            lane[end:end] = [each.payload["message"] for each in copies]
            held[key[0]] = befell(copies[0]) == "reorder"
    return lanes


def came(receiver: Receiver) -> dict[int, list[str]]:
    """What came, conversation by conversation, in its order."""
    lanes: dict[int, list[str]] = defaultdict(list)
    for received in receiver.got:
        lanes[received.json["groupId"]].append(received.json["message"])
    return lanes


def test_a_crowd_gets_the_chaos_that_is_recorded_and_no_other(serve: Serve) -> None:
    apps = serve()
    with Receiver() as receiver:
        apps[0].settings({"webhook": {"url": receiver.url}})
        client = Client(apps[0].url, apps[0].api_key)
        conversations = [client.created(f"carl-{place}")["id"] for place in range(CONVERSATIONS)]
        rules = [
            apps[0].disturb("webhook", drop=True, probability=0.1),
            apps[0].disturb("webhook", duplicate=True, probability=0.2),
            apps[0].disturb("webhook", reorder="PT5M", probability=0.3),
        ]
        speak(apps, conversations)
        apps[0].clock.advance("PT5M")
        apps[0].settle(60)
        deliveries = apps[0].deliveries()

    dropped, doubled, put_back = (fault.hits for fault in rules)
    assert min(dropped, doubled, put_back) > 0
    assert Counter(filter(None, map(befell, deliveries))) == {
        "drop": dropped,
        "duplicate": 2 * doubled,
        "reorder": put_back,
    }
    assert len(deliveries) == CONVERSATIONS * MESSAGES + doubled
    assert came(receiver) == expected(deliveries)
