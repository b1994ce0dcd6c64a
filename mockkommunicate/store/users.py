"""Users as rows."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import islice

from sqlalchemy import bindparam, case, select

from mockkommunicate.domain.users import Role
from mockkommunicate.store import tables
from mockkommunicate.store.records import User
from mockkommunicate.store.statements import Command, Connection, Query
from mockkommunicate.store.text import AnyText

MOST_VALUES = 1_024
"""How many values one statement looks for."""

_users = tables.users
_members = tables.members
_in_app = _users.c.application_id == bindparam("app")
_one = _in_app, _users.c.user_id == bindparam("wanted")
_FIND = Query(_users.select().where(*_one), User._make)
_PAIR = Query(
    _users.select().where(
        _in_app, _users.c.user_id.in_([bindparam(name, type_=AnyText) for name in ("wanted", "other")])
    ),
    User._make,
)
_STAFF = Query(_users.select().where(_in_app, tables.is_staff).order_by(_users.c.number), User._make)
_page = (
    _users.select()
    .where(_in_app, _users.c.number > bindparam("after"))
    .order_by(_users.c.number)
    .limit(bindparam("most"))
)
_PAGE = Query(_page, User._make)
_PAGE_OF_ROLE = Query(_page.where(_users.c.role == bindparam("role")), User._make)
_ADD = Command(_users.insert())
_DELETE = Command(_users.delete().where(*_one))
_is_sender = _users.c.user_id == bindparam("sender")
_SPOKE = _users.update().values(
    last_message_at=case((_is_sender, bindparam("now")), else_=_users.c.last_message_at),
    last_seen_at=case((_is_sender, bindparam("now")), else_=_users.c.last_seen_at),
    unread_count=_users.c.unread_count + case((_is_sender, 0), else_=1),
)
_present = select(_members.c.user_id).where(
    _members.c.application_id == bindparam("app"),
    _members.c.conversation_id == bindparam("conversation"),
    _members.c.removed.is_(False),
)
_CUSTOMER = Query(
    _users.select()
    .where(
        _in_app,
        _users.c.user_id.in_(_present),
        _users.c.role == Role.CUSTOMER.value,
    )
    .order_by(_users.c.number)
    .limit(1),
    User._make,
)
_concerned = select(bindparam("sender", type_=AnyText)).union_all(_present)
_SENT = {
    False: Command(_SPOKE.where(_in_app, _is_sender)),
    True: Command(_SPOKE.where(_in_app, _users.c.user_id.in_(_concerned))),
}


@cache
def _among(column: str, size: int) -> Query[User]:
    """Make the statement that finds the users with one of `size` values in a column."""
    wanted = [bindparam(f"wanted_{index}", type_=_users.c[column].type) for index in range(size)]
    fits = [] if column == "user_id" else [tables.fits_index(_users.c[column])]
    return Query(_users.select().where(_in_app, _users.c[column].in_(wanted), *fits), User._make)


@cache
def _changing(columns: tuple[str, ...]) -> Command:
    """Make the statement that changes some columns of a user."""
    return Command(_users.update().where(*_one).values({name: bindparam(f"new_{name}") for name in columns}))


def find(connection: Connection, application_id: str, user_id: str) -> User | None:
    """Find one user by id."""
    return _FIND.find(connection, {"app": application_id, "wanted": user_id})


def list_pair(connection: Connection, application_id: str, user_id: str, other_id: str) -> Sequence[User]:
    """List those of two users who exist, in no order: every message asks for two, and this is the fastest way."""
    return _PAIR.list(connection, {"app": application_id, "wanted": user_id, "other": other_id})


def find_customer(connection: Connection, application_id: str, conversation_id: int) -> User | None:
    """Find the customer of a conversation, the oldest user of several."""
    return _CUSTOMER.find(connection, {"app": application_id, "conversation": conversation_id})


def list_among(
    connection: Connection, application_id: str, column: str, wanted: Collection[str]
) -> Sequence[User]:
    """List the users with one of the values in a column (user_id, phone_number or email), in no order.

    Statements are made for powers of two and filled up with a value again, so that few are compiled.
    """
    found: list[User] = []
    left = iter(wanted)
    while some := list(islice(left, MOST_VALUES)):
        size = 1 << (len(some) - 1).bit_length()
        some += some[-1:] * (size - len(some))
        values = {f"wanted_{index}": value for index, value in enumerate(some)}
        found += _among(column, size).list(connection, {"app": application_id, **values})
    return found


def list_by_ids(connection: Connection, application_id: str, user_ids: Collection[str]) -> Sequence[User]:
    """List the users that exist among the ids, in no order."""
    return list_among(connection, application_id, "user_id", user_ids)


def list_staff(connection: Connection, application_id: str) -> Sequence[User]:
    """List the agents and bots in order of creation."""
    return _STAFF.list(connection, {"app": application_id})


def list_page(
    connection: Connection, application_id: str, *, after: int, most: int, role: str | None = None
) -> Sequence[User]:
    """List at most so many users in order of creation, from behind the number `after`, of one role if given."""
    values = {"app": application_id, "after": after, "most": most}
    if role is None:
        return _PAGE.list(connection, values)
    return _PAGE_OF_ROLE.list(connection, values | {"role": role})


def add(connection: Connection, users: Iterable[User]) -> None:
    """Add users."""
    _ADD.run_each(connection, [user._asdict() for user in users])


def update(connection: Connection, application_id: str, user_id: str, **columns: object) -> None:
    """Change columns of a user."""
    values = {f"new_{name}": value for name, value in columns.items()}
    _changing(tuple(sorted(columns))).run(connection, {"app": application_id, "wanted": user_id, **values})


def update_sent(
    connection: Connection,
    application_id: str,
    conversation_id: int,
    sender_id: str,
    *,
    now: int,
    unread: bool,
) -> None:
    """Note that a user has sent a message now, in milliseconds, and if `unread` that the other members have not read it."""
    values = {"app": application_id, "sender": sender_id, "now": now}
    _SENT[unread].run(connection, values | {"conversation": conversation_id} if unread else values)


def delete(connection: Connection, application_id: str, user_id: str) -> None:
    """Delete a user."""
    _DELETE.run(connection, {"app": application_id, "wanted": user_id})
