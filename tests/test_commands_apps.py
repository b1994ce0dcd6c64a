"""`app`, `reset` and what every command on a running server has in common."""

import json
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.client import Client
from tests.commanded import Commanded
from tests.postgres import _free_port
from tests.served import PROGRAM, Served, clean, run, variable


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a server of this module's own."""
    with Served() as served:
        yield served.url


@pytest.fixture
def app(url: str) -> Commanded:
    """An app of the test's own."""
    return Commanded(url, scenario="support-team")


def test_an_app_is_created_with_what_is_said_and_its_id_and_key_are_printed(app: Commanded) -> None:
    name = f"{app.name}-2"
    settings = '{"handlingLimit": 3}'
    options = ["--application-id", name, "--api-key", f"{name}-key", "--seed", "7", "--settings", settings]

    printed = app.done("app", "create", "--scenario", "at-capacity", *options)

    assert dict(line.split(maxsplit=1) for line in printed.splitlines()) == {
        "applicationId": name,
        "apiKey": f"{name}-key",
        "scenario": "at-capacity",
        "seed": "7",
        "createdAtTime": printed.split()[-1],
    }
    assert Client(app.url, f"{name}-key").detail("bot").status_code == 200


def test_the_answer_of_the_control_api_is_printed_as_json(app: Commanded) -> None:
    made = app.answer("app", "create", "--at", "2026-01-01T00:00:00Z")

    assert list(made) == ["applicationId", "apiKey", "scenario", "seed", "createdAtTime"]
    assert made["scenario"] == "empty"
    assert made["createdAtTime"] == 1_767_225_600_000
    assert app.answer("app", "create", "--at", "1767225600000")["createdAtTime"] == made["createdAtTime"]


def test_settings_may_stand_in_a_file_or_come_from_stdin(app: Commanded, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"handlingLimit": 5}')

    for source, given in ((str(file), None), ("-", '{"handlingLimit": 5}')):
        made = app.answer("app", "create", "--settings", source, given=given)
        read = Commanded.__new__(Commanded)
        read.url, read.name = app.url, made["applicationId"]
        assert read.control("GET", "/settings")["handlingLimit"] == 5


def test_an_app_is_forked_from_another_and_from_its_snapshot(app: Commanded) -> None:
    before = len(app.control("GET", "/conversations")["conversations"])
    app.control("PUT", "/snapshots/before")
    app.client.created()

    counts = []
    for options in (["--snapshot", "before"], []):
        made = app.answer("app", "create", "--from", app.name, *options)
        fork = Client(app.url, made["apiKey"])
        url = f"{app.url}/_mock/apps/{made['applicationId']}/conversations"
        counts.append(len(fork.session.get(url, timeout=10).json()["conversations"]))

    assert counts == [before, before + 1]


def test_apps_are_listed_and_deleted(app: Commanded) -> None:
    head, *rows = app.done("app", "list").splitlines()
    assert head.split() == ["APP", "KEY", "SCENARIO", "SEED", "CREATED"]
    assert [row.split()[2] for row in rows if row.startswith(f"{app.name} ")] == ["support-team"]

    assert app.done("app", "delete", app.name).startswith(f"deleted {app.name}: ")

    assert app.name not in [one["applicationId"] for one in app.answer("app", "list")["apps"]]
    assert app.name in app.refused("app", "delete", app.name)


def test_reset_fills_the_app_anew_and_says_what_was_removed(app: Commanded) -> None:
    app.client.created()

    assert app.done("reset").startswith(f"reset {app.name} to support-team, seed ")
    answer = app.answer("reset", "--scenario", "empty", "--seed", "3")

    assert (answer["applicationId"], answer["scenario"], answer["seed"]) == (app.name, "empty", 3)
    assert answer["removed"]["conversations"] > 0
    assert app.control("GET")["seed"] == 3


def test_what_starts_a_server_does_not_change_what_a_reset_does(app: Commanded) -> None:
    environment = {variable("scenario"): "at-capacity", variable("seed"): "99", variable("api-key"): "taken"}

    reset = app.run("reset", "--json", environment=environment)
    twice = [app.run("app", "create", "--json", environment=environment).returncode for _ in range(2)]

    assert json.loads(reset.stdout)["scenario"] == "support-team"
    assert json.loads(reset.stdout)["seed"] != 99
    assert twice == [0, 0]


def test_options_of_commands_have_environment_names_of_their_own(app: Commanded) -> None:
    environment = {variable("reset-scenario"): "empty", variable("reset-seed"): "4", variable("json"): "1"}

    answer = json.loads(app.run("reset", environment=environment).stdout)

    assert (answer["scenario"], answer["seed"]) == ("empty", 4)


REFUSED = {
    "an unknown scenario": (["reset", "--scenario", "suport-team"], "support-team"),
    "an unknown app": (["reset", "--app", "nobody"], "'nobody'"),
    "an app with a slash": (["reset", "--app", "../apps"], "../apps"),
    "an id that is taken": (["app", "create", "--application-id", "mock-app"], "is taken"),
    "a setting that is none": (
        ["app", "create", "--settings", '{"handlingLimt": 1}'],
        "settings.handlingLimt",
    ),
    "a settings list": (["app", "create", "--settings", "[]"], "settings"),
    "an unknown instant": (["app", "create", "--at", "soon"], "soon"),
    "an unknown origin": (["app", "create", "--from", "nobody"], "'nobody'"),
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED.values(), ids=REFUSED)
def test_what_the_server_refuses_is_one_line_and_exit_code_3(
    app: Commanded, arguments: list[str], said: str
) -> None:
    assert said in app.refused(*arguments)


WRONG = {
    "an unknown command": (["rset"], "Did you mean 'reset'?"),
    "an unknown option": (["reset", "--sead", "1"], "--seed"),
    "no command of a group": (["app"], "create, list, delete"),
    "an unknown command of a group": (["app", "creat"], "Did you mean 'create'?"),
    "a word too many": (["reset", "now"], "now"),
    "no name": (["app", "delete"], "APP"),
    "a bad seed": (["reset", "--seed", "-1"], "-1"),
    "a bad key": (["app", "create", "--api-key", "two words"], "'two words'"),
    "a bad id": (["app", "create", "--application-id", "a/b"], "'a/b'"),
    "a fork and a scenario": (["app", "create", "--from", "a", "--scenario", "empty"], "exclude each other"),
    "a snapshot of nothing": (["app", "create", "--snapshot", "a"], "--from"),
    "settings that are no JSON": (["app", "create", "--settings", '{"a": }'], "line 1, column 7"),
    "settings that are no number": (["app", "create", "--settings", '{"a": NaN}'], "NaN"),
    "settings nowhere": (["app", "create", "--settings", "no-such-file.json"], "'no-such-file.json'"),
    "settings nested too deeply": (["app", "create", "--settings", "[" * 100_000], "no JSON"),
    "a folder": (["app", "create", "--settings", "/"], "'/'"),
    "a URL that is none": (["reset", "--url", "localhost:8080"], "http://127.0.0.1:8080"),
    "a URL of another kind": (["reset", "--url", "ftp://localhost"], "http://127.0.0.1:8080"),
    "a URL without a host": (["reset", "--url", "http://"], "http://127.0.0.1:8080"),
    "a URL with a bad port": (["reset", "--url", "http://localhost:x"], "http://127.0.0.1:8080"),
    "a URL with a query": (["reset", "--url", "http://localhost?a=b"], "http://127.0.0.1:8080"),
    "a token with a line break": (["reset", "--control-token", "a\r\nb"], "printable ASCII"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_on_the_command_line_is_one_line_and_exit_code_2(
    app: Commanded, arguments: list[str], said: str
) -> None:
    before = app.control("GET")

    assert said in app.refused(*arguments, code=2)
    assert app.control("GET") == before


def test_settings_that_are_not_utf_8_are_refused_by_the_name_of_their_file(
    app: Commanded, tmp_path: Path
) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b'{"a": "\xff"}')

    assert str(file) in app.refused("app", "create", "--settings", str(file), code=2)


def test_without_a_server_it_is_one_line_and_exit_code_3() -> None:
    nowhere = f"http://127.0.0.1:{_free_port()}"

    for arguments in (["reset"], ["app", "list"], ["requests"], ["state", "export"], ["clock"]):
        done = run(*arguments, "--url", nowhere)

        assert (done.returncode, done.stdout) == (3, "")
        (line,) = done.stderr.splitlines()
        assert nowhere in line
        assert "--url" in line


class _Stranger(BaseHTTPRequestHandler):
    """Some other server, which answers a page to everything."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Welcome\x1b[31m</html>")

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def test_another_kind_of_server_is_one_line_and_exit_code_3() -> None:
    with HTTPServer(("127.0.0.1", 0), _Stranger) as stranger:
        threading.Thread(target=stranger.handle_request, daemon=True).start()
        done = run("app", "list", "--url", f"http://127.0.0.1:{stranger.server_port}")

    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert "\x1b" not in line


def _hang_up(listener: socket.socket) -> None:
    listener.accept()[0].close()


def test_a_server_that_hangs_up_is_one_line_and_exit_code_3() -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:
        threading.Thread(target=_hang_up, args=[rude], daemon=True).start()
        done = run("app", "list", "--url", f"http://127.0.0.1:{rude.getsockname()[1]}/")

    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1


def test_the_control_token_is_asked_for_and_sent() -> None:
    with Served("--control-token", "sesame") as served:
        target = ["--url", served.url]

        assert run("app", "list", *target, "--control-token", "sesame").returncode == 0
        assert run("app", "list", *target, environment={variable("control-token"): "sesame"}).returncode == 0
        for wrong in ([], ["--control-token", "simsim"]):
            done = run("app", "list", *target, *wrong)
            assert done.returncode == 3
            assert "the control API needs its token" in done.stderr


def test_no_proxy_is_asked(app: Commanded) -> None:
    proxy = f"http://127.0.0.1:{_free_port()}"

    assert app.run("clock", environment={"HTTP_PROXY": proxy, "http_proxy": proxy}).returncode == 0


def test_who_stops_reading_ends_it_as_any_program() -> None:
    with Served() as served:
        pipe = f'set -o pipefail; "$0" app list --json --url {served.url} | true; echo "${{PIPESTATUS[0]}}"'
        done = subprocess.run(
            ["bash", "-c", f"sleep 0.1; {pipe}", *PROGRAM],
            capture_output=True,
            text=True,
            check=False,
            env=clean({}),
        )

    assert done.stdout.strip() in {"0", str(128 + signal.SIGPIPE)}
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_one_line_and_exit_code_2(app: Commanded) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "app", "list", "--url", app.url],
            env=clean({}),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stderr) == (
        2,
        "mockkommunicate: error: cannot write to stdout: No space left on device\n",
    )
