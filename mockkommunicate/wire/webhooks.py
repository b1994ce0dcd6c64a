"""The JSON that the app's webhook gets (documented: the Webhooks page)."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Protocol

from mockkommunicate.domain.users import Availability


class Sent(Protocol):
    """A message, as its row has it."""

    @property
    def key(self) -> str: ...
    @property
    def sender_id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def metadata(self) -> str: ...
    @property
    def file_meta(self) -> str | None: ...
    @property
    def created_at(self) -> int: ...


class Where(Protocol):
    """The conversation of a message, as its row has it."""

    @property
    def id(self) -> int: ...
    @property
    def client_group_id(self) -> str: ...
    @property
    def name(self) -> str: ...


class Receiver(Protocol):
    """Whom a message is for, as his row has him."""

    @property
    def availability(self) -> str: ...
    @property
    def last_seen_at(self) -> int: ...


def headers(token: str | None) -> dict[str, str]:
    """Answer the headers: the token in one that is really called Authentication (documented), absent without a token."""
    if not token:
        return {}
    return {"Authentication": f"Basic {base64.b64encode(token.encode()).decode()}"}


def payload(message: Sent, conversation: Where, receiver: Receiver | None) -> dict[str, Any]:
    """Answer the body: a message of a conversation, its fields in the order of the documented examples.

    A message has its file where it has one, else what is known of its receiver, and its metadata if there is any.
    """
    body: dict[str, Any] = {
        "key": message.key,
        "from": message.sender_id,
        "groupId": conversation.id,
        "clientGroupId": conversation.client_group_id,
        "groupName": conversation.name,
        "message": message.text,
        "timeStamp": message.created_at,
    }
    if message.file_meta is not None:
        body["file"] = _file(json.loads(message.file_meta))
    elif receiver is not None:
        body["receiverConnected"] = receiver.availability == Availability.ONLINE
        body["receiverLastSeenAtTime"] = receiver.last_seen_at
    metadata = json.loads(message.metadata)
    return body | ({"metadata": metadata} if metadata else {})


def _file(file_meta: Mapping[str, Any]) -> dict[str, Any]:
    names = ("name", "url", "contentType", "size", "thumbnailUrl")
    return {name: file_meta[name] for name in names if file_meta.get(name) is not None}
