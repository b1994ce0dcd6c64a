"""What the JSON of a rich message is made of: checks of values, each of which finds what is wrong with one."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

from mockkommunicate.domain.findings import Evidence, Finding, Severity, error, warning
from mockkommunicate.domain.suggestions import listed
from mockkommunicate.domain.unread import nearest

Find = Callable[[str, Any], Iterator[Finding]]
"""What finds everything that is to be said of a value; the first argument is its path in the metadata."""

LONGEST = 100_000
"""How many characters of JSON are looked at: a message must not keep others waiting."""

_LONGEST_SHOWN = 60
_KINDS: Mapping[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def _nothing(_path: str, _value: object) -> Iterator[Finding]:
    yield from ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """What a value must be: `what` says it in words, `types` are JSON's, `more` finds what else may be wrong with it."""

    what: str
    types: tuple[type, ...]
    more: Find = _nothing
    severity: Severity = Severity.ERROR

    def find(self, path: str, value: object) -> Iterator[Finding]:
        """Find everything that is to be said of a value."""
        if type(value) in self.types:
            yield from self.more(path, value)
        else:
            message = f"must be {self.what}, not {_KINDS[type(value)]}{_hint(self, value)}"
            yield Finding(path, self.severity, message, Evidence.OBSERVED)


def _hint(check: Check, value: object) -> str:
    """Say what often went wrong where a value has the wrong type."""
    if isinstance(value, str) and isinstance(_value_of(value), check.types) and str not in check.types:
        return ": only the whole is made a string, nothing inside it"
    return ": put it between [ and ]" if check.types == (list,) and isinstance(value, dict) else ""


class Field(NamedTuple):
    """A field of an object: what its value must be, and how bad it is without."""

    check: Check
    need: Severity | None = None


Fields = Mapping[str, Field]
Rule = Callable[[str, Mapping[str, Any]], Iterator[Finding]]
"""What finds what is wrong with an object as a whole."""


def may(check: Check) -> Field:
    """Make a field that may be left out."""
    return Field(check)


def should(check: Check) -> Field:
    """Make a field without which the message is drawn, but poorly."""
    return Field(check, Severity.WARNING)


def must(check: Check) -> Field:
    """Make a field without which the message is not drawn, or does nothing."""
    return Field(check, Severity.ERROR)


def at(path: str, name: str) -> str:
    """Answer the path of a field."""
    return f"{path}.{name[:_LONGEST_SHOWN]}" if path else name[:_LONGEST_SHOWN]


STRING = Check(what="a string", types=(str,))
FLAG = Check(what="true or false", types=(bool,), severity=Severity.WARNING)
OWN = Check(what="an object", types=(dict,), severity=Severity.WARNING)
"""An object of the sender's own, of which nothing more is known."""
SIZE = Check(what="a number or a string", types=(int, float, str), severity=Severity.WARNING)
ANYTHING = Check(what="anything", types=tuple(_KINDS))


def text(most: int) -> Check:
    """Make a check of a string that has a documented limit of characters."""

    def more(path: str, value: str) -> Iterator[Finding]:
        if len(value) > most:
            message = f"has {len(value)} characters; the limit is {most}, and clients cut what is longer"
            yield warning(path, message, Evidence.DOCUMENTED)

    return Check(what="a string", types=(str,), more=more)


def word(*known: str, severity: Severity = Severity.ERROR) -> Check:
    """Make a check of one of several words."""

    def more(path: str, value: str) -> Iterator[Finding]:
        if value not in known:
            meant = nearest(value, known)
            hint = f"; did you mean {meant!r}?" if meant else ""
            message = f"must be one of {', '.join(known)}, not {shown(value)}{hint}"
            yield Finding(path, severity, message, Evidence.OBSERVED)

    return Check(what=f"one of {', '.join(known)}", types=(str,), more=more, severity=severity)


def each(one: str, of: Check, *, several: str = "", empty: Severity = Severity.WARNING) -> Check:
    """Make a check of a list; `one` is what an entry is called, `empty` how bad it is without any."""

    def more(path: str, value: list[Any]) -> Iterator[Finding]:
        if not value:
            message = f"is empty; it must have at least one {one}"
            yield Finding(path, empty, message, Evidence.OBSERVED)
        for index, entry in enumerate(value):
            yield from of.find(f"{path}[{index}]", entry)

    return Check(what=f"a list of {several or f'{one}s'}", types=(list,), more=more)


def record(fields: Fields, *rules: Rule) -> Check:
    """Make a check of an object: its fields, those that are missing, misspelt or unknown, and rules of the whole."""

    def more(path: str, value: dict[str, Any]) -> Iterator[Finding]:
        given = {name: one for name, one in value.items() if one is not None}
        yield from _of_fields(path, given, fields)
        for rule in rules:
            yield from rule(path, given)

    return Check(what="an object", types=(dict,), more=more)


def _of_fields(path: str, given: Mapping[str, Any], fields: Fields) -> Iterator[Finding]:
    known, meant = tuple(fields), set[str | None]()
    for name, one in given.items():
        if name in fields:
            yield from _of_field(at(path, name), one, fields[name])
        else:
            near = nearest(name, known)
            meant.add(near)
            yield _unknown(at(path, name), near, given, fields)
    for name, field in fields.items():
        if field.need and name not in given and name not in meant:
            message = f"is missing: {field.check.what}"
            yield Finding(at(path, name), field.need, message, Evidence.DOCUMENTED)


def _of_field(path: str, value: object, field: Field) -> Iterator[Finding]:
    if field.need and isinstance(value, str) and not value.strip() and str in field.check.types:
        yield Finding(path, field.need, f"is empty; it must be {field.check.what}", Evidence.OBSERVED)
    yield from field.check.find(path, value)


def _unknown(path: str, meant: str | None, given: Mapping[str, Any], fields: Fields) -> Finding:
    """Say of a field that no client reads which one was meant: as bad as if that is missing, unless it is there."""
    if meant is None or meant in given:
        return warning(
            path, f"is not known, and no official client reads it; there are {listed(tuple(fields))}"
        )
    severity = fields[meant].need or Severity.WARNING
    return Finding(path, severity, f"is not known; did you mean {meant!r}?", Evidence.OBSERVED)


def in_json(path: str, written: str, check: Check) -> Iterator[Finding]:
    """Find what is to be said of a value that stands as JSON in a string, unless it is longer than any that is meant."""
    if len(written) > LONGEST:
        yield warning(path, f"is not looked at: it has more than {LONGEST} characters", Evidence.INFERRED)
        return
    try:
        value = parsed(written)
    except ValueError as problem:
        yield error(path, f"is not JSON: {problem}")
        return
    except RecursionError:
        yield error(path, "is nested too deeply")
        return
    if isinstance(value, str) and isinstance(_value_of(value), dict | list):
        yield error(path, "is JSON in a string in a string; make it a string once")
    else:
        yield from check.find(path, value)


def parsed(written: str) -> Any:  # noqa: ANN401 - any JSON
    """Read JSON as the clients do; raise ValueError where it is none, RecursionError where it is too deep."""
    return json.loads(written, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number in JSON")


def _value_of(written: str) -> object:
    """Answer the value of a JSON text, None where it is none."""
    try:
        return parsed(written)
    except (ValueError, RecursionError):
        return None


def shown(value: str) -> str:
    """Show a value of the sender's in a message, cut if it is long."""
    return repr(value if len(value) <= _LONGEST_SHOWN else f"{value[: _LONGEST_SHOWN - 3]}...")
