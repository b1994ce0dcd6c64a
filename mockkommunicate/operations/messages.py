"""Messages: sent into a conversation by whoever it is."""

from dataclasses import asdict
from typing import NamedTuple

from mockkommunicate.domain import rich_messages
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.domain.messages import Draft, key, key_time
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import lookup
from mockkommunicate.operations.events import MessageSent
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import conversations, messages, users
from mockkommunicate.store.records import Conversation, Message, User


class Sent(NamedTuple):
    """A message as it was stored, and its conversation as it is afterwards."""

    message: Message
    conversation: Conversation


def send_by_ids(
    work: Work,
    *,
    sender_id: str,
    conversation_id: int | None,
    client_group_id: str | None = None,
    draft: Draft,
) -> Message:
    """Send a message to the conversation with an id, or else a client group id.

    Raises ConversationNotFound and UserNotFound.
    """
    conversation = lookup.get_conversation(
        work, conversation_id=conversation_id, client_group_id=client_group_id
    )
    sender, assignee = lookup.get_parties(work, sender_id, conversation)
    return send(work, conversation, sender=sender, draft=draft, assignee=assignee).message


def send(
    work: Work, conversation: Conversation, *, sender: User, draft: Draft, assignee: User | None = None
) -> Sent:
    """Send a message. The sender need not be a member: a caller with the API key acts as an administrator (inferred).

    `assignee` has the conversation; without him nothing follows that a bot would do.
    """
    number = conversation.last_message_number + 1
    key_ms = key_time(work.now, last_key_ms=conversation.last_key_ms)
    message = Message(
        application_id=work.app_id,
        conversation_id=conversation.id,
        number=number,
        key=key(conversation.id, key_ms),
        sender_id=sender.user_id,
        text=draft.text,
        content_type=draft.content_type.value,
        type=draft.type,
        source=draft.source,
        metadata=dump(dict(draft.metadata or {})),
        file_meta=None if draft.file_meta is None else dump(draft.file_meta),
        findings=found(draft),
        created_at=work.now,
    )
    messages.add(work.connection, message)
    status = _status_after(conversation, sender)
    conversation = conversation._replace(last_message_number=number, last_key_ms=key_ms, status=status)
    conversations.update(work.connection, conversation)
    _note_reading(work, message, unread=draft.counts_as_unread)
    work.events.append(MessageSent(message, conversation, sender, assignee))
    return Sent(message, conversation)


def found(draft: Draft) -> str | None:
    """Answer as JSON what is wrong with a rich message; None where nothing is, and of a plain one."""
    metadata = draft.metadata
    if not metadata or not rich_messages.is_rich(metadata):
        return None
    findings = rich_messages.lint(metadata, content_type=draft.content_type)
    return dump([asdict(finding) for finding in findings]) if findings else None


def read(work: Work, conversation: Conversation, *, reader: User) -> int:
    """Let a member read a conversation; answer how many messages he had not read. Raises ControlError for no member."""
    member = conversations.find_member(work.connection, conversation, reader.user_id)
    if member is None or member.removed:
        message = f"{reader.user_id!r} is no member of the conversation {conversation.id}"
        hint = "whoever creates the conversation names its members, and assignees join them"
        raise ControlError("NOT_A_MEMBER", message, hint=hint, http_status=409)
    conversations.update_read(work.connection, member)
    left = max(0, reader.unread_count - member.unread_count)
    users.update(work.connection, work.app_id, reader.user_id, unread_count=left, last_seen_at=work.now)
    return member.unread_count


def _note_reading(work: Work, message: Message, *, unread: bool) -> None:
    """Note when the sender was last seen, and that the other members have not read the message."""
    where = work.connection, work.app_id, message.conversation_id, message.sender_id
    users.update_sent(*where, now=work.now, unread=unread)
    if unread:
        conversations.update_unread(*where)


def _status_after(conversation: Conversation, sender: User) -> int:
    """A customer's first message opens a conversation that was not started (inferred from the SDKs' status -1)."""
    if conversation.status == Status.INITIAL and sender.role == Role.CUSTOMER:
        return Status.OPEN.value
    return conversation.status
