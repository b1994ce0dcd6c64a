"""Every contract file is answered as it says, and there is one for everything that is emulated."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.contract import examples

FILES = examples.load_files()
EXAMPLES = [(name, example) for name, file in FILES.items() for example in file["examples"]]
IDS = [f"{name}: {example['name']}" for name, example in EXAMPLES]

FILE_KEYS = {"operation", "title", "method", "path", "description", "sources", "parameters", "examples"}
TOPIC_KEYS = {"title", "description", "sources", "examples"}
KEYS = {
    "example": {"name", "evidence", "source", "show", "given", "request", "save", "answer", "then"},
    "given": {"request", "save", "times"},
    "then": {"request", "answer", "save"},
    "request": {
        *("method", "path", "url", "query", "headers"),
        *("body", "form", "text", "base64", "repeated"),
    },
    "answer": {"status", "headers", "body", "adds", "has", "text", "like", "sample", "base64", "by_type"},
}


@pytest.mark.parametrize("example", [example for _, example in EXAMPLES], ids=IDS)
def test_an_example_is_answered_as_its_contract_says(app: App, example: dict[str, Any]) -> None:
    variables: examples.Variables = {"app": app.application_id, "key": app.api_key, "base": app.url}
    with requests.Session() as session:
        session.trust_env = False
        examples.prepare(example, app.url, variables, session)
        for step in examples.steps(example):
            response = examples.send(step["request"], app.url, variables, session)

            differences = examples.check(step, response, variables)
            assert not differences, "\n".join([*differences, f"in {response.text[:2000]}"])
            examples.save(step, response, variables)


def test_every_emulated_route_has_a_contract_file_and_every_contract_file_a_route(
    server: MockKommunicate,
) -> None:
    emulated = requests.get(f"{server.url}/_mock/info", timeout=60).json()["emulates"]
    described = [
        {key: file[key] for key in ("operation", "method", "path")}
        for file in FILES.values()
        if "operation" in file
    ]

    assert sorted(described, key=str) == sorted(emulated, key=str)


@pytest.mark.parametrize("name", FILES)
def test_a_contract_file_stands_where_its_operation_says(name: str) -> None:
    file = FILES[name]
    area, _, stem = name.partition("/")

    if area == "everywhere":
        assert set(file) == TOPIC_KEYS
    else:
        assert set(file) == FILE_KEYS
        assert file["operation"] == f"{area.removesuffix('s')}.{stem}"


@pytest.mark.parametrize("name", FILES)
def test_the_examples_of_a_file_have_names_of_their_own(name: str) -> None:
    names = [example["name"] for example in FILES[name]["examples"]]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", FILES)
def test_every_example_says_how_sure_it_is_and_why(name: str) -> None:
    for example in FILES[name]["examples"]:
        assert example["evidence"] in {"documented", "observed", "inferred"}, example["name"]
        assert len(example["source"]) > 10, example["name"]
        for step in examples.steps(example):
            for addition in step["answer"].get("adds", []):
                assert addition["evidence"] in {"observed", "inferred"}, example["name"]
                assert len(addition["source"]) > 10, example["name"]


@pytest.mark.parametrize("name", FILES)
def test_no_example_has_a_part_that_nobody_reads(name: str) -> None:
    for example in FILES[name]["examples"]:
        for kind, part in _parts(example):
            assert set(part) <= KEYS[kind], (example["name"], kind)
            assert kind != "answer" or examples.unused(part) == [], example["name"]


def _parts(example: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the parts of an example, each with its kind."""
    yield "example", example
    for kind in ("given", "then"):
        yield from ((kind, step) for step in example.get(kind, []))
    for step in (*example.get("given", []), *examples.steps(example)):
        yield "request", step["request"]
    for step in examples.steps(example):
        yield "answer", step["answer"]


@pytest.mark.parametrize("name", FILES)
def test_every_answer_of_the_emulated_api_is_compared_whole(name: str) -> None:
    for example in FILES[name]["examples"]:
        for step in examples.steps(example):
            looks = step["request"].get("path", "").startswith("/_mock/")

            kinds = {"body", "text", "like", "base64", "has"}
            assert len(kinds & set(step["answer"])) == 1, example["name"]
            assert looks or "has" not in step["answer"], example["name"]


@pytest.mark.parametrize("name", FILES)
def test_a_sample_is_like_what_is_answered(name: str) -> None:
    for example in FILES[name]["examples"]:
        for step in examples.steps(example):
            answer = step["answer"]
            assert ("like" in answer) == ("sample" in answer), example["name"]
            like = examples.fill(answer.get("like", ""), {"base": "http://127.0.0.1:8080", "app": "mock-app"})
            assert re.fullmatch(like, answer.get("sample", "")), example["name"]
