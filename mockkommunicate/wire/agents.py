"""The JSON of agents at work."""

from typing import Any

from marshmallow import fields

from mockkommunicate.wire.envelope import Answer


class AgentOutput(Answer):
    """An agent: his open conversations (counted to 1,000), the limit that holds, and why his turn skips him, if it does."""

    user_id = fields.String(data_key="userId", attribute="user.user_id")
    display_name = fields.String(data_key="displayName", attribute="user.display_name")
    role = fields.String(attribute="user.role")
    availability = fields.String(attribute="user.availability")
    own_limit = fields.Integer(data_key="handlingLimit", attribute="user.handling_limit")
    open = fields.Integer()
    limit = fields.Integer()
    skipped = fields.String()


class AgentList(Answer):
    """The agents in order of creation, and their ids in the order in which they get the next conversations."""

    agents = fields.List(fields.Nested(AgentOutput))
    rotation = fields.List(fields.String())


_agent = AgentOutput()


def write(agent: Any) -> dict[str, Any]:  # noqa: ANN401 - an agent at work
    """Answer an agent."""
    return _agent.write(agent)
