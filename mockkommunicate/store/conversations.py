"""Conversations and their members as rows."""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import bindparam, func, literal_column, select

from mockkommunicate.domain import limits
from mockkommunicate.domain.users import SYSTEM_BOT, Role
from mockkommunicate.store import tables
from mockkommunicate.store.records import Conversation, Member
from mockkommunicate.store.statements import Command, Connection, Query, insert_if_new

_conversations = tables.conversations
_in_app = _conversations.c.application_id == bindparam("app")
_one = _in_app, _conversations.c.id == bindparam("wanted")
_FIND = Query(_conversations.select().where(*_one), Conversation._make)
_FIND_BY_CLIENT_GROUP_ID = Query(
    _conversations.select().where(_in_app, _conversations.c.client_group_id == bindparam("client_group_id")),
    Conversation._make,
)
_is_open = (
    _in_app,
    _conversations.c.assignee == bindparam("assignee"),
    _conversations.c.status.in_([literal_column(str(status.value)) for status in limits.OPEN]),
)
_open = select(_conversations.c.id).where(*_is_open).limit(bindparam("most"))
_LIST_OPEN = Query(_conversations.select().where(*_is_open).order_by(_conversations.c.id), Conversation._make)
_COUNT_OPEN = Query(select(func.count()).select_from(_open.subquery()), tuple)
_ADD = Command(insert_if_new(_conversations))
_CHANGING = (
    "assignee",
    "status",
    "routing",
    "updated_at",
    "last_message_number",
    "last_key_ms",
    "team_id",
    "queue_number",
)
_UPDATE = Command(
    _conversations.update().where(*_one).values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_RELEASE = Command(
    _conversations.update()
    .where(_in_app, _conversations.c.assignee == bindparam("user"))
    .values(assignee=None)
)

_members = tables.members
_member_in_app = _members.c.application_id == bindparam("app")
_of_one = _member_in_app, _members.c.conversation_id == bindparam("wanted")
_MEMBERS = Query(_members.select().where(*_of_one).order_by(_members.c.user_id), Member._make)
_MEMBER = Query(_members.select().where(*_of_one, _members.c.user_id == bindparam("user")), Member._make)
_READ = Command(
    _members.update().where(*_of_one, _members.c.user_id == bindparam("user")).values(unread_count=0)
)
_ADD_MEMBERS = Command(_members.insert())
_UNREAD = Command(
    _members.update()
    .where(*_of_one, _members.c.user_id != bindparam("sender"), _members.c.removed.is_(False))
    .values(unread_count=_members.c.unread_count + 1)
)
_JOIN = Command(insert_if_new(_members, removed=False))
_REMOVE_BOTS = Command(
    _members.update()
    .where(
        *_of_one,
        _members.c.role == Role.BOT.group_role,
        _members.c.user_id.not_in([bindparam("system_bot"), bindparam("assignee")]),
    )
    .values(removed=True)
)
_LEAVE_ALL = Command(_members.delete().where(_member_in_app, _members.c.user_id == bindparam("user")))


@cache
def _page(*, by_status: bool, by_assignee: bool) -> Query[Conversation]:
    """Make the statement that lists a page, with the filters that are asked for."""
    statement = _conversations.select().where(_in_app, _conversations.c.id > bindparam("after"))
    if by_status:
        statement = statement.where(_conversations.c.status == bindparam("status"))
    if by_assignee:
        statement = statement.where(_conversations.c.assignee == bindparam("assignee"))
    return Query(statement.order_by(_conversations.c.id).limit(bindparam("most")), Conversation._make)


def find(connection: Connection, application_id: str, conversation_id: int) -> Conversation | None:
    """Find a conversation by its id."""
    return _FIND.find(connection, {"app": application_id, "wanted": conversation_id})


def find_by_client_group_id(
    connection: Connection, application_id: str, client_group_id: str
) -> Conversation | None:
    """Find a conversation by the caller's own id."""
    values = {"app": application_id, "client_group_id": client_group_id}
    return _FIND_BY_CLIENT_GROUP_ID.find(connection, values)


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
    filters = {"status": status, "assignee": assignee}
    values = {"app": application_id, "after": after, "most": most}
    values |= {name: value for name, value in filters.items() if value is not None}
    statement = _page(by_status=status is not None, by_assignee=assignee is not None)
    return statement.list(connection, values)


def count_open(connection: Connection, application_id: str, assignee: str, *, most: int) -> int:
    """Count an agent's open conversations, no further than `most`: the cost does not grow with the data."""
    row = _COUNT_OPEN.find(connection, {"app": application_id, "assignee": assignee, "most": most})
    return 0 if row is None else int(row[0])


def list_open(connection: Connection, application_id: str, assignee: str) -> Sequence[Conversation]:
    """List an agent's open conversations in order of creation."""
    return _LIST_OPEN.list(connection, {"app": application_id, "assignee": assignee})


def add_if_new(connection: Connection, conversation: Conversation) -> bool:
    """Add a conversation unless its id or client group id is used; tell whether it was added."""
    return _ADD.run(connection, conversation._asdict()) == 1


def update(connection: Connection, conversation: Conversation) -> None:
    """Write back what changes in the life of a conversation."""
    row = conversation._asdict()
    values = {f"new_{name}": row[name] for name in _CHANGING}
    _UPDATE.run(connection, {"app": conversation.application_id, "wanted": conversation.id, **values})


def list_members(connection: Connection, application_id: str, conversation_id: int) -> Sequence[Member]:
    """List a conversation's members, those who were removed too."""
    return _MEMBERS.list(connection, {"app": application_id, "wanted": conversation_id})


def find_member(connection: Connection, conversation: Conversation, user_id: str) -> Member | None:
    """Find a member, one who was removed too."""
    values = {"app": conversation.application_id, "wanted": conversation.id, "user": user_id}
    return _MEMBER.find(connection, values)


def add_members(connection: Connection, members: Iterable[Member]) -> None:
    """Add members."""
    _ADD_MEMBERS.run_each(connection, [member._asdict() for member in members])


def join(connection: Connection, member: Member) -> None:
    """Add a member, or let one who has left come back."""
    _JOIN.run(connection, member._asdict())


def remove_bots(connection: Connection, conversation: Conversation) -> None:
    """Let the bots leave a conversation, but not the system user nor its assignee."""
    values = {"app": conversation.application_id, "wanted": conversation.id, "system_bot": SYSTEM_BOT}
    _REMOVE_BOTS.run(connection, values | {"assignee": conversation.assignee})


def update_unread(connection: Connection, application_id: str, conversation_id: int, sender_id: str) -> None:
    """Raise the unread count of every member but the sender."""
    _UNREAD.run(connection, {"app": application_id, "wanted": conversation_id, "sender": sender_id})


def update_read(connection: Connection, member: Member) -> None:
    """Note that a member has read everything."""
    values = {"app": member.application_id, "wanted": member.conversation_id, "user": member.user_id}
    _READ.run(connection, values)


def release(connection: Connection, application_id: str, user_id: str) -> None:
    """Take a user out of every conversation: nobody is assigned where he was."""
    values = {"app": application_id, "user": user_id}
    _RELEASE.run(connection, values)
    _LEAVE_ALL.run(connection, values)


_ADD_ALL = Command(_conversations.insert())


def add_all(connection: Connection, conversations: Iterable[Conversation]) -> None:
    """Add conversations, whose ids and client group ids must be free."""
    _ADD_ALL.run_each(connection, [conversation._asdict() for conversation in conversations])
