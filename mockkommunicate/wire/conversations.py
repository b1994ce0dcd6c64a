"""The JSON of conversations, which the wire calls groups."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates

from mockkommunicate.domain.conversations import LONGEST_NAME, SUPPORT_GROUP, Status
from mockkommunicate.domain.teams import TEAM_KEY
from mockkommunicate.wire.envelope import Answer
from mockkommunicate.wire.fields import (
    ClientGroupId,
    ConversationId,
    Flag,
    Number,
    StringMetadata,
    Text,
    identifier,
    listing,
    reference,
)
from mockkommunicate.wire.reading import Input
from mockkommunicate.wire.users import UserDetail

STATUSES = tuple(status.value for status in Status)


class CreateConversation(Input):
    """The body of group/conversation."""

    name = Text(data_key="groupName", required=True)
    member_ids = listing(
        "user id",
        identifier(),
        data_key="groupMemberList",
        required=True,
        validate=validate.Length(1, error="must have at least one user id"),
    )
    client_group_id = ClientGroupId(data_key="clientGroupId")
    metadata = StringMetadata()

    @validates("metadata")
    def check_what_is_obeyed(self, metadata: Mapping[str, str], **_: object) -> None:
        """Refuse a status that is none, and an assignee or team that no id could name."""
        wrong = {}
        if metadata.get("CONVERSATION_STATUS", "0") not in map(str, STATUSES):
            wrong["CONVERSATION_STATUS"] = [f"must be one of {', '.join(map(str, STATUSES))}"]
        for name in ("CONVERSATION_ASSIGNEE", TEAM_KEY):
            if len(metadata.get(name, "")) > LONGEST_NAME:
                wrong[name] = [f"must have at most {LONGEST_NAME} characters"]
        if wrong:
            raise ValidationError(wrong)


class ChangeStatus(Input):
    """The query of group/status/change."""

    conversation_id = ConversationId(data_key="groupId", required=True, typed=True)
    status = Number(required=True, choices=STATUSES)
    notify = Flag(data_key="sendNotifyMessage", load_default=True)


class ChangeAssignee(Input):
    """The query of group/assignee/change."""

    conversation_id = ConversationId(data_key="groupId", required=True, typed=True)
    assignee_id = reference(
        data_key="assignee",
        required=True,
        error_messages={"required": "is missing: the id of an agent or a bot"},
    )
    notify = Flag(data_key="sendNotifyMessage", load_default=True)
    take_over_from_bot = Flag(data_key="takeOverFromBot")


class WaitingList(Input):
    """The query of group/waiting/list; an older client names no team (observed)."""

    team_id = identifier(data_key="teamId")


class GroupUser(Answer):
    """A member inside a group object (observed in captured bodies)."""

    user_id = fields.String(data_key="userId")
    status = fields.Constant(0)
    unread_count = fields.Integer(data_key="unreadCount")
    role = fields.Integer()
    deleted = fields.Constant(False)


def _present(detail: Any) -> list[Any]:  # noqa: ANN401 - any object with members
    return [member for member in detail.members if not member.removed]


def _present_ids(detail: Any) -> list[str]:  # noqa: ANN401
    return [member.user_id for member in _present(detail)]


def _removed_ids(detail: Any) -> list[str]:  # noqa: ANN401
    return [member.user_id for member in detail.members if member.removed]


_user = UserDetail(exclude=["last_message_at"])
_group_user = GroupUser()
_strings: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


class Group(Answer):
    """A conversation (fields observed in captured bodies of the same object)."""

    parts: ClassVar[tuple[type[Answer], ...]] = (UserDetail, GroupUser)

    id = fields.Integer(attribute="conversation.id")
    client_group_id = fields.String(data_key="clientGroupId", attribute="conversation.client_group_id")
    name = fields.String(attribute="conversation.name")
    admin_name = fields.Function(
        lambda detail: detail.conversation.admin_id, data_key="adminName", metadata={"type": "string"}
    )
    admin_id = fields.String(data_key="adminId", attribute="conversation.admin_id")
    member_user_keys: fields.Constant[Any] = fields.Constant([], data_key="memberUserKeys", metadata=_strings)
    members_name = fields.Function(_present_ids, data_key="membersName", metadata=_strings)
    members_id = fields.Function(_present_ids, data_key="membersId", metadata=_strings)
    removed_members_id = fields.Function(_removed_ids, data_key="removedMembersId", metadata=_strings)
    users = fields.Function(
        lambda detail: [_user.write(user) for user in detail.users],
        metadata={"type": "array", "items": {"$ref": "#/components/schemas/UserDetail"}},
    )
    unread_count = fields.Constant(0, data_key="unreadCount")
    type = fields.Constant(SUPPORT_GROUP)
    created_at = fields.Integer(data_key="createdAtTime", attribute="conversation.created_at")
    updated_at = fields.Integer(data_key="updatedAtTime", attribute="conversation.updated_at")
    user_count = fields.Function(
        lambda detail: len(_present(detail)), data_key="userCount", metadata={"type": "integer"}
    )
    group_users = fields.Function(
        lambda detail: [_group_user.write(member) for member in _present(detail)],
        data_key="groupUsers",
        metadata={"type": "array", "items": {"$ref": "#/components/schemas/GroupUser"}},
    )
    child_keys: fields.Constant[Any] = fields.Constant([], data_key="childKeys", metadata=_strings)
    child_client_group_ids: fields.Constant[Any] = fields.Constant(
        [], data_key="childClientGroupIds", metadata=_strings
    )
    metadata = fields.Function(
        lambda detail: detail.metadata,
        metadata={"type": "object", "additionalProperties": {"type": "string"}},
    )
