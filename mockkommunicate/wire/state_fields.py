"""What the JSON of a state is made of: fields that take JSON's own kinds and nothing that could be made one."""

import base64
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields

from mockkommunicate.domain.clock import LATEST_MS
from mockkommunicate.wire.fields import Number
from mockkommunicate.wire.settings import Strict

MOST_PROBLEMS = 100
"""How many problems are named at once: a state may have as many as messages."""


class Whole(Number):
    """A whole number as JSON writes it."""

    default_error_messages = {"null": "must be a whole number"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401
        if type(value) is not int:
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


def instant(**options: Any) -> Whole:  # noqa: ANN401 - marshmallow's own options
    """Make a field for a time in milliseconds since 1970; a scenario may reach back before that."""
    return Whole(least=-LATEST_MS, most=LATEST_MS, **options)


class Truth(fields.Field[bool]):
    """True or false as JSON writes it."""

    default_error_messages = {
        "required": "is missing: true or false",
        "null": "must be true or false",
        "invalid": "must be true or false",
    }
    json_schema: ClassVar[dict[str, Any]] = {"type": "boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ANN401, ARG002
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Anything(fields.Field[Mapping[str, Any]]):
    """An object of any JSON, kept as it is."""

    default_error_messages = {
        "required": "is missing: an object",
        "null": "must be an object",
        "invalid": "must be an object",
    }
    json_schema: ClassVar[dict[str, Any]] = {"type": "object"}

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,  # noqa: ARG002
        data: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        return value


class Strings(Anything):
    """An object of strings: metadata as it is stored."""

    json_schema: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": {"type": "string"}}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, str]:  # noqa: ANN401
        metadata = super()._deserialize(value, attr, data, **kwargs)
        wrong = {key: ["must be a string"] for key, entry in metadata.items() if not isinstance(entry, str)}
        if wrong:
            raise ValidationError(wrong)
        return metadata


class Base64(fields.Field[bytes]):
    """Bytes, written in Base64."""

    default_error_messages = {
        "required": "is missing: bytes in Base64",
        "null": "must be bytes in Base64",
        "invalid": "must be bytes in Base64",
    }
    json_schema: ClassVar[dict[str, Any]] = {"type": "string", "contentEncoding": "base64"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:  # noqa: ANN401, ARG002
        try:
            return base64.b64decode(value, validate=True)
        except (TypeError, ValueError) as error:
            raise self.make_error("invalid") from error


class Rotations(Anything):
    """The rotation of each team: an object of lists of user ids, by the ids of the teams."""

    json_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "string"}},
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, list[str]]:  # noqa: ANN401
        rotations = super()._deserialize(value, attr, data, **kwargs)
        wrong = {
            team_id: ["must be a list of user ids"]
            for team_id, rotation in rotations.items()
            if not isinstance(rotation, list) or not all(isinstance(user_id, str) for user_id in rotation)
        }
        if wrong or not rotations:
            raise ValidationError(wrong or "must be left out where no team has had a turn")
        return rotations


class Stated(Strict):
    """An object of a state. A field must be there unless it is among `optional`: absent values are left out."""

    optional: ClassVar[tuple[str, ...]] = ()

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Make a field required, and let it say what it must be in our words."""
        field_obj.required = field_name not in self.optional
        if isinstance(field_obj, fields.List):
            _say(field_obj, null="must be a list", invalid="must be a list", required="is missing: a list")
            _say(field_obj.inner, null="must be an object")
        elif isinstance(field_obj, fields.Nested):
            _say(field_obj, null="must be an object", required="is missing: an object")

    @property
    def names(self) -> list[tuple[str, str]]:
        """Our name of each field, and the wire's."""
        return [(name, field.data_key or name) for name, field in self.fields.items()]

    def written(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Answer values under the wire's names, without those that are absent."""
        return {key: values[name] for name, key in self.names if values.get(name) is not None}


def _say(field: fields.Field[Any], **messages: str) -> None:
    """Give a field messages, unless it has its own, without touching those of its copies in other schemas."""
    if isinstance(field, fields.List | fields.Nested):
        field.error_messages = {**field.error_messages, **messages}


def with_nearest(schema: Schema, messages: Mapping[Any, Any]) -> dict[Any, Any]:
    """Answer marshmallow's messages so that those of unknown fields say which known one is the nearest."""
    by_key = {field.data_key or name: field for name, field in schema.fields.items()}
    return {
        name: _at(by_key[name], inner)
        if name in by_key
        else inner
        if name == "_schema"
        else _hint(name, by_key)
        for name, inner in messages.items()
    }


def _at(field: fields.Field[Any], messages: Any) -> Any:  # noqa: ANN401 - marshmallow's messages
    if not isinstance(messages, dict):
        return messages
    if isinstance(field, fields.List):
        return {index: _at(field.inner, inner) for index, inner in messages.items()}
    return with_nearest(field.schema, messages) if isinstance(field, fields.Nested) else messages


def _hint(name: object, known: Iterable[str]) -> list[str]:
    nearest = difflib.get_close_matches(str(name)[:100], known, n=1)
    return [
        f"is unknown; did you mean {nearest[0]!r}?"
        if nearest
        else f"is unknown: it may be {', '.join(known)}"
    ]


def limited(messages: Mapping[Any, Any]) -> dict[Any, Any]:
    """Answer marshmallow's messages with no more problems than can be read, saying that there are more."""
    places = list(_leaves(messages))
    if len(places) <= MOST_PROBLEMS:
        return dict(messages)
    kept: dict[Any, Any] = {"_schema": [f"only the first {MOST_PROBLEMS} of the problems are named"]}
    for path, message in places[:MOST_PROBLEMS]:
        put(kept, path, message)
    return kept


def put(messages: dict[Any, Any], path: Sequence[object], message: str) -> None:
    """Put a message into nested ones at a path of field names and indices."""
    *parents, name = path
    for parent in parents:
        messages = messages.setdefault(parent, {})
    messages.setdefault(name, []).append(message)


def _leaves(messages: object, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _leaves(inner, (*path, key))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield path, str(message)
