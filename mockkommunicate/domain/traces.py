"""Traces: what a request says of the trace that it belongs to (W3C Trace Context), and how that is handed on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

PARENT = "traceparent"
STATE = "tracestate"
NAMES = (PARENT, STATE)

_PARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?\Z")
_NEVER = "ff"
"""The version that no header may have."""

_FIRST = "00"
_SAMPLED = 1
"""The one flag there is; those that are not known are not handed on."""

_MEMBER = re.compile(r"[a-z0-9][a-z0-9_*/@-]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}")
_MOST_MEMBERS = 32


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Where in a trace something was caused: `parent_id` is the span of whoever caused it.

    A span that is `ours` was made by this server for the request, and is itself the parent of what follows.
    """

    trace_id: str
    parent_id: str
    sampled: bool
    state: str | None = None
    ours: bool = False

    def headers(self, span_id: str) -> dict[str, str]:
        """Answer what a call has to carry that is made because of it, as the span of that number."""
        parent_id = self.parent_id if self.ours else span_id
        parent = f"{_FIRST}-{self.trace_id}-{parent_id}-{int(self.sampled):02x}"
        return {PARENT: parent, **({} if self.state is None else {STATE: self.state})}


def find(headers: Iterable[tuple[str, str]], *, ours: bool = False) -> Trace | None:
    """Answer the trace that headers tell of; None where they tell of none, or not as the specification wants it."""
    given = {name.lower(): value for name, value in headers if len(name) in _LENGTHS}
    parent = given.get(PARENT)
    found = None if parent is None else _PARENT.match(parent.strip())
    if found is None or not _is_valid(found):
        return None
    state = given.get(STATE, "").strip()
    members = [member.strip(" \t") for member in state.split(",") if member.strip(" \t")]
    is_state = 0 < len(members) <= _MOST_MEMBERS and all(map(_MEMBER.fullmatch, members))
    return Trace(
        trace_id=found[2],
        parent_id=found[3],
        sampled=bool(int(found[4], 16) & _SAMPLED),
        state=state if is_state else None,
        ours=ours,
    )


_LENGTHS = {len(name) for name in NAMES}
"""Cheaper to ask for than names, of which most are others."""


def _is_valid(found: re.Match[str]) -> bool:
    """Tell whether it has no forbidden number; what comes after the flags only versions after the first may have."""
    version, trace_id, parent_id, _, rest = found.groups()
    is_known = version != _NEVER and not (version == _FIRST and rest is not None)
    return is_known and trace_id.strip("0") != "" and parent_id.strip("0") != ""
