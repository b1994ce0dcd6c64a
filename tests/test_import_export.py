"""`serve --import FILE --export-on-exit FILE`: the default app's state lives in a file between two runs."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from mockkommunicate import MockKommunicate
from mockkommunicate.domain.errors import StartError
from mockkommunicate.operations.exports import ExportFailed
from tests.client import ADMIN, Client, ok
from tests.served import Held, Served, run, variable
from tests.worlds import World

SIGNALS = pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)


def state_of(url: str, application_id: str = "default") -> str:
    response = requests.get(f"{url}/_mock/apps/{application_id}/state", timeout=30)
    assert response.status_code == 200, response.text
    return response.text


@pytest.fixture(scope="module")
def furnished() -> Iterator[str]:
    """The state of an app with something of everything in it."""
    with MockKommunicate() as server:
        yield World(server.url).furnish().state


@pytest.fixture
def file(tmp_path: Path, furnished: str) -> Path:
    """A file with such a state."""
    written = tmp_path / "state.json"
    written.write_text(furnished)
    return written


# Import.


def test_the_default_app_begins_with_the_imported_state(file: Path, furnished: str) -> None:
    with Served("--import", str(file), "--workers", "2") as served:
        assert state_of(served.url) == furnished
        assert (served.ready["applicationId"], served.ready["apiKey"]) == ("mock-app", "mock-api-key")
        assert served.client.created("carl")["id"] == 31_050_330
        assert "not" not in served.log


def test_its_id_and_key_are_those_asked_for(file: Path, furnished: str) -> None:
    with Served("--import", str(file), "--application-id", "shop", "--api-key", "secret") as served:
        assert state_of(served.url, "shop") == furnished
        assert served.client.created("carl")["id"] == 31_050_330


def test_the_environment_can_name_both_files(file: Path, furnished: str, tmp_path: Path) -> None:
    exported = tmp_path / "exported.json"
    files = {variable("import"): str(file), variable("export-on-exit"): str(exported)}
    with Served(environment=files) as served:
        served.stop()

    assert exported.read_text() == furnished


def test_apps_that_a_made_up_key_makes_begin_with_the_scenario(file: Path, furnished: str) -> None:
    with Served("--import", str(file), "--scenario", "support-team") as served:
        Client(served.url, "auto-one").detail(ADMIN)

        assert json.loads(state_of(served.url, "one"))["scenario"] == "support-team"
        assert state_of(served.url) == furnished


def test_a_database_that_holds_the_app_keeps_what_it_has(file: Path, database_url: str) -> None:
    with Served("--database", database_url) as served:
        served.client.created("carl")
        before = state_of(served.url)
        served.stop()

    with Served("--database", database_url, "--import", str(file)) as served:
        assert state_of(served.url) == before
        assert f"the database holds the app already; {file} was not imported" in served.log


def test_a_database_that_does_not_hold_the_app_gets_it(file: Path, furnished: str, database_url: str) -> None:
    with Served("--database", database_url, "--import", str(file)) as served:
        served.stop()

    with Served("--database", database_url, "--import", str(file)) as served:
        assert state_of(served.url) == furnished


# Export.


@SIGNALS
def test_the_state_is_in_the_file_when_the_server_has_ended(tmp_path: Path, how: signal.Signals) -> None:
    file = tmp_path / "state.json"
    with Served("--export-on-exit", str(file), "--scenario", "support-team", "--workers", "2") as served:
        ok(served.client.send(served.client.created("carl")["id"], "carl"))
        last = state_of(served.url)

        assert served.stop(how) == (0, "")
    assert file.read_text() == last
    assert list(tmp_path.iterdir()) == [file]


def test_ctrl_c_in_a_terminal_which_reaches_the_workers_too_does_the_same(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with Served("--export-on-exit", str(file)) as served:
        served.client.created("carl")
        last = state_of(served.url)
        os.killpg(served.process.pid, signal.SIGINT)

        assert served.process.wait(timeout=10) == 0
    assert file.read_text() == last


def test_a_request_in_flight_is_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with Served("--export-on-exit", str(file)) as served, Held(served) as held:
        served.process.send_signal(signal.SIGTERM)
        assert held.finish()[0] == [b"200"]
        assert served.process.wait(timeout=10) == 0

    (conversation,) = json.loads(file.read_text())["conversations"]
    assert conversation["name"] == "Late"


def test_a_file_from_before_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("of another day")
    before = file.stat().st_ino
    with Served("--export-on-exit", str(file)) as served:
        assert file.read_text() == "of another day"
        served.stop()

    assert json.loads(file.read_text())["format"] == 1
    assert file.stat().st_ino != before


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    link = tmp_path / "state.json"
    link.symlink_to(tmp_path / "kept" / "real.json")
    with Served("--export-on-exit", str(link)) as served:
        served.stop()

    assert link.is_symlink()
    assert json.loads((tmp_path / "kept" / "real.json").read_text())["format"] == 1


def test_a_worker_that_ends_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with Served("--export-on-exit", str(file)) as served:
        # One that has not answered yet may still have the handlers of gunicorn's master, and go on.
        assert served.client.created()
        served.kill_worker(signal.SIGTERM)

        assert not file.exists()
        served.stop()
    assert file.exists()


def test_a_server_that_is_killed_leaves_the_file_as_it_was(file: Path, furnished: str) -> None:
    with Served("--import", str(file), "--export-on-exit", str(file)) as served:
        served.client.created("carl")
        served.kill()

    assert file.read_text() == furnished
    assert list(file.parent.iterdir()) == [file]


def test_a_server_that_cannot_start_leaves_the_file_as_it_was(file: Path, furnished: str) -> None:
    with Served() as served:
        done = run("serve", "--port", str(served.port), "--export-on-exit", str(file))

    assert done.returncode == 2
    assert file.read_text() == furnished


@pytest.mark.parametrize("why", ["the folder is gone", "a folder is in its place", "the app is gone"])
def test_an_export_that_fails_is_a_line_in_the_log_and_exit_code_1(tmp_path: Path, why: str) -> None:
    file = tmp_path / "folder" / "state.json"
    file.parent.mkdir()
    with Served("--export-on-exit", str(file)) as served:
        if why == "the app is gone":
            requests.delete(f"{served.url}/_mock/apps/default", timeout=10)
        elif why == "the folder is gone":
            shutil.rmtree(file.parent)
        else:
            file.mkdir()
        code, _ = served.stop()
        lines = [line for line in served.log.splitlines() if f"export {file}: " in line]
        assert "Traceback" not in served.log

    assert code == 1
    assert len(lines) == 1
    assert lines[0].endswith("it was not written")
    assert not file.is_file()


def test_a_full_disk_is_a_line_in_the_log_and_exit_code_1() -> None:
    with Served("--export-on-exit", "/dev/full") as served:
        code, _ = served.stop()

        assert code == 1
        assert "export /dev/full: [Errno 28] No space left on device; it was not written" in served.log


# Both.


def test_a_state_goes_on_from_run_to_run(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    both = ("--import", str(file), "--export-on-exit", str(file))
    ids = []
    for _ in range(3):
        with Served(*both, "--scenario", "support-team") as served:
            first_time = f"{file} is not there yet" in served.log
            ids.append((served.client.created("carl")["id"], first_time))
            served.stop()

    assert ids == [(ids[0][0], True), (ids[0][0] + 1, False), (ids[0][0] + 2, False)]


def test_a_state_goes_from_one_kind_of_database_to_the_other(file: Path, database_url: str) -> None:
    with Served("--database", database_url, "--import", str(file), "--export-on-exit", str(file)) as served:
        served.client.created("carl")
        last = state_of(served.url)
        served.stop()

    assert file.read_text() == last
    with Served("--import", str(file)) as served:
        assert state_of(served.url) == last


# What is refused.


def refused(*options: str, environment: dict[str, str] | None = None) -> str:
    """Try to serve; answer the one line on stderr that says why that is refused."""
    done = run("serve", "--port", "0", *options, environment=environment)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("mockkommunicate: error: ")
    return line


def changed(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "nowhere.json"

    assert refused("--import", str(file)) == (
        f"mockkommunicate: error: import {file}: [Errno 2] No such file or directory: '{file}'"
    )
    assert str(file) in refused("--import", str(file), "--export-on-exit", str(tmp_path / "other.json"))
    assert str(file) in refused(environment={variable("import"): str(file)})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not JSON"),
        ("{", "line 1, column 2"),
        ("[]", "an array"),
        ("{}", "format is missing: 1; scenario is missing: a string; "),
        ('{"format": 2}', "format is newer than this version of mockkommunicate reads; it must be 1; got 2"),
    ],
)
def test_what_is_no_state_is_refused(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)

    assert f"import {file}: " in (line := refused("--import", str(file)))
    assert said in line


def test_what_is_wrong_in_a_state_is_named_by_its_path(file: Path, furnished: str) -> None:
    document = json.loads(furnished)
    document["conversations"][0]["messages"][0]["senderId"] = "cral"
    document["users"][0]["rol"] = "admin"
    file.write_text(json.dumps(document))

    assert refused("--import", str(file)) == (
        f"mockkommunicate: error: import {file}: users[0].rol is unknown; did you mean 'role'?; got \"admin\"; "
        "conversations[0].messages[0].senderId is no user nor former user; did you mean 'carl'?; got \"cral\""
    )


def test_a_folder_is_no_state(tmp_path: Path) -> None:
    assert f"import {tmp_path}: " in refused("--import", str(tmp_path))


@pytest.mark.parametrize("place", ["/no/such/folder/state.json", "/"])
def test_a_place_that_cannot_be_written_to_is_refused_before_anything_is_done(place: str) -> None:
    assert refused("--export-on-exit", place) == (
        f"mockkommunicate: error: export {place}: it must be a file in a folder that exists"
    )


def test_too_many_apps_in_the_database_are_named_as_without_an_import(file: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/state.db"
    with Served("--database", database, "--application-id", "first"):
        pass

    options = ("--database", database, "--max-apps", "1", "--api-key", "second", "--import", str(file))
    assert "--max-apps" in refused(*options)


def test_a_taken_key_is_named_as_without_an_import(file: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/state.db"
    with Served("--database", database, "--application-id", "first"):
        pass

    assert "--api-key" in refused("--database", database, "--import", str(file))


# In Python.


def test_python_imports_and_exports_too(file: Path, furnished: str, tmp_path: Path) -> None:
    exported = tmp_path / "exported.json"
    with MockKommunicate(import_file=str(file), export_on_exit=str(exported)) as server:
        assert state_of(server.url) == furnished
        Client(server.url, "mock-api-key").created("carl")
        last = state_of(server.url)
        assert not exported.exists()

    assert exported.read_text() == last


def test_python_exports_what_was_there_when_a_test_failed(tmp_path: Path) -> None:
    exported = tmp_path / "exported.json"
    with pytest.raises(ZeroDivisionError), MockKommunicate(export_on_exit=str(exported)):
        raise ZeroDivisionError

    assert json.loads(exported.read_text())["format"] == 1


def test_python_refuses_a_bad_import(file: Path) -> None:
    changed(file, seed="x")
    with pytest.raises(StartError, match='seed must be a whole number; got "x"'):
        MockKommunicate(import_file=str(file)).start()


def test_python_refuses_a_bad_place_for_an_export() -> None:
    with pytest.raises(StartError, match="export /nowhere/at/all"):
        MockKommunicate(export_on_exit="/nowhere/at/all").start()


def test_python_hears_of_an_export_that_fails_and_the_server_has_ended(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    server = MockKommunicate(export_on_exit=str(folder / "state.json")).start()
    folder.rmdir()

    with pytest.raises(ExportFailed, match="it was not written"):
        server.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=5)


# exec.


def test_a_command_with_a_server_of_its_own_leaves_its_state(tmp_path: Path, file: Path) -> None:
    exported = tmp_path / "exported.json"
    done = run("exec", "--import", str(file), "--export-on-exit", str(exported), "--", "true")

    assert done.returncode == 0, done.stderr
    assert exported.read_text() == file.read_text()
