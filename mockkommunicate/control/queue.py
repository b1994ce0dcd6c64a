"""/_mock/apps/APP/queue: who waits for an agent."""

from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import queue
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.control import Line

blueprint = Blueprint("queue", __name__, url_prefix="/apps/<application_id>/queue")


@blueprint.get("")
@control(query=Line)
def list_waiting(work: Work, *, team_id: str | None = None) -> dict[str, Any]:
    """List the ids of the conversations that wait for an agent, the longest waiting first."""
    return {"waiting": queue.waiting(work, team_id)}
