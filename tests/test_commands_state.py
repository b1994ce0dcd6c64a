"""`snapshot`, `state`, `clock` and `fault`: what an app holds, what time it has, what goes wrong in it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commanded import Commanded
from tests.served import Served

NOON = 1_767_268_800_000
FAULT = {"match": {"operation": "user.detail"}, "when": {"times": 1}, "do": {"gateway": 503}}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a server of this module's own."""
    with Served() as served:
        yield served.url


@pytest.fixture
def app(url: str) -> Commanded:
    """An app of the test's own, at a time that stands still."""
    return Commanded(url, scenario="support-team", at=NOON)


def conversations(app: Commanded) -> int:
    """Count the conversations."""
    return len(app.control("GET", "/conversations")["conversations"])


def test_a_snapshot_is_saved_listed_restored_and_deleted(app: Commanded) -> None:
    before = conversations(app)

    assert app.done("snapshot", "save", "before") == "saved before\n"
    app.client.created()
    assert app.done("snapshot", "list").split() == ["NAME", "CREATED", "before", "2026-01-01T12:00:00.000Z"]
    assert app.done("snapshot", "restore", "before") == "restored before\n"
    assert conversations(app) == before
    assert app.done("snapshot", "delete", "before") == "deleted before\n"
    assert app.answer("snapshot", "list") == {"snapshots": []}


def test_snapshots_answer_as_the_control_api_does(app: Commanded) -> None:
    assert app.answer("snapshot", "save", "a") == {"name": "a", "createdAtTime": NOON}
    assert app.answer("snapshot", "list") == {"snapshots": [{"name": "a", "createdAtTime": NOON}]}
    assert app.answer("snapshot", "restore", "a") == {"restored": "a"}
    assert app.answer("snapshot", "delete", "a") == {"deleted": "a"}


@pytest.mark.parametrize("name", ["two words", "größe", "a/b", "100%", "?", "#1"])
def test_a_snapshot_may_have_any_name_that_the_control_api_takes(app: Commanded, name: str) -> None:
    saved = app.run("snapshot", "save", name, "--json")

    if saved.returncode == 0:
        assert json.loads(saved.stdout)["name"] == name
        assert app.answer("snapshot", "restore", name) == {"restored": name}
    else:
        assert (saved.returncode, len(saved.stderr.splitlines())) == (3, 1)


def test_an_unknown_snapshot_is_refused_with_the_nearest(app: Commanded) -> None:
    app.done("snapshot", "save", "before")

    for what in ("restore", "delete"):
        assert "did you mean 'before'?" in app.refused("snapshot", what, "befor")


def test_a_state_is_exported_as_the_control_api_writes_it(app: Commanded, tmp_path: Path) -> None:
    file = tmp_path / "state.json"

    assert app.done("state", "export", str(file)) == f"exported to {file}\n"

    written = app.client.session.get(f"{app.url}/_mock/apps/{app.name}/state", timeout=10).text
    assert file.read_text() == written
    assert app.done("state", "export") == written
    assert app.answer("state", "export") == json.loads(written)
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_state_is_imported_from_a_file_and_from_stdin(app: Commanded, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    app.done("state", "export", str(file))
    before = conversations(app)

    for source, given in ((str(file), None), ("-", file.read_text())):
        app.client.created()
        assert f"{before} conversations" in app.done("state", "import", source, given=given)
        assert conversations(app) == before
        assert app.done("state", "export") == file.read_text()


def test_an_import_that_is_refused_leaves_the_app_as_it_was(app: Commanded, tmp_path: Path) -> None:
    before = app.done("state", "export")
    for document in ("{}", "[]", json.dumps({**json.loads(before), "colour": 1}), '{"format": 99}'):
        file = tmp_path / "state.json"
        file.write_text(document)
        app.refused("state", "import", str(file))

    assert app.done("state", "export") == before


def test_a_file_that_is_no_json_is_refused_with_its_place(app: Commanded, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text('{\n  "format": 1\n  "seed": 2\n}')

    line = app.refused("state", "import", str(file), code=2)

    assert f"{file}: line 3, column 3" in line


def test_an_export_that_is_refused_leaves_the_file_as_it_was(app: Commanded, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("precious")

    app.refused("state", "export", str(file), "--app", "nobody")

    assert file.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize("place", ["no-such-folder/state.json", "."])
def test_an_export_to_where_no_file_can_be_is_refused_before_anything_is_asked(
    app: Commanded, tmp_path: Path, place: str
) -> None:
    assert str(tmp_path) in app.refused("state", "export", str(tmp_path / place), code=2)


def test_an_export_through_a_link_changes_what_it_leads_to(app: Commanded, tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    link = tmp_path / "state.json"
    link.symlink_to("real.json")

    app.done("state", "export", str(link))

    assert link.is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["format"] == 1


def test_an_export_may_go_to_a_device(app: Commanded) -> None:
    assert app.done("state", "export", "/dev/null") == "exported to /dev/null\n"
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/dev/full").exists(), reason="no device is full here")
def test_an_export_to_a_full_disk_is_one_line(app: Commanded) -> None:
    assert "/dev/full: No space left on device" in app.refused("state", "export", "/dev/full", code=2)


def test_the_clock_is_shown_frozen_set_advanced_and_resumed(app: Commanded) -> None:
    assert app.done("clock") == "2026-01-01T12:00:00.000Z frozen\n"
    assert app.done("clock", "--advance", "PT1H30M") == "2026-01-01T13:30:00.000Z frozen\n"
    assert app.done("clock", "--advance", "1500") == "2026-01-01T13:30:01.500Z frozen\n"
    assert app.done("clock", "--set", "2030-06-01") == "2030-06-01T00:00:00.000Z frozen\n"
    assert app.answer("clock", "--freeze=1767268800000") == {"now": NOON, "mode": "frozen", "ran": []}
    assert app.answer("clock", "--freeze") == {"now": NOON, "mode": "frozen", "ran": []}
    assert app.done("clock", "--resume").endswith(" running\n")
    assert app.answer("clock")["mode"] == "running"


def test_several_changes_of_the_clock_are_made_in_their_order(app: Commanded) -> None:
    assert app.done("clock", "--resume", "--advance", "1000", "--set", "0").startswith("1970-01-01T00:00:01.")
    assert app.answer("clock", "--freeze", "2026-01-01", "--advance", "P1D")["now"] == NOON + 43_200_000


@pytest.mark.parametrize(
    "options", [["--freeze=soon"], ["--set", "tomorrow"], ["--advance", "-5"], ["--advance", "1 hour"]]
)
def test_a_time_that_is_none_is_refused_and_changes_nothing(app: Commanded, options: list[str]) -> None:
    app.refused("clock", *options)

    assert app.answer("clock") == {"now": NOON, "mode": "frozen"}


def test_freezing_and_setting_exclude_each_other(app: Commanded) -> None:
    assert "exclude each other" in app.refused("clock", "--freeze", "--set", "0", code=2)


def test_a_fault_is_added_hits_is_listed_and_deleted(app: Commanded) -> None:
    assert app.done("fault", "add", json.dumps(FAULT)) == "added fault 1\n"
    assert [app.client.detail("bot").status_code for _ in range(2)] == [503, 200]

    head, row = app.done("fault", "list").splitlines()
    assert head.split() == ["ID", "HITS", "SEEN", "MATCH", "WHEN", "DO"]
    assert row.split()[:3] == ["1", "1", "2"]
    assert row.endswith('{"operation": "user.detail"}  {"times": 1}  {"gateway": 503}')
    assert app.done("fault", "delete", "1") == "deleted 1 fault\n"
    assert app.answer("fault", "list") == {"faults": []}


def test_a_fault_may_stand_in_a_file_or_come_from_stdin(app: Commanded, tmp_path: Path) -> None:
    file = tmp_path / "fault.json"
    file.write_text(json.dumps(FAULT))

    answers = [
        app.answer("fault", "add", str(file)),
        app.answer("fault", "add", "-", given=json.dumps(FAULT)),
    ]

    listed = app.control("GET", "/faults")["faults"]
    assert [answer["id"] for answer in answers] == [fault["id"] for fault in listed]
    assert all(answer["do"] == FAULT["do"] for answer in answers)
    assert app.answer("fault", "delete") == {"deleted": 2}


REFUSED = {
    "an unknown operation": ({**FAULT, "match": {"operation": "mesage.send"}}, "message.send"),
    "an unknown field": ({**FAULT, "wen": {}}, "wen"),
    "a negative count": ({**FAULT, "when": {"times": -1}}, "times"),
    "no object": ([FAULT], "object"),
    "no effect": ({"match": {"operation": "user.detail"}}, "do"),
}


@pytest.mark.parametrize(("rule", "said"), REFUSED.values(), ids=REFUSED)
def test_a_bad_fault_is_refused_with_what_is_wrong(app: Commanded, rule: object, said: str) -> None:
    assert said in app.refused("fault", "add", json.dumps(rule))
    assert app.answer("fault", "list") == {"faults": []}


def test_an_unknown_fault_cannot_be_deleted(app: Commanded) -> None:
    assert "7" in app.refused("fault", "delete", "7")


def test_what_is_missing_is_named(app: Commanded) -> None:
    missing = {"snapshot": "save", "state": "import", "fault": "add"}
    for group, command in missing.items():
        assert command in app.refused(group, code=2)
        assert "Missing argument" in app.refused(group, command, code=2)
