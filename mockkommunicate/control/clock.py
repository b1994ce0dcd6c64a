"""/_mock/apps/APP/clock."""

from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound.outgoing import Outgoing
from mockkommunicate.wire.answers import ClockMoved, ClockOutput
from mockkommunicate.wire.clock import ClockChange

blueprint = Blueprint("clock", __name__, url_prefix="/apps/<application_id>/clock")


@blueprint.get("")
@control(answers=ClockOutput)
def look(work: Work) -> dict[str, Any]:
    """Tell the app's time, and whether it runs."""
    return _output(work)


@blueprint.post("")
@control(needs="outgoing", body=ClockChange, answers=ClockMoved)
def change(outgoing: Outgoing, *, application_id: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Freeze the clock or set it, advance it, let it go on; answer the time, and the jobs that ran on the way."""
    return outgoing.move_clock(application_id, _output, **changes)


def _output(work: Work) -> dict[str, Any]:
    return {"now": work.now, "mode": "running" if work.clock.frozen_at is None else "frozen"}
