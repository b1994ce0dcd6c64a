"""Read a document, YAML or JSON, and say on which line and column what is wrong in it stands.

PyYAML is imported for YAML, and for the positions in JSON once something in it is wrong: not to serve.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockkommunicate.wire.document_error import DocumentError


@dataclass(frozen=True)
class Document:
    """A document and what it holds."""

    text: str
    is_json: bool
    values: Any

    def position(self, path: str) -> tuple[int, int]:
        """Answer line and column of a path such as `users[0].role`, or of the nearest thing around it."""
        while path and path not in self._positions:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._positions.get(path, (1, 1))

    @cached_property
    def _positions(self) -> dict[str, tuple[int, int]]:
        from mockkommunicate.wire import yaml_nodes  # noqa: PLC0415 - not needed to serve

        try:
            # Nearly all JSON is YAML too; where it is not, nothing can be said.
            _, positions = yaml_nodes.read(self.text.replace("\t", " ") if self.is_json else self.text)
        except DocumentError:
            return {}
        return positions


def decode(raw: bytes) -> str:
    """Decode the bytes of a document, with or without a byte order mark; raise DocumentError if they are not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].rpartition(b"\n")
        line = before[0].count(b"\n") + 1 + len(before[1])
        column = len(before[2].decode("utf-8", "replace")) + 1
        raise DocumentError(f"byte 0x{raw[error.start]:02x} is not UTF-8", line, column) from error


def read(text: str, *, is_json: bool) -> Document:
    """Read a document; raise DocumentError with the position of what cannot be read."""
    return Document(text, is_json, _read_json(text) if is_json else _read_yaml(text))


def _read_yaml(text: str) -> Any:  # noqa: ANN401 - any JSON
    from mockkommunicate.wire import yaml_nodes  # noqa: PLC0415 - not needed to serve

    values, _ = yaml_nodes.read(text)
    return values


def _read_json(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _without_repetition(pairs, text))
    except json.JSONDecodeError as error:
        raise DocumentError(error.msg, error.lineno, error.colno) from error
    except RecursionError as error:
        raise DocumentError("it is nested too deeply") from error
    except ValueError as error:
        raise DocumentError(f"a number is too long: {error}") from error


def _without_repetition(pairs: list[tuple[str, Any]], text: str) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        _read_yaml(text)  # which says where
        raise DocumentError("a key stands twice in the same object")
    return values
