"""Teams: which rules hold for a conversation, among which agents, and whether it may wait.

A conversation belongs to the team that KM_TEAM_ID in its metadata names (observed in the official clients); one that
names no team of the app is routed by the app's own rules (inferred).
"""

from collections.abc import Container, Iterable

from mockkommunicate.domain import limits
from mockkommunicate.domain.apps import AppSettings, Team
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.routing import Rule, Rules

TEAM_KEY = "KM_TEAM_ID"
"""Names a conversation's team in its metadata."""

ASSIGN_KEY = "KM_ASSIGN_TEAM"
"""In a message's metadata: moves the conversation to a team."""


def find(settings: AppSettings, team_id: str | None) -> Team | None:
    """Find a team of an app by its id."""
    if team_id is None:
        return None
    return next((team for team in settings.teams if team.team_id == team_id), None)


def rules(
    settings: AppSettings, team: Team | None, *, staff: Container[str], status: Status, is_new: bool
) -> Rules:
    """Answer the rules for a conversation with a status: those of its team, or of the app where it has none.

    A bot or default agent who is not among the staff is none. The bot gets new conversations only; one that does not
    count against any limit does not wait (both inferred).
    """
    routing = settings.routing if team is None else team.rules(settings.routing)
    default, bot = routing.default_agent, routing.assign_new_conversations_to
    return Rules(
        rule=routing.rule,
        default_agent=default if default in staff else None,
        bot=bot if is_new and bot in staff else None,
        waiting_queue=routing.waiting_queue and (status in limits.OPEN or status is Status.WAITING),
    )


def members(team: Team | None, agents: Iterable[str]) -> list[str]:
    """List who takes part in the round: every agent, or those of the team in the team's order."""
    if team is None:
        return list(agents)
    known = set(agents)
    return [user_id for user_id in team.agents if user_id in known]


def has_queue(settings: AppSettings, team_id: str | None) -> bool:
    """Tell whether a conversation of a team, or of none, may wait: only round robin has a queue (inferred)."""
    team = find(settings, team_id)
    routing = settings.routing if team is None else team.rules(settings.routing)
    return routing.waiting_queue and routing.rule is Rule.AUTOMATIC


def has_any_queue(settings: AppSettings) -> bool:
    """Tell whether any conversation of an app may wait."""
    return settings.routing.waiting_queue or any(team.own.get("waiting_queue") for team in settings.teams)


def named(settings: AppSettings) -> set[object]:
    """Answer whom the settings need: default agents, bots for new conversations, the agents of teams."""
    routings = [settings.routing, *(team.rules(settings.routing) for team in settings.teams)]
    whom: set[object] = {user_id for team in settings.teams for user_id in team.agents}
    for routing in routings:
        whom |= {routing.default_agent, routing.assign_new_conversations_to}
    return whom
