"""How answers are presented: whatever a client sent must fit into an answer, and into an assistant's head."""

import json
from typing import Any

LONGEST = 2_000
"""How many characters of a text a list shows."""

DEEPEST = 50
"""How many levels deep an answer is JSON; what lies deeper is shown as a text."""


def shortened(answer: dict[str, Any]) -> dict[str, Any]:
    """Cut every long text in an answer, and say how much is missing."""
    return {name: _cut(value) for name, value in answer.items()}


def presentable(value: Any, depth: int = DEEPEST) -> Any:  # noqa: ANN401 - JSON
    """Answer a value that the protocol can carry: no lone surrogate, which is no character, and not too deep."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict | list) and depth == 0:
        return json.dumps(value)
    if isinstance(value, dict):
        return {presentable(name): presentable(inner, depth - 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [presentable(inner, depth - 1) for inner in value]
    return value


def _cut(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return shortened(value)
    if isinstance(value, list):
        return [_cut(inner) for inner in value]
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}… ({len(value) - LONGEST} more characters)"
    return value
