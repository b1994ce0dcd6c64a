"""What a message asks for when it hands a conversation over."""

import pytest

from mockkommunicate.domain import handoff
from mockkommunicate.domain.handoff import Trigger


@pytest.mark.parametrize(
    ("metadata", "to"),
    [
        ({}, None),
        ({"KM_ASSIGN": "jane"}, None),
        ({"KM_ASSIGN_TO": "jane"}, "jane"),
        ({"KM_ASSIGN_TO": " jane"}, " jane"),
        ({"KM_ASSIGN_TO": ""}, ""),
        ({"KM_ASSIGN_TO": " \t"}, ""),
    ],
    ids=str,
)
def test_a_message_names_to_whom_or_leaves_it_to_the_rules(metadata: dict[str, str], to: str | None) -> None:
    assert handoff.target(metadata) == to


@pytest.mark.parametrize(
    ("event", "trigger"),
    [
        ('{"name": "BUY"}', Trigger(name="BUY")),
        ('{"name": "BUY", "data": {"a": [1]}}', Trigger(name="BUY", data={"a": [1]})),
        ('{"name": "BUY", "data": "a", "more": 1}', Trigger(name="BUY")),
    ],
)
def test_an_event_has_a_name_and_data(event: str, trigger: Trigger) -> None:
    assert handoff.trigger({"event": event}) == trigger


@pytest.mark.parametrize(
    "event", ["", "BUY", '"BUY"', "{}", '{"name": ""}', '{"name": 1}', "[]", "[" * 100_000]
)
def test_what_has_no_name_is_no_event(event: str) -> None:
    assert handoff.trigger({"event": event}) is None


def test_a_message_without_an_event_triggers_none() -> None:
    assert handoff.trigger({}) is None


def test_hand_offs_are_counted_until_somebody_else_writes() -> None:
    kept = {"inARow": 3}

    assert handoff.again(kept, others_wrote=False) == 3
    assert handoff.again(kept, others_wrote=True) == 0
    assert handoff.again(None, others_wrote=False) == 0
