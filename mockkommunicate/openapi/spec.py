"""What both documents are made of: schemas and the words for their fields, routes, parameters, bodies."""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Flask
from marshmallow import Schema, fields
from marshmallow.validate import Regexp

import mockkommunicate
from mockkommunicate.openapi import words

View = Callable[..., Any]

JSON = "application/json"
FORM = "multipart/form-data"
BYTES = "*/*"

_NUMBERED = ("conversation_id", "request_id", "fault_id", "delivery_id", "file_id")


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
        if not described:
            return described
        made = resolve_schema_cls(schema)
        told = {"description": " ".join((made.__doc__ or "").split("\n\n")[0].split())}
        return described | told | getattr(made, "json_schema", {})


def make(title: str, description: str, url: str) -> tuple[APISpec, OpenAPIConverter]:
    """Make the specification of an API that is served at `url`, and what makes JSON Schema of marshmallow's."""
    plugin = _Plugin()
    spec = APISpec(
        title=title,
        version=mockkommunicate.__version__,
        openapi_version="3.1.0",
        info={"description": description, "license": {"name": "MIT", "identifier": "MIT"}},
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
        return _word(field) | {"const": field.constant}
    own = dict(getattr(field, "json_schema", {}))
    if field.allow_none and isinstance(own.get("type"), str):
        own["type"] = [own["type"], "null"]
    return _word(field) | _pattern(field) | own


def _pattern(field: fields.Field[Any]) -> dict[str, str]:
    """Answer the pattern of a field as JSON Schema wants it: ECMAScript, and for the whole text, as it is found anywhere."""
    regex = next((str(one.regex.pattern) for one in field.validators if isinstance(one, Regexp)), None)
    return {} if regex is None else {"pattern": "^(?:" + regex.replace(r"\Z", "$") + ")$"}


def _word(field: fields.Field[Any]) -> dict[str, str]:
    """Answer the description of a schema's field, if there is one."""
    if not isinstance(field.parent, Schema):
        return {}
    name = field.data_key or field.name
    owners = [kind.__name__ for kind in type(field.parent).__mro__]
    told = next(filter(None, (words.FIELDS.get(f"{owner}.{name}") for owner in owners)), None)
    told = told or words.FIELDS.get(str(name))
    return {"description": told} if told else {}


def views(app: Flask, kind: str) -> Iterator[tuple[str, str, View]]:
    """List path, method and view of every route that was made with a decorator of this kind."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if hasattr(view, kind):
            for method in sorted((rule.methods or set()) - {"HEAD"}):
                yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower(), view


def area(view: View) -> str:
    """Answer the area of a view, which is the name of its module: the tag of its operation."""
    return view.__module__.rpartition(".")[2]


def tags(made: Iterator[View]) -> list[dict[str, str]]:
    """List the areas of views, each with what its module says of itself."""
    modules = {area(view): sys.modules[view.__module__].__doc__ or "" for view in made}
    return [{"name": name, "description": told.split("\n")[0]} for name, told in modules.items()]


def said(view: View) -> tuple[str, str]:
    """Answer what a view's docstring says: its first sentence, and the rest."""
    first, _, rest = (view.__doc__ or "").partition("\n")
    return first.removesuffix("."), " ".join(rest.split())


def in_path(path: str) -> list[dict[str, Any]]:
    """Describe the parameters of a path."""
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": words.PATH[name],
            "schema": {"type": "integer" if name in _NUMBERED else "string"},
        }
        for name in re.findall(r"{(\w+)}", path)
    ]


def query(schema: Schema | None, converter: OpenAPIConverter) -> list[dict[str, Any]]:
    """Describe the parameters of a query."""
    return [] if schema is None else list(converter.schema2parameters(schema, location="query"))


def body(schema: Schema | None, *, required: bool = True, kind: str = JSON, **more: object) -> dict[str, Any]:
    """Describe a body, if there is one."""
    if schema is None:
        return {}
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema, **more}}}}


def error(description: str, component: str) -> dict[str, Any]:
    """Describe the answer of an error."""
    reference = {"$ref": f"#/components/schemas/{component}"}
    return {"description": description, "content": {JSON: {"schema": reference}}}
