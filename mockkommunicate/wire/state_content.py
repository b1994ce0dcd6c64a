"""The JSON of what an app holds: users, conversations and files, as its state lists them."""

import re

from marshmallow import ValidationError, fields, validate

from mockkommunicate.domain.conversations import LARGEST_ID
from mockkommunicate.domain.files import UNKNOWN_TYPE, name_problem, plain_name, plain_type
from mockkommunicate.domain.findings import Evidence, Severity
from mockkommunicate.domain.users import Availability, Role
from mockkommunicate.wire.answering import Way
from mockkommunicate.wire.conversations import STATUSES
from mockkommunicate.wire.fields import Text, choice, identifier
from mockkommunicate.wire.messages import CONTENT_TYPES
from mockkommunicate.wire.state_fields import Anything, Base64, Stated, Strings, Truth, Whole, instant

MOST = 2**53
"""The largest number that JSON's readers agree on."""

_SOME = validate.Length(min=1, error="must not be empty: leave it out")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def _is_name(value: str) -> None:
    if problem := name_problem(value):
        raise ValidationError(problem)
    if plain_name(value) != value:
        raise ValidationError("must be a name without a path")


def _is_type(value: str) -> None:
    if plain_type(value) != value:
        raise ValidationError(f"must be a content type such as {UNKNOWN_TYPE}")


class UserState(Stated):
    """A user; `number` is his place in the order of creation."""

    optional = (
        "display_name",
        "email",
        "phone_number",
        "image_link",
        "status_message",
        "handling_limit",
        "last_message_at",
        "bot",
    )

    user_id = identifier(data_key="userId")
    number = Whole(least=1, most=MOST)
    role = choice(*Role)
    display_name = Text(data_key="displayName")
    email = Text()
    phone_number = Text(data_key="phoneNumber")
    image_link = Text(data_key="imageLink")
    status_message = Text(data_key="statusMessage")
    metadata = Strings()
    availability = choice(*Availability)
    handling_limit = Whole(data_key="handlingLimit")
    deactivated = Truth()
    created_at = instant(data_key="createdAtTime")
    last_seen_at = instant(data_key="lastSeenAtTime")
    last_logged_in_at = instant(data_key="lastLoggedInAtTime")
    last_message_at = instant(data_key="lastMessageAtTime")
    unread_count = Whole(data_key="unreadCount")
    bot = Way()


class MemberState(Stated):
    """A member of a conversation; one who has left stays as removed."""

    user_id = identifier(data_key="userId")
    role = Whole(choices=tuple(sorted({role.group_role for role in Role})))
    unread_count = Whole(data_key="unreadCount")
    removed = Truth()


class FindingState(Stated):
    """What was found in a rich message."""

    path = Text()
    severity = choice(*Severity)
    message = Text()
    evidence = choice(*Evidence)


class MessageState(Stated):
    """A message; `number` is its place in the conversation."""

    optional = ("file_meta", "findings")

    number = Whole(least=1)
    key = Text()
    sender_id = identifier(data_key="senderId")
    text = Text(data_key="message")
    content_type = Whole(data_key="contentType", choices=CONTENT_TYPES)
    type = Whole(most=255)
    source = Whole(most=255)
    metadata = Strings()
    file_meta = Anything(data_key="fileMeta")
    findings = fields.List(fields.Nested(FindingState), validate=_SOME)
    created_at = instant(data_key="createdAtTime")


class ConversationState(Stated):
    """A conversation with its members and messages; `routing` tells how its assignee was chosen.

    `queueNumber` is its place among those that wait for an agent; the team is in the metadata.
    """

    optional = ("assignee", "queue_number")

    id = Whole(least=1, most=LARGEST_ID)
    client_group_id = identifier(data_key="clientGroupId")
    name = Text()
    admin_id = identifier(data_key="adminId")
    assignee = identifier()
    status = Whole(choices=STATUSES)
    metadata = Strings()
    routing = Anything()
    created_at = instant(data_key="createdAtTime")
    updated_at = instant(data_key="updatedAtTime")
    queue_number = Whole(data_key="queueNumber", least=1, most=MOST)
    members = fields.List(fields.Nested(MemberState))
    messages = fields.List(fields.Nested(MessageState))


class FileState(Stated):
    """An uploaded file with its bytes; `number` is its place in the order of upload, `id` the UUID in its blobKey."""

    optional = ("thumbnail",)

    number = Whole(least=1, most=MOST)
    id = Text(validate=validate.Regexp(_UUID, error="must be a UUID in lower case"))
    name = Text(validate=_is_name)
    content_type = Text(data_key="contentType", validate=_is_type)
    private = Truth()
    created_at = instant(data_key="createdAtTime")
    thumbnail = Base64()
    content = Base64()
