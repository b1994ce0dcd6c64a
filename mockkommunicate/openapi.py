"""The OpenAPI 3.1 documents of both APIs, made from the routes, schemas and endpoints that are really served."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Flask
from marshmallow import Schema, fields

import mockkommunicate
from mockkommunicate.wire.envelope import Media, Wrap

View = Callable[..., Any]

JSON = "application/json"
FORM = "multipart/form-data"
BYTES = "*/*"
_ENTRY = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("errorCode", "description", "displayMessage")},
    "required": ["errorCode", "description", "displayMessage"],
    "additionalProperties": False,
}
_ERROR = {
    "type": "object",
    "properties": {
        "status": {"const": "error"},
        "errorResponse": {"type": "array", "minItems": 1, "maxItems": 1, "items": _ENTRY},
        "generatedAt": {"type": "integer"},
    },
    "required": ["status", "errorResponse", "generatedAt"],
    "additionalProperties": False,
}
_GATEWAY = {
    "type": "object",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
    "additionalProperties": False,
}
_CONTROL_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {name: {"type": "string"} for name in ("code", "message", "hint")},
            "required": ["code", "message", "hint"],
        }
    },
    "required": ["error"],
}
_ACTOR = {
    "name": "Of-User-Id",
    "in": "header",
    "description": "The user on whose behalf the call is made; percent-escapes are decoded.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 256},
}
_MALICIOUS = {
    "type": "object",
    "properties": {"errorCode": {"const": "MALICIOUS_CONTENT"}},
    "required": ["errorCode"],
    "additionalProperties": False,
}
_REFUSALS = {
    "400": "A body or parameters that cannot be taken: MOCK-BODY, MOCK-PARAM",
    "405": "Another method: AL-MA-01",
    "413": "A body over the limit: MOCK-BODY; a file over the app's own: MOCK-FILE",
    "503": "The database does not answer: MOCK-STORE",
}
_OF_FILES = {
    "403": "A signed link that is wrong or has expired: MOCK-FILE",
    "404": "No such file: MOCK-FILE",
}


class _Plugin(MarshmallowPlugin):
    """Marshmallow's schemas, with what a schema says of itself that its fields cannot (`json_schema`)."""

    def schema_helper(  # type: ignore[override]
        self,
        name: Any,  # noqa: ANN401 - apispec's own
        _: Any,  # noqa: ANN401
        schema: Any = None,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Describe a schema."""
        described = super().schema_helper(name, _, schema=schema, **kwargs)  # type: ignore[no-untyped-call]
        return described and described | getattr(resolve_schema_cls(schema), "json_schema", {})


def describe_kommunicate(app: Flask, url: str) -> dict[str, Any]:
    """Describe the emulated API as it is served at `url`."""
    spec, converter = _spec("The Kommunicate REST API, as mockkommunicate emulates it", url)
    spec.components.schema("Error", _ERROR)
    spec.components.security_scheme("apiKey", {"type": "apiKey", "in": "header", "name": "Api-Key"})
    for path, method, view in _views(app, "endpoint"):
        spec.path(path=path, operations={method: _operation(path, view, spec, converter)})
    return {**spec.to_dict(), "security": [{"apiKey": []}]}


def describe_control(app: Flask, url: str) -> dict[str, Any]:
    """Describe the control API as it is served at `url`."""
    spec, converter = _spec("The control API of mockkommunicate", url)
    spec.components.schema("ControlError", _CONTROL_ERROR)
    for path, method, view in _views(app, "control"):
        spec.path(path=path, operations={method: _control_operation(path, view, converter)})
    return dict(spec.to_dict())


def _spec(title: str, url: str) -> tuple[APISpec, OpenAPIConverter]:
    plugin = _Plugin()
    spec = APISpec(
        title=title,
        version=mockkommunicate.__version__,
        openapi_version="3.1.0",
        plugins=[plugin],
        servers=[{"url": url.rstrip("/")}],
    )
    converter = plugin.converter
    if converter is None:
        raise TypeError("apispec made no converter")
    converter.add_attribute_function(_own_schema)  # type: ignore[no-untyped-call]
    return spec, converter


def _own_schema(_converter: object, field: fields.Field[Any], **_: object) -> dict[str, Any]:
    """Say of a field what marshmallow does not know of it."""
    if isinstance(field, fields.Constant):
        return {"const": field.constant}
    return dict(getattr(field, "json_schema", {}))


def _views(app: Flask, kind: str) -> Iterator[tuple[str, str, View]]:
    """List path, method and view of every route that was made with a decorator of this kind."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if hasattr(view, kind):
            for method in sorted((rule.methods or set()) - {"HEAD"}):
                yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower(), view


def _operation(path: str, view: View, spec: APISpec, converter: OpenAPIConverter) -> dict[str, Any]:
    endpoint = view.endpoint  # type: ignore[attr-defined]
    actor = [_ACTOR | {"required": endpoint.actor == "required"}] if endpoint.actor else []
    refusals = _REFUSALS | (_OF_FILES if endpoint.operation.startswith("file.") else {})
    return {
        "operationId": endpoint.operation,
        "summary": (view.__doc__ or "").split("\n")[0],
        "parameters": [*_in_path(path), *_query(endpoint.query, converter), *actor],
        **_body(endpoint.body, kind=FORM if endpoint.form else JSON),
        **({"security": [{"apiKey": []}, {}]} if endpoint.linked else {}),
        "responses": {
            "200": {
                "description": "The answer, or a refusal of the service",
                "content": _answers(endpoint, spec, converter),
            },
            "401": {"description": "A missing or unknown key", "content": {JSON: {"schema": _GATEWAY}}},
            **{status: _error(text, "Error") for status, text in refusals.items()},
        },
    }


def _answers(
    endpoint: Any,  # noqa: ANN401 - an Endpoint of the layer above
    spec: APISpec,
    converter: OpenAPIConverter,
) -> dict[str, Any]:
    """Describe the answers with status 200: a success in its shapes, or the error envelope."""
    if isinstance(endpoint.answers, Media):
        content = {endpoint.answers.content_type: {"schema": dict(endpoint.answers.json_schema)}}
        return content | ({JSON: {"schema": _MALICIOUS}} if endpoint.form else {})
    field = endpoint.answers if isinstance(endpoint.answers, fields.Field) else None
    answer = _answer(endpoint, spec) if field is None else converter.field2property(field)
    if endpoint.form:
        return {JSON: {"schema": {"anyOf": [answer, _MALICIOUS]}}}
    if endpoint.wrap == Wrap.NEVER:
        return {JSON: {"schema": answer}, "text/plain": {"schema": {"const": "error"}}}
    shapes = [_enveloped(answer), {"$ref": "#/components/schemas/Error"}]
    return {JSON: {"schema": {"anyOf": [answer, *shapes] if endpoint.wrap == Wrap.BY_DIALECT else shapes}}}


def _answer(endpoint: Any, spec: APISpec) -> dict[str, Any]:  # noqa: ANN401 - an Endpoint of the layer above
    if not isinstance(endpoint.answers, Schema):
        return {"type": "string", "enum": list(endpoint.answers)}
    for schema in (*getattr(endpoint.answers, "parts", ()), type(endpoint.answers)):
        _register(spec, schema)
    reference = {"$ref": f"#/components/schemas/{type(endpoint.answers).__name__}"}
    return {"type": "array", "items": reference} if endpoint.many else reference


def _register(spec: APISpec, schema: type[Schema]) -> None:
    if schema.__name__ not in spec.components.schemas:
        spec.components.schema(schema.__name__, schema=schema)


def _enveloped(answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "status": {"const": "success"},
            "generatedAt": {"type": "integer"},
            "response": answer,
        },
        "required": ["status", "generatedAt", "response"],
        "additionalProperties": False,
    }


def _control_operation(path: str, view: View, converter: OpenAPIConverter) -> dict[str, Any]:
    control = view.control  # type: ignore[attr-defined]
    raw = {"requestBody": {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}}
    return {
        "operationId": f"{view.__module__.rpartition('.')[2]}.{view.__name__}",
        "summary": (view.__doc__ or "").split("\n")[0],
        "parameters": [*_in_path(path), *_query(control.query, converter)],
        **(raw if control.raw else _body(control.body, required=False)),
        "responses": {
            str(control.status): {
                "description": "The answer",
                "content": {control.media: {"schema": control.schema}},
            },
            "default": _error("A refusal: what was wrong and what would be right", "ControlError"),
        },
    }


def _in_path(path: str) -> list[dict[str, Any]]:
    kinds = {"conversation_id": "integer", "file_id": "integer"}
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": kinds.get(name, "string")}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query(schema: Schema | None, converter: OpenAPIConverter) -> list[dict[str, Any]]:
    return [] if schema is None else list(converter.schema2parameters(schema, location="query"))


def _body(schema: Schema | None, *, required: bool = True, kind: str = JSON) -> dict[str, Any]:
    if schema is None:
        return {}
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema}}}}


def _error(description: str, component: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{component}"}
    return {"description": description, "content": {JSON: {"schema": reference}}}
