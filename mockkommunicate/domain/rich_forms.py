"""Rich messages that are forms: fields to fill in, and the button that sends them."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockkommunicate.domain.findings import Finding, Severity, error, warning
from mockkommunicate.domain.rich_buttons import POST_BACK, REPLY, SUBMIT
from mockkommunicate.domain.rich_shapes import (
    FLAG,
    OWN,
    SIZE,
    STRING,
    Check,
    Field,
    Fields,
    at,
    each,
    may,
    must,
    record,
    should,
    word,
)

VALIDATION = record({"regex": should(STRING), "errorText": may(STRING)})


def _word_of_truth(path: str, value: str) -> Iterator[Finding]:
    if value not in {"true", "false"}:
        yield warning(path, "must be 'true' or 'false'")


_TRUTH = Check(what="'true' or 'false'", types=(str,), more=_word_of_truth, severity=Severity.WARNING)
"""A flag that the iOS client reads as a string, and draws no form if it is a boolean (observed)."""

_OPTION = record(
    {"label": must(STRING), "value": should(STRING), "selected": may(FLAG), "disabled": may(FLAG)}
)
_SENDING: Fields = {
    **SUBMIT,
    "message": may(STRING),
    "postFormDataAsMessage": may(_TRUTH),
    "postBackToKommunicate": may(FLAG),
    "metadata": may(OWN),
}
_DETAILS: Fields = {
    "label": may(STRING),
    "title": may(STRING),
    "name": may(STRING),
    "value": may(STRING),
    "placeholder": may(STRING),
    "validation": may(VALIDATION),
    "options": may(each("option", _OPTION, empty=Severity.ERROR)),
    "readonly": may(FLAG),
    "rows": may(SIZE),
    "cols": may(SIZE),
    "amPm": may(FLAG),
}
"""Everything that a client reads of one kind of field or another."""

_ASKED_BY_LABEL: Fields = {"label": should(STRING)}
_CHOSEN: Fields = {
    "title": should(STRING),
    "name": must(STRING),
    "options": must(each("option", _OPTION, empty=Severity.ERROR)),
}


def _sends(path: str, button: Mapping[str, Any]) -> Iterator[Finding]:
    """Find that a submit button has no text, or that what is filled in goes nowhere."""
    if not button.get("label") and not button.get("name"):
        yield error(at(path, "label"), "is missing: the text of the button")
    action = button.get("action")
    inner = action if isinstance(action, dict) else {}
    both = (button, inner)
    if any(one.get("formAction") or one.get("requestType") == POST_BACK for one in both):
        return
    if not any(
        _is_on(one.get(name)) for one in both for name in ("postFormDataAsMessage", "postBackToKommunicate")
    ):
        place = at(path, "action.formAction" if inner else "formAction")
        yield error(place, f"is missing: the URL that the form is posted to, or a requestType {POST_BACK!r}")


def _is_on(flag: object) -> bool:
    return flag is True or flag == "true"


_ACTION = record(
    {**_SENDING, **REPLY, "addFormLabelInMessage": may(_TRUTH), "type": may(STRING), "name": may(STRING)}
)
KINDS: Mapping[str, Fields] = {
    "text": _ASKED_BY_LABEL,
    "password": _ASKED_BY_LABEL,
    "textarea": {"title": should(STRING), "name": must(STRING)},
    "hidden": {"name": must(STRING), "value": must(STRING)},
    "radio": _CHOSEN,
    "checkbox": _CHOSEN,
    "dropdown": _CHOSEN,
    "date": _ASKED_BY_LABEL,
    "time": _ASKED_BY_LABEL,
    "datetime-local": _ASKED_BY_LABEL,
    "submit": {**_SENDING, "action": may(_ACTION), "type": may(STRING)},
}
"""The kinds of fields, and what each must have."""

_TYPE = must(word(*KINDS))


def _checks(*, flat: bool) -> Mapping[str, Check]:
    """Make the check of each kind of field, whose details stand in `data` or beside its type."""
    beside: Mapping[str, Field] = {"type": _TYPE, "data": may(OWN)} if flat else {}
    return {
        kind: record({**_DETAILS, **fields, **beside}, *((_sends,) if kind == "submit" else ()))
        for kind, fields in KINDS.items()
    }


_FLAT = _checks(flat=True)
_IN_DATA = {kind: record({"type": _TYPE, "data": must(check)}) for kind, check in _checks(flat=False).items()}
_OF_NO_KIND = record({**_DETAILS, **_SENDING, "data": may(OWN), "action": may(OWN), "type": _TYPE})


def _field(path: str, field: Mapping[str, Any]) -> Iterator[Finding]:
    kind = field.get("type")
    checks = _FLAT if field.get("data") is None else _IN_DATA
    check = checks.get(kind, _OF_NO_KIND) if isinstance(kind, str) else _OF_NO_KIND
    yield from check.find(path, field)


def _form(path: str, fields: list[Any]) -> Iterator[Finding]:
    """Find what is wrong with the fields together."""
    objects = [field for field in fields if isinstance(field, dict)]
    if len({field.get("data") is None for field in objects}) > 1:
        yield error(
            path, "has fields with data and fields without; the web client reads all of them like the first"
        )
    if objects and not any(field.get("type") == "submit" for field in objects):
        yield warning(path, "has no field of type 'submit', so it cannot be sent")


_FIELDS = each("field", Check(what="an object", types=(dict,), more=_field), empty=Severity.ERROR)


def _whole(path: str, fields: list[Any]) -> Iterator[Finding]:
    yield from _FIELDS.more(path, fields)
    yield from _form(path, fields)


FORM = Check(what=_FIELDS.what, types=_FIELDS.types, more=_whole)
"""Template 12 (documented; types of the mobile clients and flat fields are observed)."""
