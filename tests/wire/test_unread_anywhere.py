"""What nobody read, over the contract files and over made-up requests."""

import base64
import difflib
import json
import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mockkommunicate.domain.errors import Problem
from mockkommunicate.domain.received import Received
from mockkommunicate.domain.unread import Unread, fold, misspelt, nearest, problems
from mockkommunicate.wire import attested
from mockkommunicate.wire.unread import MOST, UnreadOutput, classify
from tests.contract import examples
from tests.strategies import JSON, TEXTS
from tests.wire.classified import CONTRACTS, lines, unread

FILES = examples.load_files()
ROUTES = {
    (file["method"], file["path"]): CONTRACTS[file["operation"]]
    for file in FILES.values()
    if "operation" in file
}
EXAMPLES = [
    pytest.param(example, id=f"{name}: {example['name']}")
    for name, file in FILES.items()
    for example in file["examples"]
]


def requests_of(example: Any) -> Iterator[dict[str, Any]]:
    """List the requests to the emulated API in an example, those before and after it too."""
    for step in (*example.get("given", []), example, *example.get("then", [])):
        if step["request"].get("path", "").startswith("/rest/"):
            yield step["request"]


def found_in(request: dict[str, Any]) -> list[Unread]:
    """Classify a request of a contract file."""
    body = json.dumps(request["body"]) if "body" in request else request.get("text", "")
    if "form" in request:
        body = json.dumps({part["name"]: part.get("filename", "text") for part in request["form"]})
    if "base64" in request:
        body = base64.b64decode(request["base64"]).decode("utf-8", "surrogateescape")
    query = [
        (name, one)
        for name, value in request.get("query", {}).items()
        for one in (value if isinstance(value, list) else [value])
    ]
    headers = [(name.title(), value) for name, value in request.get("headers", {}).items()]
    received = Received(
        method=request["method"], path=request["path"], query=tuple(query), headers=tuple(headers), body=body
    )
    return classify(received, ROUTES.get((request["method"], request["path"])))


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_request_that_is_documented_or_observed_holds_anything_unknown(example: dict[str, Any]) -> None:
    unknown = [
        one.name for request in requests_of(example) for one in found_in(request) if one.kind == "unknown"
    ]

    assert unknown == [] or example["evidence"] == "inferred"


def test_the_examples_hold_nothing_unread_but_what_they_are_about() -> None:
    found = {
        line
        for file in FILES.values()
        for example in file["examples"]
        for request in requests_of(example)
        for line in lines(found_in(request))
    }

    assert found == {
        "ignored query switchAssignee",
        "ignored body metadata.CONVERSATION_ASSIGNEE",
        "ignored body metadata.plan",
        "ignored body users",
        "unknown body platform",
        "unknown query apikey -> apiKey",
        "ignored header Authorization",
        "ignored body clientGroupId",
        "ignored header Of-User-Id",
        "ignored body platform",
        "ignored body deviceKey",
        "ignored body key",
        "ignored body to",
        "ignored body contactSync",
        "ignored query ofUserId",
        "ignored body displayName",
        "ignored body metadata",
        "ignored query elasticUpdate",
        "ignored query allowEmail",
        "unknown body role",
        "unknown body userName -> displayName",
        "ignored query data",
        "unknown body image",
        "unknown body fil -> file",
    }


NAMES = [
    (operation, where, field.data_key or name)
    for operation, contract in CONTRACTS.items()
    for where, schema in (("body", contract.body), ("query", contract.query))
    for name, field in (schema.fields.items() if schema else ())
]


@st.composite
def slips(draw: st.DrawFn, name: str) -> str:
    """Make one slip of the pen in a name: a character dropped, doubled, changed, in the other case, or swapped."""
    at = draw(st.integers(0, len(name) - 1))
    start, letter, rest = name[:at], name[at], name[at + 1 :]
    kinds = ["", letter * 2, letter.swapcase(), draw(st.sampled_from("qxz"))]
    slip = draw(
        st.sampled_from([*(start + kind + rest for kind in kinds), start + rest[:1] + letter + rest[1:]])
    )
    assume(slip != name)
    return slip


def sent(operation: str, where: str, name: str) -> list[str]:
    """Classify a request with nothing but a name in the body or the query."""
    return unread(operation, {name: 1}) if where == "body" else unread(operation, query=name)


@pytest.mark.parametrize(("operation", "where", "name"), NAMES)
@given(st.data())
@settings(max_examples=30)
def test_one_slip_in_a_known_name_is_unknown_and_the_name_is_suggested(
    operation: str, where: str, name: str, data: st.DataObject
) -> None:
    slip = data.draw(slips(name))
    assume(slip not in attested.FIELDS.get(operation, ()))

    assert sent(operation, where, name) == []
    assert sent(operation, where, slip) == [f"unknown {where} {slip} -> {name}"]


@pytest.mark.parametrize("operation", sorted(attested.METADATA))
@given(st.data())
@settings(max_examples=50)
def test_one_slip_in_a_metadata_key_that_means_something_is_unknown(
    operation: str, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from([key for key in attested.METADATA[operation] if len(key) > 5]))
    slip = data.draw(slips(key))
    assume(slip not in attested.LEGAL_KEYS)

    found = unread(operation, {"metadata": {slip: "1"}})

    assert found == [f"unknown body metadata.{slip} -> metadata.{key}"]


WORDS = "order customer ticket plan region language page number id key code status type event name team bot"
OWN_KEYS = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=3).map("_".join)
OTHER_KEYS = (TEXTS | st.text(string.ascii_letters, max_size=12)).filter(
    lambda key: not difflib.get_close_matches(fold(key), map(fold, attested.LEGAL_KEYS), cutoff=0.7)
)


@pytest.mark.parametrize("operation", sorted(attested.METADATA))
@given(st.dictionaries(OWN_KEYS | OTHER_KEYS, TEXTS, max_size=8))
@settings(max_examples=50)
def test_a_metadata_key_that_has_nothing_to_do_with_a_known_one_is_used(
    operation: str, metadata: dict[str, str]
) -> None:
    assert unread(operation, {"metadata": metadata}) == []


@pytest.mark.parametrize("operation", CONTRACTS)
@given(JSON, st.lists(TEXTS, max_size=4), st.lists(TEXTS, max_size=4))
@settings(max_examples=50)
def test_whatever_comes_is_classified_and_each_name_listed_once(
    operation: str, body: Any, query: list[str], headers: list[str]
) -> None:
    received = Received(
        method="POST",
        path="/",
        query=tuple((name, "") for name in query),
        headers=tuple((name, "") for name in headers),
        body=json.dumps(body),
    )
    found = classify(received, CONTRACTS[operation])

    places = [(one.where, one.name) for one in found]
    assert len(set(places)) == len(places)
    assert {one.name for one in found if one.where == "query"} == set(query)
    assert classify(received, CONTRACTS[operation]) == found


@pytest.mark.parametrize("body", ["", "{", "[1]", "null", "\udc80", '{"groupName": ' + "[" * 100_000])
def test_a_body_that_is_no_object_holds_nothing_to_speak_of(body: str) -> None:
    received = Received(method="POST", path="/", body=body)

    assert classify(received, CONTRACTS["conversation.create"]) == []


def test_of_very_many_names_the_first_are_looked_at() -> None:
    body: dict[str, Any] = {f"x{number}": 1 for number in range(MOST + 10)} | {"metadata": {}}

    assert len(unread("message.send", body, query=" ".join(body))) == 2 * MOST


def test_a_name_too_long_to_be_a_slip_is_like_none() -> None:
    assert nearest("groupName" * 20, ("groupName",)) is None
    assert misspelt("SKIP_ROUTING" + "_" * 100, ("SKIP_ROUTING",)) is None


def test_only_what_is_unknown_is_a_problem() -> None:
    found = [
        Unread("body", "groupMemberlist", "unknown", "groupMemberList"),
        Unread("body", "groupId", "unknown", "query groupId"),
        Unread("query", "foo", "unknown"),
        Unread("header", "Authorization", "ignored"),
        Unread("body", "groupId", "ignored", "query groupId"),
    ]

    assert problems(found) == [
        Problem("body", "groupMemberlist", "is not known here; did you mean 'groupMemberList'?"),
        Problem("body", "groupId", "is not known here; did you mean query 'groupId'?"),
        Problem("query", "foo", "is not known here"),
    ]


def test_a_finding_is_written_without_what_it_has_not() -> None:
    output = UnreadOutput()

    assert output.write(Unread("body", "Text", "unknown", "message")) == {
        "where": "body",
        "name": "Text",
        "class": "unknown",
        "nearest": "message",
    }
    assert output.write(Unread("query", "foo", "unknown")) == {
        "where": "query",
        "name": "foo",
        "class": "unknown",
    }
