"""The JSON of a fault: which requests or deliveries, when, and what becomes of them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from mockkommunicate.domain import failures
from mockkommunicate.domain.chaos import Deliver, DeliveryMatcher, Disturbance, Mishap
from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.domain.faults import Documented, Fault, Gateway, Phase, When
from mockkommunicate.domain.matching import RequestMatcher
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.wire.effects import Do
from mockkommunicate.wire.fault_fields import Share, named
from mockkommunicate.wire.fields import ConversationId, Number
from mockkommunicate.wire.instants import Duration, Instant
from mockkommunicate.wire.matchers import Matcher, matched_url
from mockkommunicate.wire.mishaps import NAMES
from mockkommunicate.wire.settings import Strict

LARGEST_COUNT = 1_000_000_000

ANY = "any"
"""Deliveries of every kind."""

_REQUEST = ("method", "path", "operation", "query", "headers")
_DELIVERY = ("conversation", "url")
_OF_REQUESTS = f"is of requests: a delivery has {', '.join(_DELIVERY)} and body"
_OF_DELIVERIES = "is of deliveries: {} goes with it, one of " + ", ".join([*Kind, ANY])


class FaultMatch(Matcher):
    """Which requests a rule is for, or which deliveries; it says so. Loads as the matcher of the one or the other."""

    json_schema: ClassVar[dict[str, Any]] = {"minProperties": 1}

    delivery = named([*Kind, ANY])
    conversation = ConversationId(typed=True, error_messages={"null": "must be a conversation's id"})
    url = matched_url()

    @validates_schema
    def require_one(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a match of every request, and one of requests and deliveries together."""
        if not values:
            raise ValidationError(f"must name at least one of {', '.join(self.fields)}")
        if "delivery" in values:
            wrong = {name: [_OF_REQUESTS] for name in _REQUEST if name in values}
        else:
            wrong = {name: [_OF_DELIVERIES.format("delivery")] for name in _DELIVERY if name in values}
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def matcher(self, values: dict[str, Any], **_: object) -> RequestMatcher | DeliveryMatcher:
        """Make the matcher."""
        kind = values.pop("delivery", None)
        if kind is None:
            return RequestMatcher(**values)
        return DeliveryMatcher(kind=None if kind == ANY else Kind(kind), **values)


class FaultWhen(Strict):
    """Which of the matching requests are struck."""

    json_schema: ClassVar[dict[str, Any]] = {"dependentRequired": {"limit": ["window"], "window": ["limit"]}}

    times = Number(least=1, most=LARGEST_COUNT)
    after = Number(most=LARGEST_COUNT)
    every = Number(least=1, most=LARGEST_COUNT)
    probability = Share()
    until = Instant()
    limit = Number(most=LARGEST_COUNT)
    window = Duration(least=1)

    @validates_schema(skip_on_field_errors=True)
    def require_both(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a limit without its window, and a window without a limit."""
        for name, other in (("limit", "window"), ("window", "limit")):
            if name in values and other not in values:
                raise ValidationError({other: [f"is missing: {name} goes with it"]})

    @post_load
    def make(self, values: dict[str, Any], **_: object) -> When:
        """Make the value."""
        return When(**values)


def _part(schema: type[Schema], **options: Any) -> fields.Nested:  # noqa: ANN401 - marshmallow's own options
    messages: dict[str, Any] = {"null": "must be an object", "required": "is missing: an object"}
    return fields.Nested(schema, error_messages=messages, **options)


class FaultRule(Strict):
    """A rule: the requests or deliveries it is for, when it strikes them, and what it does."""

    match = _part(FaultMatch, required=True)
    when = _part(FaultWhen)
    phase = named([*Phase])
    do = _part(Do)
    ttl = Duration(least=1, data_key="ttlMs")

    @validates_schema(skip_on_field_errors=True, pass_original=True)
    def require_effect(self, values: dict[str, Any], original: Mapping[str, Any], **_: object) -> None:
        """Refuse a rule that does nothing, what is not for its kind, and a failure that its operation cannot have."""
        if isinstance(values["match"], DeliveryMatcher):
            wrong = _wrong_for_deliveries(values, original)
        else:
            wrong = _wrong_for_requests(values)
        if wrong:
            raise ValidationError(wrong)

    @post_load(pass_original=True)
    def make(self, values: dict[str, Any], original: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Make the rule; keep it as it was given, and how long it stays."""
        match, when = values["match"], values.get("when", When())
        effect, latency = values.get("do", (Gateway(status=429), None))
        if isinstance(match, DeliveryMatcher):
            fault: Fault | Disturbance = Disturbance(match=match, when=when, deliver=effect)
        else:
            phase = Phase(values.get("phase", Phase.BEFORE))
            fault = Fault(match=match, when=when, phase=phase, effect=effect, latency=latency)
        return {"fault": fault, "given": original, "ttl": values.get("ttl")}


def _wrong_for_deliveries(values: Mapping[str, Any], original: Mapping[str, Any]) -> dict[str, Any]:
    mishaps = f"deliver, one of {', '.join(Mishap)}"
    wrong: dict[str, Any] = {}
    if "phase" in values:
        wrong["phase"] = ["is of requests: a delivery has none"]
    if "do" not in values:
        wrong["do"] = [f"is missing: what becomes of the deliveries: {mishaps}"]
    elif others := original["do"].keys() - NAMES:
        wrong["do"] = {name: [f"is of requests: a delivery gets {mishaps}"] for name in sorted(others)}
    return wrong


def _wrong_for_requests(values: Mapping[str, Any]) -> dict[str, Any]:
    if "do" not in values and values.get("when", When()).limit is None:
        return {"do": ["is missing: what becomes of the requests"]}
    effect, _ = values.get("do", (None, None))
    if isinstance(effect, Deliver):
        return {"do": {"deliver": [_OF_DELIVERIES.format("match.delivery")]}}
    operation = values["match"].operation
    if isinstance(effect, Documented) and operation in OPERATIONS:
        possible = failures.possible(operation)
        if effect.name not in possible:
            message = f"is no failure of {operation}, which has {', '.join(possible)}"
            return {"do": {"documented": [message]}}
    return {}
