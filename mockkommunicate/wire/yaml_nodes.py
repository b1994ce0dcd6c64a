"""YAML as a tree of nodes, each with its position.

It is read with JSON's resolvers only: `no`, `0123` and dates stay the text they are. Anchors are refused, for a few
lines of them can stand for gigabytes.
"""

import re
from typing import Any

import yaml

from mockkommunicate.wire.document_error import DocumentError

LONGEST_NUMBER = 20
"""A number of more characters stays the text it is."""

_TAGS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}

Positions = dict[str, tuple[int, int]]


class _JsonLoader(yaml.SafeLoader):
    """YAML whose plain words mean what they mean in JSON."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - PyYAML's own
        """Compose a node, but no alias."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise _refusal(mark, "aliases are not allowed here")
        return super().compose_node(parent, index)


for _tag, _pattern, _first in (
    ("bool", "^(?:true|false)$", "tf"),
    ("null", "^(?:null)$", "n"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", "-0123456789"),
):
    _JsonLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def read(text: str) -> tuple[Any, Positions]:
    """Answer what a text holds, and on which line and column each path begins; raise DocumentError."""
    positions: Positions = {}
    root = _compose(text)
    return {} if root is None else _value(root, "", positions), positions


def _compose(text: str) -> Any:  # noqa: ANN401 - a node, or None for an empty text
    try:
        return yaml.compose(text, Loader=_JsonLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refusal(mark, str(error.problem or error.context)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise DocumentError(error.reason, line, column) from error
    except RecursionError as error:
        raise DocumentError("it is nested too deeply") from error


def _refusal(mark: Any, message: str) -> DocumentError:  # noqa: ANN401 - PyYAML's own
    """Make the error for a mark of PyYAML's, which counts from 0."""
    return DocumentError(message, mark.line + 1, mark.column + 1) if mark else DocumentError(message)


def _value(node: yaml.Node, path: str, positions: Positions) -> Any:  # noqa: ANN401 - any JSON
    positions.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if node.tag not in _TAGS and not isinstance(node, yaml.ScalarNode):
        raise _foreign_tag(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, f"{path}[{index}]", positions) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, positions)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: str, positions: Positions) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, item in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refusal(key.start_mark, "a key must be a word")
        if key.value in values:
            raise _refusal(key.start_mark, f"{key.value!r} stands here twice")
        inside = f"{path}.{key.value}" if path else key.value
        positions[inside] = (key.start_mark.line + 1, key.start_mark.column + 1)
        values[key.value] = _value(item, inside, positions)
    return values


def _scalar(node: yaml.Node) -> Any:  # noqa: ANN401 - any JSON
    text = str(node.value)
    kind = _kind(node, text)
    if kind == "null" or (not text and node.style is None):  # type: ignore[attr-defined]
        return None
    if kind == "bool":
        return text == "true"
    if kind in {"int", "float"} and len(text) < LONGEST_NUMBER:
        return int(text) if kind == "int" else float(text)
    return text


def _kind(node: yaml.Node, text: str) -> str:
    """Answer what a plain word is by JSON's rules; a tag that says otherwise is refused."""
    plain = _JsonLoader("").resolve(yaml.ScalarNode, text, (node.style is None, True))  # type: ignore[attr-defined, no-untyped-call]
    if node.tag not in {plain, "tag:yaml.org,2002:str"}:
        raise _foreign_tag(node)
    return str(node.tag).rpartition(":")[2]


def _foreign_tag(node: yaml.Node) -> DocumentError:
    return _refusal(node.start_mark, f"the tag {node.tag!r} is not allowed here")
