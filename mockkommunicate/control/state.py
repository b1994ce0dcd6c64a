"""/_mock/apps/APP/state: all of an app as one JSON document, out and in."""

from typing import Any

from flask import Blueprint, Response

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import state
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.state import State

blueprint = Blueprint("state", __name__, url_prefix="/apps/<application_id>/state")


@blueprint.get("")
@control(needs="emulator")
def look(emulator: Emulator, *, application_id: str) -> Response:
    """Export the app's state, laid out as it is in a file."""
    with emulator.look_at(application_id) as work:
        seen = state.look(work)
    # Written only now, for the readers of SQLite wait for each other.
    return Response(state.write(seen), content_type="application/json")


@blueprint.put("")
@control(needs="work_on", body=State)
def replace(work: Work, **given: Any) -> dict[str, Any]:  # noqa: ANN401
    """Import a state in the place of all that the app holds; answer what was put in."""
    return {"imported": state.replace(work, given)}
