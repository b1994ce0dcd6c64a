"""The fields of a fault that nothing else has: names with their nearest, delays, headers, bodies, probabilities."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from mockkommunicate.domain.faults import LONGEST_DELAY_MS, Latency, Lognormal, Uniform
from mockkommunicate.wire.fields import Text

LARGEST_SIGMA = 5.0

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE = re.compile(r"[\x20-\x7e\xa0-\xff\t]*\Z")
_SERVERS = frozenset(
    {
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "upgrade",
        "te",
        "trailer",
        "proxy-authenticate",
        "proxy-authorization",
        "date",
        "server",
        "x-mock-fault",
    }
)
"""Headers that are the server's own to write, or ours."""


def one_of(name: str, known: Sequence[str]) -> str:
    """Say what a name must be, and which of the known ones it is nearest to."""
    close = difflib.get_close_matches(name, [str(one) for one in known], n=1)
    return f"must be one of {', '.join(known)}" + (f"; did you mean {close[0]!r}?" if close else "")


def named(known: Sequence[str], **options: Any) -> Text:  # noqa: ANN401 - marshmallow's own options
    """Make a field for one of several names, which says which of them another is nearest to."""

    def check(name: str) -> None:
        if name not in known:
            raise ValidationError(one_of(name, known))

    options["metadata"] = {"enum": list(known)}
    return Text(validate=check, **options)


class Share(fields.Field[float]):
    """A probability: above 0, at most 1."""

    default_error_messages = {
        "invalid": "must be a number above 0 and at most 1",
        "null": "must be a number above 0 and at most 1",
    }
    json_schema: ClassVar[dict[str, Any]] = {"type": "number", "exclusiveMinimum": 0, "maximum": 1}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:  # noqa: ANN401, ARG002
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
            raise self.make_error("invalid")
        return float(value)


class Delay(fields.Field[Latency]):
    """How long a request is kept waiting: a number of milliseconds, or how it is drawn for each."""

    default_error_messages = {
        "invalid": 'must be milliseconds, or one of {{"fixed": n}}, {{"uniform": [least, most]}}, '
        '{{"lognormal": {{"median": n, "sigma": x}}}}',
        "null": "must be milliseconds",
        "range": f"must be from 0 to {LONGEST_DELAY_MS} milliseconds",
        "order": "must have its lesser bound first",
        "sigma": f"must have a sigma from 0 to {LARGEST_SIGMA:g}",
        "median": f"must have a median from 1 to {LONGEST_DELAY_MS} milliseconds",
    }
    _MS: ClassVar[dict[str, Any]] = {"type": "integer", "minimum": 0, "maximum": LONGEST_DELAY_MS}
    _SIGMA: ClassVar[dict[str, Any]] = {"type": "number", "minimum": 0, "maximum": LARGEST_SIGMA}

    @property
    def json_schema(self) -> dict[str, Any]:
        """The field in an OpenAPI document."""
        uniform = {"type": "array", "items": self._MS, "minItems": 2, "maxItems": 2}
        lognormal = _object(median=self._MS | {"minimum": 1}, sigma=self._SIGMA)
        shapes = _object(fixed=self._MS), _object(uniform=uniform), _object(lognormal=lognormal)
        return {"anyOf": [self._MS, *shapes]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Latency:  # noqa: ANN401, ARG002
        match value:
            case {"fixed": fixed, **others} if not others:
                return self._uniform(fixed, fixed)
            case {"uniform": [least, most], **others} if not others:
                return self._uniform(least, most)
            case {"lognormal": {"median": median, "sigma": sigma, **more}, **others} if not (others or more):
                return self._lognormal(median, sigma)
            case int():
                return self._uniform(value, value)
        raise self.make_error("invalid")

    def _uniform(self, least: Any, most: Any) -> Uniform:  # noqa: ANN401
        if not (_is_number(least, int) and _is_number(most, int)):
            raise self.make_error("invalid")
        if not (0 <= least <= LONGEST_DELAY_MS and 0 <= most <= LONGEST_DELAY_MS):
            raise self.make_error("range")
        if least > most:
            raise self.make_error("order")
        return Uniform(least=least, most=most)

    def _lognormal(self, median: Any, sigma: Any) -> Lognormal:  # noqa: ANN401
        if not (_is_number(median, int) and _is_number(sigma, int | float)):
            raise self.make_error("invalid")
        if not 1 <= median <= LONGEST_DELAY_MS:
            raise self.make_error("median")
        if not 0 <= sigma <= LARGEST_SIGMA:
            raise self.make_error("sigma")
        return Lognormal(median=median, sigma=float(sigma))


def _is_number(value: object, kind: Any) -> bool:  # noqa: ANN401 - a type, or several
    return isinstance(value, kind) and not isinstance(value, bool)


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


class Headers(fields.Field[Mapping[str, str]]):
    """Headers to write: names, and texts or whole numbers; none of those `reserved` for the server."""

    default_error_messages = {"invalid": "must be an object of texts", "null": "must be an object of texts"}
    json_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    }

    def __init__(self, *, reserved: Collection[str] = _SERVERS, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.reserved = reserved

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,  # noqa: ARG002
        data: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        seen: set[str] = set()
        problems: dict[str, list[str]] = {}
        for name, text in value.items():
            if problem := _wrong_header(name, text, seen, self.reserved):
                problems[name] = [problem]
            seen.add(name.lower())
        if problems:
            raise ValidationError(problems)
        return {name: str(text) for name, text in value.items()}


def _wrong_header(name: str, text: object, seen: set[str], reserved: Collection[str]) -> str | None:
    """Say what is wrong with a header, or None."""
    if not _NAME.match(name):
        return "must have a name of ASCII letters, digits and -, without spaces"
    if name.lower() in reserved:
        return "is written by the server itself; leave it out"
    if name.lower() in seen:
        return "is repeated in other letters; give it once"
    if not _is_number(text, str | int) or not _VALUE.match(str(text)):
        return "must be a text of one line in Latin-1, or a whole number"
    return None


class Body(fields.Field[Any]):
    """The body of an answer: text, or any other JSON."""

    default_error_messages = {
        "text": "must be text that UTF-8 can write: it has half of a surrogate pair",
    }
    json_schema: ClassVar[dict[str, Any]] = {}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401, ARG002
        if isinstance(value, str) and not value.isascii() and re.search("[\ud800-\udfff]", value):
            raise self.make_error("text")
        return value
