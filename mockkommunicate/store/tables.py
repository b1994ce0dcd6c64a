"""Every table. Each has the app as the first part of its primary key."""

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    func,
    literal_column,
)

from mockkommunicate.store.text import AnyText

SCHEMA_NUMBER = 5
"""Counts up with every change of the tables; a database of another number is refused."""

metadata = MetaData()


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
    Column("last_file_number", BigInteger, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("starts_at", BigInteger),
    Column("clock_offset", BigInteger, nullable=False),
    Column("frozen_at", BigInteger),
    Column("faults", Text, nullable=False),
    Column("last_fault_id", BigInteger, nullable=False),
    Column("last_request_id", BigInteger, nullable=False),
    Column("dropped_requests", BigInteger, nullable=False),
    Column("last_delivery_id", BigInteger, nullable=False),
    Column("dropped_deliveries", BigInteger, nullable=False),
    Column("last_queue_number", BigInteger, nullable=False),
    Column("team_rotations", Text, nullable=False),
    Column("changes", BigInteger, nullable=False),
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
    Column("bot", Text),
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
    Column("team_id", AnyText),
    Column("queue_number", BigInteger),
    UniqueConstraint("application_id", "client_group_id"),
    sqlite_with_rowid=False,
)
Index(
    "mock_conversations_assigned",
    conversations.c.application_id,
    conversations.c.assignee,
    conversations.c.status,
)
is_waiting = conversations.c.queue_number.is_not(None)
"""In the waiting queue: few of all conversations, so that no look at it grows with those that are done."""

_WAITING = "mock_conversations_waiting ON mock_conversations (application_id, queue_number)"
event.listen(conversations, "after_create", DDL(f"CREATE INDEX {_WAITING} WHERE queue_number IS NOT NULL"))  # type: ignore[no-untyped-call]

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
    Column("findings", Text),
    Column("created_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

requests = Table(
    "mock_requests",
    metadata,
    Column("application_id", Text, primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("duration", BigInteger, nullable=False),
    Column("method", AnyText, nullable=False),
    Column("path", AnyText, nullable=False),
    Column("query", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", AnyText, nullable=False),
    Column("operation", Text),
    Column("status", Integer, nullable=False),
    Column("answer", AnyText, nullable=False),
    Column("fault", Text),
    sqlite_with_rowid=False,
)

deliveries = Table(
    "mock_deliveries",
    metadata,
    Column("application_id", Text, primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("conversation_id", Integer, nullable=False),
    Column("bot_id", AnyText),
    Column("lane", AnyText, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("leads", Boolean, nullable=False),
    Column("url", AnyText, nullable=False),
    Column("headers", Text, nullable=False),
    Column("payload", AnyText, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("fault", Text),
    Column("claimed_by", Text),
    Column("claimed_until", BigInteger),
    sqlite_with_rowid=False,
)
is_pending = deliveries.c.state == literal_column("'pending'")
"""What is owed; as `is_staff`, for an index."""
leads: ColumnElement[bool] = literal_column("leads")
"""What is next in its lane; SQLAlchemy's own way to write it would match no index of SQLite."""


for _index in (
    "mock_deliveries_due ON mock_deliveries (application_id, due_at) WHERE state = 'pending' AND leads",
    "mock_deliveries_lane ON mock_deliveries (application_id, lane, place) WHERE state = 'pending'",
):
    event.listen(deliveries, "after_create", DDL(f"CREATE INDEX {_index}"))  # type: ignore[no-untyped-call]

files = Table(
    "mock_files",
    metadata,
    Column("application_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("name", AnyText, nullable=False),
    Column("content_type", AnyText, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha1", Text, nullable=False),
    Column("thumbnail_sha1", Text),
    Column("private", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("thumbnail", LargeBinary),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("application_id", "id"),
)
"""Bytes come last in a row, and rows have an id of SQLite's own: whoever lists files reads none of their bytes."""

PER_APP = (messages, members, conversations, users, files)
"""The tables that hold an app's content, in an order in which they can be emptied."""
