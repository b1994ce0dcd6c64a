"""Requests of the contract files as Postman has them, their variables written as `{{name}}`."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from mockkommunicate.openapi.examples import VARIABLE

NAMES = {"key": "apiKey", "base": "baseUrl"}
"""What a variable of the contract files is called in Postman, where that is something else."""

BOUNDARY = "mockkommunicate-postman"

_READABLE = "@:,/!*'()$;"
_PLACED = re.compile(r"(\{\{\w+\}\})")


def placed(text: str) -> str:
    """Write the variables in a text as Postman does."""
    return VARIABLE.sub(lambda found: "{{" + NAMES.get(found[1], found[1]) + "}}", text)


def request(asked: Mapping[str, Any], numbers: frozenset[str]) -> dict[str, Any]:
    """Make a request; the variables that are `numbers` stand in its JSON without quotes."""
    headers = {name: placed(str(value)) for name, value in asked.get("headers", {}).items()}
    if asked.get("path", "").startswith("/_mock"):
        headers["Authorization"] = "Bearer {{controlToken}}"
    if "form" in asked:
        headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
    return {
        "method": asked["method"],
        "header": [{"key": name, "value": value} for name, value in headers.items()],
        "url": _url(asked),
        **_body(asked, numbers),
    }


def _url(asked: Mapping[str, Any]) -> dict[str, Any] | str:
    if "url" in asked:
        return placed(asked["url"])
    path, _, query = asked["path"].partition("?")
    parts = [part.partition("=")[::2] for part in query.split("&") if part]
    given = [(name, value) for name, value in asked.get("query", {}).items()]
    parts += [
        (name, _escaped(one))
        for name, value in given
        for one in (value if isinstance(value, list) else [value])
    ]
    written = "&".join(f"{name}={placed(value)}" for name, value in parts)
    made: dict[str, Any] = {
        "raw": f"{{{{baseUrl}}}}{placed(path)}{'?' * bool(written)}{written}",
        "host": ["{{baseUrl}}"],
        "path": placed(path).removeprefix("/").split("/"),
    }
    return made | ({"query": [{"key": k, "value": placed(v)} for k, v in parts]} if parts else {})


def _escaped(value: object) -> str:
    """Answer a value for a query, in which the variables stay as they are."""
    pieces = _PLACED.split(placed(str(value)))
    return "".join(one if _PLACED.fullmatch(one) else quote(one, safe=_READABLE) for one in pieces)


def _body(asked: Mapping[str, Any], numbers: frozenset[str]) -> dict[str, Any]:
    if "body" in asked:
        raw = _json(asked["body"], numbers)
        return {"body": {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}}
    text = placed(asked["text"]) if "text" in asked else _form(asked["form"]) if "form" in asked else None
    return {} if text is None else {"body": {"mode": "raw", "raw": text}}


def _json(value: object, numbers: frozenset[str]) -> str:
    text = json.dumps(value, indent=2)
    for name in numbers:
        text = text.replace(f'"${{{name}}}"', f"${{{name}}}")
    return placed(text)


def _form(parts: list[Mapping[str, Any]]) -> str:
    """Write a form with its files: in Postman's own a file is one on the disk."""
    lines = []
    for part in parts:
        name = f'; filename="{part["filename"]}"' if "filename" in part else ""
        lines += [f"--{BOUNDARY}", f'Content-Disposition: form-data; name="{part["name"]}"{name}']
        lines += [f"Content-Type: {part['contentType']}"] if "contentType" in part else []
        lines += ["", placed(part["text"])]
    return "\r\n".join([*lines, f"--{BOUNDARY}--", ""])
