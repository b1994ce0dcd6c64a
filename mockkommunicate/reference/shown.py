"""An OpenAPI document as the plain page shows it: operations by their tags, fields with their kinds, examples as text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")

_SCHEMAS = "#/components/schemas/"
_BOUNDS = {"minimum": "from", "maximum": "to", "minLength": "at least", "maxLength": "at most"}


def sections(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the tags of a document, each with its operations."""
    operations = [*_operations(document)]
    return [
        {**tag, "operations": [one for one in operations if tag["name"] in one["tags"]]}
        for tag in document["tags"]
    ]


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(path, method, item[method])


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    return {
        **operation,
        "path": path,
        "method": method.upper(),
        "parameters": [{**one, "kind": kind(one["schema"])} for one in operation["parameters"]],
        "bodies": [*_media(body)],
        "answers": [
            {"status": status, "description": answer["description"], "media": [*_media(answer["content"])]}
            for status, answer in operation["responses"].items()
        ],
    }


def _media(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, media in content.items():
        examples = [
            {**example, "text": _text(example["value"])} for example in media.get("examples", {}).values()
        ]
        yield {"type": name, "kinds": [*_kinds(media["schema"])], "examples": examples}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def schemas(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the schemas of a document, each with its fields."""
    return [
        {"name": name, "description": schema.get("description", ""), "fields": [*_fields(schema)]}
        for name, schema in sorted(document["components"]["schemas"].items())
    ]


def _fields(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, field in schema.get("properties", {}).items():
        yield {
            "name": name,
            "kind": kind(field),
            "description": field.get("description", ""),
            "required": name in schema.get("required", ()),
            "links": sorted(set(_named(field))),
        }


def _kinds(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """List the shapes that something may have."""
    for shape in schema.get("anyOf", [schema]):
        yield {"kind": kind(shape), "links": sorted(set(_named(shape)))}


def kind(schema: Mapping[str, Any]) -> str:
    """Say in a few words what a schema allows."""
    if "$ref" in schema:
        return str(schema["$ref"].removeprefix(_SCHEMAS))
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if "anyOf" in schema:
        return " or ".join(map(kind, schema["anyOf"]))
    return _typed(schema)


def _typed(schema: Mapping[str, Any]) -> str:
    types = schema.get("type", "any value")
    name = " or ".join(types) if isinstance(types, list) else str(types)
    if "items" in schema:
        return f"{name} of {kind(schema['items'])}"
    if "response" in schema.get("properties", {}):
        return f"envelope of {kind(schema['properties']['response'])}"
    bounds = [f"{word} {schema[key]}" for key, word in _BOUNDS.items() if key in schema]
    return f"{name}, {' '.join(bounds)}" if bounds else name


def _named(schema: object) -> Iterator[str]:
    """Name the schemas that one refers to."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield str(schema["$ref"]).removeprefix(_SCHEMAS)
        for inner in schema.values():
            yield from _named(inner)
    if isinstance(schema, list):
        for inner in schema:
            yield from _named(inner)
