"""When a bot is called, with which event, and what a built-in one answers."""

import re
from typing import Any

import pytest

from mockkommunicate.domain import bots
from mockkommunicate.domain.bots import MEDIA, Call
from mockkommunicate.domain.users import Role


def call(text: str = "", **more: Any) -> Call:
    """Make a call: an ordinary message unless `more` says otherwise."""
    given = {
        "key": "5-1-1",
        "sender_id": "carl",
        "content_type": 0,
        "source": 4,
        "metadata": {},
        "created_at": 1,
    }
    return Call(text=text, **{**given, **more})


def fits(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def said(built_in: dict[str, Any], called: Call) -> list[Any]:
    return [message["message"] for message in bots.built_in_reply(built_in, called, fits)]


@pytest.mark.parametrize("skip", [None, "false", "", "no", "1"])
def test_a_customers_message_calls_a_bot(skip: str | None) -> None:
    assert bots.is_called_by(Role.CUSTOMER, {} if skip is None else {"skipBot": skip})


@pytest.mark.parametrize("skip", ["true", "True"])
def test_a_message_that_skips_the_bot_does_not_call_it(skip: str) -> None:
    assert not bots.is_called_by(Role.CUSTOMER, {"skipBot": skip})


@pytest.mark.parametrize("sender", [Role.ADMIN, Role.AGENT, Role.BOT])
def test_who_is_no_customer_calls_no_bot(sender: Role) -> None:
    assert not bots.is_called_by(sender, {})


@pytest.mark.parametrize(
    ("content_type", "metadata", "has_file", "event"),
    [
        (0, {}, False, None),
        (3, {"order": "1"}, False, None),
        (0, {"KM_TRIGGER_EVENT": ""}, False, None),
        (1, {}, True, MEDIA),
        (1, {}, False, MEDIA),
        (0, {}, True, MEDIA),
        (2, {}, False, MEDIA),
        (10, {"KM_TRIGGER_EVENT": "BUY"}, False, "BUY"),
        (0, {"KM_TRIGGER_EVENT": "BUY"}, False, "BUY"),
        (1, {"KM_TRIGGER_EVENT": "BUY"}, True, "BUY"),
    ],
)
def test_a_message_has_the_event_that_it_triggers_or_that_of_what_it_brings(
    *,
    content_type: int,
    metadata: dict[str, str],
    has_file: bool,
    event: str | None,
) -> None:
    assert bots.event_of(content_type, metadata, has_file=has_file) == event


@pytest.mark.parametrize(
    ("metadata", "event"),
    [
        ({}, "WELCOME"),
        ({"CUSTOM_WELCOME_EVENT": "HELLO"}, "HELLO"),
        ({"CUSTOM_WELCOME_EVENT": ""}, "WELCOME"),
        ({"SKIP_BOT_EVENT": '["WELCOME_EVENT"]'}, None),
        ({"SKIP_BOT_EVENT": '["A", "WELCOME_EVENT"]', "CUSTOM_WELCOME_EVENT": "HELLO"}, None),
        ({"SKIP_BOT_EVENT": '["A"]'}, "WELCOME"),
        ({"SKIP_BOT_EVENT": "WELCOME_EVENT"}, "WELCOME"),
        ({"SKIP_BOT_EVENT": '"WELCOME_EVENT"'}, "WELCOME"),
        ({"SKIP_BOT_EVENT": "[" * 100_000}, "WELCOME"),
        ({"SKIP_BOT_EVENT": "true"}, "WELCOME"),
    ],
    ids=str,
)
def test_a_new_conversation_has_a_welcome_event_unless_it_wants_none(
    metadata: dict[str, str], event: str | None
) -> None:
    assert bots.welcome_event(metadata) == event


ECHO = {"kind": "echo"}
SCRIPT = {
    "kind": "scripted",
    "rules": [
        {"event": "WELCOME", "replies": [{"message": "Hello"}]},
        {"pattern": "order [0-9]+", "replies": [{"message": "It is"}, {"message": "on its way"}]},
        {"pattern": "order", "replies": [{"message": "Which one?"}]},
        {"pattern": "quiet", "replies": []},
        {"event": MEDIA, "replies": [{"message": "Nice picture"}]},
    ],
    "otherwise": [{"message": "What?"}],
}


@pytest.mark.parametrize(
    ("called", "answer"),
    [
        (call("my ORDER 7, please"), ["It is", "on its way"]),
        (call("my order"), ["Which one?"]),
        (call("quiet"), []),
        (call("anything"), ["What?"]),
        (call(""), ["What?"]),
        (call("Event:WELCOME", event="WELCOME"), ["Hello"]),
        (call("Event:order", event="order"), []),
        (call("", event=MEDIA), ["Nice picture"]),
        (call("order", event=MEDIA), ["Which one?"]),
    ],
)
def test_a_script_answers_as_the_first_rule_that_fits(called: Call, answer: list[str]) -> None:
    assert said(SCRIPT, called) == answer


def test_a_script_without_an_answer_for_the_rest_is_silent() -> None:
    assert said({"kind": "scripted", "rules": []}, call("Hello")) == []


def test_an_echo_says_again_what_it_hears() -> None:
    assert bots.built_in_reply(ECHO, call("Hello", content_type=3), fits) == [
        {"message": "Hello", "contentType": 3}
    ]


def test_an_echo_brings_a_file_back() -> None:
    file = {"name": "a.png"}
    called = call("", content_type=1, file_meta=file, event=MEDIA)

    assert bots.built_in_reply(ECHO, called, fits) == [{"message": "", "contentType": 1, "fileMeta": file}]


@pytest.mark.parametrize("called", [call(""), call("Event:WELCOME", event="WELCOME"), call("a", event="BUY")])
def test_an_echo_has_nothing_to_say_to_nothing(called: Call) -> None:
    assert bots.built_in_reply(ECHO, called, fits) == []
