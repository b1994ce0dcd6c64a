"""The waiting queue as rows: the conversations that have a number in it."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import bindparam, literal_column, or_, select

from mockkommunicate.domain.conversations import Status
from mockkommunicate.store import tables
from mockkommunicate.store.records import Conversation
from mockkommunicate.store.statements import Connection, Query
from mockkommunicate.store.text import AnyText


class Waiting(NamedTuple):
    """A conversation in the queue, and the team that it names."""

    id: int
    team_id: str | None


_conversations = tables.conversations
_in_app = _conversations.c.application_id == bindparam("app")
_waits = _in_app, tables.is_waiting
_LIST = Query(
    select(_conversations.c.id, _conversations.c.team_id)
    .where(*_waits)
    .order_by(_conversations.c.queue_number),
    Waiting._make,
)
_IDLE = Query(
    _conversations.select()
    .where(
        _in_app,
        _conversations.c.assignee.is_(None),
        _conversations.c.status == literal_column(str(Status.WAITING.value)),
        _conversations.c.queue_number.is_(None),
    )
    .order_by(_conversations.c.id),
    Conversation._make,
)


@cache
def _first(size: int, *, within: bool) -> Query[Conversation]:
    """Make the statement that finds the longest waiting within some teams, or in none of them."""
    team = _conversations.c.team_id
    teams = [bindparam(f"team_{index}", type_=AnyText) for index in range(size)]
    among = team.in_(teams) if within else or_(team.is_(None), team.not_in(teams))
    statement = _conversations.select().where(*_waits, *([among] if teams else []))
    return Query(
        statement.order_by(_conversations.c.queue_number).limit(literal_column("1")), Conversation._make
    )


def find_first(
    connection: Connection, application_id: str, teams: Collection[str], *, within: bool
) -> Conversation | None:
    """Find the conversation that has waited longest, of those within some teams, or else in none of them."""
    values = {f"team_{index}": team_id for index, team_id in enumerate(teams)}
    return _first(len(teams), within=within).find(connection, {"app": application_id, **values})


def list_all(connection: Connection, application_id: str) -> Sequence[Waiting]:
    """List those in the queue, the longest waiting first."""
    return _LIST.list(connection, {"app": application_id})


def list_idle(connection: Connection, application_id: str) -> Sequence[Conversation]:
    """List those that have the status of waiting, are assigned to nobody and stand in no queue, the oldest first."""
    return _IDLE.list(connection, {"app": application_id})
