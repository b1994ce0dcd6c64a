"""Who is assigned the conversations of a scenario: as `assignment` decides it, counted in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from mockkommunicate.domain import limits, routing
from mockkommunicate.domain.apps import AppSettings
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.routing import Agent, Decision, Rules
from mockkommunicate.domain.users import Availability, Role


class Staff(NamedTuple):
    """An agent or bot, with his own handling limit."""

    user_id: str
    role: Role
    availability: Availability
    handling_limit: int | None


class Desk:
    """The agents and bots of one app in order of creation, how much they have to do, and whose turn it is."""

    def __init__(self, staff: Iterable[Staff], settings: AppSettings) -> None:
        people = list(staff)
        known = {person.user_id for person in people}
        named = settings.routing
        self.rotation: tuple[str, ...] = ()
        self._rules = Rules(
            rule=named.rule,
            default_agent=named.default_agent if named.default_agent in known else None,
            bot=named.assign_new_conversations_to if named.assign_new_conversations_to in known else None,
        )
        self._agents = {
            person.user_id: Agent(
                user_id=person.user_id,
                availability=person.availability,
                limit=limits.effective(person.handling_limit, of_app=settings.handling_limit),
            )
            for person in people
            if person.role.is_agent
        }

    def decide(self, metadata: Mapping[str, str], status: Status) -> Decision:
        """Decide for a new conversation, by the rules or by SKIP_ROUTING in its metadata, and turn the rotation."""
        if metadata.get("SKIP_ROUTING", "").lower() == "true":
            named = metadata.get("CONVERSATION_ASSIGNEE")
            full = status in limits.OPEN and not self.has_room(named)
            decision = routing.name(named, full=full, rotation=self.rotation)
        else:
            decision = routing.route(self._rules, tuple(self._agents.values()), self.rotation)
        self.rotation = decision.rotation
        return decision

    def has_room(self, user_id: str | None) -> bool:
        """Tell whether one more open conversation fits; only agents have a limit."""
        agent = self._agents.get(user_id or "")
        return agent is None or limits.has_room(agent.open_conversations, limit=agent.limit)

    def limit(self, user_id: str) -> int | None:
        """Answer an agent's handling limit, or None where there is none."""
        return self._agents[user_id].limit if user_id in self._agents else None

    def count(self, user_id: str | None, *, before: Status | None = None, after: Status) -> None:
        """Count a conversation that is assigned to somebody and gets a status."""
        change = (after in limits.OPEN) - (before in limits.OPEN)
        agent = self._agents.get(user_id or "")
        if agent is not None and agent.limit is not None and change:
            self._agents[agent.user_id] = replace(agent, open_conversations=agent.open_conversations + change)
