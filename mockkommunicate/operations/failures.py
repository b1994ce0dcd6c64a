"""The answers of faults, made as the real ones are, so that they are the same to the byte."""

from collections.abc import Mapping
from http import HTTPStatus

from mockkommunicate.domain import failures
from mockkommunicate.domain.errors import MaliciousContent, MethodNotAllowed
from mockkommunicate.domain.faults import Documented, Gateway, Own, Page
from mockkommunicate.domain.received import ABSENT, Received
from mockkommunicate.domain.replies import JSON, TEXT, Reply
from mockkommunicate.operations.work import dump
from mockkommunicate.wire import envelope

RETRY_AFTER_S = 1
"""When to come again, where nothing else says it: soon, for the sake of the test that waits."""

_TEXT = "text/plain; charset=utf-8"
_BARE = "message.send_attachment"


def own(effect: Own) -> Reply:
    """Answer as the caller's rule says: text as it is, anything else as JSON, in the content type of its headers."""
    body = "" if effect.body is ABSENT else effect.body
    is_text = isinstance(body, str)
    headers = dict(effect.headers)
    named = next((name for name in headers if name.lower() == "content-type"), None)
    kind = headers.pop(named) if named else _TEXT if is_text else JSON
    return Reply(
        text=body if is_text else dump(body), status=effect.status, content_type=kind, headers=headers
    )


def documented(effect: Documented, received: Received, *, now: int) -> Reply:
    """Answer a failure in Kommunicate's words; `now` is in milliseconds."""
    name = effect.name
    if name in failures.LITERALS:
        return Reply(text=dump(envelope.success(name, now=now)))
    if name == MaliciousContent.code:
        return Reply(text=dump({"errorCode": name}))
    if name == failures.WRONG_METHOD:
        error = MethodNotAllowed(received.method)
        return Reply(text=dump(envelope.error(error, now=now)), status=error.http_status)
    if name in failures.TEXTS or received.operation == _BARE:
        return Reply(text=name if name in failures.TEXTS else "error", content_type=TEXT)
    return Reply(text=dump(envelope.error(failures.REFUSALS[name](), now=now)))


def gateway(effect: Gateway, limits: Mapping[str, str]) -> Reply:
    """Answer as the gateway does; `limits` are the headers of a rate limit, if it is one."""
    headers: dict[str, str] = {}
    if effect.status == HTTPStatus.TOO_MANY_REQUESTS:
        headers = {"Retry-After": str(RETRY_AFTER_S), **limits}
    if effect.retry_after is not None:
        headers["Retry-After"] = str(effect.retry_after)
    return Reply(
        text=dump({"message": failures.GATEWAY[effect.status]}),
        status=effect.status,
        content_type=f"{JSON}; charset=utf-8",
        headers=headers,
    )


def page(effect: Page) -> Reply:
    """Answer an HTML error page."""
    return Reply(text=failures.page(effect.status), status=effect.status, content_type="text/html")
