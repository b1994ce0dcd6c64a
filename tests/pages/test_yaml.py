"""Every block of YAML on the pages is what it says it is, and what it starts and runs works."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from mockkommunicate import MockKommunicate
from tests.pages import deployments, shells
from tests.pages.blocks import ROOT, Block, of
from tests.pages.deployments import Deployment
from tests.served import Served

SCHEMAS = {
    "compose": "vendor.compose-spec",
    "github workflow": "vendor.github-workflows",
    "gitlab ci": "vendor.gitlab-ci",
}
DEPLOYMENTS = of("yaml", *SCHEMAS)
ADDRESSES = ("http://127.0.0.1:8080", "http://kommunicate:8080")

RUN_TESTS = """\
#!/bin/sh
curl -sS --fail -H "Api-Key: $KOMMUNICATE_API_KEY" -H 'Content-Type: application/json' \\
     -d '{"groupName": "Help", "groupMemberList": ["carl"]}' "$KOMMUNICATE_BASE_URL/rest/ws/group/conversation"
"""


def place(block: Block) -> str:
    return block.place


def problems(folder: Path, block: Block) -> str:
    """Check a block against the schema of what it is; answer what is wrong, or nothing."""
    file = folder / "file.yml"
    file.write_text(block.text, encoding="utf-8")
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", SCHEMAS[block.mark], str(file)])
    return done.output if done.exit_code else ""


@pytest.mark.parametrize("block", DEPLOYMENTS, ids=place)
def test_the_schema_takes_it(tmp_path: Path, block: Block) -> None:
    assert problems(tmp_path, block) == ""


def test_what_the_schema_refuses_is_found(tmp_path: Path) -> None:
    wrong = Block("docs/new.md", 1, "yaml", "compose", "", "services: {a: {imgae: b}}\n")

    assert "imgae" in problems(tmp_path, wrong)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Put a real server in the place of a database that a page names."""

    def here(url: str) -> str:
        return str(request.getfixturevalue("postgres").create_database()) if "postgres" in url else url

    return here


def start(stack: ExitStack, deployment: Deployment, database: Callable[[str], str]) -> list[Served]:
    """Start the containers' command with the image's variables and their own."""
    asked = deployment.environment.get("MOCKKOMMUNICATE_DATABASE", "")
    own = {**deployment.environment, "MOCKKOMMUNICATE_DATABASE": database(asked)}
    environment = {"MOCKKOMMUNICATE_HOST": "0.0.0.0", **own}
    return [stack.enter_context(Served(environment=environment)) for _ in range(deployment.replicas)]


@pytest.mark.parametrize("block", DEPLOYMENTS, ids=place)
def test_what_it_starts_is_ready_and_what_it_runs_is_done(
    tmp_path: Path, block: Block, database: Callable[[str], str]
) -> None:
    deployment = deployments.read(block)
    shells.furnish(tmp_path, block.page)
    (tmp_path / "run-tests").write_text(RUN_TESTS)
    (tmp_path / "run-tests").chmod(0o755)

    with ExitStack() as stack:
        servers = start(stack, deployment, database)
        for server in servers:
            assert is_ready(server, deployment.environment["MOCKKOMMUNICATE_CONTROL_TOKEN"])
        done = [run(command, tmp_path, deployment, servers[0].url) for command in deployment.commands]

    assert [one.stdout + one.stderr for one in done if one.returncode != 0] == []


def is_ready(server: Served, token: str) -> bool:
    """Tell whether a server is ready, and its control API there for who has the token and for nobody else."""
    ready = requests.get(f"{server.url}/_mock/readyz", timeout=20)
    info = f"{server.url}/_mock/info"
    without = requests.get(info, timeout=20)
    having = requests.get(info, headers={"Authorization": f"Bearer {token}"}, timeout=20)
    return [ready.status_code, without.status_code, having.status_code] == [200, 401, 200]


def run(command: str, folder: Path, deployment: Deployment, url: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a file with its variables, which name the server where it really is."""
    replaced = dict.fromkeys(ADDRESSES, url)
    variables = {name: replaced.get(value, value) for name, value in deployment.variables.items()}
    return subprocess.run(
        shells.command(command, {}),
        cwd=folder,
        env=shells.environment(folder, url) | variables,
        capture_output=True,
        text=True,
        timeout=shells.PATIENCE_S,
        check=False,
    )


@pytest.fixture(scope="module")
def running() -> Iterator[MockKommunicate]:
    """A server to make apps on."""
    with MockKommunicate() as server:
        yield server


@pytest.mark.parametrize("block", of("yaml", "scenario"), ids=place)
def test_an_app_is_made_of_a_scenario(running: MockKommunicate, tmp_path: Path, block: Block) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(block.text, encoding="utf-8")

    app = running.create_app(scenario=os.fspath(file))

    assert app.conversations()


def test_the_image_has_what_the_page_says_of_it() -> None:
    page = (ROOT / "docs" / "docker-in-ci.md").read_text(encoding="utf-8")
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    extras = page.partition("| extras | ")[2].partition(" |")[0].replace("`", "").split(", ")

    assert set(image.partition("'.[")[2].partition("]'")[0].split(",")) == set(extras)
    for said in ("MOCKKOMMUNICATE_HOST=0.0.0.0", "10001", "/data", "8080", "/_mock/readyz"):
        assert said in page
        assert said in image
    assert "--interval=5s" in image
    assert 'CMD ["serve"]' in image
