"""Messages as rows."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, literal_column, select

from mockkommunicate.domain.users import Role
from mockkommunicate.store import tables
from mockkommunicate.store.records import Message
from mockkommunicate.store.statements import Command, Connection, Query

_messages = tables.messages
_ADD = Command(_messages.insert())
_page = (
    _messages.select()
    .where(
        _messages.c.application_id == bindparam("app"),
        _messages.c.conversation_id == bindparam("conversation"),
        _messages.c.number > bindparam("after"),
    )
    .limit(bindparam("most"))
)
_PAGE = Query(_page.order_by(_messages.c.number), Message._make)
_LAST = Query(
    _page.where(_messages.c.number < bindparam("before")).order_by(_messages.c.number.desc()), Message._make
)

_BY_OTHERS = Query(
    select(_messages.c.number)
    .where(
        _messages.c.application_id == bindparam("app"),
        _messages.c.conversation_id == bindparam("conversation"),
        _messages.c.number > bindparam("after"),
        _messages.c.sender_id.not_in(
            select(tables.users.c.user_id).where(
                tables.users.c.application_id == bindparam("app"),
                tables.users.c.role == literal_column(f"'{Role.BOT}'"),
            )
        ),
    )
    .limit(1),
    tuple,
)


def add(connection: Connection, message: Message) -> None:
    """Add a message."""
    _ADD.run(connection, message._asdict())


def list_page(
    connection: Connection, application_id: str, conversation_id: int, *, after: int, most: int
) -> Sequence[Message]:
    """List at most so many messages of a conversation, the oldest first, from behind the number `after`."""
    values = {"app": application_id, "conversation": conversation_id, "after": after, "most": most}
    return _PAGE.list(connection, values)


def list_last(
    connection: Connection, application_id: str, conversation_id: int, *, after: int, before: int, most: int
) -> Sequence[Message]:
    """List at most so many of the last messages between two numbers, the oldest first."""
    values = {"app": application_id, "conversation": conversation_id}
    found = _LAST.list(connection, {**values, "after": after, "before": before, "most": most})
    return found[::-1]


def is_by_others(connection: Connection, application_id: str, conversation_id: int, *, after: int) -> bool:
    """Tell whether anybody but bots has written behind the number `after`."""
    values = {"app": application_id, "conversation": conversation_id, "after": after}
    return _BY_OTHERS.find(connection, values) is not None


def add_all(connection: Connection, messages: Iterable[Message]) -> None:
    """Add messages."""
    _ADD.run_each(connection, [message._asdict() for message in messages])
