"""A Postman collection: the examples of the contract files as requests with tests, each on a fresh app of its own."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockkommunicate.openapi import examples
from mockkommunicate.openapi import postman_requests as requests
from mockkommunicate.openapi import postman_scripts as scripts
from mockkommunicate.openapi.examples import Example

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

_DESCRIPTION = """\
Made by `mockkommunicate postman` from the OpenAPI document and the examples that mockkommunicate's own tests check.

Every example is a folder that runs by itself: its first request makes a fresh app, whose key goes into the variable `apiKey`; then comes what the example takes as given, the request, and what looks at its effect.
`baseUrl` is where the server is. Off loopback, put the token that the server printed into `controlToken`.
Each description says how sure it is that the real service answers so: documented, observed or inferred."""

FRESH: Mapping[str, Any] = {
    "request": {
        "method": "POST",
        "path": "/_mock/apps",
        "headers": {"Content-Type": "application/json"},
        "body": {},
    },
    "save": {"key": "apiKey", "app": "applicationId"},
}
"""What every example begins with: an app of its own."""


def collection(
    document: Mapping[str, Any], contracts: Sequence[Mapping[str, Any]], *, url: str, whole: bool
) -> dict[str, Any]:
    """Make a collection of examples, or of all of them if it shall be `whole`.

    The operations come in the document's order, then what holds everywhere.
    """
    order = [one["operationId"] for item in document["paths"].values() for one in item.values()]
    places = {name: at for at, name in enumerate(order)}
    ordered = sorted(contracts, key=lambda file: places.get(file.get("operation"), len(order)))
    variables = {"baseUrl": url, "apiKey": "mock-api-key", "app": "mock-app", "controlToken": ""}
    return {
        "info": {
            "name": document["info"]["title"],
            "description": _DESCRIPTION,
            "version": document["info"]["version"],
            "schema": SCHEMA,
        },
        "item": [folder for file in ordered for folder in _folder(file, whole=whole)],
        "variable": [{"key": key, "value": value, "type": "string"} for key, value in variables.items()],
    }


def _folder(file: Mapping[str, Any], *, whole: bool) -> Iterator[dict[str, Any]]:
    """Make the folder of an operation, or of a topic; none where nothing in it can be sent."""
    sendable = [example for example in file["examples"] if _is_sendable(example)]
    picked = sendable if whole else examples.chosen({"examples": sendable})
    if picked:
        items = [_example(example) for example in picked]
        yield {"name": file["title"], "description": file["description"], "item": items}


def _is_sendable(example: Example) -> bool:
    """Tell whether Postman can send it: a body that stands in a collection is a text, of a bearable length."""
    asked = [step["request"] for step in _steps(example)]
    parts = [*asked, *(part for request in asked for part in request.get("form", []))]
    return not any({"base64", "repeated"} & set(part) for part in parts)


def _steps(example: Example) -> Iterator[Mapping[str, Any]]:
    yield from example.get("given", [])
    yield example
    yield from example.get("then", [])


def _example(example: Example) -> dict[str, Any]:
    """Make the folder of an example."""
    numbers = frozenset(
        name
        for step in _steps(example)
        for name, path in step.get("save", {}).items()
        if path.rpartition(".")[2] in examples.NUMBERS
    )
    given = [step for step in example.get("given", []) for _ in range(step.get("times", 1))]
    items = [
        _item("A fresh app", FRESH, numbers),
        *(_item(f"Given: {_route(step)}", step, numbers) for step in given),
        _item(example["name"], example, numbers),
        *(_item(f"Then: {_route(step)}", step, numbers) for step in example.get("then", [])),
    ]
    told = f"{example['evidence'].capitalize()}: {example['source']}."
    return {"name": example["name"], "description": told, "item": items}


def _route(step: Mapping[str, Any]) -> str:
    request = step["request"]
    return f"{request['method']} {requests.placed(request.get('path', request.get('url', '')))}"


def _item(name: str, step: Mapping[str, Any], numbers: frozenset[str]) -> dict[str, Any]:
    """Make a request with its tests, and the answer that it is shown with."""
    request = requests.request(step["request"], numbers)
    script = {"type": "text/javascript", "exec": scripts.tests(step, numbers)}
    return {
        "name": name,
        "event": [{"listen": "test", "script": script}],
        "request": request,
        "response": [_shown(name, step["answer"], request)] if "answer" in step else [],
    }


def _shown(name: str, answer: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    text = answer.get("text", answer.get("sample", ""))
    body = answer.get("has", examples.whole(answer) if "body" in answer else None)
    return {
        "name": name,
        "originalRequest": request,
        "code": answer["status"],
        "header": [{"key": key, "value": value} for key, value in answer.get("headers", {}).items()],
        "body": requests.placed(text if body is None else json.dumps(body, indent=2)),
    }
