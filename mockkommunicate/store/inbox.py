"""The inbox as rows: conversations in brief, the newest first, each with its last message."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Text, and_, bindparam, cast, exists, func, literal_column, or_

from mockkommunicate.domain.users import SYSTEM_BOT
from mockkommunicate.store import tables
from mockkommunicate.store.records import Brief
from mockkommunicate.store.statements import Connection, Query

_conversations, _members, _messages = tables.conversations, tables.members, tables.messages
_id = _conversations.c.id
_reader = func.coalesce(_conversations.c.assignee, literal_column(f"'{SYSTEM_BOT}'"))
_is_last = and_(
    _messages.c.application_id == _conversations.c.application_id,
    _messages.c.conversation_id == _id,
    _messages.c.number == _conversations.c.last_message_number,
)
_reads = and_(
    _members.c.application_id == _conversations.c.application_id,
    _members.c.conversation_id == _id,
    _members.c.user_id == _reader,
)


def _is_like(column: Any) -> Any:  # noqa: ANN401 - any column of texts
    return func.lower(cast(column, Text)).like(bindparam("like", type_=Text), escape="\\")


_others = _members.alias()
_has_member = exists().where(
    _others.c.application_id == _conversations.c.application_id,
    _others.c.conversation_id == _id,
    _is_like(_others.c.user_id),
)
_FILTERS = {
    "after": _id < bindparam("after"),
    "status": _conversations.c.status == bindparam("status"),
    "assignee": _conversations.c.assignee == bindparam("assignee"),
    "unassigned": _conversations.c.assignee.is_(None) == bindparam("unassigned"),
    "unread": (func.coalesce(_members.c.unread_count, 0) > literal_column("0")) == bindparam("unread"),
    "like": or_(
        _is_like(_conversations.c.name),
        _is_like(_conversations.c.client_group_id),
        _is_like(_conversations.c.assignee),
        _is_like(_id),
        _has_member,
    ),
}


@cache
def _page(filters: tuple[str, ...]) -> Query[Brief]:
    """Make the statement that lists a page, with the filters that are asked for."""
    columns: list[Any] = [
        _conversations.c[name] for name in ("id", "client_group_id", "name", "assignee", "status")
    ]
    columns += [_conversations.c[name] for name in ("created_at", "updated_at", "last_message_number")]
    columns += [func.coalesce(_members.c.unread_count, literal_column("0", Integer))]
    columns += [_messages.c[name] for name in ("sender_id", "text", "content_type", "created_at")]
    joined = _conversations.outerjoin(_messages, _is_last).outerjoin(_members, _reads)
    statement = joined.select().with_only_columns(*columns)
    where = [_conversations.c.application_id == bindparam("app"), *(_FILTERS[name] for name in filters)]
    return Query(statement.where(*where).order_by(_id.desc()).limit(bindparam("most")), Brief._make)


def list_page(
    connection: Connection, application_id: str, filters: Mapping[str, Any], *, most: int
) -> Sequence[Brief]:
    """List at most so many conversations, the newest first.

    The filters are behind the one `after`, `status`, `assignee`, whether it is `unassigned` and whether its assignee has
    it `unread`; and `like` a pattern, by its name, its ids and its people.
    """
    return _page(tuple(filters)).list(connection, {"app": application_id, "most": most, **filters})
