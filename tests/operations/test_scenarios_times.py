"""When things in a scenario happened: what it says, and what is believable where it says nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockkommunicate.domain.errors import ScenarioError
from mockkommunicate.operations import pace, scenarios
from mockkommunicate.operations.emulator import Emulator
from tests.operations.filled import NOW, Rows, emulating, fill

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator without HTTP."""
    with emulating() as emulator:
        yield emulator


def talk(*afters: object, **told: Any) -> dict[str, Any]:
    """Make a conversation with a message for each time given; None leaves the time out."""
    messages = [
        {"from": "carl", "message": "Hello"} | ({"after": after} if after else {}) for after in afters
    ]
    return {"name": "A talk", "members": ["carl"], "messages": messages, **told}


def began(held: Rows) -> list[int]:
    """List how long ago the conversations began, in order of their ids."""
    return [NOW - row["created_at"] for row in held["conversations"]]


def came(held: Rows) -> list[int]:
    """List how long ago the messages came."""
    return [NOW - row["created_at"] for row in held["messages"]]


def test_conversations_begin_half_an_hour_apart_and_messages_a_minute(emulator: Emulator) -> None:
    held = fill(emulator, {"conversations": [talk(None, None), talk(None)]})

    assert began(held) == [60 * MINUTE, 30 * MINUTE]
    assert came(held) == [59 * MINUTE, 58 * MINUTE, 29 * MINUTE]


def test_a_conversation_says_how_long_ago_it_began_and_a_message_how_long_after(emulator: Emulator) -> None:
    told = [talk("PT30S", "PT1M30S", ago="P1D"), talk(500, ago=2 * SECOND)]
    held = fill(emulator, {"conversations": told})

    assert began(held) == [DAY, 2 * SECOND]
    assert came(held) == [DAY - 30 * SECOND, DAY - 120 * SECOND, 1_500]


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        ("PT0S", 0),
        ("PT0.25S", 250),
        ("PT90M", 90 * MINUTE),
        ("P1DT1H", 25 * HOUR),
        ("P2W", 14 * DAY),
        (1, 1),
        ("1500", 1_500),
        (1500.0, 1_500),
    ],
)
def test_a_time_is_a_duration_or_milliseconds(emulator: Emulator, written: object, milliseconds: int) -> None:
    assert began(fill(emulator, {"conversations": [talk(ago=written)]})) == [milliseconds]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2 hours", "must be a duration"),
        ("PT", "must be a duration"),
        ("", "must be a duration"),
        ("P1M", "must be a duration without months and years"),
        ("P1Y", "must be a duration without months and years"),
        ("-PT1H", "must be a duration from 0"),
        (-1, "must be a duration from 0"),
        (1.5, "must be a duration"),
        (True, "must be a duration"),
        ([], "must be a duration"),
        ("P3651D", "must be a duration from 0"),
        ("P99999999999D", "must be a duration from 0"),
        ("2030-01-01", "must be a duration"),
        ("PT" + "9" * 200 + "S", "must be a duration"),
    ],
)
@pytest.mark.parametrize("field", ["ago", "after"])
def test_what_is_no_duration_is_refused(field: str, written: object, said: str) -> None:
    told = talk(ago=written) if field == "ago" else talk("PT1S")
    if field == "after":
        told["messages"][0]["after"] = written
    path = "conversations[0].ago" if field == "ago" else "conversations[0].messages[0].after"

    with pytest.raises(ScenarioError) as refused:
        scenarios.load_object({"conversations": [told]})

    assert str(refused.value).startswith(f"scenario: {path} {said}")


def test_messages_that_say_nothing_come_in_time_in_a_conversation_that_has_just_begun(
    emulator: Emulator,
) -> None:
    held = fill(emulator, {"conversations": [talk(None, "PT20S", None, ago="PT1M")]})

    assert came(held) == [40 * SECOND, 20 * SECOND, 0]


def test_a_message_that_would_come_after_the_present_is_refused() -> None:
    late = talk("PT9M", None, "PT2M", "PT1M", ago="PT10M")
    with pytest.raises(ScenarioError) as refused:
        scenarios.load_object({"conversations": [talk("PT9H"), late]})

    assert str(refused.value) == (
        "scenario: conversations[1].messages[2].after is 60 seconds after the present: the conversation began later"
    )


def test_a_long_conversation_that_says_nothing_is_over_by_now(emulator: Emulator) -> None:
    held = fill(emulator, {"conversations": [talk("PT9H"), talk(*[None] * 100), talk()]})

    assert began(held) == [9 * HOUR + 130 * MINUTE, 130 * MINUTE, 30 * MINUTE]
    assert came(held)[:2] == [130 * MINUTE, 129 * MINUTE]


def test_conversations_between_two_that_say_when_move_together(emulator: Emulator) -> None:
    told = [talk(ago="PT20M"), talk(), talk(), talk(ago="PT5M")]
    held = fill(emulator, {"conversations": told})

    assert began(held) == [20 * MINUTE, 15 * MINUTE, 10 * MINUTE, 5 * MINUTE]


def test_times_that_contradict_the_order_are_kept_as_they_are_said(emulator: Emulator) -> None:
    held = fill(emulator, {"conversations": [talk(ago="PT1M"), talk(ago="P3D")]})
    carl = next(user for user in held["users"] if user["user_id"] == "carl")

    assert began(held) == [MINUTE, 3 * DAY]
    assert carl["created_at"] == NOW - 3 * DAY


@pytest.mark.parametrize("at", [0, 1, HOUR, 2 * DAY])
def test_nothing_happened_before_1970(emulator: Emulator, at: int) -> None:
    document = {
        "conversations": [talk(None, "PT9H"), talk(None, ago="P9D")],
        "generate": {"customers": 1, "conversations": 5},
    }
    held = fill(emulator, document, at=at)

    times = [row["created_at"] for kind in ("users", "conversations", "messages") for row in held[kind]]
    assert all(0 <= time <= at for time in times)


def test_listed_users_were_there_an_hour_before_the_first_conversation(emulator: Emulator) -> None:
    people = [{"userId": "ada", "role": "agent"}, {"userId": "carl", "role": "customer"}]
    held = fill(emulator, {"users": people, "conversations": [talk("PT1M", ago="PT9H")]})
    ada, carl, bot = held["users"]

    assert {user["created_at"] for user in (ada, carl, bot)} == {NOW - 10 * HOUR}
    assert (ada["last_seen_at"], carl["last_seen_at"]) == (NOW, NOW - 9 * HOUR + MINUTE)


def test_users_of_an_app_in_which_nothing_happened_are_new(emulator: Emulator) -> None:
    held = fill(emulator, "empty")

    assert {(user["created_at"], user["last_seen_at"]) for user in held["users"]} == {(NOW, NOW)}


def test_generated_conversations_come_after_those_of_the_file(emulator: Emulator) -> None:
    document = {"conversations": [talk(), talk()], "generate": {"customers": 1, "conversations": 9}}
    times = [row["created_at"] for row in fill(emulator, document)["conversations"]]

    assert times == sorted(times)
    assert times[2] - times[1] == times[1] - times[0] == 30 * MINUTE


spans = st.integers(0, 10 * HOUR)
talks = st.builds(
    lambda afters, ago: talk(*afters, **({} if ago is None else {"ago": ago})),
    st.lists(st.none() | spans, max_size=40),
    st.none() | spans,
)


@settings(deadline=None)
@given(st.lists(talks, max_size=12), st.integers(0, 10**12))
def test_nothing_is_ever_after_the_present_and_messages_are_in_order(
    told: list[dict[str, Any]], before: int
) -> None:
    now = 10**12
    beginnings = pace.beginnings(told, now=now, before=before)

    for conversation, time in zip(told, beginnings, strict=True):
        times = pace.arrivals(time, conversation["messages"], now=now)
        assert [time, *times, now] == sorted([time, *times, now])
        if "ago" in conversation:
            assert time == now - conversation["ago"]


@settings(deadline=None)
@given(st.lists(talks, max_size=12))
def test_conversations_are_in_order_unless_they_say_otherwise(told: list[dict[str, Any]]) -> None:
    now = 10**12
    silent = [{**conversation, "messages": []} for conversation in told]
    times = pace.beginnings(silent, now=now, before=now)

    said = [time for time, conversation in zip(times, silent, strict=True) if "ago" in conversation]
    assert times == sorted(times) or said != sorted(said)


@settings(deadline=None)
@given(st.integers(-(10**12), 10**13))
def test_working_time_is_from_nine_to_five_on_weekdays(done: int) -> None:
    time = pace.at_work(done)
    moment = datetime.fromtimestamp(time / 1_000, UTC)

    assert 9 <= moment.hour < 17
    assert moment.weekday() < 5
    assert pace.worked(time) == done


@settings(deadline=None)
@given(st.integers(-(10**13), 10**14), st.integers(0, 10**11))
def test_working_time_never_runs_backwards(time: int, more: int) -> None:
    assert pace.worked(time) <= pace.worked(time + more) <= pace.worked(time) + more
    assert pace.at_work(pace.worked(time) - 1) < time
