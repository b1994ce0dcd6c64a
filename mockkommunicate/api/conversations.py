"""rest/ws/group/..."""

from collections.abc import Mapping, Sequence

from flask import Blueprint
from marshmallow import fields

from mockkommunicate.api.endpoint import endpoint
from mockkommunicate.domain.conversations import Status
from mockkommunicate.operations import conversations, queue
from mockkommunicate.operations.conversations import ConversationDetail
from mockkommunicate.operations.lookup import get_conversation, get_user
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.conversations import (
    ChangeAssignee,
    ChangeStatus,
    CreateConversation,
    Group,
    WaitingList,
)

blueprint = Blueprint("conversations", __name__, url_prefix="/rest/ws/group")


@blueprint.post("/conversation")
@endpoint(operation="conversation.create", body=CreateConversation, answers=Group)
def create(
    work: Work,
    *,
    name: str,
    member_ids: Sequence[str],
    client_group_id: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> ConversationDetail:
    """Create a conversation."""
    return conversations.create(
        work, name=name, member_ids=member_ids, client_group_id=client_group_id, metadata=metadata
    )


@blueprint.patch("/status/change")
@endpoint(
    operation="conversation.status",
    query=ChangeStatus,
    actor="required",
    answers=(conversations.UPDATED, conversations.ALREADY_UPDATED),
)
def change_status(work: Work, *, actor_id: str, conversation_id: int, status: int, notify: bool) -> str:
    """Change the status of a conversation."""
    conversation = get_conversation(work, conversation_id=conversation_id)
    actor = get_user(work, actor_id)
    return conversations.change_status(work, conversation, actor=actor, status=Status(status), notify=notify)


@blueprint.patch("/assignee/change")
@endpoint(
    operation="conversation.assignee",
    query=ChangeAssignee,
    actor="required",
    answers=(conversations.UPDATED, conversations.ALREADY_UPDATED, conversations.ENGAGED),
)
def change_assignee(
    work: Work,
    *,
    actor_id: str,
    conversation_id: int,
    assignee_id: str,
    notify: bool,
    take_over_from_bot: bool | None = None,
) -> str:
    """Change the assignee of a conversation."""
    conversation = get_conversation(work, conversation_id=conversation_id)
    return conversations.assign(
        work,
        conversation,
        actor_id=actor_id,
        assignee_id=assignee_id,
        notify=notify,
        take_over_from_bot=take_over_from_bot,
    )


@blueprint.get("/waiting/list")
@endpoint(operation="conversation.waiting_list", query=WaitingList, answers=fields.List(fields.Integer()))
def list_waiting(work: Work, *, team_id: str | None = None) -> list[int]:
    """List the conversations that wait for an agent, the longest waiting first."""
    return queue.waiting(work, team_id)
