"""Every example of an OpenAPI document, with its schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

METHODS = ("get", "put", "post", "patch", "delete")


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the operations of a document, each with its route."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def media(operation: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List everything of an operation that may have examples, each with its place."""
    for parameter in operation["parameters"]:
        yield f"{parameter['in']} {parameter['name']}", parameter
    bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
    for place, body in bodies.items():
        for kind, described in body.get("content", {}).items():
            yield f"{place} {kind}", described


def examples(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """List the examples of a document, each with its place and schema."""
    for route, operation in operations(document):
        for place, described in media(operation):
            for key, example in described.get("examples", {}).items():
                yield f"{route}, {place}: {key}", example, described["schema"]


def problems(document: Mapping[str, Any]) -> list[str]:
    """List what is wrong with the examples of a document, by its schemas."""
    found = []
    for place, example, schema in examples(document):
        whole = {**schema, "components": document["components"]}
        found += [
            f"{place}: {wrong.message}" for wrong in Draft202012Validator(whole).iter_errors(example["value"])
        ]
    return found
