"""The OpenAPI document of the emulated API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Flask
from marshmallow import Schema, fields

from mockkommunicate.openapi import examples
from mockkommunicate.openapi import spec as parts
from mockkommunicate.openapi.errors import BY_STATUS, ERROR, MALICIOUS, OF_FILES, REFUSALS
from mockkommunicate.openapi.examples import Example
from mockkommunicate.openapi.spec import FORM, JSON, View
from mockkommunicate.openapi.words import ACTOR
from mockkommunicate.operations import examples as contracts
from mockkommunicate.wire.envelope import Media, Wrap

_DESCRIPTION = """\
A local emulator: what is said here is how mockkommunicate answers.
`x-evidence` is how sure it is that the real service does so too: `documented` by Kommunicate, `observed` in an official client or a captured body, or `inferred`, which is our judgement.
Refusals of the service come with the status 200 and the envelope of an error; codes that begin with `MOCK-` are ours."""

_ACTOR = {
    "name": "Of-User-Id",
    "in": "header",
    "description": ACTOR,
    "schema": {"type": "string", "minLength": 1, "maxLength": 256},
}


@dataclass(frozen=True, kw_only=True)
class _Making:
    """What the document is being made with."""

    spec: APISpec
    converter: OpenAPIConverter
    contracts: Mapping[str, Mapping[str, Any]]
    base: str

    def shown(self, *picked: tuple[Example, Any]) -> dict[str, Any]:
        """Make `examples` of values."""
        return examples.of_values(picked, self.base)


def describe_kommunicate(app: Flask, url: str) -> dict[str, Any]:
    """Describe the emulated API as it is served at `url`."""
    spec, converter = parts.make(
        "The Kommunicate REST API, as mockkommunicate emulates it", _DESCRIPTION, url
    )
    spec.components.schema("Error", ERROR)
    spec.components.security_scheme("apiKey", {"type": "apiKey", "in": "header", "name": "Api-Key"})
    made = _Making(spec=spec, converter=converter, contracts=contracts.by_operation(), base=url.rstrip("/"))
    for path, method, view in parts.views(app, "endpoint"):
        spec.path(path=path, operations={method: _operation(path, view, made)})
    tags = parts.tags(view for _, _, view in parts.views(app, "endpoint"))
    return {**spec.to_dict(), "tags": tags, "security": [{"apiKey": []}]}


def _operation(path: str, view: View, made: _Making) -> dict[str, Any]:
    endpoint = view.endpoint  # type: ignore[attr-defined]
    contract = made.contracts[endpoint.operation]
    picked = examples.chosen(contract)
    actor = [_ACTOR | {"required": endpoint.actor == "required"}] if endpoint.actor else []
    parameters = [*parts.in_path(path), *parts.query(endpoint.query, made.converter), *actor]
    return {
        "operationId": endpoint.operation,
        "tags": [parts.area(view)],
        "summary": parts.said(view)[0],
        "description": contract["description"],
        **examples.evidence(contract),
        "parameters": [one | _given(one, picked, made) for one in parameters],
        **_body(endpoint, picked, made),
        **({"security": [{"apiKey": []}, {}]} if endpoint.linked else {}),
        "responses": _responses(endpoint, picked, made),
    }


def _given(parameter: Mapping[str, Any], picked: list[Example], made: _Making) -> dict[str, Any]:
    """Answer the examples of a parameter in the query or a header."""
    name, place = parameter["name"].lower(), {"query": "query", "header": "headers"}.get(parameter["in"])
    found = [
        (example, examples.typed(value, parameter["schema"]))
        for example, request in examples.requests(picked)
        for key, value in request.get(place or "", {}).items()
        if key.lower() == name
    ]
    return made.shown(*found)


def _body(endpoint: Any, picked: list[Example], made: _Making) -> dict[str, Any]:  # noqa: ANN401 - an Endpoint
    if endpoint.form:
        return parts.body(endpoint.body, kind=FORM)
    asked = [(one, request["body"]) for one, request in examples.requests(picked) if "body" in request]
    return parts.body(endpoint.body, **made.shown(*asked))


def _responses(endpoint: Any, picked: list[Example], made: _Making) -> dict[str, Any]:  # noqa: ANN401 - an Endpoint
    content = _answers(endpoint, made)
    refusals = REFUSALS | (OF_FILES if endpoint.operation.startswith("file.") else {})
    responses = {
        "200": {"description": "The answer, or a refusal of the service", "content": content},
        **{
            status: {
                "description": told,
                "content": {JSON: {"schema": dict(BY_STATUS.get(status, _REFERENCE))}},
            }
            for status, told in refusals.items()
        },
    }
    return {
        status: _with_examples(status, described, picked, made) for status, described in responses.items()
    }


_REFERENCE = {"$ref": "#/components/schemas/Error"}


def _with_examples(
    status: str, described: Mapping[str, Any], picked: list[Example], made: _Making
) -> dict[str, Any]:
    """Answer what is described of a status, with the examples of it at their type."""
    content = {
        kind: media | made.shown(*_answered(status, kind, picked))
        for kind, media in described["content"].items()
    }
    return {**described, "content": content}


def _answered(status: str, kind: str, picked: list[Example]) -> list[tuple[Example, Any]]:
    """List what is answered with a status as JSON, or as a text; the bytes of files are not shown."""
    answers = [(one, one["answer"]) for one in picked if str(one["answer"]["status"]) == status]
    if kind == JSON:
        return [(one, examples.whole(answer)) for one, answer in answers if "body" in answer]
    texts = [(one, answer.get("text", answer.get("sample"))) for one, answer in answers]
    return [(one, text) for one, text in texts if text is not None and kind == "text/plain"]


def _answers(endpoint: Any, made: _Making) -> dict[str, Any]:  # noqa: ANN401 - an Endpoint of the layer above
    """Describe the answers with status 200: a success in its shapes, or the error envelope."""
    if isinstance(endpoint.answers, Media):
        content = {endpoint.answers.content_type: {"schema": dict(endpoint.answers.json_schema)}}
        return content | ({JSON: {"schema": MALICIOUS}} if endpoint.form else {})
    field = endpoint.answers if isinstance(endpoint.answers, fields.Field) else None
    answer = _answer(endpoint, made.spec) if field is None else made.converter.field2property(field)
    if endpoint.form:
        return {JSON: {"schema": {"anyOf": [answer, MALICIOUS]}}}
    if endpoint.wrap == Wrap.NEVER:
        return {JSON: {"schema": answer}, "text/plain": {"schema": {"const": "error"}}}
    shapes = [_enveloped(answer), _REFERENCE]
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
            "generatedAt": {"type": "integer", "description": "When it was answered, in milliseconds."},
            "response": answer,
        },
        "required": ["status", "generatedAt", "response"],
        "additionalProperties": False,
    }
