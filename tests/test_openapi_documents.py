"""The OpenAPI documents: valid, described everywhere, with the examples of the contract files and their evidence."""

import copy
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockkommunicate import openapi
from mockkommunicate.app import routes
from mockkommunicate.openapi import words
from tests import openapi_examples
from tests.contract.examples import load_files

URL = "http://127.0.0.1:8080"
CONTRACTS = {file["operation"]: file for file in load_files().values() if "operation" in file}
NAMES = tuple(openapi.DESCRIBED)
UNTOLD = {
    *("Sequences", "MessageList", "EntryList", "Inbox", "AgentList", "Error", "ControlError", "AppList"),
    *("UserList", "ConversationList", "FileList", "FaultList", "DeliveryList", "IgnoredList", "SnapshotList"),
}
"""Schemas whose fields say what they are; so do those of an exported state, whose names end so."""

Document = dict[str, Any]


@pytest.fixture(scope="module")
def documents() -> Mapping[str, Document]:
    """Both documents, made without a server."""
    app = routes()
    return {name: describe(app, URL) for name, describe in openapi.DESCRIBED.items()}


@pytest.fixture(params=NAMES)
def document(request: pytest.FixtureRequest, documents: Mapping[str, Document]) -> Document:
    """One of them, to read."""
    return documents[request.param]


@pytest.fixture
def emulated(documents: Mapping[str, Document]) -> dict[str, Any]:
    """The operations of the emulated API by their names."""
    return {one["operationId"]: one for _, one in openapi_examples.operations(documents["kommunicate"])}


def test_it_is_a_valid_document(document: Document) -> None:
    assert [str(wrong) for wrong in OpenAPIV31SpecValidator(document).iter_errors()] == []


@pytest.mark.parametrize("part", ["info", "paths"])
def test_a_wrong_document_is_not_valid(documents: Mapping[str, Document], part: str) -> None:
    wrong = documents["kommunicate"] | {part: []}

    assert list(OpenAPIV31SpecValidator(wrong).iter_errors())


def test_every_example_is_as_its_schema_says(document: Document) -> None:
    assert openapi_examples.problems(document) == []


def test_an_example_that_is_not_as_its_schema_says_is_found(documents: Mapping[str, Document]) -> None:
    wrong = copy.deepcopy(documents["kommunicate"])
    for _, example, _ in openapi_examples.examples(wrong):
        example["value"] = None

    found = " ".join(openapi_examples.problems(wrong))
    assert [place for place, _, _ in openapi_examples.examples(wrong) if f"{place}: " not in found] == []


@pytest.mark.parametrize("operation", CONTRACTS)
def test_an_operation_shows_its_contract_and_how_sure_it_is(
    emulated: Mapping[str, Any], operation: str
) -> None:
    contract, described = CONTRACTS[operation], emulated[operation]
    counted = Counter(example["evidence"] for example in contract["examples"])

    assert described["description"] == contract["description"]
    assert described["x-sources"] == contract["sources"]
    assert {kind: n for kind, n in described["x-evidence"].items() if n} == counted


@pytest.mark.parametrize("operation", CONTRACTS)
def test_every_documented_example_is_in_the_document_with_its_evidence(
    emulated: Mapping[str, Any], operation: str
) -> None:
    shown = {
        (example["summary"], example["x-evidence"], example["description"])
        for _, media in openapi_examples.media(emulated[operation])
        for example in media.get("examples", {}).values()
    }
    wanted = {
        (one["name"], one["evidence"], f"{one['evidence'].capitalize()}: {one['source']}.")
        for one in CONTRACTS[operation]["examples"]
        if one.get("show") and "base64" not in one["answer"]
    }

    assert wanted <= shown


def test_an_answer_of_each_kind_is_shown(emulated: Mapping[str, Any]) -> None:
    responses = emulated["conversation.assignee"]["responses"]
    answered = responses["200"]["content"]["application/json"]["examples"].values()
    (refused,) = responses["400"]["content"]["application/json"]["examples"].values()

    values = [one["value"] for one in answered]
    said = [one.get("response") or one["errorResponse"][0]["errorCode"] for one in values]
    assert said == ["updated", "already updated", "AGENT_IS_ALREADY_ENGAGED", "AL-U-01", "AL-G-01"]
    assert refused["value"]["errorResponse"][0]["errorCode"] == "MOCK-PARAM"
    assert refused["x-evidence"] == "inferred"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("applicationId", ["my-app", "a" * 100], ["default", "my app", " app", "app\n", "-app", "a" * 101]),
        ("apiKey", ["a-key", "~" * 200], ["", "a key", "key\n", "schlüssel", "~" * 201]),
    ],
)
def test_a_pattern_is_one_of_ecmascript_and_holds_for_the_whole_text(
    documents: Mapping[str, Document], name: str, good: list[str], bad: list[str]
) -> None:
    schema = documents["control"]["components"]["schemas"]["CreateApp"]["properties"][name]
    # Python's `$` would let a line end through; that of ECMAScript, which JSON Schema means, does not.
    taken = re.compile(schema["pattern"].replace("$", r"\Z"))

    assert [text for text in good + bad if taken.search(text)] == good
    assert r"\Z" not in schema["pattern"]


def test_no_variable_of_a_contract_file_is_left_in_an_example(document: Document) -> None:
    assert "${" not in str([example for _, example, _ in openapi_examples.examples(document)])


def test_every_operation_has_a_name_of_its_own_a_summary_and_a_described_tag(document: Document) -> None:
    operations = [one for _, one in openapi_examples.operations(document)]
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}

    assert len({one["operationId"] for one in operations}) == len(operations)
    assert {tag for one in operations for tag in one["tags"]} == tags
    assert [one["operationId"] for one in operations if not one["summary"]] == []


def test_every_parameter_is_described(document: Document) -> None:
    undescribed = [
        f"{route}: {parameter['name']}"
        for route, operation in openapi_examples.operations(document)
        for parameter in operation["parameters"]
        if not parameter.get("description")
    ]

    assert undescribed == []


def test_every_field_is_described(document: Document) -> None:
    undescribed = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        if name not in UNTOLD and not name.endswith("State")
        for field, told in schema.get("properties", {}).items()
        if not told.get("description")
    ]

    assert undescribed == []


def test_every_word_is_used(documents: Mapping[str, Document]) -> None:
    found = str(documents)

    assert [name for name, told in {**words.FIELDS, **words.PATH}.items() if told not in found] == []


def test_a_docstring_says_what_a_control_call_does(documents: Mapping[str, Document]) -> None:
    watch = documents["control"]["paths"]["/_mock/apps/{application_id}/events"]["get"]

    assert watch["summary"] == (
        "Tell at once how far the app is, and then each time that something in it has changed"
    )
    assert watch["description"].startswith("Under a server that is not ours")
    assert watch["tags"] == ["events"]


def test_a_control_call_shows_what_the_examples_send_to_it(documents: Mapping[str, Document]) -> None:
    change = documents["control"]["paths"]["/_mock/apps/{application_id}/settings"]["patch"]
    shown = change["requestBody"]["content"]["application/json"]["examples"]

    assert [one["value"] for one in shown.values()] == [
        {"takeOverFromBotDefault": True},
        {"handlingLimit": 1},
        {"routing": {"rule": "notify_everybody"}},
        {"routing": {"assignNewConversationsTo": "robot"}},
        {"initialStatus": -1},
    ]
    assert all(one["summary"].startswith("For: ") for one in shown.values())
