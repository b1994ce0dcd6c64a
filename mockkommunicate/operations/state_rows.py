"""The rows of an app as the lists of its state's document, in an order that depends on nothing else, and back."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from mockkommunicate.domain.forms import digest
from mockkommunicate.domain.teams import TEAM_KEY
from mockkommunicate.operations.work import dump
from mockkommunicate.store.copies import Content
from mockkommunicate.store.records import Conversation, Member, Message, StoredFile, User
from mockkommunicate.wire import state_content as wire
from mockkommunicate.wire.state_fields import Stated

Row = TypeVar("Row", User, Conversation, Message, StoredFile)
Entry = dict[str, Any]

_JSON = ("metadata", "routing", "file_meta", "findings", "bot")
"""The columns that hold JSON."""

_BYTES = ("content", "thumbnail")
"""The columns that hold bytes."""

_READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_JSON, json.loads),
    **dict.fromkeys(_BYTES, lambda content: base64.b64encode(content).decode()),
}
"""What is done with a column that is not written as it is."""


def users(content: Content) -> list[Entry]:
    """List the users in order of creation."""
    return _written(wire.UserState(), sorted(content.users, key=lambda user: user.number))


def former_users(content: Content, rotation: Iterable[str]) -> list[str]:
    """List whom the state still names though he was deleted."""
    senders = {message.sender_id for message in content.messages}
    admins = {conversation.admin_id for conversation in content.conversations}
    return sorted(senders.union(admins, rotation) - {user.user_id for user in content.users})


def conversations(content: Content) -> list[Entry]:
    """List the conversations by id, each with its members by id and its messages in their order."""
    rows = sorted(content.conversations, key=lambda conversation: conversation.id)
    members = _by_conversation(wire.MemberState(), sorted(content.members, key=lambda member: member.user_id))
    messages = _by_conversation(wire.MessageState(), sorted(content.messages, key=lambda one: one.number))
    return [
        {
            **written,
            "metadata": written["metadata"] | ({} if row.team_id is None else {TEAM_KEY: row.team_id}),
            "members": members.get(row.id, []),
            "messages": messages.get(row.id, []),
        }
        for row, written in zip(rows, _written(wire.ConversationState(), rows), strict=True)
    ]


def files(content: Content) -> list[Entry]:
    """List the files in the order of upload."""
    return _written(wire.FileState(), sorted(content.files, key=lambda file: file.number))


def content(application_id: str, state: Mapping[str, Any]) -> Content:
    """Answer the rows of a loaded state."""
    told = state["conversations"]
    return Content(
        users=[_row(User, user, application_id) for user in state["users"]],
        conversations=[_conversation(conversation, application_id) for conversation in told],
        members=[
            Member(application_id=application_id, conversation_id=conversation["id"], **member)
            for conversation in told
            for member in conversation["members"]
        ],
        messages=[
            _row(Message, message, application_id, conversation_id=conversation["id"])
            for conversation in told
            for message in conversation["messages"]
        ],
        files=[_file(file, application_id) for file in state["files"]],
    )


def _by_conversation(schema: Stated, rows: Sequence[Any]) -> dict[int, list[Entry]]:
    """Write members or messages, gathered by the id of their conversation."""
    found: dict[int, list[Entry]] = {}
    for row, written in zip(rows, _written(schema, rows), strict=True):
        found.setdefault(row.conversation_id, []).append(written)
    return found


def _written(schema: Stated, rows: Iterable[Any]) -> list[Entry]:
    """Write rows under the wire's names, without what is absent."""
    names = [(name, key, _READ.get(name)) for name, key in schema.names]
    return [
        {
            key: value if read is None else read(value)
            for name, key, read in names
            if (value := getattr(row, name, None)) is not None
        }
        for row in rows
    ]


def _row(kind: type[Row], values: Mapping[str, Any], application_id: str, **more: Any) -> Row:  # noqa: ANN401
    """Make a row; what is absent is None, what is JSON is written."""
    columns: dict[str, Any] = dict.fromkeys(kind._fields) | more | {"application_id": application_id}
    columns.update(values)
    return kind(**columns | {name: dump(values[name]) for name in _JSON if name in values})


def _file(told: Mapping[str, Any], application_id: str) -> StoredFile:
    """Make a file's row; size and SHA-1 follow from its bytes."""
    thumbnail = told.get("thumbnail")
    return _row(
        StoredFile,
        told,
        application_id,
        size=len(told["content"]),
        sha1=digest(told["content"]),
        thumbnail_sha1=None if thumbnail is None else digest(thumbnail),
    )


def _conversation(told: Mapping[str, Any], application_id: str) -> Conversation:
    """Make a conversation's row; its newest message tells the last number and the last key, its metadata the team."""
    own = {name: value for name, value in told.items() if name not in {"members", "messages"}}
    metadata = dict(told["metadata"])
    own |= {"team_id": metadata.pop(TEAM_KEY, None), "metadata": metadata}
    number, key = 0, "0"
    if told["messages"]:
        number, key = told["messages"][-1]["number"], told["messages"][-1]["key"]
    last_key_ms = int(key.rpartition("-")[2])
    return _row(Conversation, own, application_id, last_message_number=number, last_key_ms=last_key_ms)
