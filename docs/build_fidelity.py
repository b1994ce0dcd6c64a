"""Writes the fidelity page from what GET /_mock/fidelity answers; nothing is worked out here."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.request import ProxyHandler, build_opener

from mockkommunicate import MockKommunicate

INTRODUCTION = """\
# Fidelity

What is known of the real service and what the tests have shown of the emulator, for each operation and each parameter.
The columns are separate, and are never summed up to one figure: a parameter that is documented and not tested is not half right.
A cell that is empty says that there is nothing.
Made by `python docs/build.py` from `GET /_mock/fidelity`, which answers all of this as JSON; edit the files behind it: the contract files in `fixtures/contract`, and `fixtures/fidelity`.

- **effect**: what the parameter does here. `read`: it is checked and something depends on it. `kept`: it is stored and given back, and changes nothing. `ignored`: clients send it, and nothing depends on it.
- **documented**: the official documentation names the parameter. **observed**: a public client sends it, or its server reads it. `S1` and so on are the sources below the table. **inferred** stands below the table: it is our judgement that the operation takes it.
- **behaviour tested**: a test that passed sent it, the answer was a success, and no other parameter stood in for it. **refusal tested**: a test that passed was refused, and the refusal names the parameter, or its code means it (`AL-G-01` the conversation, for example). `T1` and so on are the tests below the table; where an example of a contract file shows it, it is that, for its whole answer is compared: one of the operation's own, or one whose name has the parameter's in it.
- **driven by**: a client that somebody else has written sent it of its own accord in a test, and had a success.

The tests write down what they show (`fixtures/fidelity/exercised.json`), from the requests that servers in their own process answered: each column names one test of perhaps many.
Requests that are made up at random are no evidence here, nor are answers that a fault has spoiled, nor that nothing was changed (`already updated`).
A run of the tests fails if a test that is named does not show what is claimed, or is not there any more: see [contributing](contributing.md#fidelity).
How sure each *answer* is stands in [endpoints.md](endpoints.md).

Of clients that others have written and that can be installed, one speaks to some of these operations: the API client of `@applozic/core-sdk`, the SDK of the chat platform below Kommunicate.
It is run as it is, but for its host, the key and the acting user, which its own host asks for in another way; it does not log in.
No other official client can be pointed here: the SDKs for the web and for phones begin with a login that is not emulated, and the official MCP server is in no package registry where we looked.
"""

EMPTY = ""


def page() -> str:
    """Write the page."""
    direct = build_opener(ProxyHandler({}))
    with MockKommunicate() as server, direct.open(f"{server.url}/_mock/fidelity") as answer:
        told = json.load(answer)
    parts = [INTRODUCTION]
    for operation in told["operations"]:
        parts += _operation(operation)
    parts += ["## Known limits\n", _claims(told["limits"]), *_invented(told["invented"])]
    return "\n".join(parts)


class _Notes:
    """Numbers, each behind a letter, for what would not fit into a cell."""

    def __init__(self, letter: str) -> None:
        self.letter = letter
        self.texts: list[str] = []

    def number(self, text: str | None) -> str:
        """Answer the number of a text; the same for the same one."""
        if text is None:
            return EMPTY
        if text not in self.texts:
            self.texts.append(text)
        return f"{self.letter}{self.texts.index(text) + 1}"

    def write(self, *, code: bool) -> str:
        """Write the list."""
        mark = "`" if code else ""
        return (
            "\n".join(
                f"- {self.letter}{number}: {mark}{text}{mark}" for number, text in enumerate(self.texts, 1)
            )
            + "\n"
        )


def _operation(operation: Mapping[str, Any]) -> Iterator[str]:
    sources, tests = _Notes("S"), _Notes("T")
    yield f"## {operation['title']}\n"
    counts = ", ".join(f"{count} {kind}" for kind, count in operation["examples"].items())
    yield f"`{operation['operation']}`, `{operation['method']} {operation['path']}`. Its examples: {counts}.\n"
    rows = [_row(one, sources, tests) for one in operation["parameters"]]
    head = "| parameter | where | effect | documented | observed | behaviour tested | refusal tested | driven by |"
    yield "\n".join([head, f"|{'---|' * 8}", *rows, ""])
    yield from _refusals(operation["refusals"], tests)
    inferred = [
        f"- `{one['name']}`: {one['inferred']}" for one in operation["parameters"] if "inferred" in one
    ]
    if inferred:
        yield "\n".join(["Inferred:\n", *inferred, ""])
    if sources.texts:
        yield f"Sources:\n\n{sources.write(code=False)}"
    yield f"Tests:\n\n{tests.write(code=True)}"


def _row(one: Mapping[str, Any], sources: _Notes, tests: _Notes) -> str:
    driven = ", ".join(f"{name}: {tests.number(test)}" for name, test in one.get("drivenBy", {}).items())
    cells = [
        f"`{one['name']}`",
        one["where"],
        one["effect"],
        *(sources.number(one.get(kind)) for kind in ("documented", "observed")),
        *(tests.number(one.get(axis)) for axis in ("behaviourTested", "refusalTested")),
        driven,
    ]
    return f"| {' | '.join(cells)} |"


def _refusals(refusals: Mapping[str, str], tests: _Notes) -> Iterator[str]:
    told = [f"`{code}` ({tests.number(test)})" for code, test in refusals.items()]
    yield f"Refusals that were tested: {', '.join(told) or 'none'}.\n"


def _claims(claims: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for claim in claims:
        setting = f"`{claim['setting']}`: " if "setting" in claim else ""
        tests = ", ".join(f"`{test}`" for test in claim.get("tests", ()))
        shown = f"Shown by {tests}." if tests else f"It {claim['because']}."
        lines.append(f"- {setting}{claim['what']} {shown}")
    return "\n".join([*lines, ""])


def _invented(invented: Mapping[str, Any]) -> Iterator[str]:
    yield "## What is invented\n"
    yield "Codes that are not Kommunicate's; each has the HTTP status and the envelope that [endpoints.md](endpoints.md) shows:\n"
    yield "\n".join([*(f"- `{one['code']}`: {one['when']}" for one in invented["codes"]), ""])
    yield f"Headers of ours: {', '.join(f'`{name}`' for name in invented['headers'])}.\n"
    yield "Besides:\n"
    yield _claims(invented["others"])
    yield "### Settings that decide where evidence lacks\n"
    yield _claims(invented["settings"])
    yield "### Behaviours that are inferred\n"
    rows = [
        f"| {one['where']} | {_cell(one['what'])} | {_cell(one['source'])} |"
        for one in invented["behaviours"]
    ]
    yield "\n".join(["| where | what | on what it rests |", "|---|---|---|", *rows, ""])
    yield "### Routes of ours\n"
    yield "\n".join([*(f"- `{route}`" for route in invented["routes"]), ""])
    yield "### Routes that the service is known to have and that are answered 501\n"
    yield "\n".join([*(f"- `{path}`" for path in invented["notEmulated"]), ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
