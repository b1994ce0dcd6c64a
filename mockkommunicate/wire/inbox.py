"""The JSON of the inbox: which conversations to list, and each in brief."""

from typing import Any

from marshmallow import fields, validate

from mockkommunicate.wire.control import ConversationPage
from mockkommunicate.wire.envelope import Answer
from mockkommunicate.wire.fields import Flag, Number, Text

LONGEST_TEXT = 200
"""How much is shown of a message."""


class InboxPage(ConversationPage):
    """Which conversations to list: of nobody, not read by who has them, or found by a word."""

    limit = Number(least=1, most=1_000, load_default=50)
    unassigned = Flag()
    unread = Flag()
    search = Text(validate=validate.Length(max=200, error="must have at most 200 characters"))


class LastMessage(Answer):
    """The last message of a conversation, cut."""

    sender_id = fields.String(data_key="from")
    text = fields.Function(
        lambda brief: brief.text[:LONGEST_TEXT], data_key="message", metadata={"type": "string"}
    )
    content_type = fields.Integer(data_key="contentType")
    sent_at = fields.Integer(data_key="createdAtTime")


_last_message = LastMessage()


class BriefOutput(Answer):
    """A conversation in brief: `unread` is what its assignee has not read, or the system user where it has none."""

    id = fields.Integer()
    client_group_id = fields.String(data_key="clientGroupId")
    name = fields.String()
    assignee = fields.String(allow_none=True)
    status = fields.Integer()
    unread = fields.Integer()
    messages = fields.Integer()
    created_at = fields.Integer(data_key="createdAtTime")
    updated_at = fields.Integer(data_key="updatedAtTime")
    last_message = fields.Function(
        lambda brief: None if brief.sender_id is None else _last_message.write(brief),
        data_key="lastMessage",
        metadata={"type": "object"},
    )


class Inbox(Answer):
    """Conversations in brief, and behind which one there are more."""

    conversations = fields.List(fields.Nested(BriefOutput))
    next = fields.Integer()


_brief = BriefOutput()


def write(brief: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    """Answer a conversation in brief; the assignee is null where there is none."""
    return {**_brief.write(brief), "assignee": brief.assignee}
