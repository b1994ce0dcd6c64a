"""The JSON of users."""

import json
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from mockkommunicate.domain.users import Availability, Role
from mockkommunicate.wire.envelope import Answer
from mockkommunicate.wire.fields import Flag, StringMetadata, Text, listing, reference
from mockkommunicate.wire.reading import Input

_ROLE_KEYS: dict[str, str] = {Role.CUSTOMER: "09a9238c-1fe9-40d9-b90c-4efd090ba4a3"}
"""The one role key that captured bodies show; the others' are not known and are left out."""


_STATUSES: dict[str, int] = {availability: availability.status for availability in Availability}
_ROLE_TYPES: dict[str, int] = {role: role.role_type for role in Role}


class GetUserDetail(Input):
    """The body of user/v2/detail: user ids, or phone numbers, or e-mail addresses, or several of them."""

    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"required": [name], "properties": {name: {"minItems": 1}}}
            for name in ("userIdList", "phoneNumberList", "emailIds")
        ]
    }

    user_ids = listing("user id", reference(), data_key="userIdList", load_default=list)
    phone_numbers = listing("phone number", Text(), data_key="phoneNumberList", load_default=list)
    emails = listing("e-mail", Text(), data_key="emailIds", load_default=list)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def require_one(self, _values: object, given: dict[str, Any], **_: object) -> None:
        """Refuse a body that asks for nobody."""
        if not any(given.get(name) for name in ("userIdList", "phoneNumberList", "emailIds")):
            message = "must be a list with at least one user id (or give phoneNumberList or emailIds)"
            raise ValidationError({"userIdList": [message]})


class GetUserDetailQuery(Input):
    """The query of user/v2/detail."""

    with_last_message = Flag(data_key="fetchLatestMessageTime", load_default=False)


class UpdateUser(Input):
    """The body of user/update: any of them."""

    email = Text()
    display_name = Text(data_key="displayName")
    image_link = Text(data_key="imageLink")
    phone_number = Text(data_key="phoneNumber")
    status_message = Text(data_key="statusMessage")
    metadata = StringMetadata()


class UserDetail(Answer):
    """A user as user/v2/detail and a created conversation show him (documented, further fields observed)."""

    user_id = fields.String(data_key="userId")
    user_name = fields.Function(
        lambda user: user.display_name, data_key="userName", metadata={"type": "string"}
    )
    display_name = fields.String(data_key="displayName")
    connected = fields.Function(
        lambda user: user.availability == Availability.ONLINE, metadata={"type": "boolean"}
    )
    status = fields.Function(lambda user: _STATUSES[user.availability], metadata={"type": "integer"})
    last_seen_at = fields.Integer(data_key="lastSeenAtTime")
    created_at = fields.Integer(data_key="createdAtTime")
    image_link = fields.String(data_key="imageLink")
    email = fields.String()
    phone_number = fields.String(data_key="phoneNumber")
    status_message = fields.String(data_key="statusMessage")
    deactivated = fields.Boolean()
    active = fields.Function(lambda user: not user.deactivated, metadata={"type": "boolean"})
    unread_count = fields.Integer(data_key="unreadCount")
    connected_clients = fields.Function(
        lambda user: int(user.availability == Availability.ONLINE),
        data_key="connectedClientCount",
        metadata={"type": "integer"},
    )
    last_logged_in_at = fields.Integer(data_key="lastLoggedInAtTime")
    last_message_at = fields.Integer(data_key="lastMessageAtTime")
    role_key = fields.Function(
        lambda user: _ROLE_KEYS.get(user.role), data_key="roleKey", metadata={"type": "string"}
    )
    role_type = fields.Function(
        lambda user: _ROLE_TYPES[user.role], data_key="roleType", metadata={"type": "integer"}
    )
    metadata = fields.Function(lambda user: json.loads(user.metadata), metadata={"type": "object"})
