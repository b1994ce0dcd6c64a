"""Deliveries: owed in the transaction that caused them, sent after it."""

from collections.abc import Mapping

from mockkommunicate.domain import deliveries
from mockkommunicate.domain.deliveries import Kind, State
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
) -> Delivery:
    """Owe somebody a call, whose body is `payload` as JSON; it is sent once the transaction is committed."""
    number = work.next_delivery_id()
    lane = deliveries.lane(kind, conversation_id)
    delivery = Delivery(
        application_id=work.app_id,
        id=number,
        kind=kind.value,
        conversation_id=conversation_id,
        bot_id=bot_id,
        lane=lane,
        place=number,
        leads=rows.is_lane_free(work.connection, work.app_id, lane),
        url=url,
        headers=dump(dict(headers)),
        payload=dump(payload),
        state=State.PENDING.value,
        created_at=work.now,
        due_at=work.now,
        attempts="[]",
        fault=None,
        claimed_by=None,
        claimed_until=None,
    )
    rows.add(work.connection, delivery)
    return delivery
