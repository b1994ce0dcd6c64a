"""Answers: absent values left out, and the envelope around every answer of the emulated API but message/send."""

from enum import StrEnum
from typing import Any, ClassVar

from marshmallow import Schema, post_dump

from mockkommunicate.domain.errors import ApiError


class Wrap(StrEnum):
    """Whether an answer comes in the envelope. Where it does not, refusals are the text `error` (observed)."""

    ALWAYS = "always"
    NEVER = "never"
    BY_DIALECT = "by dialect"


class Answer(Schema):
    """What an operation answers. Absent values are left out, never null (observed in captured bodies)."""

    json_schema: ClassVar[dict[str, Any]] = {"additionalProperties": False}

    @post_dump
    def leave_out_absent(self, values: dict[str, object], **_: object) -> dict[str, object]:
        """Leave out what has no value."""
        return {key: value for key, value in values.items() if value is not None}


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
