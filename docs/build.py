"""Build the pages that are made from other files: `python docs/build.py`, or `--check` to name those out of date."""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import build_fidelity

from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.openapi.examples import fill, whole

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "fixtures" / "contract"

WIDTH = 100

SAMPLES: dict[str, str | int] = {
    "key": "mock-api-key",
    "app": "mock-app",
    "base": "http://127.0.0.1:8080",
    "conversation": 11320550,
}
"""What the variables of a contract file show as; any other shows as its name in angle brackets."""

BOUNDARY = "form"

INTRODUCTION = """\
# Endpoints

Every documented request of the emulated API with what it is answered, and the evidence for each answer.
Made by `python docs/build.py` from the contract files in `fixtures/contract`; edit those.
Every example below is sent to a live server by the tests, and its answer compared: all keys and all literals, times, ids and keys by their type.

How sure an answer is:

- **documented**: the official documentation prints or says it.
- **observed**: an official SDK, its tests, an old official server or a captured body shows it.
- **inferred**: our judgement; the source says on what it rests.
"""

PREAMBLE = """\
Install it with `pip install` from a checkout (no package index has it yet), start it with `mockkommunicate serve`: one line of JSON on stdout has its URL, application id and API key.
A client needs that URL in place of `https://services.kommunicate.io`, and that key in the header `Api-Key`; nothing else of it changes.
Everything of the emulator's own is under `/_mock`: what clients sent, what to answer wrongly, the clock, the people.
`/_mock/openapi/kommunicate.json` and `/_mock/openapi/control.json` describe both APIs to machines; `mockkommunicate mcp` is an MCP server.
A running emulator serves this list at `/llms.txt` and its pages at `/_mock/docs/`.
"""

SECTIONS = {
    "Use it": [
        *("getting-started.md", "running.md", "pytest.md", "faults-cookbook.md", "docker-in-ci.md"),
        *("testcontainers.md", "commands.md", "mcp.md", "console.md"),
    ],
    "Reference": [],
    "Optional": ["README.md", "architecture.md", "contributing.md"],
}
"""Which pages are listed where; decisions are optional, and any other page is reference."""


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` name those that are not as they would be written; answer the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is out of date")
    check = parser.parse_args(arguments).check
    stale = [page for page, make in PAGES.items() if not _is_current(page, make())]
    for page in stale:
        print(f"docs/{page} is out of date: run python docs/build.py" if check else f"docs/{page}")
        if not check:
            (ROOT / "docs" / page).write_text(PAGES[page](), encoding="utf-8")
    return 1 if check and stale else 0


def _is_current(page: str, text: str) -> bool:
    path = ROOT / "docs" / page
    return path.is_file() and path.read_text(encoding="utf-8") == text


def endpoints() -> str:
    """Write the page of the endpoints: each operation's evidence, and its documented requests and answers."""
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CONTRACTS.glob("*/*.json"))]
    operations = sorted(
        (file for file in files if "operation" in file), key=lambda file: OPERATIONS.index(file["operation"])
    )
    topics = [file for file in files if "operation" not in file]
    parts = [INTRODUCTION, _overview(operations)]
    parts += [part for file in operations for part in _file(file)]
    parts += ["## Everywhere\n", *(part for file in topics for part in _file(file, level=3))]
    return "\n".join(parts)


def _overview(operations: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        f"| [{file['title']}](#{_anchor(file['title'])}) | `{file['method']} {file['path']}` | `{file['operation']}` |"
        for file in operations
    ]
    return "\n".join(["| what | route | operation |", "|---|---|---|", *rows, ""])


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _file(file: Mapping[str, Any], level: int = 2) -> Iterator[str]:
    """Write what one contract file says."""
    yield f"{'#' * level} {file['title']}\n"
    if "operation" in file:
        yield f"`{file['method']} {file['path']}`\n"
    yield f"{file['description']}\n"
    for example in file["examples"]:
        if example.get("show"):
            yield from _example(example, level + 1)
    yield f"{'#' * (level + 1)} Evidence: {file['title'].lower()}\n"
    yield _evidence(file["examples"])
    yield f"Sources: {'; '.join(file['sources'])}.\n"


def _evidence(examples: Sequence[Mapping[str, Any]]) -> str:
    """Write the table of everything that is answered, how sure it is and on what it rests."""
    rows = [
        f"| {_cell(example['name'])} | {_answer_in_short(example['answer'])} | {example['evidence']} "
        f"| {_cell(example['source'])} |"
        for example in examples
    ]
    return "\n".join(["| what | answer | evidence | source |", "|---|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _answer_in_short(answer: Mapping[str, Any]) -> str:
    """Name an answer by its error code, its literal or its status."""
    body = answer.get("body")
    status = str(answer["status"])
    if isinstance(body, dict) and "errorResponse" in body:
        return f"{status}, `{body['errorResponse'][0]['errorCode']}`"
    if isinstance(body, dict) and "errorCode" in body:
        return f"{status}, `{body['errorCode']}`"
    literal = body.get("response", body.get("message")) if isinstance(body, dict) else answer.get("text")
    return f"{status}, `{literal}`" if isinstance(literal, str) and literal else status


def _example(example: Mapping[str, Any], level: int) -> Iterator[str]:
    """Write an example as the HTTP that goes over the wire."""
    yield f"{'#' * level} {example['name']}\n"
    yield f"{example['evidence'].capitalize()}: {example['source']}.\n"
    yield f"```http\n{_request(example['request'])}\n```\n"
    yield f"```http\n{_response(example['answer'])}\n```\n"


def _request(request: Mapping[str, Any]) -> str:
    filled = fill(request, _sample)
    query = f"?{urlencode(filled['query'])}" if "query" in filled else ""
    head = [f"{filled['method']} {filled.get('url', filled.get('path'))}{query}"]
    head += [f"{name}: {value}" for name, value in filled.get("headers", {}).items()]
    if "form" in filled:
        return "\n".join(
            [*head, f"Content-Type: multipart/form-data; boundary={BOUNDARY}", "", *_form(filled)]
        )
    return "\n".join([*head, "", dump(filled["body"])] if "body" in filled else head)


def _form(request: Mapping[str, Any]) -> Iterator[str]:
    """Write a form, its files without their bytes."""
    for part in request["form"]:
        yield f"--{BOUNDARY}"
        yield f'Content-Disposition: form-data; name="{part["name"]}"; filename="{part["filename"]}"'
        yield f"Content-Type: {part['contentType']}\n"
        yield part.get("text", "(the bytes of the file)")
    yield f"--{BOUNDARY}--"


def _response(answer: Mapping[str, Any]) -> str:
    filled = fill(answer, _sample)
    head = [f"{filled['status']} {HTTPStatus(filled['status']).phrase}"]
    head += [f"{name}: {value}" for name, value in filled.get("headers", {}).items()]
    text = "(the bytes of the file)" if "base64" in filled else filled.get("text", filled.get("sample"))
    return "\n".join([*head, "", dump(whole(filled)) if text is None else text])


def _sample(name: str) -> str | int:
    return SAMPLES.get(name, f"<{name}>")


def dump(value: Any, indent: int = 0) -> str:  # noqa: ANN401 - JSON
    """Write JSON with everything on one line that fits there."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or indent + len(line) <= WIDTH:
        return line
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [f"{pad}{json.dumps(key)}: {dump(inner, indent + 2)}" for key, inner in value.items()]
    else:
        lines = [f"{pad}{dump(inner, indent + 2)}" for inner in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return "\n".join([opening, ",\n".join(lines), " " * indent + closing])


def llms() -> str:
    """Write the list of the pages in the form of llmstxt.org: each with its title and its first sentence."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {path.relative_to(ROOT / "docs").as_posix(): path for path in (ROOT / "docs").rglob("*.md")}
    parts = [f"# {_title(readme)}\n", f"> {_plain(_paragraph(readme))}\n", PREAMBLE]
    for section, first in SECTIONS.items():
        there = [name for name in pages if _section(name) == section]
        listed = sorted(
            there, key=lambda name: (name not in first, first.index(name) if name in first else name)
        )
        lines = [_line(name, pages[name].read_text(encoding="utf-8")) for name in listed]
        parts.append("\n".join([f"## {section}\n", *lines, ""]))
    return "\n".join(parts)


def _section(page: str) -> str:
    if page.startswith("decisions/"):
        return "Optional"
    return next((section for section, first in SECTIONS.items() if page in first), "Reference")


def _line(page: str, text: str) -> str:
    sentence = re.split(r"(?<=[.!?])\s|:$", _plain(_paragraph(text)))[0]
    return f"- [{_title(text)}]({page}): {sentence}"


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")


def _paragraph(text: str) -> str:
    """Answer the first paragraph of a page that is prose: no heading, no code, no table, no comment."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return next(part for part in re.split(r"\n\s*\n", prose) if part and part.strip()[0] not in "#|<-")


def _plain(text: str) -> str:
    """Write prose on one line, without links and without a bold word that only heads it."""
    unlinked = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", re.sub(r"^\*\*\w+\.\*\* ", "", text.strip()))
    return " ".join(unlinked.split())


PAGES = {"endpoints.md": endpoints, "fidelity.md": build_fidelity.page, "llms.txt": llms}
"""Every page that is made, and what makes it."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
