"""Answers of the emulated API: JSON, errors in the envelope, refusals of the gateway."""

from http import HTTPStatus

from flask import Response
from werkzeug.datastructures import Range

from mockkommunicate.domain import files
from mockkommunicate.domain.errors import (
    ApiError,
    ApplicationError,
    GatewayRefusal,
    KeyMissing,
    MaliciousContent,
)
from mockkommunicate.domain.replies import TEXT, Reply
from mockkommunicate.operations.files import Content
from mockkommunicate.operations.work import dump
from mockkommunicate.wire import envelope
from mockkommunicate.wire.envelope import Wrap


def of_json(value: object, status: int = 200) -> Reply:
    """Answer compact JSON."""
    return Reply(text=dump(value), status=status)


def of_error(error: ApiError, *, now: int, wrap: Wrap = Wrap.ALWAYS) -> Reply:
    """Answer an error in the envelope; where answers have none, Kommunicate's own refusals are a text (observed).

    A virus is told of by a flat object (observed).
    """
    if isinstance(error, MaliciousContent):
        return of_json({"errorCode": error.code}, error.http_status)
    if wrap is Wrap.NEVER and isinstance(error, ApplicationError):
        return of_text("error")
    return of_json(envelope.error(error, now=now), error.http_status)


def of_text(text: str) -> Reply:
    """Answer a bare text."""
    return Reply(text=text, content_type=TEXT)


def of_file(file: Content, wanted: Range | None) -> Reply:
    """Answer a file, or the one range of bytes that is wanted of it, as players of sound and video ask."""
    size = len(file.content)
    told = {"name": file.name, "contentType": file.content_type, "size": size, "sha1": file.sha1}
    headers = {"Accept-Ranges": "bytes", **files.safe_headers(file.name, file.content_type)}
    status, content = HTTPStatus.OK, file.content
    if wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1:
        span = wanted.range_for_length(size)
        status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE if span is None else HTTPStatus.PARTIAL_CONTENT
        first, end = span or (0, 0)
        content = file.content[first:end]
        headers["Content-Range"] = f"bytes {f'{first}-{end - 1}' if span else '*'}/{size}"
    return Reply(
        text=dump(told), content=content, status=status, content_type=file.content_type, headers=headers
    )


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
    body = reply.text if reply.content is None else reply.content
    response = Response(body, status=reply.status or 200, content_type=reply.content_type)
    for name, value in reply.headers.items():
        response.headers[name] = value
    return response
