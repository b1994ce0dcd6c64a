"""The tests of a Postman request: its status, headers and answer, and what is kept of it for later ones."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockkommunicate.openapi import examples
from mockkommunicate.openapi.examples import VARIABLE
from mockkommunicate.openapi.postman_requests import NAMES

_DONE = """\
pm.test("it is done", () => {
  pm.expect(pm.response.code).to.be.below(400);
  pm.expect(pm.response.text()).not.to.equal("error");
  pm.expect(pm.response.text()).not.to.include('"status":"error"');
});"""

_SHAPE = """\
// Times, ids and keys that are made anew are compared by their type, all else by its value.
const kind = (value) => (Array.isArray(value) ? "array" : value === null ? "null" : typeof value);
const isAt = (path) => (one) => one.length === path.length && one.every((part, at) => ["*", path[at]].includes(part));
const shape = (value, path = []) => {
  if (byType.some(isAt(path))) return `any ${kind(value)}`;
  if (kind(value) === "array") return value.map((one, at) => shape(one, [...path, String(at)]));
  if (kind(value) !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one, [...path, key])]));
};"""


def tests(step: Mapping[str, Any], numbers: frozenset[str]) -> list[str]:
    """Write the script of a request, line by line."""
    parts = [*_answered(step["answer"], numbers)] if "answer" in step else [_DONE]
    parts += [_kept(name, path) for name, path in step.get("save", {}).items()]
    return "\n".join(parts).split("\n")


def _answered(answer: Mapping[str, Any], numbers: frozenset[str]) -> Iterator[str]:
    status = answer["status"]
    yield f'pm.test("the status is {status}", () => pm.expect(pm.response.code).to.equal({status}));'
    for name, value in answer.get("headers", {}).items():
        wanted = _literal(value, numbers)
        yield f'pm.test("the header {name}", () => pm.expect(pm.response.headers.get("{name}")).to.equal({wanted}));'
    if "body" in answer or "has" in answer:
        yield from _json(answer, numbers)
    elif "like" in answer:
        wanted = _literal(f"^(?:{answer['like']})$", numbers)
        yield f'pm.test("the text", () => pm.expect(pm.response.text()).to.match(new RegExp({wanted})));'
    elif "base64" in answer:
        wanted = _literal(answer["base64"], numbers)
        yield f'pm.test("the bytes", () => pm.expect(pm.response.stream.toString("base64")).to.equal({wanted}));'
    else:
        wanted = _literal(answer["text"], numbers)
        yield f'pm.test("the text", () => pm.expect(pm.response.text()).to.equal({wanted}));'


def _json(answer: Mapping[str, Any], numbers: frozenset[str]) -> Iterator[str]:
    """Compare a JSON answer whole, or the part that it must have."""
    part = "has" in answer
    wanted = answer["has"] if part else examples.whole(answer)
    yield f"const byType = {json.dumps([path.split('.') for path in answer.get('by_type', [])])};"
    yield _SHAPE
    yield f"const wanted = {_literal(wanted, numbers, indent=2)};"
    yield 'pm.test("the answer", () => {'
    yield "  const answer = pm.response.json();"
    if part:
        yield "  Object.keys(answer).filter((key) => !(key in wanted)).forEach((key) => delete answer[key]);"
    yield "  pm.expect(shape(answer)).to.eql(shape(wanted));"
    if not part and isinstance(wanted, dict):
        yield "  pm.expect(Object.keys(answer)).to.eql(Object.keys(wanted));"
    yield "});"


def _literal(value: object, numbers: frozenset[str], *, indent: int | None = None) -> str:
    """Write a value as JavaScript, which takes the variables when it runs."""
    text = json.dumps(value, indent=indent)
    for name in numbers:
        text = text.replace(f'"${{{name}}}"', f"Number({_get(name)})")
    return VARIABLE.sub(lambda found: f'" + {_get(found[1])} + "', text)


def _get(name: str) -> str:
    return f'pm.variables.get("{NAMES.get(name, name)}")'


def _kept(name: str, path: str) -> str:
    """Keep a value of the answer, or its whole text, as a variable of the collection."""
    value = "pm.response.json()" if path else "pm.response.text()"
    value += "".join(f"[{json.dumps(part)}]" for part in path.split(".") if part)
    return f'pm.collectionVariables.set("{NAMES.get(name, name)}", {value});'
