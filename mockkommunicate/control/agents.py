"""/_mock/apps/APP/agents: how much each agent has to do, and whose turn is next."""

from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import agents
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.agents import AgentList, write

blueprint = Blueprint("agents", __name__, url_prefix="/apps/<application_id>/agents")


@blueprint.get("")
@control(answers=AgentList)
def list_all(work: Work) -> dict[str, Any]:
    """List the agents with their open conversations, and the order in which they get the next ones."""
    found, rotation = agents.list_all(work)
    return {"agents": [write(agent) for agent in found], "rotation": list(rotation)}
