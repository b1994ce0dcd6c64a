"""Check a scenario's document whole: every fault at once, each with its position and what would be right."""

from dataclasses import dataclass, replace
from typing import Any

from mockkommunicate.operations import consistency
from mockkommunicate.wire import reading
from mockkommunicate.wire.document_error import DocumentError
from mockkommunicate.wire.documents import Document
from mockkommunicate.wire.scenarios import Scenario

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
    faults = [Fault(problem.name, problem.message) for problem in problems]
    known = {fault.field for fault in faults}
    faults += [Fault(*found) for found in consistency.check(values) if found[0] not in known]
    if not any(fault.field.startswith(("settings", "users", "generate")) for fault in faults):
        faults += [Fault(*found) for found in consistency.check_limits(values)]
    return scenario, faults
