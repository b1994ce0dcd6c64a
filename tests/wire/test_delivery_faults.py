"""Rules of faults for deliveries: what they are read as, and how each that is wrong is refused, by name."""

from typing import Any

import pytest

from mockkommunicate.domain.chaos import Deliver, DeliveryMatcher, Disturbance, Mishap, Part
from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.domain.faults import When
from mockkommunicate.wire import reading
from mockkommunicate.wire.faults import FaultRule

MATCH = {"delivery": "webhook"}
DO = {"deliver": "drop"}
MISHAPS = "duplicate, reorder, delay, drop, corrupt"
OF_REQUESTS = f"is of requests: a delivery gets deliver, one of {MISHAPS}"
MATCHED = "is of requests: a delivery has conversation, url and body"
KINDS = "webhook, bot, any"
NOTHING = "do: must name one of status, documented, gateway, html, socket, deliver, or latencyMs"
MS = "must be a duration from 1 to 31536000000 milliseconds"


def problems(**rule: Any) -> list[str]:
    """List what is wrong with a rule that drops what goes to the webhook, but for what is given."""
    given = {"match": MATCH, "do": DO, **rule}
    _, wrong = reading.load(
        FaultRule(), {name: value for name, value in given.items() if value is not ...}, "body"
    )
    return [f"{problem.name}: {problem.message.partition('; got')[0]}" for problem in wrong]


@pytest.mark.parametrize(
    ("do", "deliver"),
    [
        ({"deliver": "duplicate"}, Deliver(mishap=Mishap.DUPLICATE, copies=1, ms=1_000)),
        ({"deliver": "duplicate", "copies": 100}, Deliver(mishap=Mishap.DUPLICATE, copies=100, ms=1_000)),
        ({"deliver": "reorder"}, Deliver(mishap=Mishap.REORDER, copies=1, ms=1_000)),
        ({"deliver": "reorder", "withinMs": "PT2S"}, Deliver(mishap=Mishap.REORDER, copies=1, ms=2_000)),
        ({"deliver": "delay", "delayMs": "5m"}, Deliver(mishap=Mishap.DELAY, copies=1, ms=300_000)),
        ({"deliver": "drop"}, Deliver(mishap=Mishap.DROP, copies=1, ms=1_000)),
        *(
            (
                {"deliver": "corrupt", "part": part.value},
                Deliver(mishap=Mishap.CORRUPT, copies=1, ms=1_000, part=part),
            )
            for part in Part
        ),
    ],
    ids=str,
)
def test_what_becomes_of_a_delivery_is_read(do: dict[str, Any], deliver: Deliver) -> None:
    loaded, wrong = reading.load(FaultRule(), {"match": MATCH, "do": do}, "body")

    assert wrong == []
    matcher = DeliveryMatcher(kind=Kind.WEBHOOK)
    assert loaded["fault"] == Disturbance(match=matcher, when=When(), deliver=deliver)


def test_which_deliveries_is_read() -> None:
    match = {"delivery": "any", "conversation": "7", "url": {"$regex": "hooks"}, "body": {"message": "Hi"}}
    loaded, _ = reading.load(FaultRule(), {"match": match, "do": DO, "when": {"times": 2}}, "body")

    expected = {"conversation": 7, "url": {"$regex": "hooks"}, "body": {"message": "Hi"}}
    assert loaded["fault"].match == DeliveryMatcher(kind=None, **expected)
    assert loaded["fault"].when == When(times=2)
    assert loaded["given"]["match"] == match


MATCHES: list[tuple[dict[str, Any], list[str]]] = [
    ({"delivery": "webhok"}, [f"match.delivery: must be one of {KINDS}; did you mean 'webhook'?"]),
    ({"delivery": 1}, ["match.delivery: must be a string"]),
    *(
        ({"delivery": "bot", name: value}, [f"match.{name}: {MATCHED}"])
        for name, value in (
            ("operation", "message.send"),
            ("method", "POST"),
            ("path", "/x"),
            ("query", {}),
            ("headers", {}),
        )
    ),
    *(
        (
            {"operation": "message.send", name: value},
            [f"match.{name}: is of deliveries: delivery goes with it, one of {KINDS}"],
        )
        for name, value in (("conversation", 7), ("url", "http://x"))
    ),
    (
        {"delivery": "bot", "conversation": "x"},
        ["match.conversation: must be a conversation's id: a whole number or a numeric string"],
    ),
    ({"delivery": "bot", "conversation": None}, ["match.conversation: must be a conversation's id"]),
    (
        {"delivery": "bot", "url": "localhost"},
        ["match.url: must be a URL that begins with http:// or https://, or a matcher"],
    ),
    (
        {"delivery": "bot", "url": {"$regex": "("}},
        ["match.url.$regex: is no regular expression: missing ), unterminated subpattern at position 0"],
    ),
    (
        {"delivery": "bot", "convresation": 1},
        ["match.convresation: is not known here; did you mean 'conversation'?"],
    ),
]
DOS: list[tuple[Any, list[str]]] = [
    (..., [f"do: is missing: what becomes of the deliveries: deliver, one of {MISHAPS}"]),
    ({"deliver": "dupe"}, [f"do.deliver: must be one of {MISHAPS}; did you mean 'duplicate'?"]),
    ({"deliver": "loose"}, [f"do.deliver: must be one of {MISHAPS}"]),
    ({"status": 503}, [f"do.status: {OF_REQUESTS}"]),
    ({"gateway": 429, "retryAfter": 1}, [f"do.gateway: {OF_REQUESTS}", f"do.retryAfter: {OF_REQUESTS}"]),
    ({"latencyMs": 5}, [f"do.latencyMs: {OF_REQUESTS}"]),
    ({"deliver": "drop", "latencyMs": 5}, [f"do.latencyMs: {OF_REQUESTS}"]),
    (
        {"deliver": "drop", "socket": "reset"},
        ["do.deliver: cannot be given together with socket: a rule has one effect"],
    ),
    ({"deliver": "delay"}, ["do.delayMs: is missing: how late it is, in milliseconds or ISO 8601"]),
    ({"deliver": "delay", "delayMs": 0}, [f"do.delayMs: {MS}"]),
    ({"deliver": "delay", "delayMs": "P366D"}, [f"do.delayMs: {MS}"]),
    ({"deliver": "reorder", "withinMs": 0}, [f"do.withinMs: {MS}"]),
    ({"deliver": "duplicate", "copies": 0}, ["do.copies: must be from 1 to 100"]),
    ({"deliver": "duplicate", "copies": 101}, ["do.copies: must be from 1 to 100"]),
    ({"deliver": "corrupt"}, ["do.part: is missing: one of token, body, message"]),
    ({"deliver": "corrupt", "part": "url"}, ["do.part: must be one of token, body, message"]),
    ({"deliver": "drop", "copies": 2}, ["do.copies: belongs to deliver duplicate, which is drop here"]),
    (
        {"deliver": "delay", "delayMs": 1, "withinMs": 1},
        ["do.withinMs: belongs to deliver reorder, which is delay here"],
    ),
    ({"part": "body"}, ["do.part: belongs to deliver corrupt, which is missing", NOTHING]),
]
WRONG = [*(("match", *case) for case in MATCHES), *(("do", *case) for case in DOS)]


@pytest.mark.parametrize(("part", "value", "said"), WRONG, ids=lambda part: ascii(part)[:60])
def test_what_is_wrong_with_a_rule_is_said_by_name(part: str, value: Any, said: list[str]) -> None:
    assert problems(**{part: value}) == said


def test_a_delivery_has_no_phase_and_no_limit_without_an_effect() -> None:
    assert problems(phase="after") == ["phase: is of requests: a delivery has none"]
    assert problems(do=..., when={"limit": 1, "window": 1})[0].startswith("do: is missing")


def test_what_becomes_of_deliveries_becomes_of_no_request() -> None:
    said = problems(match={"operation": "message.send"})

    assert said == [f"do.deliver: is of deliveries: match.delivery goes with it, one of {KINDS}"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = problems(phase="before", do={"status": 500})

    assert said == ["phase: is of requests: a delivery has none", f"do.status: {OF_REQUESTS}"]
