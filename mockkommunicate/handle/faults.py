"""The faults of an app, and the keywords that make one."""

import difflib
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self, TypedDict

from mockkommunicate.handle.calls import ControlFailed
from mockkommunicate.handle.clock import Call, Duration, Instant
from mockkommunicate.handle.results import JSON

Latency = Duration | Mapping[str, object]
"""Milliseconds, or {"uniform": [a, b]}, or {"lognormal": {"median": n, "sigma": x}}."""


class When(TypedDict, total=False):
    """The keywords that say when a rule strikes, and how long it is there."""

    times: int
    after: int
    every: int
    probability: float
    until: Instant
    limit: int
    window: Duration

    ttl: Duration


class Rule(When, total=False):
    """The keywords of `fail`: which requests, when, and what they get."""

    method: str
    path: object
    query: Mapping[str, object]
    headers: Mapping[str, object]
    body: object

    status: int
    answer: object
    answer_headers: Mapping[str, str]
    documented: str
    gateway: int
    retry_after: int
    html: int
    socket: str
    latency: Latency

    phase: Literal["before", "after"]


_MATCH = ("method", "path", "query", "headers", "body")
WHEN = ("times", "after", "every", "probability", "until", "limit", "window")
_DO = {
    "status": "status",
    "answer": "body",
    "answer_headers": "headers",
    "documented": "documented",
    "gateway": "gateway",
    "retry_after": "retryAfter",
    "html": "html",
    "socket": "socket",
    "latency": "latencyMs",
}


def written(given: Mapping[str, object]) -> dict[str, object]:
    """Write the keywords of `fail` as the control API takes a rule; raise TypeError for one that is none."""
    for name in given.keys() - {"operation", *Rule.__annotations__}:
        raise TypeError(f"fail() has no {name!r}{nearest(name, Rule.__annotations__)}")
    operation = given.get("operation")
    match = {} if operation is None else {"operation": operation}
    rule: dict[str, object] = {
        "match": match | {name: given[name] for name in _MATCH if name in given},
        "when": {name: given[name] for name in WHEN if name in given},
        "do": {theirs: given[ours] for ours, theirs in _DO.items() if ours in given},
    }
    rest = {"phase": given.get("phase"), "ttlMs": given.get("ttl")}
    return {name: value for name, value in (rule | rest).items() if value not in (None, {})}


def nearest(name: str, known: Mapping[str, object]) -> str:
    """Say which known name is meant, or which there are."""
    found = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {found[0]!r}?" if found else f"; there are {', '.join(known)}"


class Fault:
    """A fault of an app. With `with` it is there until the end of the block; its hits can be read afterwards."""

    def __init__(self, call: Call, made: JSON) -> None:
        self._call = call
        self._last = made
        self._removed = False

    @property
    def id(self) -> int:
        """Its number."""
        return int(self._last["id"])

    @property
    def hits(self) -> int:
        """How many requests it has failed up to now, or until it was removed."""
        return int(self.rule["hits"])

    @property
    def rule(self) -> JSON:
        """The rule with its counts, as it is now, or as it was when it was removed."""
        if not self._removed:
            self._last = self._look()
        return self._last

    def remove(self) -> None:
        """Remove it; nothing, if it is gone already."""
        with suppress(LookupError, ControlFailed):
            self._last = self.rule
            self._call("DELETE", f"faults/{self.id}")
        self._removed = True

    def _look(self) -> JSON:
        for fault in self._call("GET", "faults")["faults"]:
            if fault["id"] == self.id:
                return dict(fault)
        raise LookupError(f"fault {self.id} is there no longer: it has run out, or the app was reset")

    def __enter__(self) -> Self:
        """Answer itself: the fault is there already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove it."""
        self.remove()

    def __repr__(self) -> str:
        """Show the rule as it was last seen."""
        return f"<Fault {dict(self._last)}>"
