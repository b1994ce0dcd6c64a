"""`mockkommunicate exec`: a command with a server of its own, its exit code, and nothing left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.executed import SAY_URL, Executed
from tests.served import MODULE, PROGRAM, Served, clean, run, variable

CREATE = """
import json, os, urllib.request
request = urllib.request.Request(
    os.environ["KOMMUNICATE_BASE_URL"] + "/rest/ws/group/conversation",
    json.dumps({"groupName": "Help", "groupMemberList": ["customer-1"]}).encode(),
    {"Api-Key": os.environ["KOMMUNICATE_API_KEY"], "Content-Type": "application/json"},
)
with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
    print(json.load(response)["response"]["name"])
"""

SAY_VARIABLES = (
    "import json, os; print(json.dumps({n: v for n, v in os.environ.items() if 'KOMMUNICATE_' in n}))"
)


def is_down(url: str) -> bool:
    """Tell whether nobody listens at a URL."""
    try:
        requests.get(f"{url}/_mock/livez", timeout=5)
    except requests.ConnectionError:
        return True
    return False


def test_the_command_reaches_the_server_with_what_the_variables_say() -> None:
    with Executed(CREATE) as executed:
        code, out, _ = executed.end()

    assert (code, out) == (0, "Help\n")


def test_python_runs_it_as_a_module() -> None:
    command = [*MODULE, "exec", "--report", "none", "--", sys.executable, "-c", CREATE]
    done = subprocess.run(command, env=clean({}), capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "Help\n", "")


def test_the_variables_name_the_default_app_as_the_options_do() -> None:
    options = ["--application-id", "app-of-mine", "--api-key", "key-of-mine", "--control-token", "sesame"]

    with Executed(SAY_VARIABLES, *options) as executed:
        variables = json.loads(executed.end()[1])

    url = variables["KOMMUNICATE_BASE_URL"]
    assert url.startswith("http://127.0.0.1:")
    assert variables == {
        "KOMMUNICATE_BASE_URL": url,
        "KOMMUNICATE_API_KEY": "key-of-mine",
        "KOMMUNICATE_APP_ID": "app-of-mine",
        "MOCKKOMMUNICATE_URL": url,
        "MOCKKOMMUNICATE_APP": "app-of-mine",
        "MOCKKOMMUNICATE_CONTROL_TOKEN": "sesame",
    }


def test_variables_of_an_outer_server_are_not_those_of_the_command() -> None:
    outer = {
        "KOMMUNICATE_BASE_URL": "https://services.kommunicate.io",
        "KOMMUNICATE_API_KEY": "real",
        "KOMMUNICATE_APP_ID": "real",
    }

    with Executed(SAY_VARIABLES, environment=outer) as executed:
        variables = json.loads(executed.end()[1])

    assert variables["KOMMUNICATE_BASE_URL"].startswith("http://127.0.0.1:")
    assert (variables["KOMMUNICATE_API_KEY"], variables["KOMMUNICATE_APP_ID"]) == ("mock-api-key", "mock-app")
    assert "MOCKKOMMUNICATE_CONTROL_TOKEN" not in variables


def test_the_commands_of_the_program_itself_work_inside() -> None:
    options = ["--host", "0.0.0.0", "--scenario", "support-team", "--application-id", "team"]

    with Executed("", *options, command=[*PROGRAM, "reset", "--json"]) as executed:
        code, out, err = executed.end()

    assert code == 0, err
    assert (json.loads(out)["applicationId"], json.loads(out)["scenario"]) == ("team", "support-team")


def test_one_may_be_inside_another() -> None:
    inner = [*PROGRAM, "exec", "--", sys.executable, "-c", SAY_URL]
    code = f"import subprocess; {SAY_URL}; raise SystemExit(subprocess.run({inner!r}).returncode)"

    with Executed(code) as executed:
        ended, out, err = executed.end()

    outer_url, inner_url = out.split()
    assert ended == 0, err
    assert outer_url != inner_url


def test_the_options_of_the_command_are_its_own_with_and_without_two_dashes() -> None:
    for dashes in (["--"], []):
        done = run("exec", *dashes, "echo", "--port", "-h", "--")

        assert (done.returncode, done.stdout) == (0, "--port -h --\n")


def test_stdin_stdout_and_stderr_are_the_commands_own() -> None:
    code = "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write('a warning\\n')"

    with Executed(code, "--report", "none") as executed:
        assert executed.end("hello\n") == (0, "HELLO\n", "a warning\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_may_be_closed(closed: str) -> None:
    shell = f'exec "$@" {closed}'
    command = ["sh", "-c", shell, "sh", *PROGRAM, "exec", "--", "sh", "-c", "exit 5"]

    with Executed(command=command) as executed:
        assert executed.end()[0] == 5
        assert executed.files == []


def test_open_descriptors_reach_the_command_as_they_are(tmp_path: Path) -> None:
    with (tmp_path / "third").open("w") as third:
        write = f"import os; os.write({third.fileno()}, b'here')"
        with Executed(write, "--report", "none", pass_fds=[third.fileno()]) as executed:
            assert executed.end() == (0, "", "")

    assert (tmp_path / "third").read_text() == "here"


def test_a_command_that_writes_into_a_closed_pipe_ends_as_without_us() -> None:
    with Executed(command=["sh", "-c", "yes | head -n 1"]) as executed:
        code, out, err = executed.end()

    assert (code, out) == (0, "y\n")
    assert "yes" not in err


CODES = {
    "0": (["true"], 0),
    "its own": (["sh", "-c", "exit 7"], 7),
    "killed by SIGKILL": (["sh", "-c", "kill -9 $$"], 137),
    "killed by SIGTERM": (["sh", "-c", "kill $$"], 143),
    "not found": (["no-such-command"], 127),
    "not executable": (["/etc/passwd"], 126),
    "a folder": (["/"], 126),
}


@pytest.mark.parametrize(("command", "code"), CODES.values(), ids=CODES)
def test_the_exit_code_is_what_a_shell_would_say(command: list[str], code: int) -> None:
    with Executed(command=command) as executed:
        assert executed.end()[0] == code
        assert (executed.processes, executed.files) == ([], [])


def test_the_exit_codes_are_those_of_a_shell() -> None:
    for command, code in CODES.values():
        shell = subprocess.run(
            ["bash", "-c", '"$@"; exit $?', "bash", *command], capture_output=True, check=False
        )

        assert shell.returncode == code


def test_what_cannot_be_run_is_one_clear_line() -> None:
    for command in ("no-such-command", "/etc/passwd"):
        done = run("exec", "--", command)

        (line,) = done.stderr.splitlines()
        assert line.startswith(f"mockkommunicate: error: {command}: ")
        assert done.stdout == ""


def test_a_script_without_a_first_line_that_names_its_program_is_not_executable(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_bytes(b"\x00\x01\x02\x03")
    script.chmod(0o755)

    assert run("exec", "--", str(script)).returncode == 126


@pytest.mark.parametrize("workers", ["1", "2"])
def test_nothing_is_left_behind(workers: str) -> None:
    with Executed(f"{SAY_URL}\n{CREATE}", "--workers", workers) as executed:
        code, out, _ = executed.end()

        assert code == 0
        assert (executed.processes, executed.files) == ([], [])
        assert is_down(out.split()[0])


def test_a_named_database_stays(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/state.db"
    with Executed(CREATE, "--database", database) as executed:
        assert executed.end()[0] == 0

    with Served("--database", database) as served:
        assert len(served.app.conversations()) == 1


def test_a_state_goes_from_one_run_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    options = ["--import", str(file), "--export-on-exit", str(file)]

    counts = []
    for _ in range(2):
        with Executed(CREATE, *options) as executed:
            assert executed.end()[0] == 0
            assert executed.processes == []
        counts.append(len(json.loads(file.read_text())["conversations"]))

    assert counts == [1, 2]


def test_the_ready_file_is_written_too(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"

    with Executed(SAY_URL, "--ready-file", str(file)) as executed:
        out = executed.end()[1]

    assert json.loads(file.read_text())["url"] == out.strip()


def test_a_server_that_nobody_stops_in_time_is_stopped_with_its_hanging_requests() -> None:
    hold = """
import os, socket
from urllib.parse import urlsplit
parts = urlsplit(os.environ["KOMMUNICATE_BASE_URL"])
connection = socket.create_connection((parts.hostname, parts.port))
connection.sendall(b"POST /rest/ws/group/conversation HTTP/1.1\\r\\nHost: localhost\\r\\nApi-Key: mock-api-key\\r\\n"
                   b"Content-Length: 10\\r\\nExpect: 100-continue\\r\\n\\r\\n")
connection.recv(100)
child = os.fork()
if child == 0:
    os.close(1); os.close(2)
    import time; time.sleep(20)
"""
    with Executed(hold, "--threads", "1", "--report", "none") as executed:
        assert executed.end()[0] == 0
        assert executed.files == []


REFUSED = {
    "an unknown scenario": (["--scenario", "suport-team"], "did you mean 'support-team'?"),
    "a scenario that is not there": (["--scenario", "/no/such/file.yaml"], "/no/such/file.yaml"),
    "a database that cannot be": (["--database", "nonsense"], "sqlite:///"),
    "a host of somebody else": (["--host", "203.0.113.7"], "203.0.113.7"),
    "a bad port": (["--port", "abc"], "'abc'"),
    "a ready file nowhere": (["--ready-file", "/no/such/folder/ready"], "/no/such/folder"),
    "an unknown report": (["--report", "xml"], "'text', 'json', 'none'"),
    "a report file nowhere": (["--report-file", "/no/such/folder/report"], "'/no/such/folder/report'"),
    "a report file that is a folder": (["--report-file", "/tmp"], "'/tmp'"),
    "a report file without a report": (["--report", "none", "--report-file", "x"], "--report-file needs"),
    "an unknown option": (["--prot", "1"], "--port"),
}


@pytest.mark.parametrize(("options", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_begin_is_one_clear_line_and_the_command_is_not_run(
    options: list[str], said: str, tmp_path: Path
) -> None:
    with Executed("", *options, command=["touch", str(tmp_path / "was-run")]) as executed:
        code, out, err = executed.end()

        assert (code, out) == (2, "")
        (line,) = err.splitlines()
        assert line.startswith("mockkommunicate: error: ")
        assert said in line
        assert list(tmp_path.iterdir()) == []
        assert (executed.processes, executed.files) == ([], [])


def test_a_taken_port_is_one_clear_line_and_the_command_is_not_run(tmp_path: Path) -> None:
    with Served() as served:
        done = run("exec", "--port", str(served.port), "--", "touch", str(tmp_path / "was-run"))

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert str(served.port) in line
    assert list(tmp_path.iterdir()) == []


def test_a_command_is_asked_for_when_there_is_none() -> None:
    for arguments in (["exec"], ["exec", "--"], ["exec", "--port", "0"]):
        done = run(*arguments)

        assert (done.returncode, done.stdout) == (2, "")
        assert "a command is missing" in done.stderr


def test_every_option_has_its_environment_name() -> None:
    environment = {variable("report"): "none", variable("application-id"): "app-of-mine"}
    with Executed(SAY_VARIABLES, environment=environment) as executed:
        _, out, err = executed.end()

    assert json.loads(out)["KOMMUNICATE_APP_ID"] == "app-of-mine"
    assert err == ""


def test_the_environment_reaches_the_command_whole() -> None:
    with Executed("import os; print(os.environ['OF_MINE'])", environment={"OF_MINE": "ä=b c"}) as executed:
        assert executed.end()[1] == "ä=b c\n"


def test_the_command_runs_where_we_are(tmp_path: Path) -> None:
    with Executed("import os; print(os.getcwd())", cwd=tmp_path) as executed:
        assert executed.end()[1] == f"{os.path.realpath(tmp_path)}\n"
