"""Content to measure on: an app with as many conversations as wanted, written straight into the database.

One conversation is made through the API; the others are copies of its rows, with ids and a customer of their own. So
all of them share the default agent and the system user as members, and are that agent's open conversations.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import Connection as Database
from sqlalchemy import Table

from benchmarks.calls import Connection, Request
from benchmarks.servers import Running
from mockkommunicate.store import tables

AGENTS = ("agent-1", "agent-2")
_CHUNK = 5_000

Row = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """An app, the ids of its customers and conversations, and two agents to whom none is assigned."""

    application_id: str
    api_key: str
    customers: list[str]
    conversations: list[int]


def make(server: Running, *, conversations: int, messages: int = 1) -> Content:
    """Make an app with conversations of so many messages each."""
    connection = Connection(server.url)
    users = [{"userId": user_id, "role": "agent", "availability": "away"} for user_id in AGENTS]
    app = connection.send_json(_post("/_mock/apps", {"users": users}, expected='"apiKey"'))
    headers = {"Api-Key": app["apiKey"]}
    given: Row = {"groupName": "A question", "groupMemberList": ["customer-0"]}
    first = connection.send_json(_post("/rest/ws/group/conversation", given, headers))["response"]["id"]
    given = {"groupId": first, "message": "Hello", "fromUserName": "customer-0"}
    connection.send(_post("/rest/ws/message/v2/send", given, headers))
    connection.close()
    _fill(server.database, app["applicationId"], conversations, messages)
    return Content(
        application_id=app["applicationId"],
        api_key=app["apiKey"],
        customers=[f"customer-{number}" for number in range(1, conversations + 1)],
        conversations=list(range(first + 1, first + conversations + 1)),
    )


def _post(
    path: str, body: Row, headers: dict[str, str] | None = None, expected: str = '"success"'
) -> Request:
    everything = {"Content-Type": "application/json", **(headers or {})}
    return Request("POST", path, json.dumps(body), everything, expected)


def _fill(url: str, application_id: str, conversations: int, messages: int) -> None:
    """Copy the app's one conversation, in one transaction; count the app's sequences up as if it had happened."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        copier = _Copier(connection, application_id, messages)
        for start in range(1, conversations + 1, _CHUNK):
            copier.copy(range(start, min(start + _CHUNK, conversations + 1)))
        copier.advance(conversations)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
    engine.dispose()


class _Copier:
    """The rows of the first conversation, and how they are copied."""

    def __init__(self, connection: Database, application_id: str, messages: int) -> None:
        self._connection = connection
        self._application_id = application_id
        self._messages = messages
        self._conversation = self._rows(tables.conversations)[0]
        self._members = self._rows(tables.members)
        self._message = self._rows(tables.messages)[0]
        users = {row["user_id"]: row for row in self._rows(tables.users)}
        self._customer = users[self._message["sender_id"]]

    def copy(self, numbers: range) -> None:
        """Add the copies with these numbers."""
        insert = self._connection.execute
        insert(tables.users.insert(), [self._new_user(number) for number in numbers])
        insert(tables.conversations.insert(), [self._new_conversation(number) for number in numbers])
        insert(tables.members.insert(), [row for number in numbers for row in self._new_members(number)])
        insert(tables.messages.insert(), [row for number in numbers for row in self._new_messages(number)])

    def advance(self, copies: int) -> None:
        """Count the app's sequences up."""
        column = tables.apps.c
        changed = tables.apps.update().where(column.application_id == self._application_id)
        values = {
            "last_conversation_id": column.last_conversation_id + copies,
            "last_user_number": column.last_user_number + copies,
        }
        self._connection.execute(changed.values(values))

    def _rows(self, table: Table) -> list[Row]:
        statement = table.select().where(table.c.application_id == self._application_id)
        return [dict(row) for row in self._connection.execute(statement).mappings()]

    def _new_user(self, number: int) -> Row:
        return self._customer | {"user_id": f"customer-{number}", "number": self._customer["number"] + number}

    def _new_conversation(self, number: int) -> Row:
        conversation_id = self._conversation["id"] + number
        last = self._conversation["last_message_number"] + self._messages - 1
        ids = {"id": conversation_id, "client_group_id": str(conversation_id)}
        return self._conversation | ids | {"last_message_number": last}

    def _new_members(self, number: int) -> Iterator[Row]:
        for member in self._members:
            is_customer = member["user_id"] == self._customer["user_id"]
            user_id = f"customer-{number}" if is_customer else member["user_id"]
            yield member | {"conversation_id": self._conversation["id"] + number, "user_id": user_id}

    def _new_messages(self, number: int) -> Iterator[Row]:
        conversation_id = self._conversation["id"] + number
        newest = self._conversation["last_key_ms"]
        for index in range(self._messages):
            yield self._message | {
                "conversation_id": conversation_id,
                "number": self._message["number"] + index,
                "key": f"5-{conversation_id}-{newest - self._messages + index + 1}",
                "sender_id": f"customer-{number}",
            }
