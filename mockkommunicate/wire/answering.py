"""The JSON of how a bot answers: by a webhook, or by itself from a script."""

import json
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from mockkommunicate.domain.bots import KINDS
from mockkommunicate.domain.received import MASK
from mockkommunicate.wire import bots, patterns
from mockkommunicate.wire.fault_fields import Headers
from mockkommunicate.wire.fields import Text, choice, listing
from mockkommunicate.wire.settings import Strict
from mockkommunicate.wire.urls import web_url

MOST_RULES = 1_000

_OURS = frozenset(
    {
        "host",
        "content-length",
        "content-type",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "upgrade",
        "te",
    }
    | {"trailer", "expect"}
)
"""Headers that the emulator itself writes when it calls a bot."""

_NO_OBJECT: dict[str, str | list[Any] | dict[Any, Any]] = {
    "null": "must be an object",
    "type": "must be an object",
}


class BotWebhook(Strict):
    """Where a bot is called, and with which headers."""

    url = web_url(required=True)
    headers = Headers(reserved=_OURS)


class Reply(fields.Field[list[Any]]):
    """What a bot answers: it is checked as its webhook's answer is, and stays as it came."""

    default_error_messages = {
        "required": "is missing: a list of messages",
        "null": "must be a list of messages",
    }
    json_schema: ClassVar[dict[str, Any]] = {"type": "array", "items": {"type": "object"}}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:  # noqa: ANN401, ARG002
        bots.load_reply(value)
        return list(value)


class ScriptRule(Strict):
    """A rule of a script: what is answered to a text in which a pattern is found, or to an event."""

    pattern = Text(validate=patterns.check)
    event = Text(validate=validate.Length(1, 256, error="must have 1 to 256 characters"))
    replies = Reply(required=True)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def require_one(self, _values: object, given: Any, **_: object) -> None:  # noqa: ANN401 - any JSON
        """Refuse a rule that fits nothing, and one of two minds."""
        if isinstance(given, dict) and ("pattern" in given) == ("event" in given):
            raise ValidationError({"pattern": ["must be given, or else event: one of the two"]})


class BuiltIn(Strict):
    """A bot that needs no server: it says again what it hears, or answers from a script."""

    kind = choice(
        *KINDS, required=True, error_messages={"required": f"is missing: one of {', '.join(KINDS)}"}
    )
    rules = listing(
        "rule",
        fields.Nested(ScriptRule, error_messages=_NO_OBJECT),
        validate=validate.Length(max=MOST_RULES, error=f"must have at most {MOST_RULES} rules"),
    )
    otherwise = Reply()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def require_script(self, _values: object, given: Any, **_: object) -> None:  # noqa: ANN401 - any JSON
        """Refuse a script without rules, and rules of a bot that has no script."""
        kind = given.get("kind") if isinstance(given, dict) else None
        if kind == "scripted" and "rules" not in given:
            raise ValidationError({"rules": ["is missing: a list of rules"]})
        if kind == "echo" and (wrong := [name for name in ("rules", "otherwise") if name in given]):
            raise ValidationError({name: ["must be left out: an echo has no script"] for name in wrong})


class _Ways(Strict):
    webhook = fields.Nested(BotWebhook, error_messages=_NO_OBJECT)
    built_in = fields.Nested(BuiltIn, data_key="builtIn", error_messages=_NO_OBJECT)


_ways = _Ways()


class Way(fields.Field[dict[str, Any]]):
    """How a bot answers, as an object with one of the two ways: it is checked and stays as it came."""

    default_error_messages = {
        "null": "must be an object",
        "invalid": "must be an object with webhook or builtIn",
    }
    json_schema: ClassVar[dict[str, Any]] = {"type": "object", "minProperties": 1, "maxProperties": 1}

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,  # noqa: ARG002
        data: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) != 1:
            raise self.make_error("invalid")
        _ways.load(value)
        return value


def nested(schema: type[Strict], **options: Any) -> fields.Nested:  # noqa: ANN401 - marshmallow's own options
    """Make a field for one of the two ways to answer."""
    return fields.Nested(schema, error_messages=_NO_OBJECT, **options)


def shown(bot: str | None) -> dict[str, Any]:
    """Answer how a bot answers as it is shown to anybody: without the values of its headers."""
    way: dict[str, Any] = json.loads(bot or "{}")
    headers = way.get("webhook", {}).get("headers")
    if not headers:
        return way
    return way | {"webhook": way["webhook"] | {"headers": dict.fromkeys(headers, MASK)}}
