"""Answers: absent values left out, and the envelope around every answer of the emulated API but message/send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any, ClassVar, cast

from marshmallow import Schema, fields

from mockkommunicate.domain.errors import ApiError


class Wrap(StrEnum):
    """Whether an answer comes in the envelope. Where it does not, refusals are the text `error` (observed)."""

    ALWAYS = "always"
    NEVER = "never"
    BY_DIALECT = "by dialect"


@dataclass(frozen=True, kw_only=True)
class Media:
    """What is answered that is no JSON: its content type, and what the OpenAPI document says of it."""

    content_type: str
    json_schema: Mapping[str, str]


class Answer(Schema):
    """What an operation answers. Absent values are left out, never null (observed in captured bodies).

    The fields say what the OpenAPI document says; `write` asks no more of them than where a value comes from, for
    our own records hold the right types already, and marshmallow's general `dump` costs twenty times as much.
    """

    json_schema: ClassVar[dict[str, Any]] = {"additionalProperties": False}

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - marshmallow's own options
        super().__init__(**options)
        self._sources = [(field.data_key or name, _source(field)) for name, field in self.fields.items()]

    def write(self, record: object) -> dict[str, Any]:
        """Answer a record as JSON values."""
        return {key: value for key, source in self._sources if (value := source(record)) is not None}


def _source(field: fields.Field[Any]) -> Callable[[object], object]:
    """Answer what takes a field's value out of a record."""
    if isinstance(field, fields.Constant):
        return lambda _record: field.constant
    if isinstance(field, fields.Function) and field.serialize_func is not None:
        return cast("Callable[[object], object]", field.serialize_func)
    return attrgetter(str(field.attribute or field.name))


def success(response: object, *, now: int) -> dict[str, Any]:
    """Wrap an answer; `now` is in milliseconds. The order of the keys is documented."""
    return {"status": "success", "generatedAt": now, "response": response}


def error(error: ApiError, *, now: int) -> dict[str, Any]:
    """Wrap an error: always one element, as in every known body; `now` is in milliseconds."""
    entry = {
        "errorCode": error.code,
        "description": error.description,
        "displayMessage": error.display_message,
    }
    return {"status": "error", "errorResponse": [entry], "generatedAt": now}
