"""The JSON of an app's clock."""

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from mockkommunicate.wire.instants import Duration, Instant
from mockkommunicate.wire.settings import Strict


class Freeze(Instant):
    """`true` to stand still where the clock is, or the instant at which it shall stand still."""

    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [{"const": True}, *Instant.json_schema["anyOf"]],
    }
    default_error_messages = {
        "invalid": "must be true, or an instant: milliseconds since 1970, or ISO 8601 such as 2030-01-31T12:00:00Z"
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return True if value is True else super()._deserialize(value, attr, data, **kwargs)


class Resume(fields.Field[bool]):
    """`true`: there is no other way to go on."""

    default_error_messages = {"invalid": "must be true; leave it out otherwise", "null": "must be true"}
    json_schema: ClassVar[dict[str, Any]] = {"const": True}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ANN401, ARG002
        if value is not True:
            raise self.make_error("invalid")
        return True


class ClockChange(Strict):
    """What to do with the clock: stand still or be set, then advance, then go on."""

    json_schema: ClassVar[dict[str, Any]] = {"minProperties": 1, "not": {"required": ["freeze", "set"]}}

    freeze = Freeze()
    to = Instant(data_key="set")
    by = Duration(data_key="advance")
    resume = Resume()

    @validates_schema(skip_on_field_errors=True)
    def require_sense(self, values: dict[str, Any], **_: object) -> None:
        """Refuse nothing at all, and two things that contradict each other."""
        if not values:
            raise ValidationError({"_schema": ["must name at least one of freeze, set, advance, resume"]})
        for other in ("to", "resume"):
            if "freeze" in values and other in values:
                name = "set" if other == "to" else other
                raise ValidationError({name: ["cannot be given together with freeze"]})
