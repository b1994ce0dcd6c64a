"""Times and spans of time as a caller may write them: milliseconds, or ISO 8601."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import isodate
from marshmallow import fields

from mockkommunicate.domain.clock import LATEST_MS
from mockkommunicate.wire.fields import whole_number

LONGEST_TEXT = 64
"""No time that is meant is longer."""

_SHORT = re.compile(r"(?P<number>[0-9]+(\.[0-9]+)?)(?P<unit>ms|s|m|h|d)\Z")
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Instant(fields.Field[int]):
    """An instant from 1970 to 9999: milliseconds since 1970, or ISO 8601 text, in UTC unless it says otherwise.

    A text of digits alone is milliseconds, as they come in a query. What is finer than a millisecond is cut off.
    """

    default_error_messages = {
        "required": "is missing: an instant",
        "null": "must be an instant",
        "invalid": "must be an instant: milliseconds since 1970, or ISO 8601 such as 2030-01-31T12:00:00Z",
        "range": "must be an instant from the year 1970 to 9999",
    }
    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": LATEST_MS},
            {"type": "string", "format": "date-time"},
        ]
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401, ARG002
        instant = whole_number(value)
        if instant is None:
            instant = self._of_text(value)
        if not 0 <= instant <= LATEST_MS:
            raise self.make_error("range")
        return instant

    def _of_text(self, value: object) -> int:
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise self.make_error("invalid")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise self.make_error("invalid") from error
        return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND


class Duration(fields.Field[int]):
    """A span of time: milliseconds, ISO 8601 text such as PT1H30M, in which months and years have no place, or 10s."""

    default_error_messages = {
        "required": "is missing: a duration",
        "null": "must be a duration",
        "invalid": "must be a duration: milliseconds, or ISO 8601 such as PT1H30M, PT0.5S or P1D, or 500ms, 10s, 5m, 1h",
        "unfixed": "must be a duration without months and years, which have no fixed length: give days or weeks",
        "range": "must be a duration from {least} to {most} milliseconds",
    }

    def __init__(self, *, least: int = 0, most: int = LATEST_MS, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.least, self.most = least, most

    @property
    def json_schema(self) -> dict[str, Any]:
        """The field in an OpenAPI document."""
        number = {"type": "integer", "minimum": self.least, "maximum": self.most}
        short = {"type": "string", "pattern": "^[0-9]{1,6}(ms|s|m|h|d)$"}
        return {"anyOf": [number, {"type": "string", "format": "duration"}, short]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401, ARG002
        duration = whole_number(value)
        if duration is None:
            duration = self._of_text(value)
        if not self.least <= duration <= self.most:
            raise self.make_error("range", least=self.least, most=self.most)
        return duration

    def _of_text(self, value: Any) -> int:  # noqa: ANN401
        is_text = isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()
        if not is_text or value.endswith("T"):  # isodate takes `PT` for nothing
            raise self.make_error("invalid")
        if short := _SHORT.match(value):
            return int(Decimal(short["number"]) * _UNITS[short["unit"]])
        try:
            duration = isodate.parse_duration(value)
        except OverflowError as error:
            raise self.make_error("range", least=self.least, most=self.most) from error
        except (ValueError, ArithmeticError) as error:
            raise self.make_error("invalid") from error
        if not isinstance(duration, timedelta):
            raise self.make_error("unfixed")
        return duration // _MILLISECOND
