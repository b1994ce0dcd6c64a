"""Answers of the emulated API: JSON, errors in the envelope, refusals of the gateway."""

from flask import Response

from mockkommunicate.domain.errors import ApiError, ApplicationError, GatewayRefusal, KeyMissing
from mockkommunicate.domain.replies import Reply
from mockkommunicate.operations.work import dump
from mockkommunicate.wire import envelope
from mockkommunicate.wire.envelope import Wrap


def of_json(value: object, status: int = 200) -> Reply:
    """Answer compact JSON."""
    return Reply(text=dump(value), status=status)


def of_error(error: ApiError, *, now: int, wrap: Wrap = Wrap.ALWAYS) -> Reply:
    """Answer an error in the envelope; where answers have none, Kommunicate's own refusals are a text (observed)."""
    if wrap is Wrap.NEVER and isinstance(error, ApplicationError):
        return Reply(text="error", content_type="text/plain;charset=UTF-8")
    return of_json(envelope.error(error, now=now), error.http_status)


def of_refusal(refusal: GatewayRefusal) -> Reply:
    """Answer as the gateway does, not in the envelope (Kong's documentation)."""
    headers = {"WWW-Authenticate": 'Key realm="kong"'} if isinstance(refusal, KeyMissing) else {}
    return Reply(
        text=dump({"message": refusal.message}),
        status=401,
        content_type="application/json; charset=utf-8",
        headers=headers,
    )


def to_http(reply: Reply) -> Response:
    """Make an HTTP response of an answer."""
    response = Response(reply.text, status=reply.status or 200, content_type=reply.content_type)
    for name, value in reply.headers.items():
        response.headers[name] = value
    return response
