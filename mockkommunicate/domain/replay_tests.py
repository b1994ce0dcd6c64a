"""A request of the journal as a test that passes: what it needs, the request again, the shape of the same answer."""

import json
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from mockkommunicate.domain.received import ABSENT
from mockkommunicate.domain.replay_code import Code, call, literal, name_of
from mockkommunicate.domain.replay_given import Given, given, settings
from mockkommunicate.domain.replays import FILE_STATUSES, MASK, Recorded

_KEY = Code("kommunicate.api_key")
_EICAR = Code(r'b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"')
"""The bytes of the EICAR test file, in pieces, so that no scanner takes a test for it."""

_LONGEST_TEXT = 200


def pytest(recorded: Recorded) -> str:
    """Write a test for the fixture `kommunicate`, whole, with its imports."""
    made = given(recorded)
    name = name_of(recorded.received.operation or f"{recorded.received.method} {recorded.received.path[:40]}")
    lines = [*made.lines, *_send(recorded, made)]
    wanted = settings(recorded)
    marker = [f"@pytest.mark.kommunicate(settings={literal(wanted, 34)})"] if wanted else []
    needs_pytest = bool(marker) or any("pytest." in line for line in lines)
    return "\n".join(
        [
            *(["import pytest"] if needs_pytest else []),
            "import requests",
            "\n",
            *marker,
            f"def test_{name}_{recorded.id}(kommunicate):",
            *(f"    {line}" if line else "" for line in lines),
            "",
        ]
    )


def _send(recorded: Recorded, made: Given) -> Iterator[str]:
    request = call("requests.request", *_where(recorded, made), **_what(recorded, made), timeout=30)
    if not recorded.status:
        yield "with pytest.raises(requests.ConnectionError):"
        yield "    " + request.replace("\n", "\n    ")
        return
    yield f"response = {request}"
    yield ""
    yield f"assert response.status_code == {recorded.status}"
    if recorded.received.method.upper() != "HEAD":
        yield from _shape(recorded)


def _where(recorded: Recorded, made: Given) -> list[object]:
    method = recorded.received.method
    if made.link:
        return [method, Code("link")]
    if made.file and recorded.received.operation == "file.download":
        return [method, Code('f"{kommunicate.url}/rest/ws/aws/file/{file.blob_key}"')]
    path = quote(recorded.received.path, safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
    return [method, Code(f'f"{{kommunicate.url}}{_braced(path)}"')]


def _braced(path: str) -> str:
    return path.replace("{", "{{").replace("}", "}}").replace('"', "%22")


def _what(recorded: Recorded, made: Given) -> dict[str, object]:
    """Answer what is sent besides method and URL, as keywords of `requests`."""
    body = _body(recorded, made)
    wanted = {"params": _query(recorded, made), "headers": _headers(recorded, body), **body}
    return {name: value for name, value in wanted.items() if value or name in body}


def _query(recorded: Recorded, made: Given) -> Any:  # noqa: ANN401 - a dict, or a list of pairs
    if made.link or (made.file and recorded.received.operation == "file.download"):
        return {}
    pairs = [(name, _parameter(recorded, made, name, value)) for name, value in recorded.received.query]
    return dict(pairs) if len(dict(pairs)) == len(pairs) else pairs


def _parameter(recorded: Recorded, made: Given, name: str, value: str) -> object:
    if value == MASK:
        return _KEY
    if name == "groupId" and made.conversation:
        return made.conversation
    if name == "key" and made.file:
        return Code("file.blob_key")
    return Code("kommunicate.application_id") if value == recorded.application_id else value


def _headers(recorded: Recorded, body: dict[str, object]) -> dict[str, object]:
    own: set[str] = {"content-type"} if {"json", "files"} & body.keys() else set()
    if not recorded.status:
        # A rule of the test cuts the connection; what the header wanted may have been to wait.
        own.add("x-mock-fault")
    headers: dict[str, object] = {}
    if recorded.has_key or (
        recorded.parameter("apiKey") is None and recorded.received.operation == "file.download"
    ):
        headers["Api-Key"] = _KEY
    for name, value in recorded.headers:
        if name.lower() not in own:
            headers[name] = value if value.isascii() else value.encode("utf-8", "surrogateescape")
    return headers


def _body(recorded: Recorded, made: Given) -> dict[str, object]:
    received = recorded.received
    if recorded.parts:
        return {"files": [_part(recorded, name, part) for name, part in recorded.parts]}
    if recorded.parts is not None:
        return {"data": b"--" + _boundary(recorded) + b"--\r\n"}
    if recorded.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and not received.body:
        return {"data": Code(f'b" " * {recorded.header("Content-Length") or 50_000_001}')}
    if not received.body:
        return {}
    if received.json is ABSENT or received.json is None:
        return {"data": received.body.encode("utf-8", "surrogateescape")}
    return {"json": _replaced(received.json, made)}


def _boundary(recorded: Recorded) -> bytes:
    return recorded.header("Content-Type").partition("boundary=")[2].strip('"').encode("latin-1", "replace")


def _part(recorded: Recorded, name: str, part: Any) -> tuple[str, tuple[object, ...]]:  # noqa: ANN401 - any JSON
    """Answer a part as `requests` takes it; in the place of a file there are as many bytes."""
    if not isinstance(part, dict):
        return name, (None, str(part))
    malicious = recorded.outcome == "MALICIOUS_CONTENT"
    content = _EICAR if malicious else Code(f'b"x" * {part.get("size", 0)}')
    kind = (part["contentType"],) if "contentType" in part else ()
    return name, (part.get("name", ""), content, *kind)


def _replaced(body: Any, made: Given) -> Any:  # noqa: ANN401 - any JSON
    """Put the conversation that the test has made in the place of the one that was meant."""
    if not isinstance(body, dict) or made.conversation is None or body.get("groupId") is None:
        return body
    is_text = isinstance(body["groupId"], str)
    return {**body, "groupId": Code(f"str({made.conversation})") if is_text else made.conversation}


def _shape(recorded: Recorded) -> Iterator[str]:
    answer = recorded.answered
    if recorded.received.operation in {"file.url", "file.upload_url"} and answer is ABSENT:
        yield 'assert response.text.startswith("http")'
    elif recorded.received.operation == "file.download" and recorded.status in FILE_STATUSES:
        yield f'assert response.headers["Content-Type"] == {literal(recorded.answered["contentType"])}'
    elif answer is not ABSENT:
        yield from _shape_of_json(recorded, answer)
    elif recorded.answer and len(recorded.answer) <= _LONGEST_TEXT:
        yield f"assert response.text == {literal(recorded.answer)}"


def _shape_of_json(recorded: Recorded, answer: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if not isinstance(answer, dict | list):
        yield f"assert response.json() == {literal(answer)}"
        return
    yield "answer = response.json()"
    if isinstance(answer, list):
        yield from _list("answer", answer)
        return
    yield f"assert answer.keys() {_keys(recorded, answer)}"
    if "errorResponse" in answer and recorded.outcome is not None:
        yield f'assert [error["errorCode"] for error in answer["errorResponse"]] == [{literal(recorded.outcome)}]'
    elif "response" in answer:
        yield from _response(recorded, answer["response"])


def _response(recorded: Recorded, response: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(response, dict):
        yield f'assert answer["response"].keys() {_keys(recorded, response)}'
    elif isinstance(response, list):
        yield from _list('answer["response"]', response)
    else:
        yield f'assert answer["response"] == {literal(response)}'


def _list(place: str, entries: Sequence[Any]) -> Iterator[str]:
    if all(isinstance(entry, dict) and "userId" in entry for entry in entries):
        ids = [entry["userId"] for entry in entries]
        yield f'assert [user["userId"] for user in {place}] == {literal(ids, 8)}'
    else:
        yield f"assert isinstance({place}, list)"


def _keys(recorded: Recorded, values: dict[str, Any]) -> str:
    """Compare the keys; of a file those of its thumbnail may be others, for the test has another file."""
    is_file = (recorded.received.operation or "").startswith("file.")
    names = [name for name in values if not (is_file and "humbnail" in name)]
    written = "{" + ", ".join(json.dumps(name) for name in names) + "}" if names else "set()"
    return f"{'>=' if is_file else '=='} {written}"
