"""rest/ws/message/..."""

from flask import Blueprint

from mockkommunicate.api.endpoint import endpoint
from mockkommunicate.domain.messages import Draft
from mockkommunicate.operations import messages
from mockkommunicate.operations.work import Work
from mockkommunicate.store.records import Message
from mockkommunicate.wire.envelope import Wrap
from mockkommunicate.wire.messages import MessageSent, SendAttachment, SendMessage

blueprint = Blueprint("messages", __name__, url_prefix="/rest/ws/message")


@blueprint.post("/v2/send")
@endpoint(operation="message.send", body=SendMessage, actor="optional", answers=MessageSent)
def send(
    work: Work,
    *,
    draft: Draft,
    actor_id: str,
    sender_id: str | None = None,
    conversation_id: int | None = None,
    client_group_id: str | None = None,
) -> Message:
    """Send a message to a conversation."""
    return messages.send_by_ids(
        work,
        sender_id=actor_id if sender_id is None else sender_id,
        conversation_id=conversation_id,
        client_group_id=client_group_id,
        draft=draft,
    )


@blueprint.post("/send")
@endpoint(
    operation="message.send_attachment",
    body=SendAttachment,
    actor="required",
    answers=MessageSent,
    wrap=Wrap.NEVER,
)
def send_attachment(
    work: Work,
    *,
    draft: Draft,
    actor_id: str,
    conversation_id: int | None = None,
    client_group_id: str | None = None,
) -> Message:
    """Send an attachment, or any other message, to a conversation."""
    return messages.send_by_ids(
        work,
        sender_id=actor_id,
        conversation_id=conversation_id,
        client_group_id=client_group_id,
        draft=draft,
    )
