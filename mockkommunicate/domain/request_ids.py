"""Ids of requests, by which the log and the journal tell of the same one."""

import re
from collections.abc import Iterable

HEADER = "X-Request-Id"

_GATEWAY = "gateway"
"""What stands for the app of requests that belong to none."""

_SANE = re.compile(
    r"(?!.*(?:key|token|authorization|cookie)[=:])[A-Za-z0-9._~+/=:@-]{1,128}\Z", re.IGNORECASE
)
"""What looks like a key is none: it would be read in the log."""


def given(value: str | None) -> str | None:
    """Answer the id that a client gave, unless it is one that a log had better not repeat."""
    return value if value is not None and _SANE.match(value) else None


def find(headers: Iterable[tuple[str, str]]) -> str | None:
    """Answer the id that a client gave in one of its headers, as `given` does."""
    named = next(
        (value for name, value in headers if len(name) == len(HEADER) and name.lower() == _LOWER), None
    )
    return given(named)


def numbered(application_id: str, number: int) -> str:
    """Answer the id of a request that was given none: that of its app, and its number in the journal."""
    return f"{application_id or _GATEWAY}:{number}"


_LOWER = HEADER.lower()
