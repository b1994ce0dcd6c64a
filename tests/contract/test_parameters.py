"""Every parameter of every operation has its evidence in the contract file, and none has it that there is not."""

from typing import Any

import pytest
from flask import Flask

from mockkommunicate import api
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.wire import parameters
from tests.contract import examples

FILES = {file["operation"]: file for file in examples.load_files().values() if "operation" in file}
EVIDENCE = ("documented", "observed", "inferred")


def taken(operation: str) -> list[parameters.Parameter]:
    """List the parameters that an operation's schemas read, and those that are known besides."""
    app = Flask("parameters")
    for blueprint in api.BLUEPRINTS:
        app.register_blueprint(blueprint)
    contracts = [view.endpoint for view in app.view_functions.values() if hasattr(view, "endpoint")]
    (contract,) = [one for one in contracts if one.operation == operation]
    return parameters.of(contract, FILES[operation]["path"])


def entries(operation: str) -> list[dict[str, Any]]:
    return list(FILES[operation]["parameters"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_contract_file_has_each_parameter_once_and_no_other(operation: str) -> None:
    described = [f"{entry['where']} {entry['name']}" for entry in entries(operation)]

    assert sorted(described) == sorted(one.place for one in taken(operation))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_parameter_says_how_sure_it_is_and_why(operation: str) -> None:
    for entry in entries(operation):
        told = [kind for kind in EVIDENCE if kind in entry]

        assert set(entry) <= {"where", "name", "kept", *EVIDENCE}, entry
        assert told, entry
        assert told == ["inferred"] or "inferred" not in told, entry
        assert all(len(entry[kind]) > 10 for kind in told), entry


@pytest.mark.parametrize("operation", OPERATIONS)
def test_only_keys_of_metadata_are_kept(operation: str) -> None:
    kept = [entry["name"] for entry in entries(operation) if "kept" in entry]

    assert [name for name in kept if not name.startswith("metadata.")] == []
    assert [entry for entry in entries(operation) if entry.get("kept", True) is not True] == []
