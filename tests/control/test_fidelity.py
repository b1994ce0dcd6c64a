"""The fidelity page as JSON: the axes of each parameter, the known limits, and everything that is invented."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from mockkommunicate import MockKommunicate
from mockkommunicate.domain.errors import ApiError
from mockkommunicate.domain.neighbours import PATHS
from mockkommunicate.wire.fidelity import Fidelity
from tests import recording

ROOT = Path(__file__).parents[2]
EVIDENCE = {"documented", "observed", "inferred"}


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """An emulator; none of this depends on the database."""
    with MockKommunicate() as running:
        yield running


@pytest.fixture(scope="module")
def told(server: MockKommunicate) -> dict[str, Any]:
    """What the control API answers."""
    answer = requests.get(f"{server.url}/_mock/fidelity", timeout=60)
    assert answer.status_code == 200
    return dict(answer.json())


def claims(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [*told["limits"], *told["invented"]["others"], *told["invented"]["settings"]]


def exists(test: str) -> bool:
    """Tell whether there is a test of this name; what it is called with is checked by the run that collects it."""
    name, _, function = test.partition("[")[0].partition("::")
    path = ROOT / name
    if not path.is_file():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body)


def test_the_answer_is_what_its_schema_says(told: dict[str, Any]) -> None:
    assert Fidelity().validate(told) == {}


def test_every_operation_that_is_emulated_is_there_with_all_its_axes(
    server: MockKommunicate, told: dict[str, Any]
) -> None:
    emulated = requests.get(f"{server.url}/_mock/info", timeout=60).json()["emulates"]
    names = ("operation", "method", "path")

    shown = [{name: one[name] for name in names} for one in told["operations"]]
    assert sorted(shown, key=str) == sorted(emulated, key=str)
    assert [one["operation"] for one in told["operations"] if "behaviourTested" not in one] == []
    assert [one["operation"] for one in told["operations"] if not one["refusals"]] == []


def test_a_parameter_has_each_axis_by_itself(told: dict[str, Any]) -> None:
    (create,) = [one for one in told["operations"] if one["operation"] == "conversation.create"]
    (skip,) = [one for one in create["parameters"] if one["name"] == "metadata.SKIP_ROUTING"]

    assert skip["behaviourTested"].startswith("tests/contract/test_documented_examples.py::")
    assert {name: value for name, value in skip.items() if name != "behaviourTested"} == {
        "where": "body",
        "name": "metadata.SKIP_ROUTING",
        "effect": "read",
        "documented": "Endpoints page, Create a conversation",
        "observed": "official web SDK, kommunicate-client.js; official iOS SDK, KMConversationService.swift",
    }


def test_every_parameter_that_is_read_has_a_test_of_its_behaviour(told: dict[str, Any]) -> None:
    untested = [
        (one["operation"], parameter["where"], parameter["name"])
        for one in told["operations"]
        for parameter in one["parameters"]
        if parameter["effect"] == "read" and "behaviourTested" not in parameter
    ]

    assert untested == []


def test_the_client_of_somebody_else_is_named_where_it_was_used(told: dict[str, Any]) -> None:
    driven = [one["operation"] for one in told["operations"] if "drivenBy" in one]

    assert driven == ["user.detail", "message.send", "user.update", "file.upload_url", "file.upload_signed"]


def test_there_is_no_sum_of_anything(told: dict[str, Any]) -> None:
    assert set(told) == {"operations", "limits", "invented"}
    for one in told["operations"]:
        for parameter in one["parameters"]:
            assert EVIDENCE & set(parameter)
            assert not [value for value in parameter.values() if isinstance(value, int | float)]


def test_every_code_of_ours_is_told(told: dict[str, Any]) -> None:
    ours = {error.code for error in ApiError.__subclasses__() if hasattr(error, "code")}

    codes = {one["code"] for one in told["invented"]["codes"]}
    assert codes == {code for code in ours if code.startswith("MOCK-")}
    assert {"MOCK-BODY", "MOCK-PARAM", "MOCK-ROUTE", "MOCK-FILE", "MOCK-APPS", "MOCK-STORE"} < codes


def test_every_route_of_ours_and_every_path_that_is_not_emulated_is_told(
    server: MockKommunicate, told: dict[str, Any]
) -> None:
    described = requests.get(f"{server.url}/_mock/openapi/control.json", timeout=60).json()["paths"]
    ours = {f"{method.upper()} {path}" for path, item in described.items() for method in item}

    assert ours < set(told["invented"]["routes"])
    assert sorted(set(told["invented"]["routes"])) == sorted(told["invented"]["routes"])
    assert [route for route in told["invented"]["routes"] if "/_mock/" not in route] == ["GET /llms.txt"]
    assert told["invented"]["notEmulated"] == sorted(PATHS)


def test_every_header_of_ours_is_told(told: dict[str, Any]) -> None:
    assert told["invented"]["headers"] == ["X-Mock-Fault", "X-Request-Id"]


def test_every_inferred_example_is_told(told: dict[str, Any]) -> None:
    counted = sum(one["examples"]["inferred"] for one in told["operations"])

    operations = {one["operation"] for one in told["operations"]}
    behaviours = told["invented"]["behaviours"]
    assert len([one for one in behaviours if one["where"] in operations]) >= counted
    assert {one["where"] for one in behaviours} - operations


def test_every_setting_that_decides_is_a_setting(server: MockKommunicate, told: dict[str, Any]) -> None:
    settings = server.default_app.settings()
    for claim in told["invented"]["settings"]:
        value: Any = settings
        for name in claim["setting"].split("."):
            assert name in value, claim["setting"]
            value = value[name]


def test_every_limit_and_invention_has_a_test_or_says_why_it_cannot(told: dict[str, Any]) -> None:
    for claim in claims(told):
        assert ("tests" in claim) != ("because" in claim), claim["what"]
        assert claim.get("because", "cannot be tested because").startswith("cannot be tested because")
        assert [test for test in claim.get("tests", ["none"]) if test != "none" and not exists(test)] == []
        assert claim.get("tests", ["some"]), claim["what"]


def test_every_test_that_the_record_names_exists() -> None:
    named = {test.partition("[")[0] for test in recording.load(ROOT).values()}

    assert named
    assert [test for test in sorted(named) if not exists(test)] == []


def test_a_test_that_does_not_exist_is_noticed() -> None:
    assert exists("tests/control/test_fidelity.py::test_a_test_that_does_not_exist_is_noticed[sqlite]")
    assert not exists("tests/control/test_fidelity.py::test_of_nothing")
    assert not exists("tests/control/test_of_nothing.py::test_a_test_that_does_not_exist_is_noticed")


def test_the_record_claims_only_what_there_is(told: dict[str, Any]) -> None:
    places = {
        (one["operation"], place)
        for one in told["operations"]
        for place in ("operation", *(f"{each['where']} {each['name']}" for each in one["parameters"]))
    }

    assert {(claim.operation, claim.place) for claim in recording.load(ROOT)} <= places
    assert recording.written(recording.load(ROOT)) == (ROOT / recording.RECORD).read_text(encoding="utf-8")
