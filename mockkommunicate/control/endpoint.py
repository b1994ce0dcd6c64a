"""@control: from a request to a function's keywords, strictly: unknown fields are refused by name."""

import difflib
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema

from mockkommunicate.domain.errors import BadParameters, Problem
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.wire import reading

View = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Control:
    """What a control call takes: `needs` an emulator, or an app to "look_at" or "work_on"."""

    needs: str = "look_at"
    body: Schema | None = None
    query: Schema | None = None
    status: int = 200


def control(**contract: Any) -> Callable[[View], View]:  # noqa: ANN401 - the fields of Control
    """Make a view of a function `(work, **keywords)` or `(emulator, **keywords)` that answers JSON values."""
    made = {name: value() if isinstance(value, type) else value for name, value in contract.items()}
    described = Control(**made)

    def decorate(function: View) -> View:
        @functools.wraps(function)
        def view(application_id: str = "", **path: Any) -> tuple[Any, int]:  # noqa: ANN401
            emulator: Emulator = current_app.extensions["mockkommunicate"]
            keywords = path | _read(described)
            if described.needs == "emulator":
                return function(emulator, **keywords), described.status
            if application_id == "default":
                application_id = emulator.settings.application_id
            with getattr(emulator, described.needs)(application_id) as work:
                answer = function(work, **keywords)
            return answer, described.status

        view.control = described  # type: ignore[attr-defined]
        return view

    return decorate


def _read(described: Control) -> dict[str, Any]:
    keywords: dict[str, Any] = {}
    problems: list[Problem] = []
    if described.body is not None:
        raw = request.get_data()
        loaded, problems = _load(described.body, reading.parse_object(raw) if raw else {}, "body")
        keywords |= loaded
    if described.query is not None:
        given, repeated = reading.single(list(request.args.items(multi=True)), described.query)
        loaded, wrong = _load(described.query, given, "query")
        keywords |= loaded
        problems = [*problems, *repeated, *wrong]
    if problems:
        raise BadParameters(problems)
    return keywords


def _load(schema: Schema, values: dict[str, Any], where: str) -> tuple[dict[str, Any], list[Problem]]:
    loaded, problems = reading.load(schema, values, where)
    known = [field.data_key or name for name, field in schema.fields.items()]
    return loaded, [_with_nearest(problem, known) for problem in problems]


def _with_nearest(problem: Problem, known: list[str]) -> Problem:
    """Say which known field an unknown one is nearest to."""
    nearest = difflib.get_close_matches(problem.name, known, n=1)
    if "not known here" not in problem.message or not nearest:
        return problem
    return Problem(problem.where, problem.name, f"{problem.message}; did you mean {nearest[0]!r}?")


def answer(value: object, status: int = 200) -> Response:
    """Answer JSON."""
    text = current_app.json.dumps(value, separators=(",", ":"))
    return Response(text, status=status, content_type="application/json")
