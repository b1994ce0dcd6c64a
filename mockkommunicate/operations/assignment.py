"""Ask the rules who is to be assigned, with what the rules need to know of the app."""

from collections.abc import Sequence
from dataclasses import replace

from mockkommunicate.domain import limits, routing, teams
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.routing import Agent, Decision
from mockkommunicate.domain.users import SYSTEM_BOT, Availability, Role
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations, users
from mockkommunicate.store.records import Conversation, User


def by_rules(
    work: Work,
    staff: Sequence[User],
    *,
    team_id: str | None = None,
    status: Status = Status.OPEN,
    is_new: bool = True,
) -> Decision:
    """Decide by the conversation rules, of a team or of the app, among its agents and bots.

    `status` is what the conversation has or would have: not each may wait. Only what `is_new` goes to the bot.
    """
    team = teams.find(work.settings, team_id)
    by_id = {user.user_id: user for user in staff}
    agents = [user.user_id for user in staff if Role(user.role).is_agent]
    decision = routing.route(
        teams.rules(work.settings, team, staff=by_id, status=status, is_new=is_new),
        [_agent(work, by_id[user_id]) for user_id in teams.members(team, agents)],
        work.rotation(None if team is None else team.team_id),
    )
    return decision if team is None else replace(decision, team_id=team.team_id)


def of_named(work: Work, staff: Sequence[User], named: str | None, *, status: Status) -> Decision:
    """Decide for SKIP_ROUTING: the assignee named, whom nothing is required of but room, if he is an agent."""
    agent = next((user for user in staff if user.user_id == named), None)
    full = agent is not None and status in limits.OPEN and is_full(work, agent)
    return routing.name(named, full=full, rotation=work.rotation())


def on_reopening(work: Work, conversation: Conversation, before: Status) -> Decision | None:
    """Decide anew for a conversation that comes to count again while its agent has no room; else None."""
    if conversation.assignee is None or not limits.takes_up_room(before, Status(conversation.status)):
        return None
    assignee = users.find(work.connection, work.app_id, conversation.assignee)
    if assignee is None or not is_full(work, assignee):
        return None
    staff = users.list_staff(work.connection, work.app_id)
    return by_rules(work, staff, team_id=conversation.team_id)


def is_full(work: Work, user: User) -> bool:
    """Tell whether a user has reached his handling limit; only agents have one (inferred)."""
    limit = limit_of(work, user)
    return Role(user.role).is_agent and not limits.has_room(_count_open(work, user, limit), limit=limit)


def admin_of(staff: Sequence[User], decision: Decision) -> str:
    """Answer who is a new conversation's admin: its agent, else the super admin, else the system user (inferred)."""
    agents = [user.user_id for user in staff if Role(user.role).is_agent]
    if decision.assignee in agents:
        return str(decision.assignee)
    admins = [user.user_id for user in staff if user.role == Role.ADMIN]
    return next(iter([*admins, *agents]), SYSTEM_BOT)


def _agent(work: Work, user: User) -> Agent:
    limit = limit_of(work, user)
    online = user.availability == Availability.ONLINE
    return Agent(
        user_id=user.user_id,
        availability=Availability(user.availability),
        open_conversations=_count_open(work, user, limit) if online else 0,
        limit=limit,
    )


def limit_of(work: Work, user: User) -> int | None:
    """Answer the handling limit that holds for an agent, None where there is none."""
    return limits.effective(user.handling_limit, of_app=work.settings.handling_limit)


def _count_open(work: Work, user: User, limit: int | None) -> int:
    """Count an agent's open conversations as far as his limit asks for it."""
    if limit is None:
        return 0
    return conversations.count_open(work.connection, work.app_id, user.user_id, most=limit)
