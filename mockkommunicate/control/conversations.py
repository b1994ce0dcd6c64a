"""/_mock/apps/APP/conversations: look at them, and act in them as somebody."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import Draft
from mockkommunicate.operations import bots, conversations, messages, queue
from mockkommunicate.operations.lookup import get_conversation, get_user
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations as rows
from mockkommunicate.store import messages as message_rows
from mockkommunicate.store.records import Conversation, Message
from mockkommunicate.wire.answers import ChangeResult, ConversationList, ConversationShown
from mockkommunicate.wire.control import (
    ActAssignee,
    ActMessage,
    ActRead,
    ActReply,
    ActStatus,
    ConversationOutput,
    ConversationPage,
    MessageList,
    MessageOutput,
    NewestPage,
)

blueprint = Blueprint("conversations", __name__, url_prefix="/apps/<application_id>/conversations")
_conversation = ConversationOutput()
_message = MessageOutput()


@blueprint.get("")
@control(query=ConversationPage, answers=ConversationList)
def list_page(
    work: Work, *, limit: int, after: int, status: int | None = None, assignee: str | None = None
) -> dict[str, Any]:
    """List conversations in order of creation."""
    found = rows.list_page(
        work.connection, work.app_id, after=after, most=limit + 1, status=status, assignee=assignee
    )
    page = {"conversations": _written(work, found[:limit])}
    return page | {"next": found[limit - 1].id} if len(found) > limit else page


@blueprint.get("/<int:conversation_id>")
@control(answers=ConversationShown)
def look(work: Work, *, conversation_id: int) -> dict[str, Any]:
    """Look at a conversation."""
    (written,) = _written(work, [get_conversation(work, conversation_id=conversation_id)])
    return written


@blueprint.get("/<int:conversation_id>/messages")
@control(query=NewestPage, answers=MessageList)
def list_messages(
    work: Work,
    *,
    conversation_id: int,
    limit: int,
    after: int,
    last: int | None = None,
    before: int | None = None,
) -> dict[str, Any]:
    """List the messages of a conversation, or the last of them, the oldest first."""
    conversation = get_conversation(work, conversation_id=conversation_id)
    where = work.connection, work.app_id, conversation_id
    end = conversation.last_message_number + 1 if before is None else before
    if last is not None:
        found = message_rows.list_last(*where, after=after, before=end, most=last)
        page: dict[str, Any] = {"messages": [write_message(message) for message in found]}
        return page | {"previous": found[0].number} if found and found[0].number > after + 1 else page
    found = message_rows.list_page(*where, after=after, most=limit + 1)
    found = [message for message in found if message.number < end]
    page = {"messages": [write_message(message) for message in found[:limit]]}
    return page | {"next": found[limit - 1].number} if len(found) > limit else page


@blueprint.post("/<int:conversation_id>/messages")
@control(needs="work_on", body=ActMessage, answers=MessageOutput, status=201)
def send(work: Work, *, conversation_id: int, sender_id: str, draft: Draft) -> Any:  # noqa: ANN401
    """Send a message as somebody."""
    sent = messages.send_by_ids(work, sender_id=sender_id, conversation_id=conversation_id, draft=draft)
    return write_message(sent)


@blueprint.post("/<int:conversation_id>/status")
@control(needs="work_on", body=ActStatus, answers=ChangeResult)
def change_status(
    work: Work, *, conversation_id: int, sender_id: str, status: int, notify: bool = True
) -> dict[str, Any]:
    """Change the status as somebody."""
    conversation = get_conversation(work, conversation_id=conversation_id)
    actor = get_user(work, sender_id)
    result = conversations.change_status(
        work, conversation, actor=actor, status=Status(status), notify=notify
    )
    return {"result": result}


@blueprint.post("/<int:conversation_id>/assignee")
@control(needs="work_on", body=ActAssignee, answers=ChangeResult)
def change_assignee(
    work: Work, *, conversation_id: int, sender_id: str, assignee_id: str, **options: bool
) -> dict[str, Any]:
    """Change the assignee as somebody."""
    conversation = get_conversation(work, conversation_id=conversation_id)
    result = conversations.assign(work, conversation, actor_id=sender_id, assignee_id=assignee_id, **options)
    return {"result": result}


@blueprint.post("/<int:conversation_id>/read")
@control(needs="work_on", body=ActRead)
def read(work: Work, *, conversation_id: int, sender_id: str) -> dict[str, Any]:
    """Read a conversation as a member of it; answer how many messages that were unread."""
    conversation = get_conversation(work, conversation_id=conversation_id)
    return {"read": messages.read(work, conversation, reader=get_user(work, sender_id))}


@blueprint.post("/<int:conversation_id>/reply")
@control(needs="work_on", body=ActReply, answers=MessageList, status=201)
def reply(work: Work, *, conversation_id: int, sender_id: str, reply: list[Any]) -> dict[str, Any]:
    """Answer as a bot, as if its webhook had answered so."""
    conversation = get_conversation(work, conversation_id=conversation_id)
    return {
        "messages": [write_message(message) for message in bots.act(work, conversation, sender_id, reply)]
    }


def _written(work: Work, looked_at: Sequence[Conversation]) -> list[dict[str, Any]]:
    """Answer conversations as JSON values; those that wait have their place in the queue."""
    places = queue.positions(work, looked_at)
    return [
        write(work, one) | ({"queuePosition": places[one.id]} if one.id in places else {})
        for one in looked_at
    ]


def write(work: Work, conversation: Conversation) -> dict[str, Any]:
    """Answer a conversation as JSON values: the wire's group object, its status, assignee and routing."""
    dumped = _conversation.write(conversations.detail(work, conversation))
    return {**dumped, "assignee": conversation.assignee}


def write_message(message: Message) -> dict[str, Any]:
    """Answer a message as JSON values, as in the stream, with what was found in it."""
    return _message.write(message)
