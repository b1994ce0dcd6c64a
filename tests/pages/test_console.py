"""Every command in the README and docs/ is run, and answers what the page says."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockkommunicate import MockKommunicate
from tests.client import Client
from tests.pages import shells
from tests.pages.blocks import ALL, Block, named, of
from tests.pages.shapes import differences

CONSOLE = of("console", "", "serve command", "try command")
SERVING = [block for block in CONSOLE if shells.SERVES.search(block.text)]
ANSWERS = {ALL[place - 1].place: block for place, block in enumerate(ALL) if block.mark == "answer"}


@pytest.fixture(scope="module")
def running() -> Iterator[MockKommunicate]:
    """A server for the commands."""
    with MockKommunicate() as server:
        yield server


@pytest.fixture
def url(running: MockKommunicate) -> str:
    """The URL of a server whose default app is a support team that was just asked for something."""
    app = running.default_app
    app.reset(scenario="support-team")
    client = Client(app.url, app.api_key)
    client.send(app.conversations()[0].id, "customer-1", message="Hello")
    client.assign(app.conversations()[0].id, "jane@example.com")
    return running.url


def place(block: Block) -> str:
    return block.place


@pytest.mark.parametrize("block", [block for block in CONSOLE if block not in SERVING], ids=place)
def test_commands_are_done_and_answer_what_the_page_says(url: str, tmp_path: Path, block: Block) -> None:
    shells.furnish(tmp_path, block.page)

    done = shells.run(block, tmp_path, url)

    assert done.returncode == 0, done.stdout + done.stderr
    if block.place in ANSWERS:
        (told,) = ANSWERS[block.place].documents
        assert differences(told, json.loads(done.stdout)) == []


def test_no_command_asks_an_index_for_what_no_index_has() -> None:
    assert [block.place for block in CONSOLE if "pip install 'mockkommunicate" in block.text] == []


@pytest.mark.parametrize("block", SERVING, ids=place)
def test_what_serves_says_that_it_is_ready_and_ends(tmp_path: Path, block: Block) -> None:
    said, code = shells.serve(block, tmp_path)

    assert code in {0, 130}
    if "mockkommunicate demo" in block.text:
        assert said.startswith("A support team at work")
    else:
        assert differences(json.loads(named("docs/running.md", "ready")), json.loads(said)) == []


def test_every_answer_stands_behind_its_command() -> None:
    assert set(ANSWERS) <= {block.place for block in CONSOLE if block not in SERVING}


def test_commands_that_fail_are_found(url: str, tmp_path: Path) -> None:
    wrong = Block("docs/new.md", 1, "console", "", "", "mockkommunicate reset --sed 7\necho done\n")

    done = shells.run(wrong, tmp_path, url)

    assert done.returncode == 2
    assert done.stdout == ""
    assert "No such option '--sed'" in done.stderr
