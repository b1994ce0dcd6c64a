"""The commands `openapi` and `postman`, as a shell sees them: no server runs."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from mockkommunicate import MockKommunicate
from tests.served import run, variable

REQUIRED = {"info", "item"}
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


@pytest.fixture(scope="module")
def collection() -> dict[str, Any]:
    """The collection."""
    return dict(json.loads(run("postman").stdout))


@pytest.mark.parametrize("name", ["kommunicate", "control"])
def test_openapi_writes_what_a_server_serves(name: str) -> None:
    with MockKommunicate() as server:
        served = requests.get(f"{server.url}/_mock/openapi/{name}.json", timeout=10).json()
        done = run("openapi", name, "--url", server.url)

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == served


def test_openapi_without_a_name_is_that_of_the_emulated_api() -> None:
    document = json.loads(run("openapi").stdout)

    assert "/rest/ws/group/conversation" in document["paths"]
    assert document["servers"] == [{"url": "http://127.0.0.1:8080"}]


def test_a_file_is_written_whole_and_as_yaml_if_it_is_called_so(tmp_path: Path) -> None:
    written = {name: tmp_path / name for name in ("a.json", "a.yaml", "a.yml")}
    said = [run("openapi", "control", "--output", str(file)).stdout for file in written.values()]

    document = json.loads(written["a.json"].read_text(encoding="utf-8"))
    assert said == [f"wrote {file}\n" for file in written.values()]
    assert yaml.safe_load(written["a.yaml"].read_text(encoding="utf-8")) == document
    assert written["a.yml"].read_bytes() == written["a.yaml"].read_bytes() != written["a.json"].read_bytes()


def test_options_may_come_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "collection.json"
    environment = {variable("url"): "http://emulator:8081/", variable("postman_output"): str(file)}
    done = run("postman", environment=environment)

    assert done.stdout == f"wrote {file}\n"
    assert value(json.loads(file.read_text(encoding="utf-8")), "baseUrl") == "http://emulator:8081"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["openapi", "kommunicat"], "'kommunicat' is not one of 'kommunicate', 'control'"),
        (["openapi", "--url", "localhost"], "'localhost' must be the server's URL"),
        (["openapi", "--output", "/nowhere/a.json"], "must be a file in a folder that exists"),
        (["postman", "--output", "/"], "must be a file in a folder that exists"),
        (["postman", "--format", "json"], "No such option"),
        (["postman", "control"], "unexpected extra argument"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(arguments: list[str], said: str) -> None:
    done = run(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("mockkommunicate: error: ")
    assert said in line


def value(collection: Mapping[str, Any], name: str) -> str:
    """Answer the value of a variable of a collection."""
    (found,) = [one["value"] for one in collection["variable"] if one["key"] == name]
    return str(found)


def requests_of(folder: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """List the requests of a folder and of those in it."""
    for item in folder["item"]:
        if "item" in item:
            yield from requests_of(item)
        else:
            yield item


def test_the_collection_has_its_variables_and_a_folder_for_each_operation(collection: dict[str, Any]) -> None:
    names = [folder["name"] for folder in collection["item"]]

    assert collection["info"]["schema"] == SCHEMA
    assert value(collection, "baseUrl") == "http://127.0.0.1:8080"
    assert value(collection, "apiKey") == "mock-api-key"
    assert value(collection, "controlToken") == ""
    assert names[:3] == [
        "Create a conversation",
        "Change the conversation status",
        "Change the conversation assignee",
    ]
    assert len(names) == len(set(names)) >= 18


def test_every_example_begins_with_an_app_of_its_own(collection: dict[str, Any]) -> None:
    for operation in collection["item"]:
        for example in operation["item"]:
            first, *_ = example["item"]
            assert first["request"]["url"]["raw"] == "{{baseUrl}}/_mock/apps"
            assert first["event"][0]["script"]["exec"][-2:] == [
                'pm.collectionVariables.set("apiKey", pm.response.json()["apiKey"]);',
                'pm.collectionVariables.set("app", pm.response.json()["applicationId"]);',
            ]


def test_every_request_has_tests_and_no_variable_of_a_contract_file_is_left(
    collection: dict[str, Any],
) -> None:
    for item in requests_of(collection):
        script = "\n".join(item["event"][0]["script"]["exec"])
        assert "pm.test(" in script, item["name"]
        assert "${conversation" not in json.dumps(item), item["name"]
        assert "${key" not in json.dumps(item), item["name"]


def test_refusals_are_in_it(collection: dict[str, Any]) -> None:
    told = json.dumps(collection)

    for code in (
        "AL-U-01",
        "AL-G-01",
        "AL-G-02",
        "AL-UN-01",
        "AL-MA-01",
        "MOCK-PARAM",
        "MOCK-BODY",
        "MOCK-ROUTE",
    ):
        assert code in told


def test_all_has_every_example_that_is_a_text(collection: dict[str, Any]) -> None:
    whole = json.loads(run("postman", "--all").stdout)

    chosen = {example["name"] for folder in collection["item"] for example in folder["item"]}
    everything = {example["name"] for folder in whole["item"] for example in folder["item"]}
    assert chosen < everything
    assert "A body over the limit, which names it" not in everything
    assert len(everything) > 250
