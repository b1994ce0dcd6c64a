"""The JSON of waiting for something to happen."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from mockkommunicate.domain.matching import WORDS
from mockkommunicate.domain.suggestions import closest
from mockkommunicate.wire.control import ConversationOutput
from mockkommunicate.wire.deliveries import FIELDS as DELIVERY
from mockkommunicate.wire.fields import Number, choice
from mockkommunicate.wire.matchers import Matcher
from mockkommunicate.wire.messages import MessageDetail
from mockkommunicate.wire.settings import Strict

LONGEST_WAIT_MS = 120_000


def _names(schema: Schema) -> tuple[str, ...]:
    return tuple(field.data_key or name for name, field in schema.fields.items())


_FIELDS = {
    "message": _names(MessageDetail()),
    "delivery": DELIVERY,
    "assignment": (*_names(ConversationOutput()), "assignee"),
}
"""What may be expected, by what is waited for."""


class Wait(Strict):
    """What to wait for, and how long: a message, a request, a delivery or an assignment that is as `matching` says."""

    what = choice("message", "request", "delivery", "assignment", data_key="for", required=True)
    matching = fields.Dict(
        load_default=dict, error_messages={"invalid": "must be an object", "null": "must be an object"}
    )
    timeout_ms = Number(data_key="timeoutMs", most=LONGEST_WAIT_MS, load_default=5_000)

    @post_load
    def read_matching(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
        """Make a request's expectation a matcher; refuse fields that the other kinds do not have."""
        expected = values["matching"]
        if values["what"] == "request":
            return values | {"matching": _load(expected, lambda wrong: wrong)}
        _load({"body": expected}, lambda wrong: wrong["body"])
        if unknown := _unknown(values["what"], expected):
            raise ValidationError({"matching": unknown})
        return values


def _load(expected: Mapping[str, Any], inside: Callable[[dict[str, Any]], Any]) -> object:
    """Read a matcher; what is wrong with it, `inside` what marshmallow says, is named as a part of `matching`."""
    try:
        return Matcher().load(expected)
    except ValidationError as error:
        raise ValidationError({"matching": inside(error.messages_dict)}) from error


def _unknown(what: str, expected: Mapping[str, Any]) -> dict[str, list[str]]:
    """Say of each field that there never is which one is the nearest."""
    known = _FIELDS[what]
    return {
        name: [f"is not known here; {closest(name, known)}"]
        for name in expected
        if name not in known and name not in WORDS
    }
