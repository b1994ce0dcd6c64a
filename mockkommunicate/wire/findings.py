"""The JSON of findings, and what is found in the body of a request that sends a message."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from mockkommunicate.domain import rich_messages
from mockkommunicate.domain.errors import Problem
from mockkommunicate.domain.findings import Evidence, Finding, Severity
from mockkommunicate.domain.received import Received
from mockkommunicate.wire.fields import StringMetadata, whole_number

_SENDING = ("message.send", "message.send_attachment")
_metadata = StringMetadata()


class Findings(fields.Function):
    """A list of findings as JSON values; None where there are none."""

    json_schema: ClassVar[dict[str, Any]] = {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "properties": {
                "path": {"type": "string"},
                "severity": {"type": "string", "enum": list(Severity)},
                "message": {"type": "string"},
                "evidence": {"type": "string", "enum": list(Evidence)},
            },
            "required": ["path", "severity", "message", "evidence"],
            "additionalProperties": False,
        },
    }


def write(found: Iterable[Finding]) -> list[dict[str, str]] | None:
    """Answer findings as JSON values; None where there are none."""
    return [asdict(finding) for finding in found] or None


def of_request(received: Received) -> Sequence[Finding]:
    """Find what is wrong with the rich message that a request sends, whether it was taken or refused.

    Metadata that cannot be stored has no findings: the answer speaks of that.
    """
    body = received.json if received.operation in _SENDING else {}
    given = body.get("metadata") if isinstance(body, dict) else None
    if not isinstance(given, dict) or not rich_messages.is_rich(given):
        return ()
    try:
        metadata = _metadata.deserialize(given)
    except ValidationError:
        return ()
    return rich_messages.lint(metadata, content_type=whole_number(body.get("contentType")) or 0)


def problems(found: Iterable[Finding]) -> list[Problem]:
    """List what is wrong where a rich message must be right: warnings are no mistakes."""
    return [
        Problem("body", f"metadata.{finding.path}", finding.message)
        for finding in found
        if finding.severity is Severity.ERROR
    ]
