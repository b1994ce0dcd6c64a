"""Users as rows."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from mockkommunicate.store import tables
from mockkommunicate.store.tables import User

MOST_VALUES = 5_000
"""How many values one statement looks for."""

_users = tables.users
_in_app = _users.c.application_id == bindparam("app")
_one = _users.select().where(_in_app, _users.c.user_id == bindparam("wanted"))
_some = _users.select().where(_in_app, _users.c.user_id.in_(bindparam("wanted", expanding=True)))
_staff = _users.select().where(_in_app, tables.is_staff).order_by(_users.c.number)
_page = (
    _users.select()
    .where(_in_app, _users.c.number > bindparam("after"))
    .order_by(_users.c.number)
    .limit(bindparam("most"))
)
_insert = _users.insert()
_delete = _users.delete().where(_in_app, _users.c.user_id == bindparam("wanted"))
_update = _users.update().where(_in_app, _users.c.user_id == bindparam("wanted"))
_spoke = _update.values(last_message_at=bindparam("now"), last_seen_at=bindparam("now"))
_of_conversation = select(tables.members.c.user_id).where(
    tables.members.c.application_id == bindparam("app"),
    tables.members.c.conversation_id == bindparam("conversation"),
    tables.members.c.removed.is_(False),
    tables.members.c.user_id != bindparam("sender"),
)
_raise_unread = (
    _users.update()
    .where(_in_app, _users.c.user_id.in_(_of_conversation))
    .values(unread_count=_users.c.unread_count + 1)
)
_by_contact = {
    column.name: _users.select().where(
        _in_app, column.in_(bindparam("wanted", expanding=True)), tables.fits_index(column)
    )
    for column in (_users.c.phone_number, _users.c.email)
}


def find(connection: Connection, application_id: str, user_id: str) -> User | None:
    """Find one user by id."""
    row = connection.execute(_one, {"app": application_id, "wanted": user_id}).one_or_none()
    return User._make(row) if row else None


def list_by_ids(connection: Connection, application_id: str, user_ids: Collection[str]) -> Sequence[User]:
    """List the users that exist among the ids, in no order."""
    return _list(connection, _some, application_id, user_ids)


def list_by_contact(
    connection: Connection, application_id: str, column: str, wanted: Collection[str]
) -> Sequence[User]:
    """List the users with one of the phone numbers or e-mail addresses, in no order."""
    return _list(connection, _by_contact[column], application_id, wanted)


def _list(
    connection: Connection, statement: Select[Any], application_id: str, wanted: Iterable[str]
) -> Sequence[User]:
    """List by values of any number: no database takes more than some ten thousand in one statement."""
    found: list[User] = []
    for some in _batched(wanted, MOST_VALUES):
        rows = connection.execute(statement, {"app": application_id, "wanted": some})
        found += map(User._make, rows)
    return found


def _batched(values: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(values)
    while some := list(islice(left, size)):
        yield some


def list_staff(connection: Connection, application_id: str) -> Sequence[User]:
    """List the agents and bots in order of creation."""
    return [User._make(row) for row in connection.execute(_staff, {"app": application_id})]


def list_page(connection: Connection, application_id: str, *, after: int, most: int) -> Sequence[User]:
    """List at most so many users in order of creation, from behind the number `after`."""
    rows = connection.execute(_page, {"app": application_id, "after": after, "most": most})
    return [User._make(row) for row in rows]


def add(connection: Connection, users: Iterable[User]) -> None:
    """Add users."""
    if rows := [user._asdict() for user in users]:
        connection.execute(_insert, rows)


def update(connection: Connection, application_id: str, user_id: str, **columns: object) -> None:
    """Change columns of a user."""
    connection.execute(_update.values(**columns), {"app": application_id, "wanted": user_id})


def update_spoke(connection: Connection, application_id: str, user_id: str, *, now: int) -> None:
    """Note that a user has sent a message now, in milliseconds."""
    connection.execute(_spoke, {"app": application_id, "wanted": user_id, "now": now})


def update_unread(connection: Connection, application_id: str, conversation_id: int, sender_id: str) -> None:
    """Raise the unread count of every member of a conversation but the sender."""
    values = {"app": application_id, "conversation": conversation_id, "sender": sender_id}
    connection.execute(_raise_unread, values)


def delete(connection: Connection, application_id: str, user_id: str) -> None:
    """Delete a user."""
    connection.execute(_delete, {"app": application_id, "wanted": user_id})
