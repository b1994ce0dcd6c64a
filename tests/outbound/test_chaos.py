"""Faults of deliveries: what a real receiver gets, whichever way deliveries are sent, and what is recorded."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from mockkommunicate import App
from mockkommunicate.handle.results import Delivery
from tests.client import Client, ok
from tests.receivers import Receiver

Say = Callable[..., None]

NOON = 1_900_000_000_000
HOUR = 3_600_000


@pytest.fixture
def hooked(hooked: App) -> App:
    """An app with a webhook, whose clock stands still."""
    hooked.clock.freeze(NOON)
    return hooked


@pytest.fixture
def group_id(speaker: Client) -> int:
    """A conversation."""
    return int(speaker.created("carl")["id"])


@pytest.fixture
def say(speaker: Client, group_id: int) -> Say:
    """Write messages into the conversation."""

    def say(*texts: str) -> None:
        for text in texts:
            ok(speaker.send(group_id, "carl", message=text))

    return say


def told(deliveries: list[Delivery]) -> list[tuple[str, Any]]:
    """What a list of deliveries says of each: its state, and what befell it."""
    return [(each.state, each.fault and each.fault["deliver"]) for each in deliveries]


def test_a_duplicate_is_the_same_call_several_times_over(hooked: App, receiver: Receiver, say: Say) -> None:
    fault = hooked.disturb("webhook", duplicate=2, times=1)
    say("a", "b")
    settled = hooked.settle()

    assert receiver.messages == ["a", "a", "a", "b"]
    assert [received.body for received in receiver.got[:3]] == [receiver.got[0].body] * 3
    assert told(settled) == [("sent", "duplicate")] * 3 + [("sent", None)]
    assert [each.fault for each in settled[:3]] == [{"id": fault.id, "deliver": "duplicate"}] * 3
    assert [each.id for each in settled] == [1, 2, 3, 4]
    assert (fault.hits, fault.rule["seen"]) == (1, 2)


def test_one_that_is_reordered_goes_behind_the_next_of_its_lane(
    hooked: App, speaker: Client, receiver: Receiver, group_id: int, say: Say
) -> None:
    other = speaker.created("dora")["id"]
    hooked.disturb("webhook", reorder=True, conversation=group_id, times=1)
    say("a")
    ok(speaker.send(other, "dora", message="elsewhere"))
    before = hooked.settle()
    assert (receiver.messages, told(before)) == (["elsewhere"], [("pending", "reorder"), ("sent", None)])

    say("b", "c")
    settled = hooked.settle()
    assert receiver.messages == ["elsewhere", "b", "a", "c"]
    assert told(settled) == [("sent", "reorder"), ("sent", None), ("sent", None)]


def test_one_that_nothing_comes_behind_goes_when_its_time_is_over(
    hooked: App, receiver: Receiver, say: Say
) -> None:
    hooked.disturb("webhook", reorder="PT5S")
    say("a")
    (pending,) = hooked.settle()
    assert (pending.state, pending.due_at) == ("pending", NOON + 5_000)

    hooked.clock.advance(4_999)
    assert receiver.messages == []
    hooked.clock.advance(1)
    assert receiver.messages == ["a"]
    say("b", "c")
    hooked.clock.advance(5_000)
    assert receiver.messages == ["a", "c", "b"]


def test_each_second_one_overtakes_where_all_are_reordered(hooked: App, receiver: Receiver, say: Say) -> None:
    fault = hooked.disturb(reorder=True)
    say(*"abcdef")
    hooked.settle()

    assert receiver.messages == list("badcfe")
    assert (fault.hits, fault.rule["seen"]) == (3, 3)


def test_one_that_failed_and_is_tried_again_is_not_overtaken(
    hooked: App, receiver: Receiver, say: Say
) -> None:
    hooked.settings({"deliveries": {"retries": ["1h"]}})
    hooked.disturb(reorder=1, times=1)
    receiver.answer = lambda _: (503 if len(receiver.got) == 1 else 200, b"")
    say("a")
    hooked.clock.advance(1)
    say("b")
    hooked.clock.advance(HOUR)

    assert receiver.messages == ["a", "a", "b"]


def test_one_that_is_sent_again_takes_the_place_of_the_next(
    hooked: App, receiver: Receiver, say: Say
) -> None:
    say("a")
    hooked.settle()
    hooked.disturb(reorder=True)
    say("b")
    hooked.redeliver(1)
    hooked.settle()

    assert receiver.messages == ["a", "a", "b"]


def test_one_that_is_late_keeps_those_behind_it_waiting(hooked: App, receiver: Receiver, say: Say) -> None:
    hooked.disturb("webhook", delay="PT1H", body={"message": "late"})
    say("a", "late", "b")
    settled = hooked.settle()
    assert receiver.messages == ["a"]
    assert told(settled) == [("sent", None), ("pending", "delay"), ("pending", None)]
    assert [each.due_at for each in settled] == [None, NOON + HOUR, NOON]

    hooked.clock.advance(HOUR - 1)
    assert receiver.messages == ["a"]
    hooked.clock.advance(1)
    assert receiver.messages == ["a", "late", "b"]


def test_one_that_is_dropped_is_recorded_and_never_sent(hooked: App, receiver: Receiver, say: Say) -> None:
    hooked.disturb("webhook", drop=True, every=2)
    say("a", "b", "c")
    settled = hooked.settle()

    assert receiver.messages == ["a", "c"]
    assert told(settled) == [("sent", None), ("failed", "drop"), ("sent", None)]
    assert settled[1].attempts[0] == {
        "at": NOON,
        "durationMs": 0,
        "error": "dropped: a fault of the app lets it go nowhere",
    }
    assert len(settled[1].attempts) == 1


def test_one_that_was_dropped_can_be_sent_again(hooked: App, receiver: Receiver, say: Say) -> None:
    hooked.disturb("webhook", drop=True)
    say("a")
    hooked.redeliver(1)
    (settled,) = hooked.settle()

    assert receiver.messages == ["a"]
    assert (settled.state, len(settled.attempts)) == ("sent", 2)


def test_all_copies_of_the_next_one_overtake(hooked: App, receiver: Receiver, say: Say) -> None:
    hooked.disturb(reorder=True, times=1)
    hooked.disturb(duplicate=2, body={"message": "b"})
    say("a", "b", "c")
    hooked.settle()

    assert receiver.messages == ["b", "b", "b", "a", "c"]


def test_a_dropped_one_puts_nothing_behind_itself(hooked: App, receiver: Receiver, say: Say) -> None:
    hooked.disturb(reorder=True, times=1)
    hooked.disturb(drop=True, body={"message": "b"})
    say("a", "b", "c")
    hooked.settle()

    assert receiver.messages == ["c", "a"]


def test_a_corrupt_token_is_well_formed_and_wrong(hooked: App, receiver: Receiver, say: Say) -> None:
    hooked.disturb("webhook", corrupt="token", times=1)
    say("a", "b")
    settled = hooked.settle()

    wrong, right = (received.headers["Authentication"] for received in receiver.got)
    assert base64.b64decode(wrong.removeprefix("Basic "), validate=True) == b"abcdef-wrong"
    assert right == "Basic YWJjZGVm"
    assert settled[0]["headers"] == {"Authentication": "***"}


def test_where_there_is_no_token_none_is_corrupted(hooked: App, say: Say) -> None:
    hooked.settings({"webhook": {"token": None}})
    fault = hooked.disturb("webhook", corrupt="token")
    say("a")

    assert told(hooked.settle()) == [("sent", None)]
    assert fault.rule["seen"] == 0


def test_a_corrupt_body_is_json_cut_short(hooked: App, receiver: Receiver, say: Say) -> None:
    hooked.disturb("webhook", corrupt="body", times=1)
    say("a", "a")
    spoilt, whole = hooked.settle()

    half = receiver.got[0].body
    assert half.startswith(b'{"key":"')
    assert len(half) == len(receiver.got[1].body) // 2
    with pytest.raises(json.JSONDecodeError):
        json.loads(half)
    assert (spoilt.payload, spoilt.payload_text) == (None, half.decode())
    assert whole.payload == receiver.got[1].json


def test_a_corrupt_message_is_json_whose_text_is_damaged(
    hooked: App, receiver: Receiver, group_id: int, say: Say
) -> None:
    hooked.disturb("webhook", corrupt="message", times=1)
    say("Hello")
    (settled,) = hooked.settle()

    assert receiver.got[0].json == settled.payload
    assert settled.payload["message"] == "He\ufffdllo"
    assert hooked.messages(group_id)[-1].text == "Hello"


def test_what_befell_a_delivery_befalls_each_of_its_tries(hooked: App, receiver: Receiver, say: Say) -> None:
    hooked.settings({"deliveries": {"retries": ["1h"]}})
    hooked.disturb("webhook", corrupt="message")
    receiver.answer = lambda _: (503 if len(receiver.got) == 1 else 200, b"")
    say("ab")
    hooked.settle()
    hooked.clock.advance(HOUR)

    assert receiver.messages == ["a\ufffdb", "a\ufffdb"]


@pytest.mark.parametrize(
    ("kind", "matching"),
    [
        ("bot", {}),
        ("webhook", {"conversation": 7}),
        ("webhook", {"url": "http://127.0.0.1:9/webhook"}),
        ("any", {"url": {"$regex": "nowhere"}}),
        ("any", {"body": {"message": "other"}}),
        ("any", {"body": {"file": {"$type": "object"}}}),
    ],
    ids=str,
)
def test_a_delivery_of_another_kind_or_content_is_left_alone(
    hooked: App, receiver: Receiver, say: Say, kind: Any, matching: Any
) -> None:
    fault = hooked.disturb(kind, drop=True, **matching)
    say("a")
    hooked.settle()

    assert receiver.messages == ["a"]
    assert fault.rule["seen"] == 0


@pytest.mark.parametrize(
    ("kind", "matching"),
    [
        ("webhook", {"body": {"message": {"$regex": "^a"}}}),
        ("any", {"url": {"$regex": "^http://127"}}),
        ("any", {}),
    ],
    ids=str,
)
def test_a_delivery_that_is_meant_is_struck(
    hooked: App, receiver: Receiver, say: Say, kind: Any, matching: Any
) -> None:
    hooked.disturb(kind, drop=True, **matching)
    say("a")
    hooked.settle()

    assert receiver.got == []


def test_a_rule_sleeps_from_an_instant_on_and_goes_at_the_end_of_its_time(
    hooked: App, receiver: Receiver, say: Say
) -> None:
    hooked.disturb(drop=True, until=NOON + 10)
    hooked.disturb(corrupt="message", ttl=20)
    for text, later in (("a", 10), ("b", 10), ("c", 0)):
        say(text)
        hooked.settle()
        hooked.clock.advance(later)

    assert receiver.messages == ["\ufffdb", "c"]


def test_the_first_rule_that_strikes_wins_and_each_counts(hooked: App, receiver: Receiver, say: Say) -> None:
    first = hooked.disturb(corrupt="message", every=2)
    second = hooked.disturb(drop=True, after=1)
    say("a", "b", "c")
    hooked.settle()

    assert receiver.messages == ["a", "\ufffdb"]
    assert [(fault.rule["seen"], fault.hits) for fault in (first, second)] == [(3, 1), (3, 1)]


def test_rules_of_requests_and_of_deliveries_do_not_count_each_other(
    hooked: App, speaker: Client, receiver: Receiver, group_id: int, say: Say
) -> None:
    of_requests = hooked.fail("message.send", gateway=503, times=1)
    of_deliveries = hooked.disturb(drop=True, times=1)
    assert speaker.send(group_id, "carl").status_code == 503
    say("a", "b")
    hooked.settle()

    assert receiver.messages == ["b"]
    assert [(fault.rule["seen"], fault.hits) for fault in (of_requests, of_deliveries)] == [(3, 1), (2, 1)]


def test_a_refused_request_counts_for_no_rule_of_deliveries(
    hooked: App, speaker: Client, receiver: Receiver, group_id: int
) -> None:
    fault = hooked.disturb(drop=True)
    speaker.send(group_id, "nobody")

    assert (hooked.settle(), fault.rule["seen"], receiver.got) == ([], 0, [])


def test_a_bot_that_is_called_twice_answers_twice(hooked: App, speaker: Client, receiver: Receiver) -> None:
    hooked.settings({"routing": {"assignNewConversationsTo": None}, "webhook": {"url": None}})
    hooked.add_bot("robot", webhook={"url": receiver.url})
    hooked.settings({"routing": {"assignNewConversationsTo": "robot"}})
    receiver.answer = lambda received: (200, json.dumps([{"message": received.json["message"]}]).encode())
    group_id = speaker.created("carl", metadata={"SKIP_BOT_EVENT": '["WELCOME_EVENT"]'})["id"]
    hooked.disturb("bot", duplicate=True)
    ok(speaker.send(group_id, "carl", message="a"))
    hooked.settle()

    assert [(each.sender, each.text) for each in hooked.messages(group_id)][-3:] == [
        ("carl", "a"),
        ("robot", "a"),
        ("robot", "a"),
    ]
    assert told(hooked.deliveries()) == [("sent", "duplicate")] * 2


def test_a_delivery_that_was_struck_can_be_waited_for(hooked: App, say: Say) -> None:
    fault = hooked.disturb(drop=True)
    say("a")
    found = hooked.wait_for("delivery", {"fault": {"id": fault.id}})

    assert (found.id, found.state) == (1, "failed")


def test_one_that_is_overtaken_follows_at_once_while_the_clock_runs(
    hooked: App, receiver: Receiver, say: Say
) -> None:
    hooked.clock.resume()
    hooked.disturb(reorder="PT1M", times=1)
    say("a", "b")

    hooked.settle(timeout=10)
    assert receiver.messages == ["b", "a"]
