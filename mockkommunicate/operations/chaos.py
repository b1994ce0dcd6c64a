"""Chaos: what becomes of deliveries that are struck by a rule, decided when they are owed."""

from collections.abc import Callable, Mapping

from mockkommunicate.domain import chaos
from mockkommunicate.domain.chaos import Deliver, Disturbance, Mishap, Owed, Part
from mockkommunicate.domain.deliveries import Kind, State
from mockkommunicate.operations import faults, lanes
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store.records import Delivery
from mockkommunicate.telemetry import FAULTS


def disturb(work: Work, delivery: Delivery, *, headers: Mapping[str, str], payload: object) -> list[Delivery]:
    """Ask the rules what becomes of a delivery; answer what really goes out, in order, or is recorded as never sent."""
    if work.app.faults == faults.NONE:
        return [delivery]
    owed = Owed(
        kind=Kind(delivery.kind),
        conversation_id=delivery.conversation_id,
        url=delivery.url,
        headers=headers,
        payload=payload,
        overtakes=lanes.holds(work, delivery.lane),
    )
    struck = faults.strike(work, lambda rule: isinstance(rule, Disturbance) and rule.sees(owed, now=work.now))
    if struck is None:
        return [delivery]
    deliver: Deliver = struck.rule.deliver
    work.counts.append((FAULTS, deliver.mishap.value))
    marked = delivery._replace(fault=chaos.mark(struck.id, deliver.mishap))
    return _MISHAPS[deliver.mishap](work, marked, deliver)


def _duplicate(work: Work, delivery: Delivery, deliver: Deliver) -> list[Delivery]:
    numbers = [work.next_delivery_id() for _ in range(deliver.copies)]
    return [delivery, *(delivery._replace(id=number, place=number) for number in numbers)]


def _postpone(_work: Work, delivery: Delivery, deliver: Deliver) -> list[Delivery]:
    """Let it be due later, and whatever is behind it wait, unless it is held back for that."""
    return [delivery._replace(due_at=delivery.due_at + deliver.ms)]


def _drop(work: Work, delivery: Delivery, _deliver: Deliver) -> list[Delivery]:
    attempt = {"at": work.now, "duration": 0, "error": "dropped: a fault of the app lets it go nowhere"}
    return [delivery._replace(state=State.FAILED.value, attempts=dump([attempt]))]


def _corrupt(_work: Work, delivery: Delivery, deliver: Deliver) -> list[Delivery]:
    match deliver.part:
        case Part.TOKEN:
            return [delivery._replace(headers=chaos.corrupt_headers(delivery.headers))]
        case Part.MESSAGE:
            return [delivery._replace(payload=chaos.corrupt_message(delivery.payload))]
    return [delivery._replace(payload=chaos.corrupt_body(delivery.payload))]


_MISHAPS: Mapping[Mishap, Callable[[Work, Delivery, Deliver], list[Delivery]]] = {
    Mishap.DUPLICATE: _duplicate,
    Mishap.REORDER: _postpone,
    Mishap.DELAY: _postpone,
    Mishap.DROP: _drop,
    Mishap.CORRUPT: _corrupt,
}
