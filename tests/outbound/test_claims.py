"""Claims: nobody gets what another has, they end with their lease, and what another records is not ours to record."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockkommunicate.domain import clock
from mockkommunicate.domain.deliveries import Kind, Outcome, State
from mockkommunicate.operations import attempts, default_app, deliveries
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.outbound import sending
from mockkommunicate.outbound.sending import Sender
from mockkommunicate.settings import Settings
from mockkommunicate.store import claims
from mockkommunicate.store.database import Database
from mockkommunicate.store.records import Delivery
from tests.receivers import Receiver

APP = "mock-app"
LANES = 40


@pytest.fixture
def emulator(database_url: str) -> Iterator[Emulator]:
    """An emulator on a database of the test's own, in which nobody sends."""
    database = Database(database_url, timeout=10)
    emulator = Emulator(Settings(database=database_url), database)
    default_app.start(emulator)
    yield emulator
    database.close()


def owe(emulator: Emulator, lanes: int, *, each: int = 1, url: str = "http://127.0.0.1:1/") -> None:
    with emulator.work_on(APP) as work:
        for number in range(each * lanes):
            deliveries.owe(
                work,
                kind=Kind.WEBHOOK,
                conversation_id=number % lanes,
                url=url,
                headers={},
                payload=number,
            )


def claim(emulator: Emulator, **options: Any) -> list[Delivery]:
    with emulator.database.write() as connection:
        return list(sending.claim(connection, APP, **{"most": 1_000, **options}))


def record(emulator: Emulator, claimed: Delivery, outcome: Outcome | None = None) -> Delivery | None:
    with emulator.work_on(APP) as work:
        return attempts.record(work, claimed, outcome or Outcome(status=200))


def test_of_each_conversation_only_the_first_can_be_claimed(emulator: Emulator) -> None:
    owe(emulator, 3, each=4)

    assert [delivery.id for delivery in claim(emulator)] == [1, 2, 3]
    assert claim(emulator) == []


def test_never_more_are_claimed_than_asked_for(emulator: Emulator) -> None:
    owe(emulator, LANES)
    found = [claim(emulator, most=1) for _ in range(LANES)]

    assert [[delivery.id for delivery in one] for one in found] == [
        [number] for number in range(1, LANES + 1)
    ]


def test_one_that_is_wanted_is_claimed_and_no_other(emulator: Emulator) -> None:
    owe(emulator, 3, each=2)

    assert [delivery.id for delivery in claim(emulator, only=2)] == [2]
    assert claim(emulator, only=2) == []
    assert claim(emulator, only=5) == []


def test_what_goes_to_a_busy_url_is_left(emulator: Emulator) -> None:
    owe(emulator, 2, url="http://127.0.0.1:1/busy?a=\u00fc&'\"")
    owe(emulator, 1, url="http://127.0.0.1:1/free")

    assert claim(emulator, busy=["http://127.0.0.1:1/busy?a=\u00fc&'\"", "http://127.0.0.1:1/x"]) == []
    assert [delivery.id for delivery in claim(emulator)] == [1, 2]


def test_many_who_claim_at_once_never_get_the_same(emulator: Emulator) -> None:
    owe(emulator, LANES * 5)
    barrier = threading.Barrier(8)

    def take(_: int) -> list[int]:
        barrier.wait(30)
        found: list[int] = []
        while got := claim(emulator, most=3):
            found += [delivery.id for delivery in got]
        return found

    with ThreadPoolExecutor(8) as threads:
        taken = [number for part in threads.map(take, range(8)) for number in part]

    assert len(taken) == len(set(taken))
    # A row that another is about to claim is skipped, and may be left by all.
    left = [delivery.id for delivery in claim(emulator)]
    assert sorted(taken + left) == list(range(1, LANES * 5 + 1))


def test_a_claim_ends_with_its_lease(emulator: Emulator) -> None:
    owe(emulator, 1)
    (first,) = claim(emulator)
    with emulator.database.write() as connection:
        claims.renew(connection, [first], until=clock.now_ms() - 1)
    (second,) = claim(emulator)

    assert (first.id, first.claimed_by == second.claimed_by) == (second.id, False)
    assert record(emulator, first) is None
    recorded = record(emulator, second)
    assert recorded is not None
    assert (recorded.state, recorded.tries) == (State.SENT, 1)


def test_a_claim_that_is_lost_cannot_be_renewed_or_released(emulator: Emulator) -> None:
    owe(emulator, 1)
    (first,) = claim(emulator)
    with emulator.database.write() as connection:
        claims.renew(connection, [first], until=0)
    (second,) = claim(emulator)
    with emulator.database.write() as connection:
        claims.renew(connection, [first], until=0)
        claims.release(connection, first)

    assert claim(emulator) == []
    assert record(emulator, second) is not None


def test_what_is_released_is_free_at_once(emulator: Emulator) -> None:
    owe(emulator, 1)
    (first,) = claim(emulator)
    with emulator.database.write() as connection:
        claims.release(connection, first)

    assert [delivery.id for delivery in claim(emulator)] == [1]


def test_what_was_recorded_cannot_be_recorded_again(emulator: Emulator) -> None:
    owe(emulator, 1, each=2)
    (first,) = claim(emulator)
    record(emulator, first)

    assert record(emulator, first) is None
    assert [delivery.id for delivery in claim(emulator)] == [2]


def test_a_call_in_flight_while_its_app_is_reset_is_forgotten(emulator: Emulator) -> None:
    owe(emulator, 1)
    (old,) = claim(emulator)
    with emulator.work_on(APP) as work:
        from mockkommunicate.operations import apps, scenarios  # noqa: PLC0415

        apps.reset(work, scenarios.load("empty"), name="empty", seed=0)
    owe(emulator, 1)
    (new,) = claim(emulator)

    assert (old.id, new.id) == (1, 1)
    assert record(emulator, old) is None
    assert record(emulator, new) is not None


def test_a_long_call_keeps_its_claim(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LEASE_MS", 400)
    monkeypatch.setattr(sending, "RENEW_S", 0.1)
    answering = threading.Event()

    def answer(_: object) -> tuple[int, bytes]:
        answering.wait(30)
        return 200, b""

    with Receiver(answer) as receiver, ThreadPoolExecutor() as threads:
        owe(emulator, 1, url=receiver.url)
        sender = Sender(emulator)
        (claimed,) = sender.claim(APP, most=1)
        sent = threads.submit(sender.send, claimed)
        time.sleep(1.2)
        meanwhile = claim(emulator)
        answering.set()
        recorded = sent.result()

    assert meanwhile == []
    assert recorded is not None
    assert recorded.state == State.SENT


def test_who_was_stopped_for_too_long_finds_that_another_has_sent_it(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LEASE_MS", 50)
    monkeypatch.setattr(sending, "RENEW_S", 30.0)
    answering = threading.Event()
    calls = []

    def answer(_: object) -> tuple[int, bytes]:
        calls.append(1)
        if len(calls) == 1:
            answering.wait(30)
        return 200, b""

    with Receiver(answer) as receiver, ThreadPoolExecutor() as threads:
        owe(emulator, 1, url=receiver.url)
        stopped, other = Sender(emulator), Sender(emulator)
        sent = threads.submit(stopped.send, stopped.claim(APP, most=1)[0])
        time.sleep(0.3)
        taken_over = other.send(other.claim(APP, most=1)[0])
        answering.set()

        assert sent.result() is None
    assert taken_over is not None
    with emulator.look_at(APP) as work:
        delivery = deliveries.get(work, 1)
    assert (delivery.state, delivery.tries) == (State.SENT, 1)


def test_the_oldest_that_are_finished_go_when_there_are_too_many(emulator: Emulator) -> None:
    with emulator.work_on(APP) as work:
        from mockkommunicate.operations import app_settings  # noqa: PLC0415

        app_settings.change(work, {"deliveries": {"limit": 5}})
    owe(emulator, 10)
    claimed = claim(emulator)
    for delivery in claimed[1:]:
        record(emulator, delivery)

    with emulator.look_at(APP) as work:
        kept = [delivery.id for delivery in deliveries.list_page(work, limit=100)]
        dropped = work.app.dropped_deliveries
    assert kept == [1, 6, 7, 8, 9, 10]
    assert dropped == 4
