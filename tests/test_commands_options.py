"""Every command and every option: its help, its environment name, its line in the documentation."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mockkommunicate.cli import cli
from tests.served import run

PAGE = (Path(__file__).parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")
DOCUMENTED = PAGE.partition("```text\n")[2].partition("```")[0]


def commands(group: click.Group, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command by the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
        else:
            yield (*names, name), command


COMMANDS = dict(commands(cli))
EACH = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)


def options(words: tuple[str, ...]) -> list[click.Option]:
    """List the options of a command."""
    return [option for option in COMMANDS[words].params if isinstance(option, click.Option)]


@EACH
def test_the_help_names_every_option_with_its_environment_name(words: tuple[str, ...]) -> None:
    done = run(*words, "--help")

    assert (done.returncode, done.stderr) == (0, "")
    printed = " ".join(done.stdout.split())
    for option in options(words):
        assert option.opts[0] in printed
        assert isinstance(option.envvar, str)
        assert f"[env var: {option.envvar}" in printed


@EACH
def test_every_command_and_option_is_documented(words: tuple[str, ...]) -> None:
    if words == ("serve",):
        return
    (line,) = re.findall(
        rf"^mockkommunicate {' '.join(words)}(?: .*)?(?:\n {{4,}}.*)*", DOCUMENTED, re.MULTILINE
    )
    shared = {"--url", "--app", "--control-token", "--json"}

    for option in options(words):
        if words != ("exec",) or option.opts[0] in {"--report", "--report-file"}:
            assert option.opts[0] in (shared if option.opts[0] in shared else line)


def test_no_two_options_share_an_environment_name_unless_they_mean_the_same() -> None:
    named: dict[str, set[str]] = {}
    for words in COMMANDS:
        for option in options(words):
            named.setdefault(str(option.envvar), set()).add(option.opts[0])

    assert [several for several in named.values() if len(several) > 1] == []


def test_environment_names_follow_from_the_options() -> None:
    for words in COMMANDS:
        for option in options(words):
            name = option.opts[0].removeprefix("--").replace("-", "_").upper()
            mine = "_".join(words).upper()
            assert option.envvar in {f"MOCKKOMMUNICATE_{name}", f"MOCKKOMMUNICATE_{mine}_{name}"}


def test_what_changes_a_running_server_takes_nothing_from_the_variables_that_start_one() -> None:
    starting = {option.envvar for option in options(("serve",))} - {"MOCKKOMMUNICATE_CONTROL_TOKEN"}

    for words in COMMANDS:
        if words not in {("serve",), ("exec",)}:
            assert not starting & {option.envvar for option in options(words)}


def test_the_options_of_serve_are_those_of_exec() -> None:
    own = {"--report", "--report-file"}

    assert {option.opts[0] for option in options(("exec",))} - own == {
        option.opts[0] for option in options(("serve",))
    }


def test_exit_codes_are_told_by_the_help() -> None:
    printed = " ".join(run("--help").stdout.split())

    assert (
        "0 done, 1 verification failed, 2 wrong usage or input, 3 the server cannot be reached or refused"
        in printed
    )
    assert "126 when it cannot be run, 127 when it is not found" in " ".join(
        run("exec", "--help").stdout.split()
    )


def test_the_help_needs_neither_the_server_nor_a_client() -> None:
    code = (
        "import sys; sys.argv = ['mockkommunicate', '--help']\n"
        "from mockkommunicate.cli import main\n"
        "try: main()\n"
        "finally: print(*({'flask', 'sqlalchemy', 'marshmallow', 'gunicorn', 'http.client', 'multiprocessing'}"
        " & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.strip()) == (0, "")
