"""@control: from a request to a function's keywords, strictly: unknown fields are refused by name."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema

from mockkommunicate.domain import traces
from mockkommunicate.domain.errors import ApiError, BadParameters, Problem
from mockkommunicate.observed import TRACE
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.wire import reading

OUTGOING = "mockkommunicate.outgoing"
"""The name under which the application keeps what sends its deliveries."""

STREAMS = "mockkommunicate.streams"
"""The name under which it keeps its event streams."""

JSON = "application/json"

View = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Control:
    """What a control call takes.

    It `needs` an app to "look_at" or "work_on"; or the "emulator", or the "outgoing", and the app's id, if any.
    `answers` describes the answer in the OpenAPI document; without it that says no more than that it is an object.
    A body that is `raw` may be any bytes, which the call reads itself; `media` is the type of an answer that is no JSON.
    """

    needs: str = "look_at"
    body: Schema | None = None
    raw: bool = False
    query: Schema | None = None
    answers: Schema | None = None
    status: int = 200
    media: str = JSON

    @property
    def schema(self) -> Schema | dict[str, str]:
        """What the OpenAPI document says of the answer."""
        return {"type": "string"} if self.media != JSON else self.answers or {"type": "object"}


def control(**contract: Any) -> Callable[[View], View]:  # noqa: ANN401 - the fields of Control
    """Make a view of a function `(work, **keywords)` or `(emulator, **keywords)` that answers JSON values."""
    made = {name: value() if isinstance(value, type) else value for name, value in contract.items()}
    described = Control(**made)

    def decorate(function: View) -> View:
        @functools.wraps(function)
        def view(application_id: str = "", **path: Any) -> tuple[Any, int]:  # noqa: ANN401
            emulator: Emulator = current_app.extensions["mockkommunicate"]
            if application_id == "default":
                application_id = emulator.settings.application_id
            keywords = path | _read_for(emulator, application_id, described)
            if described.needs in {"emulator", "outgoing"}:
                named = {"application_id": application_id} if application_id else {}
                given = emulator if described.needs == "emulator" else current_app.extensions[OUTGOING]
                return function(given, **named, **keywords), described.status
            with getattr(emulator, described.needs)(application_id) as work:
                work.trace = request.environ.get(TRACE) or traces.find(request.headers)
                answer = function(work, **keywords)
            return answer, described.status

        view.control = described  # type: ignore[attr-defined]
        return view

    return decorate


def _read_for(emulator: Emulator, application_id: str, described: Control) -> dict[str, Any]:
    """Read what a call takes; that there is no such app is said before what is wrong with the call."""
    try:
        return _read(described)
    except ApiError:
        if application_id:
            with emulator.look_at(application_id):
                pass
        raise


def _read(described: Control) -> dict[str, Any]:
    keywords: dict[str, Any] = {}
    problems: list[Problem] = []
    if described.body is not None:
        raw = request.get_data()
        loaded, problems = reading.load(described.body, reading.parse_object(raw) if raw else {}, "body")
        keywords |= loaded
    if described.query is not None:
        given, repeated = reading.single(list(request.args.items(multi=True)), described.query)
        loaded, wrong = reading.load(described.query, given, "query")
        keywords |= loaded
        problems = [*problems, *repeated, *wrong]
    if problems:
        raise BadParameters(problems)
    return keywords


def answer(value: object, status: int = 200) -> Response:
    """Answer JSON."""
    text = current_app.json.dumps(value, separators=(",", ":"))
    return Response(text, status=status, content_type=JSON)
