"""What holds whichever way deliveries are sent: inline, by the pump, by procrastinate."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from mockkommunicate import App, ControlFailed, MockKommunicate
from mockkommunicate.handle.results import Delivery
from tests.client import Client, ok
from tests.receivers import Answer, Receiver

NOON = 1_900_000_000_000
HOUR = 3_600_000


def failing(times: int) -> Any:
    """Make an answer that is 503 so many times for each message, then 200."""
    seen: dict[bytes, int] = {}
    lock = threading.Lock()

    def answer(received: Any) -> Answer:
        with lock:
            seen[received.body] = seen.get(received.body, 0) + 1
            return (503, b"") if seen[received.body] <= times else (200, b"")

    return answer


def states(deliveries: list[Delivery]) -> list[str]:
    return [delivery.state for delivery in deliveries]


def test_messages_are_sent_once_each_and_in_order(hooked: App, speaker: Client, receiver: Receiver) -> None:
    group_id = speaker.created("carl")["id"]
    texts = [str(number) for number in range(20)]
    for text in texts:
        ok(speaker.send(group_id, "carl", message=text))
    settled = hooked.settle()

    assert receiver.messages == texts
    assert [delivery.payload["message"] for delivery in settled] == texts
    assert states(settled) == ["sent"] * 20
    assert [[attempt.status for attempt in delivery.attempts] for delivery in settled] == [[200]] * 20


def test_a_refused_request_owes_nothing(hooked: App, speaker: Client, receiver: Receiver) -> None:
    group_id = speaker.created("carl")["id"]
    speaker.send(group_id, "nobody")
    speaker.send(7, "carl")

    assert hooked.settle() == []
    assert receiver.got == []


def test_what_fails_without_retries_has_failed_and_the_next_follows(
    hooked: App, speaker: Client, receiver: Receiver
) -> None:
    receiver.answer = lambda received: (500, b"no") if received.json["message"] == "0" else (200, b"")
    group_id = speaker.created("carl")["id"]
    for text in "01":
        speaker.send(group_id, "carl", message=text)
    first, second = hooked.settle()

    assert (first.state, second.state) == ("failed", "sent")
    assert [(attempt.status, attempt.answer_text) for attempt in first.attempts] == [(500, "no")]
    assert receiver.messages == ["0", "1"]


def test_what_fails_is_tried_again_and_those_behind_it_wait(
    hooked: App, speaker: Client, receiver: Receiver
) -> None:
    hooked.settings({"deliveries": {"retries": ["10ms", 20]}})
    receiver.answer = failing(2)
    group_id = speaker.created("carl")["id"]
    for text in "01":
        speaker.send(group_id, "carl", message=text)
    settled = hooked.settle()

    assert receiver.messages == ["0", "0", "0", "1", "1", "1"]
    assert states(settled) == ["sent", "sent"]
    assert [attempt.status for attempt in settled[0].attempts] == [503, 503, 200]


def test_what_fails_too_often_is_dead_and_the_next_follows(
    hooked: App, speaker: Client, receiver: Receiver
) -> None:
    hooked.settings({"deliveries": {"retries": [1, 1]}})
    receiver.answer = lambda received: (503, b"") if received.json["message"] == "0" else (200, b"")
    group_id = speaker.created("carl")["id"]
    for text in "01":
        speaker.send(group_id, "carl", message=text)
    settled = hooked.settle()

    assert states(settled) == ["dead", "sent"]
    assert [len(delivery.attempts) for delivery in settled] == [3, 1]
    assert receiver.messages == ["0", "0", "0", "1"]


def test_one_conversation_does_not_wait_for_another(hooked: App, speaker: Client, receiver: Receiver) -> None:
    hooked.settings({"deliveries": {"retries": ["1h"]}})
    receiver.answer = lambda received: (503, b"") if received.json["message"] == "stuck" else (200, b"")
    stuck, free = speaker.created("carl")["id"], speaker.created("dora")["id"]
    speaker.send(stuck, "carl", message="stuck")
    speaker.send(stuck, "carl", message="behind")
    speaker.send(free, "dora", message="free")
    answer = hooked.control("POST", "settle", {"timeoutMs": 1_500})

    found = [(one["payload"]["message"], one["state"]) for one in answer["deliveries"]]
    assert found == [("stuck", "pending"), ("behind", "pending"), ("free", "sent")]
    assert (answer["settled"], answer["timedOut"], answer["pending"]) == (False, True, 2)
    assert sorted(receiver.messages) == ["free", "stuck"]


def test_a_delivery_is_sent_again_on_request_with_its_retries(
    hooked: App, speaker: Client, receiver: Receiver
) -> None:
    hooked.settings({"deliveries": {"retries": [1]}})
    speaker.send(speaker.created("carl")["id"], "carl")
    (delivery,) = hooked.settle()
    receiver.answer = lambda _: (503 if len(receiver.got) < 3 else 200, b"")
    again = hooked.redeliver(delivery.id)
    (settled,) = hooked.settle()

    assert (again.id, again.state) == (delivery.id, "pending")
    assert [attempt.status for attempt in settled.attempts] == [200, 503, 200]
    assert settled.state == "sent"
    assert len({received.body for received in receiver.got}) == 1


def test_what_is_sent_again_comes_behind_what_is_owed(sending: MockKommunicate, receiver: Receiver) -> None:
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"retries": [HOUR]}}
    app = sending.create_app(at=NOON, settings=settings)
    client = Client(app.url, app.api_key)
    group_id = client.created("carl")["id"]
    client.send(group_id, "carl", message="first")
    app.settle()
    receiver.answer = lambda _: (503, b"")
    client.send(group_id, "carl", message="second")
    app.settle()
    client.send(group_id, "carl", message="third")
    app.redeliver(1)
    client.send(group_id, "carl", message="fourth")
    receiver.answer = lambda _: (200, b"")
    app.clock.advance(HOUR)

    assert receiver.messages == ["first", "second", "second", "third", "first", "fourth"]


def test_what_is_pending_cannot_be_sent_again(sending: MockKommunicate, receiver: Receiver) -> None:
    receiver.answer = lambda _: (503, b"")
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"retries": [HOUR]}}
    app = sending.create_app(at=NOON, settings=settings)
    client = Client(app.url, app.api_key)
    client.send(client.created("carl")["id"], "carl")
    app.settle()

    with pytest.raises(ControlFailed, match="is pending: it will be sent anyway") as refused:
        app.redeliver(1)
    assert (refused.value.status, refused.value.code) == (409, "DELIVERY_PENDING")


def test_an_hour_of_a_frozen_clock_runs_the_retries_at_once_and_in_order(
    sending: MockKommunicate, receiver: Receiver
) -> None:
    minute = 60_000
    retries = {"retries": ["10m", "20m", "1h"]}
    app = sending.create_app(at=NOON, settings={"webhook": {"url": receiver.url}, "deliveries": retries})
    client = Client(app.url, app.api_key)
    receiver.answer = failing(2)
    first, second = client.created("carl")["id"], client.created("dora")["id"]
    client.send(first, "carl", message="a")
    client.send(first, "carl", message="b")
    app.settle()
    app.clock.advance("5m")
    client.send(second, "dora", message="c")
    app.settle()
    moved = app.clock.advance("PT1H")

    assert [(job["id"], job["at"] - NOON, job["state"]) for job in moved.ran or ()] == [
        (1, 10 * minute, "pending"),
        (3, 15 * minute, "pending"),
        (1, 30 * minute, "sent"),
        (2, 30 * minute, "pending"),
        (3, 35 * minute, "sent"),
        (2, 40 * minute, "pending"),
        (2, 60 * minute, "sent"),
    ]
    assert moved.now == NOON + 65 * minute
    assert receiver.messages == ["a", "c", "a", "c", "a", "b", "c", "b", "b"]
    assert states(app.deliveries()) == ["sent"] * 3
    assert [attempt.at - NOON for attempt in app.delivery(1).attempts] == [0, 10 * minute, 30 * minute]
    assert {attempt.duration for one in app.deliveries() for attempt in one.attempts} == {0}


def test_a_running_clock_that_is_advanced_runs_them_too_and_runs_on(
    hooked: App, speaker: Client, receiver: Receiver
) -> None:
    hooked.settings({"deliveries": {"retries": ["30m", "10m"]}})
    receiver.answer = failing(2)
    speaker.send(speaker.created("carl")["id"], "carl")
    with pytest.raises(TimeoutError, match="1 deliveries are pending after"):
        hooked.settle(timeout=0.5)
    before = hooked.clock.now
    moved = hooked.clock.advance("1h")
    (delivery,) = hooked.deliveries()

    assert [job["state"] for job in moved.ran or ()] == ["pending", "sent"]
    assert moved.mode == "running"
    assert before + HOUR <= moved.now < before + HOUR + 30_000
    ats = [attempt.at for attempt in delivery.attempts]
    assert ats[0] + 1_800_000 <= ats[1] < ats[0] + 1_800_000 + 10_000
    assert ats[1] + 600_000 <= ats[2] < ats[1] + 600_000 + 10_000


def test_a_frozen_clock_keeps_retries_waiting_and_settling_does_not(
    sending: MockKommunicate, receiver: Receiver
) -> None:
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"retries": [1]}}
    app = sending.create_app(at=NOON, settings=settings)
    receiver.answer = lambda _: (503, b"")
    client = Client(app.url, app.api_key)
    client.send(client.created("carl")["id"], "carl")
    (delivery,) = app.settle(timeout=60)

    assert (delivery.state, delivery.due_at, len(delivery.attempts)) == ("pending", NOON + 1, 1)


def test_a_clock_that_goes_on_sends_what_falls_due(sending: MockKommunicate, receiver: Receiver) -> None:
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"retries": ["100ms"]}}
    app = sending.create_app(at=NOON, settings=settings)
    receiver.answer = failing(1)
    client = Client(app.url, app.api_key)
    client.send(client.created("carl")["id"], "carl")
    app.settle()
    app.clock.resume()

    app.settle()

    assert app.delivery(1).state == "sent"


def test_a_delivery_is_waited_for(hooked: App, speaker: Client, receiver: Receiver) -> None:
    group_id = speaker.created("carl")["id"]
    threading.Timer(0.2, lambda: [speaker.send(group_id, "carl", message="Late"), hooked.settle()]).start()
    found = hooked.wait_for("delivery", {"state": "sent", "payload": {"message": "Late"}}, timeout=30)

    assert found == hooked.delivery(1)
    assert receiver.messages == ["Late"]


def test_a_reset_forgets_what_is_owed(sending: MockKommunicate, receiver: Receiver) -> None:
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"retries": [HOUR]}}
    app = sending.create_app(at=NOON, settings=settings)
    receiver.answer = lambda _: (503, b"")
    client = Client(app.url, app.api_key)
    client.send(client.created("carl")["id"], "carl")
    app.settle()
    removed = app.reset()["removed"]

    assert removed["deliveries"] == 1
    assert app.deliveries() == []
    assert app.clock.advance("2h").ran == []


def test_a_restored_or_imported_app_owes_nothing_and_keeps_what_it_sent(
    sending: MockKommunicate, receiver: Receiver
) -> None:
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"retries": [HOUR]}}
    app = sending.create_app(at=NOON, settings=settings)
    client = Client(app.url, app.api_key)
    group_id = client.created("carl")["id"]
    app.snapshot("clean")
    restores: list[Callable[[], None]] = [
        lambda: app.restore("clean"),
        lambda: app.load_state(app.state()),
    ]
    for restore in restores:
        receiver.answer = lambda _: (200, b"")
        client.send(group_id, "carl", message="sent")
        app.settle()
        receiver.answer = lambda _: (503, b"")
        client.send(group_id, "carl", message="owed")
        app.settle()
        restore()

        assert {delivery.state for delivery in app.deliveries()} == {"sent"}
        assert app.fork().deliveries() == []
    assert [delivery.id for delivery in app.deliveries()] == [1, 3]
