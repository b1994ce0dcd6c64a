"""Attempts: what came of a call, recorded by whoever still holds the claim on its delivery."""

import json
from collections.abc import Mapping
from typing import Any

from mockkommunicate.domain.deliveries import Fate, Kind, Outcome, State, fate
from mockkommunicate.operations import bots, deliveries
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import deliveries as rows
from mockkommunicate.store.records import Delivery
from mockkommunicate.telemetry import DELIVERIES

KEPT = 16_384
"""How many characters of an answer are kept."""

_RETRIED = "retried"
"""What is counted where it is to be tried again."""


def record(work: Work, claimed: Delivery, outcome: Outcome) -> Delivery | None:
    """Record what came of a call, and decide what becomes of the delivery; None where another has the claim by now.

    The answer of a bot is taken in the same transaction, so that it takes effect exactly once.
    """
    delivery = rows.find(work.connection, work.app_id, claimed.id)
    if delivery is None or delivery.state != State.PENDING or delivery.claimed_by != claimed.claimed_by:
        return None
    tries = delivery.tries + 1
    decided = fate(outcome, tries=tries, retries=work.settings.deliveries.retries)
    if decided.state is State.SENT and delivery.kind == Kind.BOT:
        outcome, decided = _taken(work, delivery, outcome)
    counted = _RETRIED if decided.state is State.PENDING else decided.state.value
    work.counts.append((DELIVERIES, delivery.kind, counted))
    attempts = [*json.loads(delivery.attempts), _attempt(work, outcome)]
    delivery = delivery._replace(state=decided.state.value, attempts=dump(attempts), tries=tries)
    if decided.state is State.PENDING:
        _postpone(work, delivery, decided.delay)
    else:
        deliveries.finish(work, delivery)
    return delivery


def _taken(work: Work, delivery: Delivery, outcome: Outcome) -> tuple[Outcome, Fate]:
    """Take a bot's answer; one that is of no use is not asked for again."""
    reason = (
        "its answer is too long" if outcome.truncated else bots.take_reply(work, delivery, outcome.answer)
    )
    if reason is None:
        return outcome, Fate(State.SENT)
    failed = Outcome(duration=outcome.duration, status=outcome.status, answer=outcome.answer, error=reason)
    return failed, Fate(State.FAILED)


def _postpone(work: Work, delivery: Delivery, delay: int) -> None:
    """Store a delivery that is to be tried again; it keeps its place, so that those behind it wait."""
    delivery = delivery._replace(due_at=work.now + delay, claimed_by=None, claimed_until=None)
    rows.update(work.connection, delivery)
    work.leading.append(delivery)


def _attempt(work: Work, outcome: Outcome) -> Mapping[str, Any]:
    """Answer an attempt as it is kept: it began before it took its time, none while the clock stands still."""
    took = outcome.duration if work.clock.frozen_at is None else 0
    kept = {
        "at": work.now - took,
        "duration": took,
        "status": outcome.status,
        "error": outcome.error,
        "answer": outcome.answer[:KEPT] or None,
        "truncated": outcome.truncated or len(outcome.answer) > KEPT or None,
    }
    return {name: value for name, value in kept.items() if value is not None}
