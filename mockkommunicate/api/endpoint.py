"""@endpoint: from a request to a function's keywords, and from its result to Kommunicate's answer."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from flask import Response, request
from marshmallow import Schema, fields

from mockkommunicate.api import auth, exchange, forms, replies
from mockkommunicate.api.exchange import Handler
from mockkommunicate.domain import unread
from mockkommunicate.domain.errors import ApiError, BadParameters, Problem
from mockkommunicate.domain.received import Received
from mockkommunicate.domain.replies import Reply
from mockkommunicate.operations.work import Work
from mockkommunicate.wire import envelope, findings, reading
from mockkommunicate.wire.envelope import Answer, Media, Wrap
from mockkommunicate.wire.unread import classify

View = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What an endpoint takes and answers; the OpenAPI document is made from it.

    `actor` is "required", or "optional" where the body may name the sender instead; `answers` is the schema of an
    object, or of a list's elements if `many`, or the literals that may be answered, or the field of any other value, or
    what is no JSON. The body is a `form` of files, or else JSON; `prepare` has what is done with a keyword before any app
    is locked. Where it says `linked`, a signed link in the query may stand for the key.
    """

    operation: str
    answers: Answer | Media | tuple[str, ...] | fields.Field[Any]
    body: Schema | None = None
    query: Schema | None = None
    actor: str | None = None
    many: bool = False
    wrap: Wrap = Wrap.ALWAYS
    form: bool = False
    linked: bool = False
    prepare: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def dump(self, result: Any) -> object:  # noqa: ANN401 - whatever the function answers
        """Answer a result as JSON values."""
        if not isinstance(self.answers, Answer):
            return result
        return [self.answers.write(one) for one in result] if self.many else self.answers.write(result)


def endpoint(**contract: Any) -> Callable[[View], View]:  # noqa: ANN401 - the fields of Endpoint
    """Make a view of a function `(work, **keywords)`; the keywords are those of Endpoint, schemas as classes."""
    made = {name: value() if isinstance(value, type) else value for name, value in contract.items()}
    described = Endpoint(**made)

    def decorate(function: View) -> View:
        @functools.wraps(function)
        def view(**path: str) -> Response:
            return _answer(described, function, path)

        view.endpoint = described  # type: ignore[attr-defined]
        return view

    return decorate


def _answer(described: Endpoint, function: View, path: Mapping[str, str]) -> Response:
    """Answer the request; what is wrong with it is said after its key is known, as the gateway stands in front."""
    keywords, failure = _read(described)
    if failure is None:
        keywords |= {name: prepare(keywords[name]) for name, prepare in described.prepare.items()}

    def run(work: Work, received: Received) -> Reply:
        refusal = _strictly(described, received, failure) if work.settings.strict else failure
        if refusal is not None:
            raise refusal
        result = function(work, **path, **keywords)
        if isinstance(result, Reply):
            return result
        return replies.of_json(_wrapped(described.wrap, work, described.dump(result)))

    key = auth.key_or_link if described.linked else auth.api_key
    handler = Handler(run=run, operation=described.operation, wrap=described.wrap, key=key)
    return exchange.carry(handler)


def _strictly(described: Endpoint, received: Received, failure: ApiError | None) -> ApiError | None:
    """Add what is not known here, and rich messages that are not drawn: the app's setting `strict` refuses them."""
    unknown = unread.problems(classify(received, described))
    named = {problem.name for problem in unknown}
    undrawn = findings.problems(findings.of_request(received))
    if failure is not None and not isinstance(failure, BadParameters):
        return failure
    problems = [*(failure.problems if failure else ()), *unknown]
    problems += [problem for problem in undrawn if problem.name not in named]
    return BadParameters(problems) if problems else None


def _wrapped(wrap: Wrap, work: Work, answer: object) -> object:
    """Put an answer into the envelope, or not: where documentation and clients disagree, the dialect decides."""
    documented_bare = wrap is Wrap.BY_DIALECT and work.settings.dialect == "documented"
    if wrap is Wrap.NEVER or documented_bare:
        return answer
    return envelope.success(answer, now=work.now)


def _read(described: Endpoint) -> tuple[dict[str, Any], ApiError | None]:
    """Read everything that the endpoint takes; answer the keywords, and what is wrong with them all together."""
    keywords: dict[str, Any] = {}
    problems: list[Problem] = []
    body: dict[str, Any] = {}
    if described.body is not None:
        try:
            body = dict(forms.read()) if described.form else reading.parse_object(request.get_data())
        except ApiError as error:
            return {}, error
        keywords, problems = reading.load(described.body, body, "body")
    if described.query is not None:
        given, repeated = reading.single(list(request.args.items(multi=True)), described.query)
        loaded, wrong = reading.load(described.query, given, "query")
        keywords |= loaded
        problems += [*repeated, *wrong]
    if described.actor is not None:
        keywords["actor_id"] = actor_id = _actor_id()
        problems += _actor_problems(described, actor_id, body)
    return keywords, BadParameters(problems) if problems else None


def _actor_problems(described: Endpoint, actor_id: str | None, body: Mapping[str, Any]) -> list[Problem]:
    """Say what is wrong with the acting user: required, or only so if the body names no sender."""
    if len(request.args.getlist("ofUserId")) > 1:
        return [Problem("query", "ofUserId", "is repeated; it may be given once")]
    if actor_id is not None:
        return []
    if described.actor == "required":
        message = "is missing: the id of the user on whose behalf the call is made"
        return [Problem("header", "Of-User-Id", message)]
    if body.get("fromUserName") is None:
        message = "is missing: the sender's user id (or give the header Of-User-Id)"
        return [Problem("body", "fromUserName", message)]
    return []


def _actor_id() -> str | None:
    """Answer who the caller acts as: the header (percent-escapes decoded), or the query's ofUserId (observed)."""
    header = request.headers.get("Of-User-Id")
    if header is None:
        return request.args.get("ofUserId")
    return unquote(header.encode("latin-1").decode("utf-8", "replace"))
