"""The JSON of the control API."""

import json
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from mockkommunicate.domain.apps import API_KEY, APPLICATION_ID
from mockkommunicate.domain.users import Availability, Role
from mockkommunicate.wire import answering
from mockkommunicate.wire.answering import BotWebhook, BuiltIn, Reply
from mockkommunicate.wire.conversations import STATUSES, Group
from mockkommunicate.wire.envelope import Answer
from mockkommunicate.wire.fields import (
    Flag,
    Number,
    StringMetadata,
    Text,
    identifier,
    reference,
)
from mockkommunicate.wire.fields import choice as one_of
from mockkommunicate.wire.findings import Findings
from mockkommunicate.wire.instants import Instant
from mockkommunicate.wire.messages import MessageDetail, Written
from mockkommunicate.wire.settings import Settings, Strict
from mockkommunicate.wire.users import UserDetail

LARGEST_SEED = 2**53
NO_BOT = "only a user with the role bot has it"


class _Details(Strict):
    """What may be said of a user besides his id."""

    role = one_of(*Role)
    display_name = Text(data_key="displayName", allow_none=True)
    availability = one_of(*Availability)
    handling_limit = Number(data_key="handlingLimit", allow_none=True)
    email = Text(allow_none=True)
    phone_number = Text(data_key="phoneNumber", allow_none=True)
    image_link = Text(data_key="imageLink", allow_none=True)
    status_message = Text(data_key="statusMessage", allow_none=True)
    deactivated = Flag()
    metadata = StringMetadata()
    webhook = answering.nested(BotWebhook, allow_none=True)
    built_in = answering.nested(BuiltIn, allow_none=True, data_key="builtIn")

    @validates_schema
    def refuse_two_ways(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a bot that would answer in two ways."""
        if values.get("webhook") and values.get("built_in"):
            message = "must be left out beside webhook: a bot answers in one way"
            raise ValidationError({"builtIn": [message]})

    @post_load
    def gather_ways(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
        """Gather how a bot answers, under the names of the JSON."""
        names = {"webhook": "webhook", "built_in": "builtIn"}
        ways = {key: values.pop(name) for name, key in names.items() if name in values}
        return values | ({"bot": ways} if ways else {})


class UserInput(_Details):
    """A user to add: agents and bots come online, customers offline, unless it says otherwise."""

    user_id = identifier(data_key="userId", required=True)
    role = one_of(*Role, required=True, error_messages={"required": f"is missing: one of {', '.join(Role)}"})

    @validates_schema
    def refuse_who_is_no_bot(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a way to answer of somebody who is no bot."""
        names = {"webhook": "webhook", "built_in": "builtIn"}
        given = [key for name, key in names.items() if values.get(name) and values["role"] != Role.BOT]
        if given:
            raise ValidationError({key: [f"must be left out: {NO_BOT}"] for key in given})


class UserChanges(_Details):
    """What to change of a user; metadata is merged."""


class UserOutput(UserDetail):
    """A user: the wire's object, and what only the control API tells."""

    role = fields.String()
    availability = fields.String()
    handling_limit = fields.Integer(data_key="handlingLimit")
    webhook = fields.Function(
        lambda user: user.bot and answering.shown(user.bot).get("webhook"), metadata={"type": "object"}
    )
    built_in = fields.Function(
        lambda user: user.bot and answering.shown(user.bot).get("builtIn"),
        data_key="builtIn",
        metadata={"type": "object"},
    )


class ConversationOutput(Group):
    """A conversation: the wire's group object, its status, its assignee or null, and how that was chosen."""

    status = fields.Integer(attribute="conversation.status")
    routing = fields.Function(lambda detail: detail.routing, metadata={"type": "object"})


class MessageOutput(MessageDetail):
    """A message: the wire's object, and what was found in it if it is a rich one."""

    findings = Findings(lambda message: message.findings and json.loads(message.findings))


class MessageList(Answer):
    """Messages, and behind which number there are more, or before which."""

    messages = fields.List(fields.Nested(MessageOutput))
    next = fields.Integer()
    previous = fields.Integer()


class ScenarioSource(fields.Field[str]):
    """A scenario: the name of a shipped one, a file's path, or the scenario itself, which loads as its JSON text."""

    default_error_messages = {
        "invalid": "must be a scenario's name, its file, or an object that is one",
        "null": "must be a scenario's name, its file, or an object that is one",
    }
    json_schema: ClassVar[dict[str, Any]] = {"anyOf": [{"type": "string"}, {"type": "object"}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401, ARG002
        if not isinstance(value, str | dict):
            raise self.make_error("invalid")
        return value if isinstance(value, str) else json.dumps(value)


class CreateApp(Strict):
    """An app to create, from a scenario or as a fork; ids, keys and seed are made up when not given."""

    application_id = Text(
        data_key="applicationId",
        validate=validate.Regexp(
            APPLICATION_ID, error="must be 1 to 100 letters, digits, '.', '_' or '-', and not 'default'"
        ),
    )
    api_key = Text(
        data_key="apiKey",
        validate=validate.Regexp(API_KEY, error="must be 1 to 200 printable ASCII characters without spaces"),
    )
    scenario = ScenarioSource()
    origin = Text(data_key="from")
    snapshot = Text()
    seed = Number(most=LARGEST_SEED)
    settings = fields.Nested(Settings)
    users = fields.List(fields.Nested(UserInput))
    at = Instant()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def require_one_origin(self, _values: object, given: dict[str, Any], **_: object) -> None:
        """Refuse a scenario for a fork, which has its origin's content, and a snapshot of no app."""
        if "from" in given and "scenario" in given:
            message = "must be left out together with 'from': a fork has the content of its origin"
            raise ValidationError({"scenario": [message]})
        if "snapshot" in given and "from" not in given:
            raise ValidationError(
                {"snapshot": ["must be left out without 'from', the app whose snapshot it is"]}
            )


class Reset(Strict):
    """What an app is filled with again: its own scenario and seed, unless others are named."""

    scenario = ScenarioSource()
    seed = Number(most=LARGEST_SEED)


class ActMessage(Strict, Written):
    """A message to send as somebody."""

    sender_id = reference(data_key="from", required=True)


class ActStatus(Strict):
    """A status to set as somebody."""

    sender_id = reference(data_key="from", required=True)
    status = Number(required=True, least=-1, choices=STATUSES)
    notify = Flag(data_key="sendNotifyMessage")


class ActAssignee(Strict):
    """An assignee to set as somebody."""

    sender_id = reference(data_key="from", required=True)
    assignee_id = reference(data_key="assignee", required=True)
    notify = Flag(data_key="sendNotifyMessage")
    take_over_from_bot = Flag(data_key="takeOverFromBot")


class ActRead(Strict):
    """Who reads a conversation."""

    sender_id = reference(data_key="from", required=True)


class ActReply(Strict):
    """A bot's answer, as its webhook would write it."""

    sender_id = reference(data_key="from", required=True)
    reply = Reply(required=True)


class Page(Strict):
    """How much of a list to answer, from behind which entry."""

    limit = Number(least=1, most=10_000, load_default=1_000)
    after = Number(load_default=0)


class NewestPage(Page):
    """How much of a list to answer, or the `last` so many entries of it; none from the one `before` on."""

    last = Number(least=1, most=10_000)
    before = Number(least=1)

    @validates_schema(pass_original=True)
    def require_one_end(self, _values: object, given: dict[str, Any], **_: object) -> None:
        """Refuse to list both the first and the last so many."""
        if "limit" in given and "last" in given:
            raise ValidationError({"last": ["cannot be given together with limit: it is one"]})


class Line(Strict):
    """Whose waiting queue to list: a team's, or the whole app's."""

    team_id = identifier(data_key="team")


class UserPage(Page):
    """Which users to list."""

    role = one_of(*Role)


class ConversationPage(Page):
    """Which conversations to list."""

    status = Number(least=-1, choices=STATUSES)
    assignee = Text()
