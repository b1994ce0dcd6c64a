"""Findings: what is wrong or unusual in a message, where, and how we know."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

MOST = 100
"""How many findings are kept of one message: nobody reads a longer list."""


CONSIDERED = 1_000
"""How many findings are looked for: a message must not keep others waiting."""


class Severity(StrEnum):
    """How bad it is.

    An error: an official client would not draw the message or a part of it, or what it draws leads nowhere.
    A warning: it is drawn, but cut, unusual, or not everywhere as meant.
    """

    ERROR = "error"
    WARNING = "warning"


class Evidence(StrEnum):
    """How we know: the documentation says it, an official client does it, or it is our judgement."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"


@dataclass(frozen=True)
class Finding:
    """One thing to say of a message's metadata: `path` is a place in it such as `payload[0].title`."""

    path: str
    severity: Severity
    message: str
    evidence: Evidence


def error(path: str, message: str, evidence: Evidence = Evidence.OBSERVED) -> Finding:
    """Make a finding of what is not drawn, or leads nowhere."""
    return Finding(path, Severity.ERROR, message, evidence)


def warning(path: str, message: str, evidence: Evidence = Evidence.OBSERVED) -> Finding:
    """Make a finding of what is drawn otherwise than meant."""
    return Finding(path, Severity.WARNING, message, evidence)


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Answer findings, errors before warnings, no more than can be read; the last one says that more are left out."""
    considered = islice(found, CONSIDERED)
    ordered = sorted(considered, key=lambda finding: finding.severity is not Severity.ERROR)
    if len(ordered) <= MOST:
        return tuple(ordered)
    left_out = replace(ordered[MOST - 1], message="is the first of the findings that are left out")
    return (*ordered[: MOST - 1], replace(left_out, evidence=Evidence.INFERRED))
