"""The JSON of a fault: which requests, when, and what becomes of them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from mockkommunicate.domain import failures
from mockkommunicate.domain.faults import Documented, Effect, Fault, Gateway, Latency, Phase, When
from mockkommunicate.domain.matching import RequestMatcher
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.wire.effects import Do
from mockkommunicate.wire.fault_fields import Share, named
from mockkommunicate.wire.fields import Number
from mockkommunicate.wire.instants import Duration, Instant
from mockkommunicate.wire.matchers import Matcher
from mockkommunicate.wire.settings import Strict

LARGEST_COUNT = 1_000_000_000


class FaultMatch(Matcher):
    """Which requests a rule is for; it says so."""

    json_schema: ClassVar[dict[str, Any]] = {"minProperties": 1}

    @validates_schema
    def require_one(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a match of every request."""
        if not values:
            raise ValidationError(f"must name at least one of {', '.join(self.fields)}")


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
    """A rule: the requests it is for, when it strikes them, and what it does."""

    match = _part(FaultMatch, required=True)
    when = _part(FaultWhen)
    phase = named([*Phase])
    do = _part(Do)
    ttl = Duration(least=1, data_key="ttlMs")

    @validates_schema(skip_on_field_errors=True)
    def require_effect(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a rule that does nothing, and a failure that its operation cannot have."""
        if "do" not in values and values.get("when", When()).limit is None:
            raise ValidationError({"do": ["is missing: what becomes of the requests"]})
        effect, _latency = values.get("do", (None, None))
        operation = values["match"].operation
        if isinstance(effect, Documented) and operation in OPERATIONS:
            possible = failures.possible(operation)
            if effect.name not in possible:
                message = f"is no failure of {operation}, which has {', '.join(possible)}"
                raise ValidationError({"do": {"documented": [message]}})

    @post_load(pass_original=True)
    def make(self, values: dict[str, Any], original: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Make the rule; keep it as it was given, and how long it stays."""
        when: When = values.get("when", When())
        limited: tuple[Effect, Latency | None] = (Gateway(status=429), None)
        effect, latency = values.get("do", limited)
        match: RequestMatcher = values["match"]
        phase = Phase(values.get("phase", Phase.BEFORE))
        fault = Fault(match=match, when=when, phase=phase, effect=effect, latency=latency)
        return {"fault": fault, "given": original, "ttl": values.get("ttl")}
