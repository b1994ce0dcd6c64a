"""The published rich messages, as the API takes them, and what is found in them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mockkommunicate.domain import rich_messages
from mockkommunicate.domain.findings import Finding

FOLDER = Path(__file__).parent.parent / "fixtures" / "rich_messages"

FREE = frozenset({"formData", "replyMetadata", "headers"})
"""Objects of the sender's own in the examples: their fields have any name."""

Place = tuple[str | int, ...]


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the content of every example."""
    for file in sorted(FOLDER.glob("*.json")):
        for example in json.loads(file.read_text(encoding="utf-8"))["examples"]:
            yield f"{file.stem}: {example['name']}", example


def written(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Write what the documentation prints as the API takes it: everything inside is a string."""
    return {key: one if isinstance(one, str) else json.dumps(one) for key, one in metadata.items()}


def opened(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Read what is JSON in a string, so that it can be changed."""
    return {key: _opened(one) for key, one in metadata.items()}


def _opened(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith(("[", "{")) else value


def lint(metadata: Mapping[str, Any], content_type: int = 0) -> tuple[Finding, ...]:
    """Find what is wrong with metadata that is written first."""
    return rich_messages.lint(written(metadata), content_type=content_type)


def said(metadata: Mapping[str, Any], content_type: int = 0) -> list[str]:
    """Write findings as a line each: `error payload[0].title: is missing: a string`."""
    return [f"{one.severity} {one.path}: {one.message}" for one in lint(metadata, content_type)]


def as_json(found: tuple[Finding, ...]) -> list[dict[str, str]]:
    """Write findings as JSON values."""
    return [asdict(one) for one in found]


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Yield where every field and entry of a value is, but those of the sender's own objects."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*place, key)
        if key not in FREE:
            yield from places(one, (*place, key))


def path(place: Place) -> str:
    """Write a place as a finding's path."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place).removeprefix(".")
