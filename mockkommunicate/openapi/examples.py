"""The examples of the contract files as OpenAPI has them, each with the evidence that the real service does so."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Example = Mapping[str, Any]

VARIABLE = re.compile(r"\$\{(\w+)(:string)?\}")
NUMBERS = ("id", "createdAt", "createdAtTime")
"""What is saved from an answer is a number where the last name of its path is one of these, else a text."""

_SAMPLES = {
    "key": "mock-api-key",
    "app": "mock-app",
    "conversation": 11320550,
    "first": 11320551,
    "second": 11320552,
    "other": 11320553,
}
_LONGEST_KEY = 60
_MOST_CALLS = 5


def outcome(answer: Mapping[str, Any]) -> str | None:
    """Name an answer by its error code, or what else it says that is a word; None for one that is data."""
    body = answer.get("body")
    if isinstance(body, dict) and "errorResponse" in body:
        return str(body["errorResponse"][0]["errorCode"])
    if isinstance(body, dict):
        word = body.get("response", body.get("errorCode", body.get("message")))
        return word if isinstance(word, str) else None
    return "error" if answer.get("text") == "error" else None


def is_refusal(answer: Mapping[str, Any]) -> bool:
    """Tell whether an answer says that nothing was done because the request was wrong."""
    body = answer.get("body")
    wrong = isinstance(body, dict) and bool({"errorResponse", "errorCode"} & set(body))
    return answer["status"] >= 400 or wrong or answer.get("text") == "error"  # noqa: PLR2004 - HTTP


def chosen(contract: Mapping[str, Any]) -> list[Example]:
    """Choose examples to show: those of the documentation, and the first of each further thing that is answered."""
    known = {_came_to(example) for example in contract["examples"] if example.get("show")}
    picked = []
    for example in contract["examples"]:
        if example.get("show") or _came_to(example) not in known:
            known.add(_came_to(example))
            picked.append(example)
    return picked


def _came_to(example: Example) -> tuple[int, str | None]:
    return example["answer"]["status"], outcome(example["answer"])


def evidence(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Count how sure each thing is that is said of an operation, and name the sources."""
    counted = Counter(example["evidence"] for example in contract["examples"])
    kinds = ("documented", "observed", "inferred")
    return {"x-evidence": {kind: counted[kind] for kind in kinds}, "x-sources": contract["sources"]}


def of_values(examples: Sequence[tuple[Example, Any]], base: str) -> dict[str, Any]:
    """Make the `examples` of a body or a parameter; nothing where there are none."""
    made: dict[str, Any] = {}
    for example, value in examples:
        shown = fill(value, _samples(base))
        if shown not in [one["value"] for one in made.values()]:
            made[_key(example["name"])] = {
                "summary": example["name"],
                "description": f"{example['evidence'].capitalize()}: {example['source']}.",
                "value": shown,
                "x-evidence": example["evidence"],
            }
    return {"examples": made} if made else {}


def of_calls(contracts: Sequence[Mapping[str, Any]], method: str, path: str, base: str) -> dict[str, Any]:
    """Make the `examples` of a control call's body: the first that examples send to it, named after those."""
    pattern = re.compile(re.sub(r"{\w+}", "[^/?]+", path))
    made: dict[str, Any] = {}
    for example, request in _calls(contracts):
        if request["method"] == method and pattern.fullmatch(request.get("path", "")) and request.get("body"):
            shown = fill(request["body"], _samples(base))
            if len(made) < _MOST_CALLS and shown not in [one["value"] for one in made.values()]:
                made[_key(example["name"])] = {"summary": f"For: {example['name']}", "value": shown}
    return {"examples": made} if made else {}


def _samples(base: str) -> Callable[[str], Any]:
    """Answer what a variable shows as; one that is not known here, as its name."""
    samples = {**_SAMPLES, "base": base}
    return lambda name: samples.get(name, name)


def _calls(contracts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Example, Mapping[str, Any]]]:
    """List the calls that examples take as given."""
    for contract in contracts:
        for example in contract["examples"]:
            yield from ((example, step["request"]) for step in example.get("given", []))


def _key(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:_LONGEST_KEY].strip("-")


def requests(examples: Sequence[Example]) -> Iterator[tuple[Example, Mapping[str, Any]]]:
    """List the requests that were no mistake."""
    yield from ((one, one["request"]) for one in examples if not is_refusal(one["answer"]))


def typed(value: Any, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Answer a parameter, which is a text on the wire, as the JSON value that its schema asks for."""
    word = str(value).lower()
    return json.loads(word) if schema.get("type") in {"integer", "boolean"} else value


def whole(answer: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Answer a body with the fields that are answered beyond the documented ones."""
    body = answer["body"]
    for addition in answer.get("adds", []):
        body = _added(body, [*filter(None, addition["at"].split("."))], addition["fields"])
    return body


def _added(value: Any, path: Sequence[str], more: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Answer a JSON value with more fields in the object at a path."""
    if not path:
        return {**value, **more}
    here, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_added(one, rest, more) if str(at) == here else one for at, one in enumerate(value)]
    return {key: _added(one, rest, more) if key == here else one for key, one in value.items()}


def fill(value: Any, value_of: Callable[[str], Any]) -> Any:  # noqa: ANN401 - JSON
    """Put the variables in: `${name}` alone is the value itself, inside a text and as `${name:string}` its text."""
    if isinstance(value, dict):
        return {key: fill(inner, value_of) for key, inner in value.items()}
    if isinstance(value, list):
        return [fill(inner, value_of) for inner in value]
    if not isinstance(value, str):
        return value
    alone = VARIABLE.fullmatch(value)
    if alone and not alone[2]:
        return value_of(alone[1])
    return VARIABLE.sub(lambda found: str(value_of(found[1])), value)
