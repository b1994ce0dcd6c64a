"""The contract files: loaded, their variables filled in, their requests sent, the answers compared."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests

from mockkommunicate.openapi.examples import fill as put_in

FOLDER = Path(__file__).parents[2] / "fixtures" / "contract"

Variables = dict[str, Any]


def load_files() -> dict[str, dict[str, Any]]:
    """Load every contract file, by its path such as `conversations/create`."""
    paths = sorted(FOLDER.glob("*/*.json"))
    return {f"{path.parent.name}/{path.stem}": json.loads(path.read_text(encoding="utf-8")) for path in paths}


def steps(example: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Name the steps whose answer is compared: the example itself, then those that look at its effect."""
    yield example
    yield from example.get("then", [])


def fill(value: Any, variables: Variables) -> Any:
    """Put the variables in; one that is missing is a KeyError."""
    return put_in(value, variables.__getitem__)


def prepare(example: Mapping[str, Any], base: str, variables: Variables, session: requests.Session) -> None:
    """Let happen what an example takes as given; fail when a step of it is refused."""
    for step in example.get("given", []):
        for _ in range(step.get("times", 1)):
            response = send(step["request"], base, variables, session)
            assert _succeeded(response), f"{step['request']} was refused: {response.text}"
            save(step, response, variables)


def send(request: Any, base: str, variables: Variables, session: requests.Session) -> requests.Response:
    """Send a request: `body` as JSON, a `form`, or `text`, `base64` or `repeated` as bytes that may be no JSON at all.

    It goes to a `path`, or to a whole `url` that an answer before it has told.
    """
    filled = fill(request, variables)
    form: Any = [_part(part) for part in filled["form"]] if "form" in filled else None
    return session.request(
        filled["method"],
        filled["url"] if "url" in filled else f"{base}{filled['path']}",
        params=filled.get("query"),
        headers=filled.get("headers"),
        data=_content(filled),
        files=form,
        timeout=60,
    )


def _part(part: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """Answer a part of a form as `requests` takes it; one without a `filename` is a text."""
    return part["name"], (part.get("filename"), _content(part) or b"", part.get("contentType"))


def _content(request: Mapping[str, Any]) -> bytes | None:
    if "body" in request:
        return json.dumps(request["body"]).encode()
    if "text" in request:
        return str(request["text"]).encode()
    if "base64" in request:
        return base64.b64decode(request["base64"])
    if "repeated" in request:
        return str(request["repeated"]["text"]).encode() * int(request["repeated"]["times"])
    return None


def save(step: Mapping[str, Any], response: requests.Response, variables: Variables) -> None:
    """Keep values of an answer, named by paths such as `response.id`, as variables; "" is the whole text."""
    for name, path in step.get("save", {}).items():
        value = response.json() if path else response.text
        for key in filter(None, path.split(".")):
            value = value[int(key)] if isinstance(value, list) else value[key]
        variables[name] = value


def _succeeded(response: requests.Response) -> bool:
    return response.ok and response.text != "error" and '"status":"error"' not in response.text


def check(step: Mapping[str, Any], response: requests.Response, variables: Variables) -> list[str]:
    """List where an answer differs from what a step expects."""
    expected = fill(step["answer"], variables)
    found = [] if response.status_code == expected["status"] else [f"status: {response.status_code}"]
    for name, value in expected.get("headers", {}).items():
        if response.headers.get(name) != value:
            found.append(f"header {name}: {response.headers.get(name)!r}")
    if "text" in expected:
        return found if response.text == expected["text"] else [*found, f"text: {response.text!r}"]
    if "like" in expected:
        return (
            found if re.fullmatch(expected["like"], response.text) else [*found, f"text: {response.text!r}"]
        )
    if "base64" in expected:
        same = response.content == base64.b64decode(expected["base64"])
        return found if same else [*found, f"bytes: {response.content[:200]!r}"]
    return [*found, *_check_json(expected, response)]


def _check_json(expected: Mapping[str, Any], response: requests.Response) -> list[str]:
    try:
        actual = response.json()
    except requests.JSONDecodeError:
        return [f"no JSON: {response.text[:200]!r}"]
    by_type = expected.get("by_type", [])
    if "has" in expected:
        actual = {key: value for key, value in actual.items() if key in expected["has"]}
        return differences(expected["has"], actual, by_type)
    found = differences(whole(expected), actual, by_type)
    return (
        found
        + _disorder(whole(expected), actual)
        + ([] if _is_compact(response) else ["the JSON is not compact"])
    )


def whole(answer: Mapping[str, Any]) -> Any:
    """Answer a body with what the emulator `adds` to the documented one: further fields that clients have seen."""
    body = json.loads(json.dumps(answer["body"]))
    for addition in answer.get("adds", []):
        place = body
        for key in filter(None, addition["at"].split(".")):
            place = place[int(key)] if isinstance(place, list) else place[key]
        place.update(addition["fields"])
    return body


def differences(expected: Any, actual: Any, by_type: Sequence[str] = (), path: str = "") -> list[str]:
    """List where two JSON values differ: in a key, a literal, a length; at the paths `by_type` only in the type."""
    if type(expected) is not type(actual):
        return [f"{path or 'all'}: {actual!r} instead of {expected!r}"]
    if any(_matches(pattern, path) for pattern in by_type):
        return []
    if isinstance(expected, dict):
        return _differing_keys(expected, actual, by_type, path)
    if isinstance(expected, list):
        return _differing_items(expected, actual, by_type, path)
    return [] if expected == actual else [f"{path or 'all'}: {actual!r} instead of {expected!r}"]


def _differing_keys(
    expected: Mapping[str, Any], actual: Mapping[str, Any], by_type: Sequence[str], path: str
) -> list[str]:
    found = [f"{_inside(path, key)} is missing" for key in expected if key not in actual]
    found += [
        f"{_inside(path, key)} is not expected: {actual[key]!r}" for key in actual if key not in expected
    ]
    for key in expected:
        if key in actual:
            found += differences(expected[key], actual[key], by_type, _inside(path, key))
    return found


def _differing_items(
    expected: Sequence[Any], actual: Sequence[Any], by_type: Sequence[str], path: str
) -> list[str]:
    if len(expected) != len(actual):
        return [f"{path or 'all'}: {len(actual)} entries instead of {len(expected)}: {actual!r}"]
    found: list[str] = []
    for index, (wanted, came) in enumerate(zip(expected, actual, strict=True)):
        found += differences(wanted, came, by_type, _inside(path, str(index)))
    return found


def _inside(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _matches(pattern: str, path: str) -> bool:
    """Tell whether a path is one that a pattern means; `*` in it is any one key or index."""
    parts, keys = pattern.split("."), path.split(".")
    return len(parts) == len(keys) and all(part in {"*", key} for part, key in zip(parts, keys, strict=True))


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """List the paths of everything in a JSON value that holds nothing further."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not inner:
        yield path
    for key, entry in inner:
        yield from leaves(entry, _inside(path, str(key)))


def unused(answer: Mapping[str, Any]) -> list[str]:
    """List the paths that an answer would compare by type and does not have."""
    json_answer = answer["has"] if "has" in answer else whole(answer) if "body" in answer else None
    found = [] if json_answer is None else list(leaves(json_answer))
    patterns = answer.get("by_type", [])
    return [pattern for pattern in patterns if not any(_matches(pattern, path) for path in found)]


def _disorder(expected: Any, actual: Any) -> list[str]:
    """List the objects of an envelope whose keys do not come in the documented order."""
    pairs = [(expected, actual)]
    if isinstance(expected, dict) and isinstance(actual, dict):
        pairs += zip(expected.get("errorResponse", []), actual.get("errorResponse", []), strict=False)
    return [
        f"order of keys: {list(came)} instead of {list(wanted)}"
        for wanted, came in pairs
        if isinstance(wanted, dict) and isinstance(came, dict) and list(wanted) != list(came)
    ]


def _is_compact(response: requests.Response) -> bool:
    forms = (
        json.dumps(response.json(), separators=(",", ":"), ensure_ascii=escaped) for escaped in (True, False)
    )
    return response.text.strip() in forms
