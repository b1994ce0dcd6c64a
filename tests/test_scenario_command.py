"""The command `scenario`: check, new and list, as a shell sees them; and the page that documents the form."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

from mockkommunicate.operations import scenarios
from mockkommunicate.wire import documents
from mockkommunicate.wire.scenarios import Generated, Scenario, ScenarioConversation, ScenarioMessage
from tests.pages.blocks import of

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
TEAM = """\
users:
  - {userId: ada, role: agent}
  - {userId: carl, role: customer}
conversations:
  - {name: a, members: [carl], messages: [{from: carl, message: Hello}]}
"""


def run(*arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `mockkommunicate scenario` with arguments."""
    command = [sys.executable, "-m", "mockkommunicate", "scenario", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A scenario of one's own."""
    file = tmp_path / "team.yaml"
    file.write_text(TEAM)
    return file


# check


def test_check_says_how_much_a_right_scenario_holds(team: Path) -> None:
    done = run("check", "team.yaml", "busy-day", folder=team.parent)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "team.yaml: ok: 3 users, 1 conversation, 1 message",
        "busy-day: ok: 87 users, 120 conversations, 720 messages",
    ]


def test_check_writes_every_fault_on_a_line_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("users:\n  - {userId: a, role: agnet}\nconversation: []\n")
    (tmp_path / "worse.json").write_text('{\n "users": [}')
    done = run("check", "bad.yaml", "worse.json", "empty", folder=tmp_path)

    assert done.returncode == 2
    assert done.stdout == "empty: ok: 2 users, 0 conversations, 0 messages\n"
    assert done.stderr.splitlines() == [
        (
            "bad.yaml:2:17: users[0].role must be one of admin, agent, bot, customer; "
            "did you mean 'agent'?; got \"agnet\""
        ),
        "bad.yaml:3:1: conversation is not known here; did you mean 'conversations'?",
        "worse.json:2:12: Expecting value",
    ]


def test_check_answers_json(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("users:\n  - {userId: a, role: agnet}\n")
    done = run("check", "--json", "bad.yaml", "empty", "nowhere.yaml", folder=tmp_path)
    bad, empty, nowhere = json.loads(done.stdout)["scenarios"]

    assert (done.returncode, done.stderr) == (2, "")
    assert bad == {
        "scenario": "bad.yaml",
        "ok": False,
        "problems": [
            {
                "line": 2,
                "column": 17,
                "field": "users[0].role",
                "message": (
                    "must be one of admin, agent, bot, customer; did you mean 'agent'?; got \"agnet\""
                ),
            }
        ],
    }
    assert empty == {"scenario": "empty", "ok": True, "users": 2, "conversations": 0, "messages": 0}
    assert not nowhere["ok"]
    assert "no such name" in nowhere["problems"][0]["message"]


def test_check_of_one_that_is_right_answers_json_and_0(team: Path) -> None:
    done = run("check", str(team), MOCKKOMMUNICATE_JSON="1")

    assert done.returncode == 0
    assert [one["ok"] for one in json.loads(done.stdout)["scenarios"]] == [True]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("suport-team", "did you mean 'support-team'? there is no such name"),
        ("nowhere.yaml", "there is no such name"),
        ("README.md", "there is no such name"),
        (".", "there is no such name"),
        ("", "there is no such name"),
    ],
)
def test_check_refuses_what_is_no_scenario(name: str, said: str) -> None:
    done = run("check", name)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_check_wants_something_to_check() -> None:
    done = run("check")

    assert done.returncode == 2
    assert "Missing argument 'FILE|NAME...'" in done.stderr


def test_what_stands_in_a_file_does_not_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "evil.json").write_text('{"\\u001b[31mred": 1}')
    done = run("check", "evil.json", folder=tmp_path)

    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "\\x1b[31mred is not known here" in done.stderr


def test_check_refuses_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").symlink_to("/proc/self/mem")
    done = run("check", "broken.yaml", "empty", folder=tmp_path)

    assert (done.returncode, done.stdout.splitlines()) == (
        2,
        ["empty: ok: 2 users, 0 conversations, 0 messages"],
    )
    assert done.stderr == "scenario broken.yaml: cannot be read: Input/output error\n"


# new


def test_new_writes_a_scenario_that_is_right(tmp_path: Path) -> None:
    written = run("new", "mine.yaml", folder=tmp_path)
    checked = run("check", "mine.yaml", folder=tmp_path)

    assert (written.returncode, written.stderr) == (0, "")
    assert "wrote mine.yaml" in written.stdout
    assert (checked.returncode, checked.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_new_answers_json(tmp_path: Path) -> None:
    done = run("new", "--json", "mine.yml", folder=tmp_path)

    assert json.loads(done.stdout) == {"written": "mine.yml"}


def test_new_overwrites_nothing_unless_it_is_forced(team: Path) -> None:
    refused = run("new", str(team))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "is there already; --force overwrites it" in refused.stderr
    assert team.read_text() == TEAM

    forced = run("new", "--force", str(team))
    assert forced.returncode == 0
    assert team.read_text() == scenarios.read_shipped("starter")


@pytest.mark.parametrize("name", ["mine.json", "mine", "", "folder/mine.yaml", "folder.yaml"])
def test_new_refuses_a_name_that_it_cannot_write(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    done = run("new", name, folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "must" in done.stderr or "is there already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["folder.yaml"]


def test_a_file_that_cannot_be_written_is_not_there_in_part() -> None:
    done = run("new", "/proc/mine.yaml")

    assert done.returncode == 2
    assert "cannot write /proc/mine.yaml" in done.stderr


def test_new_writes_a_file_that_others_may_read_as_far_as_the_umask_lets_them(tmp_path: Path) -> None:
    run("new", "mine.yaml", folder=tmp_path)

    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "mine.yaml").stat().st_mode) == 0o666 & ~umask


# list


def test_list_names_every_scenario_with_what_it_is() -> None:
    done = run("list")
    lines = done.stdout.splitlines()[1:]

    assert done.returncode == 0
    assert [line.split()[0] for line in lines] == scenarios.names()
    assert all(len(line.split()) > 2 for line in lines)


def test_list_answers_json() -> None:
    listed = json.loads(run("list", "--json").stdout)["scenarios"]

    assert [one["name"] for one in listed] == scenarios.names()
    assert all(one["description"] for one in listed)


def test_list_takes_nothing() -> None:
    assert run("list", "more").returncode == 2


# the command itself


def test_without_a_command_it_says_which_there_are() -> None:
    done = run()

    assert done.returncode == 2
    assert "check, new, list" in done.stderr


def test_the_help_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys; from mockkommunicate.commands.scenario import scenario\n"
        "try: scenario.main(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('marshmallow', 'sqlalchemy', 'yaml', 'faker', 'flask') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


# The starter and the page show every field.


def names_of(schema: Schema) -> set[str]:
    """List the fields of a schema as they are written, those of objects and lists in it too."""
    found = set()
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        found.add(field.data_key or name)
        if isinstance(inner, fields.Nested):
            found |= names_of(inner.schema)
    return found


def names_in(value: Any) -> set[str]:
    """List every name that stands in a document."""
    if isinstance(value, list):
        return {name for entry in value for name in names_in(entry)}
    return {*value, *names_in(list(value.values()))} if isinstance(value, dict) else set()


def test_the_starter_shows_every_field() -> None:
    starter = documents.read(scenarios.read_shipped("starter"), is_json=False).values

    assert names_of(Scenario()) - names_in(starter) == set()


def test_the_starter_explains_every_section_and_field_once() -> None:
    explained = re.findall(r"^ *-? *([A-Za-z]+):.* # ", scenarios.read_shipped("starter"), re.MULTILINE)
    plain = {
        "email",
        "phoneNumber",
        "imageLink",
        "statusMessage",
        "deactivated",
        "from",
        "fileMeta",
        "messages",
    }

    assert names_of(Scenario()) - plain - {"enabled", "limit", "url", "token", "maxBytes"} <= set(explained)


SECTIONS: dict[str, Schema] = {
    "conversations": ScenarioConversation(),
    "messages": ScenarioMessage(),
    "generate": Generated(),
    "users": Scenario().fields["users"].inner.schema,  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_field_is_documented_and_no_other(section: str) -> None:
    table = PAGE.partition(f"### `{section}`\n")[2].partition("\n#")[0]
    written = {field.data_key or name for name, field in SECTIONS[section].fields.items()}

    assert set(re.findall(r"^\| `([A-Za-z]+)` \|", table, re.MULTILINE)) == written


def test_every_section_is_documented_and_no_other() -> None:
    table = PAGE.partition("## The form\n")[2].partition("\n#")[0]

    assert set(re.findall(r"^\| `([A-Za-z]+)` \|", table, re.MULTILINE)) == set(Scenario().fields)


def test_every_shipped_scenario_is_documented_and_no_other() -> None:
    table = PAGE.partition("## Shipped scenarios\n")[2].partition("\n#")[0]

    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == scenarios.names()


def test_the_example_of_the_page_is_right(tmp_path: Path) -> None:
    (example,) = of("yaml", "scenario")
    (tmp_path / "example.yaml").write_text(example.text)

    assert scenarios.count(scenarios.load(str(tmp_path / "example.yaml"))) == {
        "users": 24,
        "conversations": 41,
        "messages": 243,
    }
