"""What is known of each operation and parameter, and what the tests have shown: the axes side by side, never summed up."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mockkommunicate.domain import neighbours, request_ids
from mockkommunicate.domain.errors import ApiError
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.operations import examples, faults
from mockkommunicate.wire import parameters
from mockkommunicate.wire.parameters import Parameter
from mockkommunicate.wire.unread import Contract

EVIDENCE = ("documented", "observed", "inferred")
OWN_CODE = "MOCK-"

_ITSELF = "operation"
"""Under which the record has what concerns an operation as a whole."""

Shown = Mapping[str, Mapping[str, str]]
"""What the tests have shown of an operation: by place and axis, the test."""


def describe(routes: Iterable[tuple[str, Sequence[str], Contract]], own: Iterable[str]) -> dict[str, Any]:
    """Describe the operations of the emulated API, its known limits, and what was invented; `own` are our own routes."""
    contracts = {contract.operation: (contract, path) for path, _, contract in routes}
    files = examples.contracts()
    by_operation = {file["operation"]: file for file in files if "operation" in file}
    shown, told = _read("exercised"), _read("limits")
    return {
        "operations": [
            _operation(by_operation[name], parameters.of(*contracts[name]), shown.get(name, {}))
            for name in OPERATIONS
        ],
        "limits": told["limits"],
        "invented": {
            "codes": list(_own_codes()),
            "behaviours": [behaviour for file in files for behaviour in _inferred(file)],
            "others": told["inventions"],
            "settings": told["settings"],
            "headers": [faults.HEADER, request_ids.HEADER],
            "routes": list(own),
            "notEmulated": sorted(neighbours.PATHS),
        },
    }


def folder() -> Path:
    """Answer where the record of the tests and the known limits are."""
    return examples.folder().parent / "fidelity"


def _read(name: str) -> dict[str, Any]:
    return dict(json.loads((folder() / f"{name}.json").read_text(encoding="utf-8")))


def _operation(file: Mapping[str, Any], taken: Iterable[Parameter], shown: Shown) -> dict[str, Any]:
    entries = {f"{entry['where']} {entry['name']}": entry for entry in file["parameters"]}
    itself = shown.get(_ITSELF, {})
    return {
        **{name: file[name] for name in ("operation", "title", "method", "path")},
        "examples": {
            kind: sum(example["evidence"] == kind for example in file["examples"]) for kind in EVIDENCE
        },
        **_axes(itself),
        "refusals": _by_name(itself, "refusal "),
        "parameters": [_parameter(one, entries[one.place], shown.get(one.place, {})) for one in taken],
    }


def _parameter(parameter: Parameter, entry: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
    effect = "kept" if entry.get("kept") else "read" if parameter.is_read else "ignored"
    return {
        "where": parameter.where,
        "name": parameter.name,
        "effect": effect,
        **{kind: entry[kind] for kind in EVIDENCE if kind in entry},
        **_axes(shown),
    }


def _axes(shown: Mapping[str, str]) -> dict[str, Any]:
    """Answer what the tests have shown of an operation or a parameter; an axis of which they have nothing is left out."""
    told = {"behaviourTested": shown.get("behaviour"), "refusalTested": shown.get("refusal")}
    drivers = _by_name(shown, "driven by ")
    return {name: test for name, test in told.items() if test} | ({"drivenBy": drivers} if drivers else {})


def _by_name(shown: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {axis.removeprefix(prefix): test for axis, test in shown.items() if axis.startswith(prefix)}


def _own_codes() -> Iterator[dict[str, str]]:
    """List the codes that we made up, and when each is answered."""
    for error in ApiError.__subclasses__():
        code = getattr(error, "code", "")
        if code.startswith(OWN_CODE):
            yield {"code": code, "when": " ".join((error.__doc__ or "").split())}


def _inferred(file: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """List what a contract file infers: whole answers, fields added to one, and parameters."""
    where = {"where": file.get("operation", file["title"])}
    for example in file["examples"]:
        if example["evidence"] == "inferred":
            yield {**where, "what": example["name"], "source": example["source"]}
        for added in _added(example):
            names = ", ".join(added["fields"])
            yield {**where, "what": f"{example['name']}: the fields {names}", "source": added["source"]}
    for entry in file.get("parameters", ()):
        if "inferred" in entry:
            what = f"the parameter {entry['name']} ({entry['where']})"
            yield {**where, "what": what, "source": entry["inferred"]}


def _added(example: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for step in (example, *example.get("then", ())):
        yield from (each for each in step["answer"].get("adds", ()) if each["evidence"] == "inferred")
