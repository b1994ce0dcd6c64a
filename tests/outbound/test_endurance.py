"""Many messages to a receiver that fails often: none is lost, none too many, each conversation in its order.

The sizes grow with MOCKKOMMUNICATE_TEST_SCALE; 10,000 messages are

    MOCKKOMMUNICATE_TEST_SCALE=20 pytest tests/outbound/test_endurance.py --timeout=1800
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

import pytest

from mockkommunicate import App, MockKommunicate
from tests.client import Client, ok
from tests.concurrency.crowd import scaled
from tests.postgres import Postgres
from tests.receivers import Answer, Received, Receiver
from tests.served import Served

CONVERSATIONS = 10
MESSAGES = scaled(50) * CONVERSATIONS
SENDERS = 4
KILLS = 3
RETRIES = {"retries": ["20ms"] * 60, "webhookTimeoutMs": 30_000}
SETTLE_S = 110


class Failing:
    """Answers 503 three times in ten; keeps what it took, conversation by conversation, in its order."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.taken: dict[int, list[str]] = defaultdict(list)
        self.failures = 0

    def __call__(self, received: Received) -> Answer:
        if self._random.random() < 0.3:
            self.failures += 1
            return 503, b""
        self.taken[received.json["groupId"]].append(received.json["message"])
        return 200, b""


@pytest.fixture
def failing(request: pytest.FixtureRequest) -> Iterator[Receiver]:
    """A receiver that fails often."""
    del request
    with Receiver() as receiver:
        receiver.answer = Failing(7)
        yield receiver


def taken(receiver: Receiver) -> dict[int, list[str]]:
    assert isinstance(receiver.answer, Failing)
    assert receiver.answer.failures > 0
    return receiver.answer.taken


def hook(app: App, receiver: Receiver) -> list[int]:
    """Set the webhook; answer the ids of conversations."""
    app.settings({"webhook": {"url": receiver.url, "token": "t"}, "deliveries": RETRIES})
    return [Client(app.url, app.api_key).created(f"carl-{n}")["id"] for n in range(CONVERSATIONS)]


def send(apps: Sequence[App], ids: Sequence[int], texts: range) -> None:
    """Send messages to all conversations at once, each conversation's one after the other."""

    def speak(number: int) -> None:
        client = Client(apps[number % len(apps)].url, apps[0].api_key)
        for group_id in ids[number::SENDERS]:
            for text in texts:
                ok(client.send(group_id, f"carl-{ids.index(group_id)}", message=str(text)))

    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(speak, range(SENDERS)))


def settled(app: App) -> None:
    """Settle, however long it takes."""
    while app.control("POST", "settle", {"timeoutMs": SETTLE_S * 1_000, "after": 10**9})["pending"]:
        pass


def test_none_is_lost_none_too_many_and_each_conversation_is_in_order(
    sending: MockKommunicate, failing: Receiver
) -> None:
    app = sending.create_app()
    ids = hook(app, failing)
    texts = range(MESSAGES // CONVERSATIONS)
    send([app], ids, texts)
    settled(app)

    assert taken(failing) == {group_id: [str(text) for text in texts] for group_id in ids}
    deliveries = app.deliveries()
    assert len(deliveries) == len(texts) * CONVERSATIONS
    assert {delivery.state for delivery in deliveries} == {"sent"}
    assert {len({attempt.status for attempt in one.attempts[:-1]} - {503}) for one in deliveries} == {0}


Start = Callable[[], Served]


def survive(start: Start, replicas: int, receiver: Receiver) -> None:
    """Send in parts, kill a server amid each and start another in its place; then compare."""
    with ExitStack() as stack:
        running = [stack.enter_context(start()) for _ in range(replicas)]
        ids = hook(running[0].app, receiver)
        part = max(1, MESSAGES // CONVERSATIONS // (KILLS + 1))
        for kill in range(KILLS):
            send([served.app for served in running], ids, range(kill * part, (kill + 1) * part))
            assert running[-1].app.control("POST", "settle", {"timeoutMs": 0})["pending"] > 0
            running.pop(0).kill()
            running.append(stack.enter_context(start()))
        send([served.app for served in running], ids, range(KILLS * part, (KILLS + 1) * part))
        app = running[-1].app
        settled(app)

        texts = [str(text) for text in range((KILLS + 1) * part)]
        assert {group_id: _once(found) for group_id, found in taken(receiver).items()} == dict.fromkeys(
            ids, texts
        )
        assert {delivery.state for delivery in app.deliveries()} == {"sent"}
        # Only what was on its way when its server was killed comes twice.
        again = sum(len(found) - len(texts) for found in taken(receiver).values())
        assert again <= KILLS * CONVERSATIONS


def _once(found: Sequence[str]) -> list[str]:
    """Answer what came, once where it came again before anything else of its conversation."""
    return [text for text, _ in groupby(found)]


def test_a_server_that_is_killed_on_sqlite_loses_nothing(failing: Receiver, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    survive(lambda: Served("--database", url), 1, failing)


@pytest.mark.parametrize("way", ["pump", "procrastinate"])
def test_replicas_that_are_killed_on_postgresql_lose_nothing(
    failing: Receiver, postgres: Postgres, way: str
) -> None:
    url = postgres.create_database()
    survive(lambda: Served("--database", url, "--deliveries", way), 2, failing)
