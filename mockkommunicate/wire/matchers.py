"""The JSON of a request matcher: what is expected of a request, refused by name where it cannot be understood."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from marshmallow import ValidationError, fields, post_load

from mockkommunicate.domain.matching import TYPES, WORDS, RequestMatcher
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.domain.suggestions import hint
from mockkommunicate.wire.settings import Strict

Messages = list[str] | dict[Any, Any]
"""What is wrong with a value, as marshmallow has it: messages, or those of each of its entries; empty for nothing."""

Check = Callable[[Any], Messages]

_LONGEST_REASON = 120
_LONGEST_WORD = 30
_LITERALLY = "; keys that begin with $ are plain ones inside $equals"


class Expectation(fields.Field[Any]):
    """What is expected of one part of a request: it is checked and stays as it came."""

    default_error_messages = {"null": "must not be null; leave it out to expect nothing of it"}

    def __init__(self, check: Check, *, types: Iterable[str], **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self._check = check
        self.json_schema: dict[str, Any] = {"type": [*types]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401, ARG002
        if wrong := self._check(value):
            raise ValidationError(wrong)
        return value


def _place(plain: Check, exact: Check | None = None) -> Check:
    """Make the check of a place where a plain value or a word stands; `exact` checks what is in `$equals`."""
    checks = {"$equals": exact or plain, "$type": _type, "$regex": _regex, "$absent": _absent}

    def check(value: Any) -> Messages:  # noqa: ANN401
        words = _words(value)
        if not words:
            return plain(value)
        word = words[0]
        if word not in checks:
            known = f"{hint(word, WORDS)}; there are {', '.join(WORDS)}"
            return [f"{word[:_LONGEST_WORD]!r} is no matcher{known}{_LITERALLY}"]
        if len(value) > 1:
            return [f"must hold {word!r} alone{_LITERALLY}"]
        return _gather([(word, checks[word](value[word]))])

    return check


def _words(value: Any) -> list[str]:  # noqa: ANN401
    return [key for key in value if key.startswith("$")] if isinstance(value, dict) else []


def _type(value: Any) -> Messages:  # noqa: ANN401
    known = isinstance(value, str) and value in TYPES
    return [] if known else [f"must be one of {', '.join(TYPES)}{hint(value, TYPES)}"]


def _regex(value: Any) -> Messages:  # noqa: ANN401
    if not isinstance(value, str):
        return ["must be a string: a regular expression"]
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return [f"is no regular expression: {str(error)[:_LONGEST_REASON]}"]
    return []


def _absent(value: Any) -> Messages:  # noqa: ANN401
    return [] if value is True else ["must be true"]


def _method(value: Any) -> Messages:  # noqa: ANN401
    good = isinstance(value, str) and re.fullmatch("[A-Za-z-]+", value)
    return [] if good else ["must be a method such as PATCH, or a matcher"]


def _path(value: Any) -> Messages:  # noqa: ANN401
    if not isinstance(value, str) or not value.startswith("/"):
        return ["must be a path that begins with /, or a matcher"]
    return ["must be the path alone: what is behind the ? belongs into query"] if "?" in value else []


def _operation(value: Any) -> Messages:  # noqa: ANN401
    known = isinstance(value, str) and value in OPERATIONS
    near = hint(value, OPERATIONS)
    return [] if known else [f"must be one of {', '.join(OPERATIONS)}, or a matcher{near}"]


def _text(value: Any) -> Messages:  # noqa: ANN401
    good = isinstance(value, str | int | float)
    return [] if good else ['must be a string, a number, true, false, or a matcher such as {"$absent": true}']


def _each(check: Check) -> Check:
    """Let a list of values, as a repeated parameter has, stand in the place of one."""
    return lambda value: _gather(enumerate(map(check, value))) if isinstance(value, list) else check(value)


def _names(check: Check, exact: Check) -> Check:
    """Make the check of an object of named values; in `$equals` it names all that there are."""

    def check_names(value: Any) -> Messages:  # noqa: ANN401
        if isinstance(value, dict) and list(value) == ["$equals"]:
            return _gather([("$equals", _names(exact, exact)(value["$equals"]))])
        if not isinstance(value, dict) or _words(value):
            return ['must be an object of names and values, or {"$equals": such an object}']
        return _gather((name, check(inner)) for name, inner in value.items())

    return check_names


def _headers(value: Any) -> Messages:  # noqa: ANN401
    named = value.get("$equals", value) if isinstance(value, dict) else value
    counts = Counter(map(str.lower, named)) if isinstance(named, dict) else {}
    twice = [name for name, count in counts.items() if count > 1]
    return [f"name {twice[0]!r} twice, in another case"] if twice else _names(_place(_text), _text)(value)


def _value(value: Any) -> Messages:  # noqa: ANN401
    if isinstance(value, dict):
        return _gather((key, _body(inner)) for key, inner in value.items())
    return _gather(enumerate(map(_body, value))) if isinstance(value, list) else []


_body = _place(_value, exact=lambda _: [])
_query = _names(_place(_each(_place(_text)), exact=_each(_text)), exact=_each(_text))


def _gather(messages: Iterable[tuple[Any, Messages]]) -> Messages:
    return {key: wrong for key, wrong in messages if wrong}


def _url(value: Any) -> Messages:  # noqa: ANN401
    good = isinstance(value, str) and re.match("https?://", value)
    return [] if good else ["must be a URL that begins with http:// or https://, or a matcher"]


def matched_url() -> Expectation:
    """Make a field for what is expected of a URL."""
    return Expectation(_place(_url), types=("string", "object"))


class Matcher(Strict):
    """A request as it is expected; an empty one fits every request. Loads as a RequestMatcher."""

    method = Expectation(_place(_method), types=("string", "object"))
    path = Expectation(_place(_path), types=("string", "object"))
    operation = Expectation(_place(_operation), types=("string", "object"))
    query = Expectation(_query, types=("object",))
    headers = Expectation(_headers, types=("object",))
    body = Expectation(
        _body, types=("object", "array", "string", "number", "boolean", "null"), allow_none=True
    )

    @post_load
    def matcher(self, values: dict[str, Any], **_: object) -> RequestMatcher:
        """Make the matcher."""
        return RequestMatcher(**values)
