"""Conversations and their members as rows."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from mockkommunicate.domain import limits
from mockkommunicate.store import tables
from mockkommunicate.store.tables import Conversation, Member

_conversations = tables.conversations
_members = tables.members
_in_app = _conversations.c.application_id == bindparam("app")
_one = _conversations.select().where(_in_app, _conversations.c.id == bindparam("wanted"))
_by_client_group_id = _conversations.select().where(
    _in_app, _conversations.c.client_group_id == bindparam("wanted")
)
_open = (
    select(_conversations.c.id)
    .where(
        _in_app,
        _conversations.c.assignee == bindparam("assignee"),
        _conversations.c.status.in_([status.value for status in limits.OPEN]),
    )
    .limit(bindparam("most"))
)
_count_open = select(func.count()).select_from(_open.subquery())
_inserts = {
    name: module.insert(_conversations).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}
_update = _conversations.update().where(_in_app, _conversations.c.id == bindparam("wanted"))
_changed = _update.values(
    assignee=bindparam("assignee"),
    status=bindparam("status"),
    routing=bindparam("routing"),
    updated_at=bindparam("updated_at"),
    last_key_ms=bindparam("last_key_ms"),
)
_members_of = (
    _members.select()
    .where(_members.c.application_id == bindparam("app"), _members.c.conversation_id == bindparam("wanted"))
    .order_by(_members.c.user_id)
)
_member = _members.update().where(
    _members.c.application_id == bindparam("app"),
    _members.c.conversation_id == bindparam("wanted"),
)
_raise_unread = _member.where(
    _members.c.user_id != bindparam("sender"), _members.c.removed.is_(False)
).values(unread_count=_members.c.unread_count + 1)
_set_removed = _member.where(_members.c.user_id == bindparam("user")).values(removed=bindparam("gone"))


def find(connection: Connection, application_id: str, conversation_id: int) -> Conversation | None:
    """Find a conversation by its id."""
    row = connection.execute(_one, {"app": application_id, "wanted": conversation_id}).one_or_none()
    return Conversation._make(row) if row else None


def find_by_client_group_id(
    connection: Connection, application_id: str, client_group_id: str
) -> Conversation | None:
    """Find a conversation by the caller's own id."""
    values = {"app": application_id, "wanted": client_group_id}
    row = connection.execute(_by_client_group_id, values).one_or_none()
    return Conversation._make(row) if row else None


def list_page(
    connection: Connection,
    application_id: str,
    *,
    after: int,
    most: int,
    status: int | None = None,
    assignee: str | None = None,
) -> Sequence[Conversation]:
    """List at most so many conversations in order of their ids, from behind the id `after`."""
    statement = _conversations.select().where(
        _conversations.c.application_id == application_id, _conversations.c.id > after
    )
    if status is not None:
        statement = statement.where(_conversations.c.status == status)
    if assignee is not None:
        statement = statement.where(_conversations.c.assignee == assignee)
    rows = connection.execute(statement.order_by(_conversations.c.id).limit(most))
    return [Conversation._make(row) for row in rows]


def count_open(connection: Connection, application_id: str, assignee: str, *, most: int) -> int:
    """Count an agent's open conversations, no further than `most`: the cost does not grow with the data."""
    values = {"app": application_id, "assignee": assignee, "most": most}
    return int(connection.scalar(_count_open, values) or 0)


def add_if_new(connection: Connection, conversation: Conversation) -> bool:
    """Add a conversation unless its id or client group id is used; tell whether it was added."""
    statement = _inserts[connection.dialect.name]
    return connection.execute(statement, conversation._asdict()).rowcount == 1


def update(connection: Connection, conversation: Conversation) -> None:
    """Write back what changes in the life of a conversation."""
    values = conversation._asdict()
    values |= {"app": conversation.application_id, "wanted": conversation.id}
    connection.execute(_changed, {name: values[name] for name in _CHANGED_VALUES})


_CHANGED_VALUES = ("app", "wanted", "assignee", "status", "routing", "updated_at", "last_key_ms")


def list_members(connection: Connection, application_id: str, conversation_id: int) -> Sequence[Member]:
    """List a conversation's members, those who were removed too."""
    rows = connection.execute(_members_of, {"app": application_id, "wanted": conversation_id})
    return [Member._make(row) for row in rows]


def add_members(connection: Connection, members: Iterable[Member]) -> None:
    """Add members."""
    if rows := [member._asdict() for member in members]:
        connection.execute(_members.insert(), rows)


def update_removed(connection: Connection, member: Member, *, removed: bool) -> None:
    """Let a member leave, or come back."""
    values = {"app": member.application_id, "wanted": member.conversation_id, "user": member.user_id}
    connection.execute(_set_removed, values | {"gone": removed})


def update_unread(connection: Connection, application_id: str, conversation_id: int, sender_id: str) -> None:
    """Raise the unread count of every member but the sender."""
    values = {"app": application_id, "wanted": conversation_id, "sender": sender_id}
    connection.execute(_raise_unread, values)


def release(connection: Connection, application_id: str, user_id: str) -> None:
    """Take a user out of every conversation: nobody is assigned where he was."""
    of_user = _conversations.c.application_id == application_id, _conversations.c.assignee == user_id
    connection.execute(_conversations.update().where(*of_user).values(assignee=None))
    of_member = _members.c.application_id == application_id, _members.c.user_id == user_id
    connection.execute(_members.delete().where(*of_member))
