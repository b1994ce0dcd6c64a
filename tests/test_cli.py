"""The command line: every option by its name and by its environment name."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.client import Client
from tests.postgres import _free_port, wait_until
from tests.served import Served, run, variable

VALUES = {
    "host": "localhost",
    "scenario": "at-capacity",
    "seed": "11",
    "api-key": "key-of-mine",
    "application-id": "app-of-mine",
    "workers": "2",
    "threads": "4",
    "log-format": "json",
    "control-token": "open-sesame",
    "max-apps": "2",
    "max-body": "2048",
    "store-timeout": "0.2",
}


class Configured(Served):
    """A server that was given every option there is."""

    def __init__(self, folder: Path, *, by_environment: bool) -> None:
        self.file = folder / "state.db"
        self.ready_file = folder / "ready.json"
        self.asked_port = _free_port()
        where = {
            "port": str(self.asked_port),
            "database": f"sqlite:///{self.file}",
            "ready-file": str(self.ready_file),
        }
        values = VALUES | where
        if by_environment:
            super().__init__(environment={variable(name): value for name, value in values.items()})
        else:
            super().__init__(*(part for name, value in values.items() for part in (f"--{name}", value)))

    def control(
        self, method: str, path: str, token: str = "open-sesame", **options: Any
    ) -> requests.Response:
        """Call the control API."""
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, f"{self.url}/_mock{path}", headers=headers, timeout=10, **options)


@pytest.fixture(scope="module", params=[False, True], ids=["options", "environment"])
def configured(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Configured]:
    """A server with every option, given on the command line or in the environment."""
    with Configured(tmp_path_factory.mktemp("configured"), by_environment=request.param) as configured:
        yield configured


def test_it_listens_where_it_is_told_to(configured: Configured) -> None:
    assert configured.url == f"http://localhost:{configured.asked_port}"


def test_the_default_app_has_the_id_and_key_it_is_told_to_have(configured: Configured) -> None:
    assert (configured.ready["applicationId"], configured.ready["apiKey"]) == ("app-of-mine", "key-of-mine")
    assert configured.client.detail("bot").status_code == 200
    assert Client(configured.url, "mock-api-key").detail("bot").status_code == 401


def test_the_default_app_is_filled_from_the_scenario_and_seed(configured: Configured) -> None:
    app = configured.control("GET", "/apps/default").json()

    assert (app["scenario"], app["seed"]) == ("at-capacity", 11)
    names = [user["userId"] for user in configured.control("GET", "/apps/default/users").json()["users"]]
    assert "omar@example.com" in names


def test_the_state_is_in_the_database_named(configured: Configured) -> None:
    with sqlite3.connect(configured.file) as connection:
        (count,) = connection.execute("SELECT count(*) FROM mock_apps").fetchone()
    connection.close()

    assert count >= 1


def test_there_are_as_many_workers_as_asked_for(configured: Configured) -> None:
    wait_until(lambda: len(configured.workers) == 2)


def test_the_ready_file_is_written_where_asked(configured: Configured) -> None:
    assert json.loads(configured.ready_file.read_text()) == configured.ready


def test_the_log_is_json_when_asked(configured: Configured) -> None:
    assert all(json.loads(line)["message"] for line in configured.log.splitlines())


def test_the_control_api_wants_the_token_given(configured: Configured) -> None:
    assert configured.control("GET", "/apps").status_code == 200
    assert configured.control("GET", "/apps", token="sesame").status_code == 401


def test_there_are_no_more_apps_than_allowed(configured: Configured) -> None:
    answers = [configured.control("POST", "/apps", json={}) for _ in range(3)]
    made = [answer.json()["applicationId"] for answer in answers if answer.status_code == 201]
    for application_id in made:
        configured.control("DELETE", f"/apps/{application_id}")

    assert [answer.status_code for answer in answers] == [201, 503, 503]


def test_a_body_is_no_larger_than_allowed(configured: Configured) -> None:
    response = configured.client.create(groupName="x" * 2048)

    assert response.status_code == 413
    assert "2048" in response.text


def test_a_request_waits_for_a_locked_database_no_longer_than_told(configured: Configured) -> None:
    other = sqlite3.connect(configured.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    locked = configured.client.create()
    other.execute("ROLLBACK")
    other.close()

    assert locked.status_code == 503
    assert locked.json()["errorResponse"][0]["errorCode"] == "MOCK-STORE"
    assert configured.client.create().status_code == 200


def test_the_help_names_every_option_and_its_environment_name() -> None:
    done = run("serve", "--help")

    assert done.returncode == 0
    names = [*VALUES, "port", "database", "ready-file"]
    assert [name for name in names if f"--{name} " not in done.stdout] == []
    assert [name for name in names if variable(name) not in done.stdout] == []


def test_without_a_command_it_says_which_there_are() -> None:
    done = run()

    assert done.returncode == 2
    assert "serve" in done.stderr
    assert done.stdout == ""
