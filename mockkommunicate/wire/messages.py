"""The JSON of messages."""

import json
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from mockkommunicate.domain.messages import PLATFORM, SENT, ContentType, Draft
from mockkommunicate.wire.envelope import Answer
from mockkommunicate.wire.fields import ClientGroupId, ConversationId, Number, StringMetadata, Text, reference
from mockkommunicate.wire.reading import Input

CONTENT_TYPES = tuple(kind.value for kind in ContentType)


class Written(Schema):
    """What a message itself consists of, whoever sends it."""

    text = Text(data_key="message")
    content_type = Number(data_key="contentType", choices=CONTENT_TYPES, load_default=0)
    type = Number(load_default=SENT, most=255)
    source = Number(load_default=PLATFORM, most=255)
    metadata = StringMetadata()
    file_meta = fields.Dict(keys=Text(), data_key="fileMeta", error_messages={"invalid": "must be an object"})

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def require_content(self, _values: object, given: dict[str, Any], **_: object) -> None:
        """Refuse a message without anything in it; an empty text with metadata is legal (observed)."""
        if all(given.get(name) is None for name in ("message", "metadata", "fileMeta")):
            raise ValidationError({"message": ["is missing: a text, or metadata, or fileMeta"]})

    @post_load
    def draft(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
        """Gather what belongs to the message into a Draft."""
        own = ("text", "content_type", "type", "source", "metadata", "file_meta")
        draft = {name: values.pop(name) for name in own if name in values}
        content_type = ContentType(draft.pop("content_type"))
        return values | {"draft": Draft(content_type=content_type, **draft)}


class SendAttachment(Written, Input):
    """The body of message/send. The sender is named by Of-User-Id."""

    json_schema: ClassVar[dict[str, Any]] = {
        "allOf": [
            {"anyOf": [{"required": ["groupId"]}, {"required": ["clientGroupId"]}]},
            {"anyOf": [{"required": [name]} for name in ("message", "metadata", "fileMeta")]},
        ]
    }

    conversation_id = ConversationId(data_key="groupId")
    client_group_id = ClientGroupId(data_key="clientGroupId")

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def require_conversation(self, _values: object, given: dict[str, Any], **_: object) -> None:
        """Refuse a message to no conversation."""
        if given.get("groupId") is None and given.get("clientGroupId") is None:
            message = "is missing: the conversation's id, or its clientGroupId; one-to-one messages are not emulated"
            raise ValidationError({"groupId": [message]})


class SendMessage(SendAttachment):
    """The body of message/v2/send. Without fromUserName the sender is named by Of-User-Id (inferred)."""

    json_schema: ClassVar[dict[str, Any]] = SendAttachment.json_schema | {"required": ["fromUserName"]}

    sender_id = reference(data_key="fromUserName")


class MessageSent(Answer):
    """The answer of both ways to send (documented; the same in every client)."""

    key = fields.String(data_key="messageKey")
    created_at = fields.Integer(data_key="createdAt")


class MessageDetail(Answer):
    """A message in the stream (observed in captured bodies: `to` and `contactIds` name the sender)."""

    key = fields.String()
    sender_id = fields.String(data_key="from")
    to = fields.Function(lambda message: message.sender_id, metadata={"type": "string"})
    contact_ids = fields.Function(
        lambda message: message.sender_id, data_key="contactIds", metadata={"type": "string"}
    )
    text = fields.String(data_key="message")
    sent = fields.Constant(True)
    delivered = fields.Constant(False)
    read = fields.Constant(False)
    created_at = fields.Integer(data_key="createdAtTime")
    type = fields.Integer()
    source = fields.Integer()
    status = fields.Constant(3)
    content_type = fields.Integer(data_key="contentType")
    conversation_id = fields.Integer(data_key="groupId")
    metadata = fields.Function(lambda message: json.loads(message.metadata), metadata={"type": "object"})
    file_meta = fields.Function(
        lambda message: message.file_meta and json.loads(message.file_meta),
        data_key="fileMeta",
        metadata={"type": "object"},
    )
