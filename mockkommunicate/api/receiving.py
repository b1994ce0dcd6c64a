"""The present request as a value, with whatever is a key in it masked."""

import re
from contextlib import suppress
from functools import lru_cache

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from mockkommunicate.api import forms
from mockkommunicate.domain.errors import BadBody
from mockkommunicate.domain.forms import digest, shown
from mockkommunicate.domain.received import MASK, Received
from mockkommunicate.operations.work import dump

LONGEST_BINARY = 100_000
"""So many bytes that are no text are shown as they are; of more only their number and their SHA-1."""

_SECRET = re.compile(
    "apikey|authorization|^cookie$|^(apz|access)token$|^(application|device)key$",
)
"""What the name of a header or a parameter is like that holds a key, without its case, hyphens and underscores."""

_WRITTEN = re.compile(r"""(api[-_]?key(?:"\s*:\s*"|=))(?:(?<==)[^&\#\s"]+|(?<=")[^"]+)""", re.IGNORECASE)
"""A key in JSON or in a URL, where it does not belong."""


def receive(operation: str | None) -> Received:
    """Answer the present request; `operation` is None where Flask refused it before its view."""
    query = request.args.items(multi=True) if request.query_string else ()
    return Received(
        method=request.method,
        path=request.path,
        query=tuple((name, _masked(name, value)) for name, value in query),
        headers=tuple(
            (name, _masked(name, _text(value))) for name, value in request.headers if name != "Host"
        ),
        body=_WRITTEN.sub(rf"\1{MASK}", _body()),
        operation=operation or _routed(),
    )


def _masked(name: str, value: str) -> str:
    if _is_secret(name):
        return MASK
    return _WRITTEN.sub(rf"\1{MASK}", value) if "=" in value else value


@lru_cache(maxsize=1_000)
def _is_secret(name: str) -> bool:
    return _SECRET.search(name.lower().replace("-", "").replace("_", "")) is not None


def _text(value: str) -> str:
    """Answer a header's value, which WSGI takes for Latin-1, as UTF-8 where it is that."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _body() -> str:
    """Answer the body as text: a form as its parts, many bytes that are no text as what they are known by."""
    try:
        body = request.get_data()
    except HTTPException:  # too large, or broken off: its own answer says so
        return ""
    if forms.is_sent():
        with suppress(BadBody):
            return dump(shown(forms.read()))
    try:
        return body.decode()
    except UnicodeDecodeError:
        if len(body) > LONGEST_BINARY:
            return f"{len(body)} bytes with the SHA-1 {digest(body)}"
        return body.decode("utf-8", "surrogateescape")


def _routed() -> str | None:
    """Answer the operation that the request was for when its body could not be received."""
    if request.url_rule is None:
        return None
    described = getattr(current_app.view_functions[request.url_rule.endpoint], "endpoint", None)
    return None if described is None else str(described.operation)
