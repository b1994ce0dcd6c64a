"""Deliveries: owed in the transaction that caused them, sent after it; listed, sent again, deleted."""

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from mockkommunicate.domain import deliveries, traces
from mockkommunicate.domain.deliveries import Kind, State
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.operations import chaos, lanes
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import deliveries as rows
from mockkommunicate.store.records import Delivery


def owe(
    work: Work,
    *,
    kind: Kind,
    conversation_id: int,
    url: str,
    headers: Mapping[str, str],
    payload: object,
    bot_id: str | None = None,
) -> None:
    """Owe somebody a call, whose body is `payload` as JSON; it is sent once the transaction is committed.

    Rules of chaos are asked here, so that what becomes of it depends on nothing but what was owed before.
    """
    number = work.next_delivery_id()
    delivery = Delivery(
        application_id=work.app_id,
        id=number,
        kind=kind.value,
        conversation_id=conversation_id,
        bot_id=bot_id,
        lane=deliveries.lane(kind, conversation_id),
        place=number,
        leads=False,
        url=url,
        headers=dump(dict(headers)),
        payload=dump(payload),
        state=State.PENDING.value,
        created_at=work.now,
        due_at=work.now,
        attempts="[]",
        tries=0,
        fault=None,
        claimed_by=None,
        claimed_until=None,
    )
    for each in chaos.disturb(work, delivery, headers=headers, payload=payload):
        _add(work, _traced(work, each))


def _traced(work: Work, delivery: Delivery) -> Delivery:
    """Let a call tell of the trace in which it was caused, unless its own headers speak of one."""
    if work.trace is None:
        return delivery
    given = json.loads(delivery.headers)
    if any(name.lower() in traces.NAMES for name in given):
        return delivery
    told = work.trace.headers(secrets.token_hex(8))
    return delivery._replace(headers=dump({**given, **told}))


def _add(work: Work, delivery: Delivery) -> None:
    """Add a delivery to its lane; one that is never sent is only recorded."""
    if delivery.state == State.PENDING:
        rows.add(work.connection, lanes.enter(work, delivery))
    else:
        rows.add(work.connection, delivery)
        drop_old(work)


def list_page(work: Work, *, limit: int, last: int | None = None, **filters: Any) -> Sequence[Delivery]:  # noqa: ANN401 - values of filters
    """List at most so many deliveries, or the `last` of them, the oldest first; the filters are those of the store."""
    if last is None:
        return rows.list_page(work.connection, work.app_id, filters, most=limit)
    return rows.list_page(work.connection, work.app_id, filters, most=last, newest=True)[::-1]


def get(work: Work, delivery_id: int) -> Delivery:
    """Answer a delivery; raise ControlError when there is none of this number."""
    found = rows.find(work.connection, work.app_id, delivery_id)
    if found is None:
        raise ControlError(
            "DELIVERY_NOT_FOUND",
            f"no delivery {delivery_id}",
            hint=f"GET /_mock/apps/{work.app_id}/deliveries lists those there are",
            http_status=404,
        )
    return found


def _get_finished(work: Work, delivery_id: int, *, otherwise: str) -> Delivery:
    """Answer a delivery that is no longer owed; refuse one that is, saying what holds `otherwise`."""
    delivery = get(work, delivery_id)
    if delivery.state == State.PENDING:
        raise ControlError(
            "DELIVERY_PENDING",
            f"the delivery {delivery_id} is pending: {otherwise}",
            hint=f"POST /_mock/apps/{work.app_id}/settle waits until nothing is pending",
            http_status=409,
        )
    return delivery


def redeliver(work: Work, delivery_id: int) -> Delivery:
    """Owe a finished delivery once more, behind all that is owed in its lane, with all its retries.

    Raises ControlError when there is none of this number, and when it is owed anyway.
    """
    delivery = _get_finished(work, delivery_id, otherwise="it will be sent anyway")
    again = delivery._replace(
        place=work.next_delivery_id(), state=State.PENDING.value, due_at=work.now, tries=0
    )
    again = lanes.enter(work, again)
    rows.update(work.connection, again)
    return again


def finish(work: Work, delivery: Delivery) -> None:
    """Store a delivery that is no longer owed, and let the next of its lane lead; the oldest go when there are too many."""
    rows.update(work.connection, delivery._replace(leads=False, claimed_by=None, claimed_until=None))
    lanes.advance(work, delivery.lane)
    drop_old(work)


def drop_old(work: Work) -> None:
    """Let the oldest go that are finished, where there are more than the app keeps."""
    last = work.app.last_delivery_id - work.settings.deliveries.limit
    if last > 0:
        dropped = rows.delete_old(work.connection, work.app_id, last=last)
        work.app = work.app._replace(dropped_deliveries=work.app.dropped_deliveries + dropped)


def delete(work: Work, delivery_id: int) -> int:
    """Delete a finished delivery; raise ControlError when there is none of this number, and for one that is pending."""
    _get_finished(work, delivery_id, otherwise="it cannot be deleted before it is sent")
    return rows.delete(work.connection, work.app_id, delivery_id)


def delete_finished(work: Work) -> int:
    """Delete all that is no longer owed; answer how many there were."""
    return rows.delete_finished(work.connection, work.app_id)


def count_pending(work: Work) -> int:
    """Count what is owed."""
    return rows.count_pending(work.connection, work.app_id)
