"""An app's content as a whole: copied inside the database, read at one moment, written at once; and its snapshots."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Table, Text, bindparam, select

from mockkommunicate.store import apps, tables
from mockkommunicate.store.records import App, Conversation, Member, Message, StoredFile, User
from mockkommunicate.store.statements import Command, Connection, Query

OF_SNAPSHOT = "@"
"""What stands between an app's id and a snapshot's name: no application id holds it."""

_AFTER = chr(ord(OF_SNAPSHOT) + 1)
_MOMENT = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


class Snapshot(NamedTuple):
    """A snapshot's name, and the time of the app's clock when it was taken, in milliseconds."""

    name: str
    created_at: int


class Content(NamedTuple):
    """All that is in an app, each kind in no order."""

    users: Sequence[User]
    conversations: Sequence[Conversation]
    members: Sequence[Member]
    messages: Sequence[Message]
    files: Sequence[StoredFile]


def _copying(table: Table) -> Command:
    """Make the statement that copies an app's rows; the database moves them, none comes here."""
    columns = [column for column in table.c if column.name != "application_id"]
    rows = select(bindparam("target", type_=Text), *columns).where(
        table.c.application_id == bindparam("source")
    )
    return Command(table.insert().from_select(["application_id", *(column.name for column in columns)], rows))


def _snapshots(dialect: str) -> Any:  # noqa: ANN401 - any statement
    """Make the statement that lists an app's snapshots, by bytes whatever the database's collation is."""
    bytewise = {"sqlite": "BINARY"}.get(dialect, "C")
    application_id = tables.apps.c.application_id
    ordered = application_id.collate(bytewise)
    return select(application_id, tables.apps.c.created_at).where(
        tables.apps.c.hidden.is_(True),
        ordered > bindparam("first"),
        ordered < bindparam("last"),
    )


def _of_app(table: Table) -> Any:  # noqa: ANN401 - any statement
    return table.select().where(table.c.application_id == bindparam("app"))


_COPY = [_copying(table) for table in tables.PER_APP]
_SNAPSHOTS = Query(_snapshots, Snapshot._make)
_USERS = Query(_of_app(tables.users), User._make)
_CONVERSATIONS = Query(_of_app(tables.conversations), Conversation._make)
_MEMBERS = Query(_of_app(tables.members), Member._make)
_MESSAGES = Query(_of_app(tables.messages), Message._make)
_FILES = Query(_of_app(tables.files), StoredFile._make)
_ADD = {table.name.removeprefix("mock_"): Command(table.insert()) for table in tables.PER_APP}


def snapshot_id(application_id: str, name: str) -> str:
    """Answer the id under which a snapshot of an app is kept."""
    return f"{application_id}{OF_SNAPSHOT}{name}"


def list_snapshots(connection: Connection, application_id: str) -> list[Snapshot]:
    """List an app's snapshots by name."""
    start = snapshot_id(application_id, "")
    found = _SNAPSHOTS.list(connection, {"first": start, "last": f"{application_id}{_AFTER}"})
    return sorted(snapshot._replace(name=snapshot.name.removeprefix(start)) for snapshot in found)


def find_snapshot(connection: Connection, application_id: str, name: str) -> App | None:
    """Find the hidden app that is a snapshot."""
    return apps.find(connection, snapshot_id(application_id, name))


def add_copy(connection: Connection, source_id: str, target_id: str) -> None:
    """Add a copy of everything in one app to another, which must be empty."""
    for statement in _COPY:
        statement.run(connection, {"source": source_id, "target": target_id})


@contextmanager
def one_moment(connection: Connection) -> Iterator[None]:
    """Let everything read on a connection in autocommit be as it was at one moment, while others write."""
    connection.raw.execute(_MOMENT[connection.dialect.name])
    try:
        yield
    finally:
        connection.raw.execute("ROLLBACK")


def list_content(connection: Connection, application_id: str) -> Content:
    """List everything in an app."""
    values = {"app": application_id}
    return Content(
        users=_USERS.list(connection, values),
        conversations=_CONVERSATIONS.list(connection, values),
        members=_MEMBERS.list(connection, values),
        messages=_MESSAGES.list(connection, values),
        files=_FILES.list(connection, values),
    )


def add_content(connection: Connection, content: Content) -> None:
    """Add everything to an empty app."""
    for kind, rows in content._asdict().items():
        _ADD[kind].run_each(connection, [row._asdict() for row in rows])


def delete_snapshots(connection: Connection, application_id: str) -> int:
    """Delete every snapshot of an app; answer how many there were."""
    snapshots = list_snapshots(connection, application_id)
    for snapshot in snapshots:
        delete_snapshot(connection, application_id, snapshot.name)
    return len(snapshots)


def delete_snapshot(connection: Connection, application_id: str, name: str) -> None:
    """Delete a snapshot."""
    apps.delete_content(connection, snapshot_id(application_id, name))
    apps.delete(connection, snapshot_id(application_id, name))
