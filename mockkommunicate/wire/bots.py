"""The JSON between Kommunicate and a bot: what the bot's webhook gets, and what it answers."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from marshmallow import ValidationError, fields, post_load, pre_load, validates_schema

from mockkommunicate.domain.bots import MEDIA, Call
from mockkommunicate.domain.messages import ContentType, Draft
from mockkommunicate.wire.fields import Flag, Number, Text
from mockkommunicate.wire.messages import CONTENT_TYPES
from mockkommunicate.wire.reading import Input

NEEDED = "a JSON array of messages"
"""What a bot must answer."""

MOST_MESSAGES = 100
"""How many messages one answer may hold."""

_LOCALE = "en"
"""The language where nobody names one: the documentation's default for bots is US English (inferred)."""


class Where(Protocol):
    """The conversation of a call, as its row has it."""

    @property
    def application_id(self) -> str: ...
    @property
    def id(self) -> int: ...
    @property
    def metadata(self) -> str: ...


def payload(call: Call, bot_id: str, conversation: Where) -> dict[str, Any]:
    """Answer the body that a bot's webhook gets (documented; that groupId is a number is observed in public bots)."""
    event = {} if call.event is None else {"eventName": call.event}
    return {
        "botId": bot_id,
        "key": call.key,
        "from": call.sender_id,
        "message": call.text,
        "groupId": conversation.id,
        "metadata": {**call.metadata, "KM_CHAT_CONTEXT": _context(call, bot_id, conversation)},
        "contentType": call.content_type,
        "applicationKey": conversation.application_id,
        "source": call.source,
        **event,
        "createdAt": call.created_at,
    }


def _context(call: Call, bot_id: str, conversation: Where) -> dict[str, Any]:
    """Answer KM_CHAT_CONTEXT, which is an object here and a string in every metadata (observed in public bots).

    What the conversation and the message hold under this name is in it; the service's own fields win (inferred).
    """
    given = _object(json.loads(conversation.metadata).get("KM_CHAT_CONTEXT"))
    given |= _object(call.metadata.get("KM_CHAT_CONTEXT"))
    return {
        "kmUserLocale": _LOCALE,
        **given,
        "groupId": str(conversation.id),
        "botId": bot_id,
        "messageSource": str(call.source),
        "applicationId": conversation.application_id,
        "from": call.sender_id,
        "attachments": _attachments(call),
        "formData": _object(call.metadata.get("formData")),
    }


def _attachments(call: Call) -> list[dict[str, Any]]:
    """List what comes with a media event: a file, or a location (both documented)."""
    if call.event != MEDIA and call.file_meta is None:
        return []
    if call.content_type == ContentType.LOCATION:
        place = _object(call.text)
        return [
            {"type": "location", "payload": {name: place[name] for name in ("lat", "lon") if name in place}}
        ]
    file = call.file_meta or {}
    known = {name: file[name] for name in ("name", "url", "size") if file.get(name) is not None}
    kind = {"type": file["contentType"]} if file.get("contentType") is not None else {}
    return [{**kind, "payload": known}] if call.file_meta is not None else []


def _object(text: str | None) -> dict[str, Any]:
    """Read a JSON object in a string; anything else is an empty one."""
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


class LooseMetadata(fields.Field[Mapping[str, str]]):
    """Metadata of a bot's answer: it is stored as strings, and objects and arrays in it as JSON.

    That a bot need not stringify is documented; how the stream holds it is inferred from the web widget, which parses.
    """

    default_error_messages = {"invalid": "must be an object"}
    json_schema: ClassVar[dict[str, Any]] = {"type": "object"}

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,  # noqa: ARG002
        data: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        return {key: _as_string(entry) for key, entry in value.items() if entry is not None}


def _as_string(value: object) -> str:
    """Write a value as JavaScript's JSON.stringify does."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class _Message(Input):
    """One message of a bot's answer; what is not known here is ignored, as in every body."""

    error_messages = {"type": "must be an object with a message, metadata or both"}

    text = Text(data_key="message", load_default="")
    metadata = LooseMetadata()
    content_type = Number(data_key="contentType", choices=CONTENT_TYPES)
    file_meta = fields.Dict(keys=Text(), data_key="fileMeta", error_messages={"invalid": "must be an object"})
    message_type = Text(data_key="messageType", load_default="")
    ignore_text = Flag(data_key="ignoreTextResponse", load_default=False)

    @pre_load
    def leave_out_null(self, values: Any, **_: object) -> Any:  # noqa: ANN401 - any JSON
        """Treat null as absent; what is no object is refused afterwards."""
        return super().leave_out_null(values) if isinstance(values, dict) else values

    @validates_schema
    def require_content(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a message that shows nothing (inferred: none could be made of it)."""
        if not (values.get("text") or values.get("metadata") or values.get("file_meta")):
            raise ValidationError("has nothing to show: a message, metadata or fileMeta")

    @post_load
    def draft(self, values: dict[str, Any], **_: object) -> tuple[Draft, bool]:
        """Make the message, and tell whether it hides those that are only text."""
        html = values.pop("message_type") == "html"
        kind = values.pop("content_type", ContentType.TEXT_HTML if html else ContentType.DEFAULT)
        hides = values.pop("ignore_text")
        return Draft(content_type=ContentType(kind), **values), hides


_messages = _Message(many=True)


def load_reply(reply: object) -> list[Draft]:
    """Load what a bot answers: its messages in order (documented); raise ValidationError for what is none of that.

    `ignoreTextResponse` of one message hides those that are nothing but text (documented for an intent's responses,
    inferred for an answer's messages).
    """
    if not isinstance(reply, list):
        raise ValidationError(f"must be {NEEDED}")
    if len(reply) > MOST_MESSAGES:
        raise ValidationError(f"must have at most {MOST_MESSAGES} messages")
    loaded = _messages.load(reply)
    hidden = any(hides for _, hides in loaded)
    return [draft for draft, _ in loaded if not (hidden and _is_text(draft))]


def _is_text(draft: Draft) -> bool:
    return draft.metadata is None and draft.file_meta is None
