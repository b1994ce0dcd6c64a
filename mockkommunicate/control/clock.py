"""/_mock/apps/APP/clock."""

from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import clock
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.clock import ClockChange

blueprint = Blueprint("clock", __name__, url_prefix="/apps/<application_id>/clock")


@blueprint.get("")
@control()
def look(work: Work) -> dict[str, Any]:
    """Tell the app's time, and whether it runs."""
    return _output(work)


@blueprint.post("")
@control(needs="work_on", body=ClockChange)
def change(work: Work, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Freeze the clock or set it, advance it, let it go on; answer the time, and the jobs that ran on the way."""
    ran = clock.change(work, **changes)
    return {**_output(work), "ran": ran}


def _output(work: Work) -> dict[str, Any]:
    return {"now": work.now, "mode": "running" if work.clock.frozen_at is None else "frozen"}
