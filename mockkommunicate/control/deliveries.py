"""/_mock/apps/APP/deliveries: the calls to webhooks and bots; /_mock/apps/APP/settle: wait until none is owed."""

from contextlib import nullcontext
from typing import Any

from flask import Blueprint

from mockkommunicate.control import waiting
from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import deliveries
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound.outgoing import Outgoing
from mockkommunicate.wire.answers import DeliveryList, DeliveryOutput, Settled
from mockkommunicate.wire.deliveries import DeliveryPage, Settle, write
from mockkommunicate.wire.settings import Strict

blueprint = Blueprint("deliveries", __name__, url_prefix="/apps/<application_id>/deliveries")
settling = Blueprint("settling", __name__, url_prefix="/apps/<application_id>/settle")

MOST_SETTLED = 10_000
"""How many deliveries `settle` answers."""


@blueprint.get("")
@control(query=DeliveryPage, answers=DeliveryList)
def list_page(work: Work, *, limit: int, last: int | None = None, **filters: Any) -> dict[str, Any]:  # noqa: ANN401
    """List deliveries, or the last of them, the oldest first."""
    found = deliveries.list_page(work, limit=limit + 1, last=last, **filters)
    there_are_more = last is None and len(found) > limit
    shown = found[:limit] if there_are_more else found
    page: dict[str, Any] = {
        "deliveries": [write(delivery) for delivery in shown],
        "dropped": work.app.dropped_deliveries,
    }
    return page | {"next": shown[-1].id} if there_are_more else page


@blueprint.get("/<int:delivery_id>")
@control(answers=DeliveryOutput)
def look(work: Work, *, delivery_id: int) -> dict[str, Any]:
    """Look at a delivery."""
    return write(deliveries.get(work, delivery_id))


@blueprint.delete("")
@control(needs="work_on")
def delete_finished(work: Work) -> dict[str, Any]:
    """Delete every delivery that is no longer pending."""
    return {"deleted": deliveries.delete_finished(work)}


@blueprint.delete("/<int:delivery_id>")
@control(needs="work_on")
def delete(work: Work, *, delivery_id: int) -> dict[str, Any]:
    """Delete a delivery that is no longer pending."""
    return {"deleted": deliveries.delete(work, delivery_id)}


@blueprint.post("/<int:delivery_id>/redeliver")
@control(needs="work_on", body=Strict, answers=DeliveryOutput)
def redeliver(work: Work, *, delivery_id: int) -> dict[str, Any]:
    """Send a delivery again, behind all that is owed in its conversation."""
    return write(deliveries.redeliver(work, delivery_id))


@settling.post("")
@control(needs="outgoing", body=Settle, answers=Settled)
def settle(outgoing: Outgoing, *, application_id: str, timeout_ms: int, after: int) -> dict[str, Any]:
    """Wait until nothing is pending; answer what was owed since the last time, as `after` says."""
    threads = outgoing.emulator.settings.threads
    # A worker's only thread has nobody to keep from working but those who are sent to.
    with waiting.place(threads) if threads > 1 else nullcontext():
        settled = outgoing.settle(application_id, timeout_ms=timeout_ms, after=after, limit=MOST_SETTLED)
    return {
        "settled": settled.pending == 0,
        "timedOut": settled.timed_out,
        "pending": settled.pending,
        "deliveries": [write(delivery) for delivery in settled.deliveries],
        "last": settled.last,
    }
