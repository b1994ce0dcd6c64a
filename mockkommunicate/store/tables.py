"""Every table, and the frozen record of each row.

Each table has the app as the first part of its primary key. A record's fields stand in the order of its table's columns.
"""

from typing import NamedTuple

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    func,
    literal_column,
)

from mockkommunicate.store.text import AnyText

SCHEMA_NUMBER = 1
"""Counts up with every change of the tables; a database of another number is refused."""

metadata = MetaData()


class App(NamedTuple):
    """One app. `settings` and `rotation` are JSON; the last_ columns are the app's own sequences."""

    application_id: str
    api_key: str
    scenario: str
    seed: int
    created_at: int
    settings: str
    rotation: str
    last_conversation_id: int
    last_user_number: int


class User(NamedTuple):
    """One agent, bot or customer. Times are milliseconds; `metadata` is JSON; `number` is the order of creation."""

    application_id: str
    user_id: str
    number: int
    role: str
    display_name: str | None
    email: str | None
    phone_number: str | None
    image_link: str | None
    status_message: str | None
    metadata: str
    availability: str
    handling_limit: int | None
    deactivated: bool
    created_at: int
    last_seen_at: int
    last_logged_in_at: int
    last_message_at: int | None
    unread_count: int


class Conversation(NamedTuple):
    """One conversation. `metadata` and `routing` are JSON; `last_key_ms` is the time in its newest message's key."""

    application_id: str
    id: int
    client_group_id: str
    name: str
    admin_id: str
    assignee: str | None
    status: int
    metadata: str
    routing: str
    created_at: int
    updated_at: int
    last_message_number: int
    last_key_ms: int


class Member(NamedTuple):
    """One membership. Who left stays as removed, for the wire names such members."""

    application_id: str
    conversation_id: int
    user_id: str
    role: int
    unread_count: int
    removed: bool


class Message(NamedTuple):
    """One message. `metadata` and `file_meta` are JSON; `number` is the order within the conversation."""

    application_id: str
    conversation_id: int
    number: int
    key: str
    sender_id: str
    text: str
    content_type: int
    type: int
    source: int
    metadata: str
    file_meta: str | None
    created_at: int


schema = Table("mock_schema", metadata, Column("number", Integer, primary_key=True, autoincrement=False))

apps = Table(
    "mock_apps",
    metadata,
    Column("application_id", Text, primary_key=True),
    Column("api_key", Text, nullable=False, unique=True),
    Column("scenario", AnyText, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("settings", Text, nullable=False),
    Column("rotation", Text, nullable=False),
    Column("last_conversation_id", BigInteger, nullable=False),
    Column("last_user_number", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)


users = Table(
    "mock_users",
    metadata,
    Column("application_id", Text, primary_key=True),
    Column("user_id", AnyText, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("display_name", AnyText),
    Column("email", AnyText),
    Column("phone_number", AnyText),
    Column("image_link", AnyText),
    Column("status_message", AnyText),
    Column("metadata", Text, nullable=False),
    Column("availability", Text, nullable=False),
    Column("handling_limit", Integer),
    Column("deactivated", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("last_logged_in_at", BigInteger, nullable=False),
    Column("last_message_at", BigInteger),
    Column("unread_count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
is_staff = users.c.role != literal_column("'customer'")
"""Agents and bots. A partial index serves only a query that repeats its condition to the letter."""


def fits_index(column: Column[str | None]) -> ColumnElement[bool]:
    """Tell of a text whether an index can hold it: PostgreSQL's cannot hold long ones."""
    return func.length(column) <= literal_column("256")


# Plain DDL, for Index would load the dialect of every database that its options name.
for _index in (
    "mock_users_staff ON mock_users (application_id, number) WHERE role != 'customer'",
    "mock_users_email ON mock_users (application_id, email) WHERE length(email) <= 256",
    "mock_users_phone ON mock_users (application_id, phone_number) WHERE length(phone_number) <= 256",
):
    event.listen(users, "after_create", DDL(f"CREATE INDEX {_index}"))  # type: ignore[no-untyped-call]

conversations = Table(
    "mock_conversations",
    metadata,
    Column("application_id", Text, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("client_group_id", AnyText, nullable=False),
    Column("name", AnyText, nullable=False),
    Column("admin_id", AnyText, nullable=False),
    Column("assignee", AnyText),
    Column("status", Integer, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("routing", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("last_message_number", Integer, nullable=False),
    Column("last_key_ms", BigInteger, nullable=False),
    UniqueConstraint("application_id", "client_group_id"),
    sqlite_with_rowid=False,
)
Index(
    "mock_conversations_assigned",
    conversations.c.application_id,
    conversations.c.assignee,
    conversations.c.status,
)

members = Table(
    "mock_members",
    metadata,
    Column("application_id", Text, primary_key=True),
    Column("conversation_id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", AnyText, primary_key=True),
    Column("role", Integer, nullable=False),
    Column("unread_count", Integer, nullable=False),
    Column("removed", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

messages = Table(
    "mock_messages",
    metadata,
    Column("application_id", Text, primary_key=True),
    Column("conversation_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("sender_id", AnyText, nullable=False),
    Column("text", AnyText, nullable=False),
    Column("content_type", Integer, nullable=False),
    Column("type", Integer, nullable=False),
    Column("source", Integer, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("file_meta", Text),
    Column("created_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

PER_APP = (messages, members, conversations, users)
"""The tables that hold an app's content, in an order in which they can be emptied."""
