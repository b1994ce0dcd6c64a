"""Python source of values: literals, with expressions in them where a test has a value of its own."""

import re
from collections.abc import Mapping, Sequence

WIDTH = 96
STEP = 4

_NOT_NAME = re.compile(r"\W+")


class Code(str):
    """An expression, which stands in a literal as it is."""

    __slots__ = ()


def literal(value: object, indent: int = 0) -> str:
    """Write a value as source: on one line where it fits there, else an entry a line; `indent` is where it begins."""
    if isinstance(value, Mapping):
        entries = [(f"{_atom(name)}: ", entry) for name, entry in value.items()]
        return _gathered("{", entries, "}", indent)
    if isinstance(value, list | tuple):
        entries = [("", entry) for entry in value]
        alone = isinstance(value, tuple) and len(value) == 1
        return _gathered(
            "[" if isinstance(value, list) else "(",
            entries,
            "]" if isinstance(value, list) else ",)" if alone else ")",
            indent,
        )
    return _atom(value)


def _gathered(opening: str, entries: Sequence[tuple[str, object]], closing: str, indent: int) -> str:
    line = opening + ", ".join(f"{name}{literal(entry)}" for name, entry in entries) + closing
    if not entries or ("\n" not in line and indent + len(line) <= WIDTH):
        return line
    inner = indent + STEP
    lines = [f"{' ' * inner}{name}{literal(entry, inner)}," for name, entry in entries]
    return "\n".join([opening, *lines, f"{' ' * indent}{closing.lstrip(',')}"])


def _atom(value: object) -> str:
    """Write a value that holds no others; texts in double quotes, as formatters have them."""
    if isinstance(value, Code):
        return str(value)
    written = repr(value)
    if isinstance(value, str) and written[0] == "'" and '"' not in value:
        return f'"{written[1:-1]}"'
    return f'b"{written[2:-1]}"' if isinstance(value, bytes) and b'"' not in value else written


def call(function: str, *arguments: object, **keywords: object) -> str:
    """Write a call in the body of a function, an argument a line where it does not fit on one."""
    line = f"{function}({', '.join([*map(literal, arguments), *_named(keywords, 0)])})"
    if "\n" not in line and STEP + len(line) <= WIDTH:
        return line
    inner = 2 * STEP
    lines = [literal(one, inner) for one in arguments] + _named(keywords, inner)
    return "\n".join([f"{function}(", *(f"{' ' * inner}{one}," for one in lines), f"{' ' * STEP})"])


def _named(keywords: Mapping[str, object], indent: int) -> list[str]:
    return [f"{name}={literal(value, indent)}" for name, value in keywords.items()]


def name_of(text: str) -> str:
    """Answer a text as a part of a name."""
    return _NOT_NAME.sub("_", text).strip("_").lower()
