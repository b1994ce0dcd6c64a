"""The JSON of scenarios."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mockkommunicate.domain.conversations import Status
from mockkommunicate.wire.control import UserInput
from mockkommunicate.wire.fields import ClientGroupId, Number, StringMetadata, Text, identifier
from mockkommunicate.wire.fields import choice as one_of
from mockkommunicate.wire.messages import Written
from mockkommunicate.wire.settings import Settings, Strict


class ScenarioMessage(Strict, Written):
    """A message of a scenario."""

    sender_id = identifier(data_key="from", required=True)


class ScenarioConversation(Strict):
    """A conversation of a scenario. Without `assignee` the rules decide; `null` means nobody."""

    name = Text(required=True)
    member_ids = fields.List(
        identifier(),
        data_key="members",
        required=True,
        validate=validate.Length(1, error="must name somebody"),
    )
    client_group_id = ClientGroupId(data_key="clientGroupId")
    assignee = Text(allow_none=True)
    status = one_of(*(status.name.lower() for status in Status))
    metadata = StringMetadata()
    messages = fields.List(fields.Nested(ScenarioMessage))


class Generated(Strict):
    """What Faker makes up from the app's seed."""

    locale = Text(load_default="en_US")
    customers = Number(most=10_000, load_default=0)
    conversations = Number(most=10_000, load_default=0)
    messages = Number(most=100, load_default=3)

    @validates_schema
    def require_customers(self, values: dict[str, Any], **_: object) -> None:
        """Refuse conversations that nobody could have begun."""
        if values["conversations"] and not values["customers"]:
            raise ValidationError({"customers": ["must be at least 1 when conversations are generated"]})


class Scenario(Strict):
    """The content of an app."""

    description = Text()
    settings = fields.Nested(Settings)
    users = fields.List(fields.Nested(UserInput), load_default=list)
    conversations = fields.List(fields.Nested(ScenarioConversation), load_default=list)
    generate = fields.Nested(Generated)
