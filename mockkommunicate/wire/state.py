"""The JSON of an app's state: one document with a format number, keys sorted, that any app can take in."""

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mockkommunicate.domain.clock import LATEST_MS
from mockkommunicate.domain.conversations import LARGEST_ID
from mockkommunicate.domain.users import Availability, Role
from mockkommunicate.wire import contradictions
from mockkommunicate.wire.answering import Way
from mockkommunicate.wire.control import LARGEST_SEED
from mockkommunicate.wire.conversations import STATUSES
from mockkommunicate.wire.faults import FaultRule
from mockkommunicate.wire.fields import Text, choice, identifier
from mockkommunicate.wire.messages import CONTENT_TYPES
from mockkommunicate.wire.settings import Settings
from mockkommunicate.wire.state_fields import (
    MOST_PROBLEMS,
    Anything,
    Stated,
    Strings,
    Truth,
    Whole,
    instant,
    limited,
    put,
    with_nearest,
)

FORMAT = 1
"""Counts up with every change that an older version could not read."""

_MOST = 2**53
_FEW_FAULTS = validate.Length(max=1_000, error="must have at most 1000 faults")


class Format(Whole):
    """The number of the format that a document is in."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401
        number = super()._deserialize(value, attr, data, **kwargs)
        if number != FORMAT:
            newer = "is newer than this version of mockkommunicate reads; it" if number > FORMAT else ""
            raise ValidationError(f"{newer} must be {FORMAT}".strip())
        return number


class Sequences(Stated):
    """The last number that was taken of each of the app's sequences."""

    last_conversation_id = Whole(data_key="conversation")
    last_user_number = Whole(data_key="user", most=_MOST)
    last_fault_id = Whole(data_key="fault", most=_MOST)


class ClockState(Stated):
    """The app's clock: frozen where it stands, or so much ahead of the wall clock; and where it began, if frozen."""

    optional = ("now", "offset", "starts_at")

    mode = choice("running", "frozen")
    now = instant()
    offset = Whole(data_key="offsetMs", least=-2 * LATEST_MS, most=2 * LATEST_MS)
    starts_at = instant(data_key="startsAt")

    @validates_schema
    def require_one(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a frozen clock that stands nowhere, a running one that does, and the like."""
        needed, other = ("now", "offsetMs") if values["mode"] == "frozen" else ("offsetMs", "now")
        given = {"now": "now" in values, "offsetMs": "offset" in values}
        wrong = {} if given[needed] else {needed: [f"is missing: a {values['mode']} clock has it"]}
        if given[other]:
            wrong[other] = [f"must be left out: a {values['mode']} clock has none"]
        if wrong:
            raise ValidationError(wrong)


class TallyState(Stated):
    """What a fault has counted, and the window that it counts in."""

    seen = Whole(most=_MOST)
    hits = Whole(most=_MOST)
    window_at = instant(data_key="windowAt")
    window_seen = Whole(data_key="windowSeen", most=_MOST)


class FaultState(Stated):
    """A fault: its number, the rule as it was given, what it has counted, and when it goes."""

    optional = ("expires_at",)

    id = Whole(least=1, most=_MOST)
    rule = fields.Nested(FaultRule)
    tally = fields.Nested(TallyState)
    expires_at = instant(data_key="expiresAt")


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
    number = Whole(least=1, most=_MOST)
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


class MessageState(Stated):
    """A message; `number` is its place in the conversation."""

    optional = ("file_meta",)

    number = Whole(least=1)
    key = Text()
    sender_id = identifier(data_key="senderId")
    text = Text(data_key="message")
    content_type = Whole(data_key="contentType", choices=CONTENT_TYPES)
    type = Whole(most=255)
    source = Whole(most=255)
    metadata = Strings()
    file_meta = Anything(data_key="fileMeta")
    created_at = instant(data_key="createdAtTime")


class ConversationState(Stated):
    """A conversation with its members and messages; `routing` tells how its assignee was chosen."""

    optional = ("assignee",)

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
    members = fields.List(fields.Nested(MemberState))
    messages = fields.List(fields.Nested(MessageState))


class StateSettings(Stated, Settings):
    """The settings; one that is left out has its default."""

    optional = tuple(Settings().fields)


class State(Stated):
    """Everything that makes an app what it is, but its id, its key and its journal.

    `formerUsers` are the ids of deleted users that messages and the like still name.
    """

    format = Format(error_messages={"required": f"is missing: {FORMAT}"})
    scenario = Text()
    seed = Whole(most=LARGEST_SEED)
    settings = fields.Nested(StateSettings)
    rotation = fields.List(identifier())
    sequences = fields.Nested(Sequences)
    clock = fields.Nested(ClockState)
    faults = fields.List(fields.Nested(FaultState), validate=_FEW_FAULTS)
    users = fields.List(fields.Nested(UserState))
    former_users = fields.List(identifier(), data_key="formerUsers")
    conversations = fields.List(fields.Nested(ConversationState))

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_contradictions(self, _values: object, given: dict[str, Any], **_: object) -> None:
        """Refuse what contradicts itself, such as a sender who is no user."""
        wrong: dict[Any, Any] = {}
        for path, message in islice(contradictions.find(given), MOST_PROBLEMS + 1):
            put(wrong, path, message)
        if wrong:
            raise ValidationError(wrong)

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        """Say what is nearest to each unknown field, and no more problems than can be read."""
        if isinstance(error.messages, dict):
            error.messages = limited(with_nearest(self, error.messages))


def write(document: Mapping[str, Any]) -> str:
    """Write a state so that it diffs well: keys sorted, a line for each value, a newline at the end."""
    return json.dumps(document, sort_keys=True, indent=2) + "\n"
