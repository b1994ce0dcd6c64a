"""Ask the rules who is to be assigned, with what the rules need to know of the app."""

import json
from collections.abc import Sequence

from mockkommunicate.domain import limits, routing
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.routing import Agent, Decision, Rules
from mockkommunicate.domain.users import SYSTEM_BOT, Availability, Role
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations, users
from mockkommunicate.store.records import Conversation, User


def by_rules(work: Work, staff: Sequence[User], *, is_new: bool = True) -> Decision:
    """Decide by the app's conversation rules among its agents and bots.

    Only what `is_new` goes to the bot for new conversations: one that hands over would get it back.
    """
    settings = work.settings.routing
    roles = {user.user_id: Role(user.role) for user in staff}
    default, bot = settings.default_agent, settings.assign_new_conversations_to
    rules = Rules(
        rule=settings.rule,
        default_agent=default if default in roles else None,
        bot=bot if bot in roles and is_new else None,
    )
    agents = [_agent(work, user) for user in staff if roles[user.user_id].is_agent]
    return routing.route(rules, agents, json.loads(work.app.rotation))


def of_named(work: Work, staff: Sequence[User], named: str | None, *, status: Status) -> Decision:
    """Decide for SKIP_ROUTING: the assignee named, whom nothing is required of but room, if he is an agent."""
    agent = next((user for user in staff if user.user_id == named), None)
    full = agent is not None and status in limits.OPEN and is_full(work, agent)
    return routing.name(named, full=full, rotation=json.loads(work.app.rotation))


def on_reopening(work: Work, conversation: Conversation, before: Status) -> Decision | None:
    """Decide anew for a conversation that comes to count again while its agent has no room; else None."""
    if conversation.assignee is None or not limits.takes_up_room(before, Status(conversation.status)):
        return None
    assignee = users.find(work.connection, work.app_id, conversation.assignee)
    if assignee is None or not is_full(work, assignee):
        return None
    return by_rules(work, users.list_staff(work.connection, work.app_id))


def is_full(work: Work, user: User) -> bool:
    """Tell whether a user has reached his handling limit; only agents have one (inferred)."""
    limit = _limit(work, user)
    return Role(user.role).is_agent and not limits.has_room(_count_open(work, user, limit), limit=limit)


def admin_of(staff: Sequence[User], decision: Decision) -> str:
    """Answer who is a new conversation's admin: its agent, else the super admin, else the system user (inferred)."""
    agents = [user.user_id for user in staff if Role(user.role).is_agent]
    if decision.assignee in agents:
        return str(decision.assignee)
    admins = [user.user_id for user in staff if user.role == Role.ADMIN]
    return next(iter([*admins, *agents]), SYSTEM_BOT)


def _agent(work: Work, user: User) -> Agent:
    limit = _limit(work, user)
    online = user.availability == Availability.ONLINE
    return Agent(
        user_id=user.user_id,
        availability=Availability(user.availability),
        open_conversations=_count_open(work, user, limit) if online else 0,
        limit=limit,
    )


def _limit(work: Work, user: User) -> int | None:
    return limits.effective(user.handling_limit, of_app=work.settings.handling_limit)


def _count_open(work: Work, user: User, limit: int | None) -> int:
    """Count an agent's open conversations as far as his limit asks for it."""
    if limit is None:
        return 0
    return conversations.count_open(work.connection, work.app_id, user.user_id, most=limit)
