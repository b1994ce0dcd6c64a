"""Who is assigned the conversations of a scenario: as `assignment` and `queue` decide it, counted in memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from mockkommunicate.domain import limits, queue, routing, teams
from mockkommunicate.domain.apps import AppSettings
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.queue import Standing
from mockkommunicate.domain.routing import Agent, Decision, Outcome
from mockkommunicate.domain.users import Availability, Role


class Staff(NamedTuple):
    """An agent or bot, with his own handling limit."""

    user_id: str
    role: Role
    availability: Availability
    handling_limit: int | None


class Desk:
    """The agents and bots of one app in order of creation, how much they have to do, whose turn it is, and who waits.

    `rotations` are those of the app, under None, and of its teams.
    """

    def __init__(self, staff: Iterable[Staff], settings: AppSettings) -> None:
        people = list(staff)
        self.rotations: dict[str | None, tuple[str, ...]] = {}
        self._settings = settings
        self._known = {person.user_id for person in people}
        self._waiting: dict[int, str | None] = {}
        self._agents = {
            person.user_id: Agent(
                user_id=person.user_id,
                availability=person.availability,
                limit=limits.effective(person.handling_limit, of_app=settings.handling_limit),
            )
            for person in people
            if person.role.is_agent
        }

    def decide(self, metadata: Mapping[str, str], status: Status) -> tuple[Decision, Standing]:
        """Decide for a new conversation, by the rules or by SKIP_ROUTING in its metadata, and turn the rotation."""
        team_id = metadata.get(teams.TEAM_KEY)
        if metadata.get("SKIP_ROUTING", "").lower() == "true":
            named = metadata.get("CONVERSATION_ASSIGNEE")
            full = status in limits.OPEN and not self.has_room(named)
            decision = routing.name(named, full=full)
        else:
            decision = self._route(team_id, status, is_new=True)
            self.rotations[decision.team_id] = decision.rotation
        has_queue = teams.has_queue(self._settings, team_id)
        return decision, queue.standing(decision, status, has_queue=has_queue)

    def _route(self, team_id: str | None, status: Status, *, is_new: bool) -> Decision:
        team = teams.find(self._settings, team_id)
        key = None if team is None else team.team_id
        rules = teams.rules(self._settings, team, staff=self._known, status=status, is_new=is_new)
        agents = [self._agents[user_id] for user_id in teams.members(team, self._agents)]
        decision = routing.route(rules, agents, self.rotations.get(key, ()))
        return replace(decision, team_id=key)

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

    def wait(self, number: int, team_id: str | None) -> None:
        """Let a conversation wait under a number of its own, behind those that wait already."""
        self._waiting[number] = team_id

    def leave(self, number: int) -> None:
        """Let a conversation wait no longer."""
        del self._waiting[number]

    def pull(self) -> Iterator[tuple[int, Decision]]:
        """Let the longest waiting go to whom the rules find: the number of each, and the decision."""
        stuck: set[str | None] = set()
        for number, team_id in list(self._waiting.items()):
            if len(stuck) > len(self._settings.teams):
                return
            team = teams.find(self._settings, team_id)
            if (None if team is None else team.team_id) in stuck:
                continue
            decision = self._route(team_id, Status.OPEN, is_new=False)
            if decision.outcome is Outcome.QUEUED:
                stuck.add(decision.team_id)
            else:
                self.rotations[decision.team_id] = decision.rotation
                self.leave(number)
                self.count(decision.assignee, after=Status.OPEN)
                yield number, decision
