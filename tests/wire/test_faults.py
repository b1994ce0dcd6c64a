"""Rules of faults as callers write them: what is read, and what is refused in which words."""

from typing import Any

import pytest

from mockkommunicate.domain import failures
from mockkommunicate.domain.faults import (
    Documented,
    Fault,
    Gateway,
    Lognormal,
    Own,
    Page,
    Phase,
    Uniform,
    When,
)
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.domain.received import ABSENT
from mockkommunicate.domain.socket_kinds import SocketKind
from mockkommunicate.wire import reading
from mockkommunicate.wire.faults import FaultRule

MATCH = {"operation": "message.send"}
DO = {"status": 503}


def read(**rule: Any) -> Fault:
    """Read a rule for message.send that answers 503, but for what is given; it must be right."""
    loaded, problems = reading.load(FaultRule(), {"match": MATCH, "do": DO, **rule}, "body")
    assert problems == []
    fault = loaded["fault"]
    assert isinstance(fault, Fault)
    return fault


def problems(rule: dict[str, Any]) -> list[str]:
    """List what is wrong with a rule."""
    return [str(problem) for problem in reading.load(FaultRule(), rule, "body")[1]]


def test_a_rule_strikes_every_matching_request_before_its_operation_unless_it_says_otherwise() -> None:
    fault = read()

    assert fault.match.operation == "message.send"
    assert fault.when == When()
    assert fault.phase is Phase.BEFORE
    assert fault.effect == Own(status=503, body=ABSENT)
    assert fault.latency is None


def test_a_rule_is_kept_as_it_was_given() -> None:
    rule = {"match": MATCH, "do": {"latencyMs": {"fixed": 5}}, "when": {"until": "2030-01-01"}, "ttlMs": 9}
    loaded, _ = reading.load(FaultRule(), rule, "body")

    assert loaded["given"] == rule
    assert loaded["ttl"] == 9


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({}, When()),
        ({"times": 1}, When(times=1)),
        ({"after": 0}, When(after=0)),
        ({"after": 2, "every": 3, "probability": 0.5}, When(after=2, every=3, probability=0.5)),
        ({"probability": 1}, When(probability=1.0)),
        ({"until": "2030-01-01T00:00:00Z"}, When(until=1_893_456_000_000)),
        ({"until": 5}, When(until=5)),
        ({"limit": 3, "window": "PT1M"}, When(limit=3, window=60_000)),
        ({"limit": 0, "window": 1}, When(limit=0, window=1)),
    ],
    ids=str,
)
def test_conditions_are_read(when: dict[str, Any], expected: When) -> None:
    assert read(when=when).when == expected


@pytest.mark.parametrize(
    ("do", "effect"),
    [
        ({"status": 200}, Own(status=200)),
        ({"status": 500, "body": {"a": [1]}}, Own(status=500, body={"a": [1]})),
        ({"status": 500, "body": None}, Own(status=500, body=None)),
        ({"status": 500, "body": "<b>"}, Own(status=500, body="<b>")),
        ({"status": 204}, Own(status=204)),
        (
            {"status": 429, "headers": {"Retry-After": 1, "X-A": "b c"}},
            Own(status=429, headers={"Retry-After": "1", "X-A": "b c"}),
        ),
        ({"documented": "AL-U-01"}, Documented(name="AL-U-01")),
        ({"gateway": 503}, Gateway(status=503)),
        ({"gateway": 429, "retryAfter": 30}, Gateway(status=429, retry_after=30)),
        ({"html": 502}, Page(status=502)),
        *(({"socket": str(kind)}, kind) for kind in SocketKind),
    ],
    ids=str,
)
def test_effects_are_read(do: dict[str, Any], effect: Any) -> None:
    fault = read(do=do)

    assert (fault.effect, type(fault.effect), fault.latency) == (effect, type(effect), None)


@pytest.mark.parametrize(
    ("latency", "expected"),
    [
        (0, Uniform(least=0, most=0)),
        (250, Uniform(least=250, most=250)),
        ({"fixed": 250}, Uniform(least=250, most=250)),
        ({"uniform": [10, 20]}, Uniform(least=10, most=20)),
        ({"uniform": [10, 10]}, Uniform(least=10, most=10)),
        ({"lognormal": {"median": 90, "sigma": 0.5}}, Lognormal(median=90, sigma=0.5)),
        ({"lognormal": {"median": 90, "sigma": 1}}, Lognormal(median=90, sigma=1.0)),
    ],
    ids=str,
)
@pytest.mark.parametrize("effect", [{}, {"gateway": 504}, {"socket": "reset"}], ids=str)
def test_a_delay_stands_alone_or_beside_an_effect(
    latency: Any, expected: Uniform | Lognormal, effect: dict[str, Any]
) -> None:
    fault = read(do={**effect, "latencyMs": latency})

    assert fault.latency == expected
    assert (fault.effect is None) is (not effect)


@pytest.mark.parametrize("phase", Phase)
def test_a_phase_is_read(phase: Phase) -> None:
    assert read(phase=str(phase)).phase is phase


def test_a_rate_limit_refuses_as_the_gateway_does_unless_it_says_otherwise() -> None:
    when = {"limit": 1, "window": 1_000}
    loaded, wrong = reading.load(FaultRule(), {"match": MATCH, "when": when}, "body")

    assert wrong == []
    assert loaded["fault"].effect == Gateway(status=429)
    assert read(when=when).effect == Own(status=503)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("name", failures.NAMES)
def test_an_operation_takes_its_own_documented_failures_and_no_other(operation: str, name: str) -> None:
    rule = {"match": {"operation": operation}, "do": {"documented": name}}
    own = failures.DOCUMENTED[operation]

    refusal = (
        f"body 'do.documented': is no failure of {operation}, which has {', '.join(own)}; got \"{name}\""
    )
    assert problems(rule) == ([] if name in own else [refusal])


@pytest.mark.parametrize("name", failures.NAMES)
def test_a_rule_that_names_no_operation_takes_any_documented_failure(name: str) -> None:
    assert problems({"match": {"method": "POST"}, "do": {"documented": name}}) == []


def test_a_pattern_of_operations_takes_any_documented_failure() -> None:
    assert problems({"match": {"operation": {"$regex": "^message"}}, "do": {"documented": "AL-U-01"}}) == []
