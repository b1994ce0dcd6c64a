"""Check a scenario's document whole: every fault at once, each with its position and what would be right."""

import re
from dataclasses import dataclass, replace
from typing import Any

from mockkommunicate.domain.errors import Problem
from mockkommunicate.domain.suggestions import hint
from mockkommunicate.operations import consistency
from mockkommunicate.wire import reading
from mockkommunicate.wire.documents import Document, DocumentError
from mockkommunicate.wire.scenarios import Scenario, known_at

_NO_OBJECT = "must be a mapping with users, conversations, ..."


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a scenario: in which field, what, and where that stands if it came as text."""

    field: str
    message: str
    line: int | None = None
    column: int | None = None

    @property
    def told(self) -> str:
        """What is wrong with what, without the position."""
        return f"{self.field} {self.message}".lstrip()

    def __str__(self) -> str:
        return self.told if self.line is None else f"line {self.line}, column {self.column}: {self.told}"


def of_error(error: DocumentError) -> Fault:
    """Make the fault of a document that cannot be read."""
    return Fault("", error.message, error.line, error.column)


def check_document(document: Document) -> tuple[dict[str, Any], list[Fault]]:
    """Load a document; answer the scenario and its faults, those that stand first first."""
    scenario, faults = check_values(document.values)
    placed = [_placed(document, fault) for fault in faults]
    return scenario, sorted(placed, key=lambda fault: (fault.line or 0, fault.column or 0))


def _placed(document: Document, fault: Fault) -> Fault:
    line, column = document.position(fault.field)
    return replace(fault, line=line, column=column)


def check_values(values: object) -> tuple[dict[str, Any], list[Fault]]:
    """Load values as JSON has them; answer the scenario and its faults, which have no position."""
    if not isinstance(values, dict):
        return {}, [Fault("", _NO_OBJECT)]
    scenario, problems = reading.load(Scenario(), values, "")
    faults = [_hinted(problem, values) for problem in problems]
    known = {fault.field for fault in faults}
    faults += [Fault(*found) for found in consistency.check(values) if found[0] not in known]
    if not any(fault.field.startswith(("settings", "users", "generate")) for fault in faults):
        faults += [Fault(*found) for found in consistency.check_limits(values)]
    return scenario, faults


def _hinted(problem: Problem, values: dict[str, Any]) -> Fault:
    """Say which field or word was probably meant."""
    if "not known here" in problem.message:
        return Fault(problem.name, problem.message)
    return Fault(problem.name, problem.message + hint(_value(values, problem.name), known_at(problem.name)))


def _value(values: Any, path: str) -> object:  # noqa: ANN401 - any JSON
    """Answer what stands at a path such as `users[0].role`, or None."""
    for step in re.findall(r"\[\d+\]|[^.\[\]]+", path):
        try:
            values = values[int(step[1:-1]) if step[0] == "[" else step]
        except (LookupError, TypeError):
            return None
    return values
