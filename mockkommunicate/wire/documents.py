"""Read a document, YAML or JSON, and say on which line and column what is wrong in it stands.

PyYAML is imported for YAML, and for the positions in JSON once something in it is wrong: not to serve.
"""

import json
from dataclasses import dataclass
from typing import Any


class DocumentError(Exception):
    """A document that cannot be read, with the line and column where."""


@dataclass(frozen=True)
class Document:
    """A document and what it holds."""

    text: str
    is_json: bool
    values: Any

    def position(self, path: str) -> tuple[int, int]:
        """Answer line and column of a path such as `users[0].role`, or of the nearest thing around it."""
        from mockkommunicate.wire import yaml_nodes  # noqa: PLC0415 - not needed to serve

        try:
            # Nearly all JSON is YAML too; where it is not, nothing can be said.
            _, positions = yaml_nodes.read(self.text.replace("\t", " ") if self.is_json else self.text)
        except DocumentError:
            return 1, 1
        while path and path not in positions:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return positions.get(path, (1, 1))


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
        raise DocumentError(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise DocumentError("line 1, column 1: it is nested too deeply") from error


def _without_repetition(pairs: list[tuple[str, Any]], text: str) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        _read_yaml(text)  # which says where
        raise DocumentError("line 1, column 1: a key stands twice in the same object")
    return values
