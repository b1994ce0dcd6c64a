"""Errors of the emulated API, as JSON whatever happened: never HTML, never a silent success."""

import difflib
from dataclasses import replace

from flask import Response, current_app, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)

from mockkommunicate.api import exchange, replies
from mockkommunicate.api.exchange import Handler
from mockkommunicate.domain import errors, neighbours
from mockkommunicate.domain.errors import ApiError, BadBody
from mockkommunicate.domain.received import Received
from mockkommunicate.domain.replies import Reply
from mockkommunicate.operations.work import Work

PREFIX = "/rest/ws/"
NEAR = 0.8


def answer_http(exception: HTTPException) -> Response:
    """Answer what Flask refused before any view: the key comes first, as at the gateway in front."""

    def run(work: Work, _received: Received) -> Reply:
        reply = replies.of_error(_translated(exception), now=work.now)
        if isinstance(exception, MethodNotAllowed) and exception.valid_methods:
            allowed = sorted({*exception.valid_methods} - {"HEAD"})  # Spring names what a route declares
            return replace(reply, headers={"Allow": ", ".join(allowed)})
        return reply

    return exchange.carry(Handler(run=run, open=not request.path.startswith(PREFIX)))


def _translated(exception: HTTPException) -> ApiError:
    if isinstance(exception, MethodNotAllowed):
        return errors.MethodNotAllowed(request.method)
    if isinstance(exception, RequestEntityTooLarge):
        return too_large()
    if isinstance(exception, InternalServerError):
        return errors.OwnFault()
    if not isinstance(exception, NotFound):
        return BadBody(f"the request cannot be read: {exception.description}")
    if neighbours.has(request.path):
        return errors.NotEmulated(request.path)
    return errors.UnknownRoute(request.path, _nearest(request.path))


def too_large() -> BadBody:
    """Make the error of a body over the limit."""
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    return BadBody(f"the body has more than {limit} bytes, the limit (--max-body)", http_status=413)


def _nearest(path: str) -> str | None:
    """Answer the nearest route: one that is emulated if it is near at all."""
    rules = [rule for rule in current_app.url_map.iter_rules() if not rule.arguments]
    emulated = [rule.rule for rule in rules if rule.rule.startswith(PREFIX)]
    near = difflib.get_close_matches(path[:200], emulated, n=1, cutoff=NEAR)
    farther = difflib.get_close_matches(path[:200], [*emulated, *sorted(neighbours.PATHS)], n=1, cutoff=0.3)
    return next(iter([*near, *farther]), None)
