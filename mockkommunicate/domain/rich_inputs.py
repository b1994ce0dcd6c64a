"""Rich messages that change how the customer answers: suggestions while he types, and a field that is checked."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockkommunicate.domain.findings import Finding, error, warning
from mockkommunicate.domain.rich_forms import VALIDATION
from mockkommunicate.domain.rich_shapes import (
    FLAG,
    OWN,
    STRING,
    Check,
    at,
    may,
    must,
    record,
)
from mockkommunicate.domain.rich_urls import URL
from mockkommunicate.domain.unread import fold

_ANSWER = record({"searchKey": must(STRING), "message": must(STRING), "metadata": may(OWN)})
_REMOTE = record({"url": must(URL), "headers": may(OWN), "method": may(STRING)})
_SOURCES = "a list of strings, a list of {searchKey, message}, or {url, headers}"
_SUGGESTION = "a string or {searchKey, message}"


def _suggested(path: str, source: Any) -> Iterator[Finding]:  # noqa: ANN401 - a list or an object
    """Find what is wrong with a source; one without entries stands in the documentation."""
    if isinstance(source, dict):
        yield from _REMOTE.find(path, source)
        return
    if {str, dict} <= {type(one) for one in source}:
        yield error(path, "has strings and objects; it must have the one or the other")
    check = Check(what=_SUGGESTION, types=(str, dict), more=_suggestion)
    for index, one in enumerate(source):
        yield from check.find(f"{path}[{index}]", one)


def _suggestion(path: str, suggestion: Any) -> Iterator[Finding]:  # noqa: ANN401 - a string or an object
    if isinstance(suggestion, dict):
        yield from _ANSWER.find(path, suggestion)


SUGGESTIONS = record(
    {"placeholder": may(STRING), "source": must(Check(what=_SOURCES, types=(list, dict), more=_suggested))}
)
"""KM_AUTO_SUGGESTION (documented)."""

FIELD_TYPES = ("EMAIL", "NAME", "PHONE_NUMBER")
"""What of the customer's own an answer may be kept as; any other type is kept in his metadata (observed)."""


def _keeps(path: str, field: Mapping[str, Any]) -> Iterator[Finding]:
    """Find where an answer that is to be kept is kept nowhere."""
    kind, action = field.get("fieldType"), field.get("action")
    meant = next((one for one in FIELD_TYPES if isinstance(kind, str) and fold(kind) == fold(one)), None)
    if meant is not None and meant != kind:
        yield warning(at(path, "fieldType"), f"keeps the answer in the metadata; did you mean {meant!r}?")
    if action is None:
        yield warning(
            at(path, "action"), "is missing: the Android client fails without it, though it may be {}"
        )
    if not isinstance(action, dict) or action.get("updateUserDetails") is not True:
        return
    if not kind:
        yield error(
            at(path, "fieldType"), f"is missing: one of {', '.join(FIELD_TYPES)}, or a name of your own"
        )
    elif kind not in FIELD_TYPES and not field.get("field"):
        yield error(at(path, "field"), "is missing: the key of the metadata that the answer is kept as")


FIELD = record(
    {
        "label": may(STRING),
        "field": may(STRING),
        "fieldType": may(STRING),
        "placeholder": may(STRING),
        "action": may(record({"updateUserDetails": may(FLAG)})),
        "validation": may(VALIDATION),
        "triggerEvent": may(STRING),
    },
    _keeps,
)
"""KM_FIELD (documented, observed)."""
