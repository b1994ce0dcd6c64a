"""Answers: absent values left out, and the envelope around every answer of the emulated API but message/send."""

from typing import Any

from marshmallow import Schema, post_dump

from mockkommunicate.domain.errors import ApiError


class Answer(Schema):
    """What an operation answers. Absent values are left out, never null (observed in captured bodies)."""

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
