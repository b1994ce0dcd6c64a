"""Agents at work: how much each has to do, and whose turn is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from mockkommunicate.domain.routing import Agent, current
from mockkommunicate.domain.users import Availability, Role
from mockkommunicate.operations import assignment
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations, users
from mockkommunicate.store.records import User

MOST_COUNTED = 1_000
"""How far the open conversations of an agent are counted."""


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """An agent, how many open conversations he has, his limit if any, and why his turn would skip him, if it would."""

    user: User
    open: int
    limit: int | None
    skipped: str | None


def list_all(work: Work) -> tuple[Sequence[AtWork], Sequence[str]]:
    """List the agents in order of creation, and their ids in the order in which they get the next conversations."""
    staff = users.list_staff(work.connection, work.app_id)
    found = [_at_work(work, user) for user in staff if Role(user.role).is_agent]
    rotation = current(work.rotation(), [agent.user.user_id for agent in found])
    return found, rotation


def _at_work(work: Work, user: User) -> AtWork:
    limit = assignment.limit_of(work, user)
    count = conversations.count_open(work.connection, work.app_id, user.user_id, most=MOST_COUNTED)
    agent = Agent(
        user_id=user.user_id,
        availability=Availability(user.availability),
        open_conversations=count,
        limit=limit,
    )
    return AtWork(user=user, open=count, limit=limit, skipped=agent.skipped)
