"""Fields whose leniency is Kommunicate's: ids as numbers or strings, booleans in any case, metadata of strings.

`json_schema` is what the OpenAPI document says of a field that marshmallow does not know.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate

from mockkommunicate.domain.conversations import LARGEST_ID, LONGEST_NAME
from mockkommunicate.domain.suggestions import hint

LONGEST_NUMBER = 20
"""No number that is meant has more digits."""

_NUMERIC = "^-?[0-9]{1,9}$"


class Text(fields.String):
    """A string and nothing that could be made one."""

    default_error_messages = {
        "invalid": "must be a string",
        "null": "must be a string",
        "required": "is missing: a string",
    }


def identifier(**options: Any) -> Text:  # noqa: ANN401 - marshmallow's own options
    """Make a field for the id of a user or a conversation of the caller's: a string that an index can hold."""
    length = validate.Length(1, LONGEST_NAME, error=f"must have 1 to {LONGEST_NAME} characters")
    return Text(validate=length, **options)


def reference(**options: Any) -> Text:  # noqa: ANN401 - marshmallow's own options
    """Make a field for an id to look up: it may be blank, and is then not found."""
    length = validate.Length(0, LONGEST_NAME, error=f"must have at most {LONGEST_NAME} characters")
    return Text(validate=length, **options)


class _OneOf(validate.OneOf):
    """One of several words; another is refused with the nearest of them."""

    def _format_error(self, value: object) -> str:
        return f"must be one of {', '.join(self.choices)}{hint(value, self.choices)}"


def choice(*choices: str, **options: Any) -> Text:  # noqa: ANN401 - marshmallow's own options
    """Make a field for one of several words."""
    return Text(validate=_OneOf([str(word) for word in choices]), **options)


def listing(what: str, of: fields.Field[Any], **options: Any) -> fields.List[Any]:  # noqa: ANN401
    """Make a field for a list; `what` is what one of its entries is called in the error messages."""
    field = fields.List(of, **options)
    field.error_messages |= {
        "invalid": f"must be a list of {what}s",
        "required": f"is missing: a list of at least one {what}",
    }
    return field


def whole_number(value: object) -> int | None:
    """Read a JSON number without a fraction (1.0 too), or a string of ASCII digits; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return (
        int(value) if isinstance(value, str) and is_numeric(value) and len(value) < LONGEST_NUMBER else None
    )


def is_numeric(text: str) -> bool:
    """Tell whether a text is a whole number in ASCII digits."""
    return text.isascii() and text.removeprefix("-").isdigit()


class Number(fields.Field[int]):
    """A whole number within bounds, as a JSON number or a numeric string; `choices` allows only some."""

    default_error_messages = {
        "required": "is missing: a whole number",
        "invalid": "must be a whole number",
        "range": "must be from {least} to {most}",
    }

    def __init__(
        self,
        *,
        least: int = 0,
        most: int = LARGEST_ID,
        choices: tuple[int, ...] = (),
        **options: Any,  # noqa: ANN401 - marshmallow's own options
    ) -> None:
        super().__init__(**options)
        self.least, self.most, self.choices = least, most, choices
        if choices:
            one_of = f"one of {', '.join(map(str, choices))}"
            self.error_messages |= {"required": f"is missing: {one_of}", "invalid": f"must be {one_of}"}

    @property
    def json_schema(self) -> dict[str, Any]:
        """The field in an OpenAPI document."""
        if self.choices:
            return {"type": "integer", "enum": list(self.choices)}
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401, ARG002
        number = whole_number(value)
        if number is None:
            raise self.make_error("invalid")
        if self.choices and number not in self.choices:
            raise self.make_error("invalid")
        if not self.choices and not self.least <= number <= self.most:
            raise self.make_error("range", least=self.least, most=self.most)
        return number


class ConversationId(fields.Field[int]):
    """A conversation's id, as a number or a numeric string of 32 bits.

    A blank id, and in a body any text that is no number, is simply the id of no conversation (inferred): it loads
    as 0. In the query such a text is a wrong parameter (inferred: the backend's query parameters are typed).
    """

    default_error_messages = {
        "required": "is missing: a conversation's id",
        "invalid": "must be a conversation's id: a whole number or a numeric string",
        "range": f"must be a conversation's id from {-LARGEST_ID - 1} to {LARGEST_ID}",
    }

    def __init__(self, *, typed: bool = False, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.typed = typed

    @property
    def json_schema(self) -> dict[str, Any]:
        """The field in an OpenAPI document."""
        number = {"type": "integer", "format": "int32", "minimum": -LARGEST_ID - 1, "maximum": LARGEST_ID}
        return {"anyOf": [number, {"type": "string", "pattern": _NUMERIC}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ANN401, ARG002
        number = whole_number(value)
        if number is None:
            if isinstance(value, str) and (not self.typed or not value.strip()) and not is_numeric(value):
                return 0
            raise self.make_error("range" if isinstance(value, str) and is_numeric(value) else "invalid")
        if not -LARGEST_ID - 1 <= number <= LARGEST_ID:
            raise self.make_error("range")
        return number


class ClientGroupId(fields.Field[str]):
    """A caller's own id of a conversation: documented as a number, a string in every client. Loads as a string."""

    default_error_messages = {
        "invalid": "must be a whole number or a string",
        "length": f"must have 1 to {LONGEST_NAME} characters",
    }
    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "integer", "minimum": -(10**18), "maximum": 10**18},
            {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
        ]
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401, ARG002
        text = value if isinstance(value, str) else _number_text(value)
        if text is None:
            raise self.make_error("invalid")
        if not 1 <= len(text) <= LONGEST_NAME:
            raise self.make_error("length")
        return text


def _number_text(value: object) -> str | None:
    number = whole_number(value)
    return None if number is None else json.dumps(number)


class Flag(fields.Field[bool]):
    """A boolean, as JSON's or as text in any case: the documentation prints True, false and true."""

    default_error_messages = {
        "invalid": "must be true or false",
        "required": "is missing",
    }
    json_schema: ClassVar[dict[str, Any]] = {"type": "boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ANN401, ARG002
        word = str(value).lower() if isinstance(value, bool | str) else None
        if word not in {"true", "false"}:
            raise self.make_error("invalid")
        return word == "true"


class StringMetadata(fields.Field[Mapping[str, str]]):
    """Metadata: a JSON object whose values are stored as strings. Objects and arrays in it must come stringified."""

    default_error_messages = {"invalid": "must be an object of strings"}
    json_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": kind} for kind in ("string", "number", "boolean")]},
    }

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,  # noqa: ARG002
        data: Any,  # noqa: ANN401, ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        nested = {
            key: ["must be a string: stringify objects and arrays (JSON in a string)"]
            for key, entry in value.items()
            if isinstance(entry, dict | list)
        }
        if nested:
            raise ValidationError(nested)
        return {key: _as_string(entry) for key, entry in value.items() if entry is not None}


def _as_string(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
