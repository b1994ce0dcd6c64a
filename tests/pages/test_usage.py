"""What the pages write of the use of commands is so: each command and option in it is one."""

import json
import re
import tomllib

import click
import pytest

from mockkommunicate.cli import cli
from tests.pages.blocks import BLOCK, PAGES, Block, of

USAGES = of("text", "usage")


def find(words: list[str]) -> click.Command | None:
    """Find the command that words call; None where there is none."""
    found: click.Command = cli
    for word in words:
        if not isinstance(found, click.Group):
            break
        if word not in found.commands:
            return None
        found = found.commands[word]
    return found


def wrong(text: str) -> list[str]:
    """List what in a text of usage is no command, or no option of its command."""
    calls = re.findall(r"^mockkommunicate (.*(?:\n {4,}.*)*)", text, re.MULTILINE)
    found = []
    for call in (call.partition(" -- ")[0] for call in calls):
        words = re.findall(r"^[a-z ]+", call)[0].split()
        command = find(words)
        if command is None:
            found.append(f"there is no command {' '.join(words)}")
            continue
        there = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
        found += [
            f"{' '.join(words)} has no {name}"
            for name in re.findall(r"--[a-z-]+[a-z]", call)
            if name not in there
        ]
    return found


@pytest.mark.parametrize("block", USAGES, ids=lambda block: block.place)
def test_the_commands_and_options_of_a_usage_are_there(block: Block) -> None:
    assert "mockkommunicate " in block.text
    assert wrong(block.text) == []


@pytest.mark.parametrize(
    "block", [*of("json", "mcp config"), *of("toml", "mcp config")], ids=lambda block: block.place
)
def test_what_an_assistant_is_told_to_start_is_a_command(block: Block) -> None:
    document = tomllib.loads(block.text) if block.language == "toml" else json.loads(block.text)
    (servers,) = document.values()
    (server,) = servers.values()

    assert (server["command"], server["args"]) == ("mockkommunicate", ["mcp"])
    assert wrong(" ".join([server["command"], *server["args"]])) == []


def test_commands_in_the_text_are_there() -> None:
    said = [
        f"{path.name}: {problem}"
        for path in PAGES
        for call in re.findall(r"`(mockkommunicate [^`]*)`", BLOCK.sub("", path.read_text(encoding="utf-8")))
        for problem in wrong(call)
    ]

    assert said == []


def test_what_is_not_there_is_found() -> None:
    text = "mockkommunicate sevre [options]\nmockkommunicate clock [--freeze[=INSTANT]] [--stop]\n"

    assert wrong(text) == ["there is no command sevre", "clock has no --stop"]
