"""Errors of the control API: `{"error": {"code", "message", "hint"}}` with a fitting HTTP status."""

import difflib

from flask import Response, current_app, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)

from mockkommunicate.control import guard
from mockkommunicate.control.endpoint import answer as answer_json
from mockkommunicate.domain.errors import (
    ApiError,
    ApplicationError,
    BadParameters,
    ControlError,
    ConversationExists,
    ConversationNotFound,
    EmulatorError,
    MaliciousContent,
    OwnFault,
    ScenarioError,
    UnauthorizedUser,
    UserNotFound,
)


def answer(error: EmulatorError) -> Response:
    """Answer an error of any layer as the control API does."""
    refusal = error if isinstance(error, ControlError) else _translated(error)
    values = {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}
    return answer_json({"error": values}, refusal.http_status)


def _translated(error: EmulatorError) -> ControlError:
    if isinstance(error, ScenarioError):
        return ControlError("SCENARIO", str(error), hint="GET /_mock/info names the scenarios there are")
    if isinstance(error, ApiError):
        return ControlError(error.code, error.description, hint=_hint(error), http_status=_status(error))
    return ControlError("REFUSED", str(error))


def _status(error: ApiError) -> int:
    """Answer the HTTP status of an API error here, where Kommunicate's 200 would mislead."""
    if isinstance(error, ConversationExists):
        return 409
    if isinstance(error, UnauthorizedUser):
        return 403
    if isinstance(error, MaliciousContent):
        return 422
    return 404 if isinstance(error, ApplicationError) else error.http_status


def _hint(error: ApiError) -> str:
    if isinstance(error, BadParameters):
        return "/_mock/openapi/control.json says what each call takes"
    if isinstance(error, UserNotFound):
        return "GET /_mock/apps/APP/users lists the users there are; an assignee must be an agent or a bot"
    if isinstance(error, ConversationNotFound):
        return "GET /_mock/apps/APP/conversations lists the conversations there are"
    return ""


def answer_http(exception: HTTPException) -> Response:
    """Answer what Flask refused before any view; the guard comes first here too."""
    try:
        guard.check()
    except ControlError as refusal:
        return answer(refusal)
    if isinstance(exception, MethodNotAllowed):
        return _answer_method(exception)
    return answer(_of_http(exception))


def _of_http(exception: HTTPException) -> EmulatorError:
    if isinstance(exception, InternalServerError):
        return OwnFault()
    if isinstance(exception, RequestEntityTooLarge):
        limit = current_app.config["MAX_CONTENT_LENGTH"]
        return ControlError("BODY", f"the body has more than {limit} bytes", http_status=413)
    if not isinstance(exception, NotFound):
        return ControlError("REQUEST", f"the request cannot be read: {exception.description}")
    routes = [rule.rule for rule in current_app.url_map.iter_rules() if rule.rule.startswith(guard.PREFIX)]
    nearest = difflib.get_close_matches(request.path[:200], routes, n=1, cutoff=0.3)
    hint = f"the nearest is {nearest[0]}" if nearest else ""
    return ControlError("ROUTE", f"no such route: {request.path}", hint=hint, http_status=404)


def _answer_method(exception: MethodNotAllowed) -> Response:
    allowed = ", ".join(sorted(exception.valid_methods or []))
    message = f"{request.method} is not for {request.path}"
    response = answer(ControlError("METHOD", message, hint=f"allowed: {allowed}", http_status=405))
    response.headers["Allow"] = allowed
    return response
