"""The OpenAPI document of the control API."""

from typing import Any

from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Flask

from mockkommunicate.openapi import examples
from mockkommunicate.openapi import spec as parts
from mockkommunicate.openapi.spec import BYTES, View
from mockkommunicate.operations import examples as contracts
from mockkommunicate.wire.conversations import Group

_DESCRIPTION = """\
Everything under `/_mock`: apps, their content, the journal, faults, clocks, snapshots, deliveries.
`APP` is an application id, or `default`. Unknown fields are refused by name.
Off loopback, or with `--control-token`, every call needs the token that the server printed."""

_ERROR = {
    "type": "object",
    "description": "A refusal: what was wrong and what would be right.",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string", "description": "A word for programs."},
                "message": {"type": "string", "description": "What was wrong."},
                "hint": {"type": "string", "description": "What would be right."},
            },
            "required": ["code", "message", "hint"],
        }
    },
    "required": ["error"],
}


def describe_control(app: Flask, url: str) -> dict[str, Any]:
    """Describe the control API as it is served at `url`."""
    spec, converter = parts.make("The control API of mockkommunicate", _DESCRIPTION, url)
    spec.components.schema("ControlError", _ERROR)
    for schema in Group.parts:
        spec.components.schema(schema.__name__, schema=schema)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for path, method, view in parts.views(app, "control"):
        called = examples.of_calls(contracts.contracts(), method.upper(), path, url.rstrip("/"))
        spec.path(path=path, operations={method: _operation(path, view, converter, called)})
    tags = parts.tags(view for _, _, view in parts.views(app, "control"))
    return {**spec.to_dict(), "tags": tags, "security": [{}, {"token": []}]}


def _operation(path: str, view: View, converter: OpenAPIConverter, called: dict[str, Any]) -> dict[str, Any]:
    control = view.control  # type: ignore[attr-defined]
    summary, description = parts.said(view)
    raw = {"requestBody": {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}}
    return {
        "operationId": f"{parts.area(view)}.{view.__name__}",
        "tags": [parts.area(view)],
        "summary": summary,
        **({"description": description} if description else {}),
        "parameters": [*parts.in_path(path), *parts.query(control.query, converter)],
        **(raw if control.raw else parts.body(control.body, required=False, **called)),
        "responses": {
            str(control.status): {
                "description": "The answer",
                "content": {control.media: {"schema": control.schema}},
            },
            "default": parts.error("A refusal: what was wrong and what would be right", "ControlError"),
        },
    }
