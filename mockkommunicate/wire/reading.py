"""Read what came: bytes into a JSON object, values into keywords, and everything wrong named at once."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, pre_load

from mockkommunicate.domain.errors import BadBody, Problem

Parsed = TypeVar("Parsed", dict[str, Any], list[Any])

DEEPEST = 100
"""How many objects and arrays of a body may be inside each other, so that whatever reads it can."""


class Input(Schema):
    """What an operation takes. Unknown fields are ignored and null is absent, as in the service (inferred)."""

    class Meta:
        """Marshmallow's options."""

        unknown = EXCLUDE

    @pre_load
    def leave_out_null(self, values: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Treat null as absent."""
        return {key: value for key, value in values.items() if value is not None}


def parse_object(raw: bytes) -> dict[str, Any]:
    """Parse a body into a JSON object; raise BadBody, naming the position, when it is none."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadBody(f"the body is not UTF-8: byte {error.start}") from error
    return parse(text, dict, what="the body", needed="a JSON object")


def parse(text: str, kind: type[Parsed], *, what: str, needed: str) -> Parsed:
    """Parse a JSON object or array; raise BadBody, naming the position, when it is none."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        raise BadBody(f"{what} is not JSON: {error.msg} at {at}; {needed} is needed") from error
    except (ValueError, RecursionError) as error:
        raise BadBody(f"{what} is not JSON that can be read: {error}") from error
    if text.count("{") + text.count("[") > DEEPEST and _depth(value) > DEEPEST:
        raise BadBody(f"{what} is JSON that is nested deeper than {DEEPEST} objects and arrays")
    if not isinstance(value, kind):
        raise BadBody(f"{what} is JSON but {_kind(value)}; {needed} is needed")
    return value


def _depth(value: object) -> int:
    """Count how many objects and arrays are inside each other."""
    depth, level = 0, [value]
    while inside := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [entry for one in inside for entry in (one.values() if isinstance(one, dict) else one)]
    return depth


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is out of range")
    return number


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")


def load(schema: Schema, values: Mapping[str, Any], where: str) -> tuple[dict[str, Any], list[Problem]]:
    """Load values with a schema; answer the keywords, and the problems, one for each wrong value."""
    try:
        return dict(schema.load(values)), []
    except ValidationError as error:
        return {}, list_problems(where, error.messages, values)


def single(values: Sequence[tuple[str, str]], known: Schema) -> tuple[dict[str, str], list[Problem]]:
    """Answer query parameters as a mapping; a known one that is repeated is a problem."""
    names = {field.data_key or name for name, field in known.fields.items()}
    counts = Counter(name for name, _ in values)
    message = "is repeated; it may be given once"
    repeated = [Problem("query", name, message) for name in counts if counts[name] > 1 and name in names]
    return dict(reversed(values)), repeated


def list_problems(where: str, messages: object, values: object, path: str = "") -> list[Problem]:
    """Flatten marshmallow's messages: a name such as `users[2].role`, what is wrong with it, and what came."""
    if isinstance(messages, Mapping):
        flat = []
        for key, inner in messages.items():
            inside = path if key == "_schema" else _step(path, key)
            flat += list_problems(where, inner, values if key == "_schema" else _value(values, key), inside)
        return flat
    if isinstance(messages, list):
        return [Problem(where, path, f"{message}{_came(values, message, path)}") for message in messages]
    return [Problem(where, path, str(messages))]


_ABSENT = object()


def _came(values: object, message: str, path: str) -> str:
    """Write what came, where that is what is wrong."""
    if values is _ABSENT or not path or "is not known here" in message:
        return ""
    return "" if values is None and "is missing" in message else f"; got {short(values)}"


def _step(path: str, key: object) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)


def _value(values: object, key: object) -> object:
    if isinstance(values, Mapping):
        return values.get(key, _ABSENT)
    if isinstance(values, list) and isinstance(key, int) and key < len(values):
        return values[key]
    return _ABSENT


def short(value: object) -> str:
    """Write a value as JSON for an error message, cut where it is long."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - a line's worth
