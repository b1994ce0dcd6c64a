"""A story: what is told of a conversation, and the rows that it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import Draft, assigned_notice, key, key_time
from mockkommunicate.domain.routing import Decision
from mockkommunicate.domain.users import SYSTEM_BOT
from mockkommunicate.operations import messages
from mockkommunicate.operations.work import dump
from mockkommunicate.store.records import Conversation, Message, User


class Line(NamedTuple):
    """A message that came at a time; nobody named as sender is the assignee, or else the first member."""

    sender_id: str | None
    at: int
    draft: Draft


@dataclass(frozen=True, kw_only=True)
class Story:
    """What is told of a conversation. `metadata` is obeyed as in `conversations.create`; at last it becomes `ends_as`."""

    name: str
    member_ids: Sequence[str]
    began: int
    lines: Sequence[Line]
    status: Status
    client_group_id: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    ends_as: Status | None = None

    @property
    def end(self) -> int:
        """When the last thing of it happened."""
        return self.lines[-1].at if self.lines else self.began


def write(conversation: Conversation, number: int, sender_id: str, key_ms: int, line: Line) -> Message:
    """Make the row of a message, the so manieth of a conversation."""
    draft = line.draft
    return Message(
        application_id=conversation.application_id,
        conversation_id=conversation.id,
        number=number,
        key=key(conversation.id, key_ms),
        sender_id=sender_id,
        text=draft.text,
        content_type=draft.content_type.value,
        type=draft.type,
        source=draft.source,
        metadata=dump(dict(draft.metadata)) if draft.metadata else "{}",
        file_meta=None if draft.file_meta is None else dump(draft.file_meta),
        findings=messages.found(draft),
        created_at=line.at,
    )


def serve(
    conversation: Conversation, decision: Decision, assignee: User, *, at: int
) -> tuple[Conversation, Message]:
    """Answer a conversation that has waited as it is with its agent, and the notify message that says so."""
    number = conversation.last_message_number + 1
    key_ms = key_time(at, last_key_ms=conversation.last_key_ms)
    line = Line(SYSTEM_BOT, at, assigned_notice(assignee.user_id, assignee.display_name))
    served = conversation._replace(
        assignee=assignee.user_id,
        status=Status.OPEN.value,
        queue_number=None,
        routing=dump(decision.explained(waited=True)),
        updated_at=at,
        last_message_number=number,
        last_key_ms=key_ms,
    )
    return served, write(conversation, number, SYSTEM_BOT, key_ms, line)
