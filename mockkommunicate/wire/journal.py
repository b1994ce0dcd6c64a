"""The JSON of the journal: what is asked of it, and its entries."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple

from marshmallow import ValidationError, fields, validate, validates_schema

from mockkommunicate.domain import request_ids, traces
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.domain.received import ABSENT, Received
from mockkommunicate.domain.suggestions import closest
from mockkommunicate.domain.unread import Unread
from mockkommunicate.wire import findings
from mockkommunicate.wire.control import NewestPage
from mockkommunicate.wire.envelope import Answer
from mockkommunicate.wire.fault_fields import named
from mockkommunicate.wire.fields import Flag, Number, Text
from mockkommunicate.wire.findings import Findings
from mockkommunicate.wire.instants import Instant
from mockkommunicate.wire.matchers import Matcher
from mockkommunicate.wire.settings import Strict
from mockkommunicate.wire.unread import UnreadOutput

_unread = UnreadOutput()
_STRING = {"type": "string"}
_OBJECTS = {"type": "array", "items": {"type": "object"}}
_LARGEST_COUNT = 10_000_000
_BOUNDS = ("atLeast", "atMost")


class Method(Text):
    """An HTTP method, whatever its case."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return super()._deserialize(value, attr, data, **kwargs).upper()


class RequestPage(NewestPage):
    """Which requests to list: of a method, path, operation or status, since an instant, without a route, the last n."""

    method = Method()
    path = Text()
    operation = named(OPERATIONS)
    status = Number(most=599)
    since = Instant()
    unmatched = Flag()


class Deletion(Strict):
    """Which requests to delete; all, if it does not say."""

    request = fields.Nested(Matcher)


class Bounds(fields.Field[tuple[int, int]]):
    """How often: a number, or `atLeast` and `atMost`. Loads as the least and the most."""

    default_error_messages = {
        "invalid": "must be a number from 0, or an object with atLeast, atMost or both",
        "null": "must be a number from 0, or an object with atLeast, atMost or both",
        "order": "atLeast must not be more than atMost",
    }
    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {
                "type": "object",
                "properties": {name: {"type": "integer", "minimum": 0} for name in _BOUNDS},
                "additionalProperties": False,
                "minProperties": 1,
            },
        ]
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[int, int]:  # noqa: ANN401, ARG002
        if _is_count(value):
            return value, value
        if not isinstance(value, dict) or not value:
            raise self.make_error("invalid")
        wrong = {name: message for name, bound in value.items() if (message := _wrong_bound(name, bound))}
        if wrong:
            raise ValidationError(wrong)
        least, most = value.get("atLeast", 0), value.get("atMost", _LARGEST_COUNT)
        if least > most:
            raise self.make_error("order")
        return least, most


def _wrong_bound(name: str, bound: object) -> list[str]:
    if name not in _BOUNDS:
        return [f"is not known here; {closest(name, _BOUNDS)}"]
    return [] if _is_count(bound) else [f"must be a whole number from 0 to {_LARGEST_COUNT}"]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_COUNT


class Verify(Strict):
    """What is expected: one request so many times (at least once, if it does not say), or several in order."""

    json_schema: ClassVar[dict[str, Any]] = {
        "oneOf": [{"required": ["request"]}, {"required": ["sequence"]}],
    }

    request = fields.Nested(Matcher)
    times = Bounds()
    sequence = fields.List(
        fields.Nested(Matcher), validate=validate.Length(1, 1_000, error="must have 1 to 1000 requests")
    )

    @validates_schema(skip_on_field_errors=True)
    def require_one(self, values: dict[str, Any], **_: object) -> None:
        """Refuse neither and both, and times of a sequence."""
        if ("request" in values) == ("sequence" in values):
            raise ValidationError({"request": ["must be given, or else sequence: one of the two"]})
        if "sequence" in values and "times" in values:
            raise ValidationError({"times": ["is for one request; a sequence happens or it does not"]})


class Entry(NamedTuple):
    """An entry of the journal: the row, the request and its answer as values, and what is to be said of them."""

    request: Any
    received: Received
    answered: Received
    unread: Sequence[Unread]
    found: Sequence[dict[str, str]] | None


class EntryOutput(Answer):
    """An entry of the journal: of a body its JSON value or else its text, nothing if it is empty."""

    id = fields.Integer(attribute="request.id")
    at = fields.Integer(attribute="request.at")
    duration = fields.Integer(attribute="request.duration", data_key="durationMs")
    method = fields.String(attribute="received.method")
    path = fields.String(attribute="received.path")
    query = fields.Dict(attribute="received.query_values")
    headers = fields.Dict(attribute="received.header_values")
    body = fields.Function(lambda entry: _value(entry.received))
    body_text = fields.Function(lambda entry: _text(entry.received), data_key="bodyText", metadata=_STRING)
    operation = fields.String(attribute="request.operation")
    status = fields.Function(lambda entry: entry.request.status or None, metadata={"type": "integer"})
    answer = fields.Function(lambda entry: _value(entry.answered))
    answer_text = fields.Function(
        lambda entry: _text(entry.answered), data_key="answerText", metadata=_STRING
    )
    fault = fields.String(attribute="request.fault")
    request_id = fields.Function(
        lambda entry: request_ids.find(entry.received.headers), data_key="requestId", metadata=_STRING
    )
    traceparent = fields.Function(lambda entry: _traceparent(entry.received), metadata=_STRING)
    unread = fields.Function(lambda entry: [_unread.write(one) for one in entry.unread], metadata=_OBJECTS)
    findings = Findings(lambda entry: entry.found)


class EntryList(Answer):
    """Entries of the journal, how many older ones it has let go, and behind which number there are more."""

    requests = fields.List(fields.Nested(EntryOutput))
    dropped = fields.Integer()
    next = fields.Integer()


def _value(body: Received) -> Any:  # noqa: ANN401 - any JSON
    return None if not body.body or body.json is ABSENT else body.json


def _text(body: Received) -> str | None:
    return body.body or None if _value(body) is None else None


def _traceparent(received: Received) -> str | None:
    """Answer the header as it came, unless it is as the specification does not want it."""
    return None if traces.find(received.headers) is None else received.header_values.get("Traceparent")


_entry = EntryOutput()


def write(request: Any, received: Received, unread: Sequence[Unread]) -> dict[str, Any]:  # noqa: ANN401 - a row
    """Answer an entry of the journal; what is absent is left out."""
    answered = replace(received, body=request.answer)
    found = findings.write(findings.of_request(received))
    return _entry.write(Entry(request, received, answered, unread, found))
