"""The JSON of scenarios."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from mockkommunicate.domain.conversations import Status
from mockkommunicate.wire.control import UserInput
from mockkommunicate.wire.fields import (
    ClientGroupId,
    Number,
    StringMetadata,
    Text,
    identifier,
    listing,
)
from mockkommunicate.wire.fields import choice as one_of
from mockkommunicate.wire.instants import Duration
from mockkommunicate.wire.messages import Written
from mockkommunicate.wire.settings import Settings, Strict

MOST_MESSAGES = 100_000
"""How many messages a scenario may ask to be made up: a few seconds' work."""

_LONGEST = 3_650 * 24 * 60 * 60 * 1_000
"""Ten years, in milliseconds: no time in a scenario is longer ago."""

_duration = Duration(most=_LONGEST)


def _object(schema: type[Schema]) -> fields.Nested:
    return fields.Nested(schema, error_messages={"null": str(Strict.error_messages["type"])})


def _list(what: str, of: fields.Field[Any], **options: Any) -> fields.List[Any]:  # noqa: ANN401 - marshmallow's own
    """Make a field for a list; null is none."""
    field = listing(what, of, **options)
    field.error_messages["null"] = field.error_messages["invalid"]
    return field


def milliseconds(value: object) -> int | None:
    """Answer how many milliseconds a duration has, or None when it is none."""
    try:
        return None if value is None else _duration.deserialize(value)
    except ValidationError:
        return None


class ScenarioMessage(Strict, Written):
    """A message of a scenario. `after` is how long after the one before it, or the conversation's beginning, it came."""

    sender_id = identifier(data_key="from", required=True)
    after = Duration(most=_LONGEST)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def require_content(self, values: object, given: Any, **options: Any) -> None:  # noqa: ANN401 - any JSON
        """Refuse a message without anything in it; what is no object is refused already."""
        if isinstance(given, Mapping):
            super().require_content(values, given, **options)


class ScenarioConversation(Strict):
    """A conversation of a scenario. Without `assignee` the rules decide; `null` means nobody.

    `ago` is how long before the present it began.
    """

    name = Text(required=True)
    member_ids = _list(
        "member",
        identifier(),
        data_key="members",
        required=True,
        validate=validate.Length(1, error="must name somebody"),
    )
    client_group_id = ClientGroupId(data_key="clientGroupId")
    assignee = Text(allow_none=True)
    status = one_of(*(status.name.lower() for status in Status))
    ago = Duration(most=_LONGEST)
    metadata = StringMetadata()
    messages = _list("message", _object(ScenarioMessage))


class Generated(Strict):
    """What Faker makes up from the app's seed."""

    locale = Text(load_default="en_US")
    agents = Number(most=1_000, load_default=0)
    customers = Number(most=10_000, load_default=0)
    conversations = Number(most=10_000, load_default=0)
    messages = Number(most=10_000, load_default=3)
    days = Number(least=1, most=1_000)

    @validates_schema
    def require_customers(self, values: dict[str, Any], **_: object) -> None:
        """Refuse conversations that nobody could have begun."""
        if values["conversations"] and not values["customers"]:
            raise ValidationError({"customers": ["must be at least 1 when conversations are generated"]})

    @validates_schema
    def limit_messages(self, values: dict[str, Any], **_: object) -> None:
        """Refuse more messages than can be made up while a request waits."""
        total = values["conversations"] * values["messages"]
        if total > MOST_MESSAGES:
            sum_ = f"{values['conversations']} conversations of {values['messages']} messages are {total}"
            raise ValidationError({"messages": [f"must be fewer: {sum_}, and {MOST_MESSAGES} may be"]})


class Scenario(Strict):
    """The content of an app."""

    description = Text()
    settings = _object(Settings)
    users = _list("user", _object(UserInput), load_default=list)
    conversations = _list("conversation", _object(ScenarioConversation), load_default=list)
    generate = _object(Generated)
