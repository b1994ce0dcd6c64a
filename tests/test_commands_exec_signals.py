"""`mockkommunicate exec` and signals: the command gets them, and whatever ends, nothing is left behind."""

import os
import pty
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.executed import SAY_URL, Executed, control
from tests.postgres import wait_until
from tests.served import PROGRAM, children, clean

FORWARDED = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2]
EACH = pytest.mark.parametrize("how", FORWARDED, ids=lambda how: how.name)

COUNT = """
import os, signal, sys, time, urllib.request
came = []
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2):
    signal.signal(number, lambda number, frame: came.append(number))
print("begun", flush=True)
while not came:
    time.sleep(0.01)
time.sleep(0.3)
url = os.environ["KOMMUNICATE_BASE_URL"] + "/_mock/livez"
with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url) as response:
    print(*[signal.Signals(number).name for number in came], response.status, flush=True)
sys.exit(5)
"""
"""Print the signals that came, and what the server answers after them."""

SLEEP = f"{SAY_URL}; import time; time.sleep(40)"


@EACH
def test_a_signal_goes_to_the_command_and_the_server_waits_for_its_end(how: signal.Signals) -> None:
    with Executed(COUNT) as executed:
        assert executed.line() == "begun"
        executed.process.send_signal(how)
        code, out, _ = executed.end()

        assert (code, out) == (5, f"{how.name} 200\n")
        assert (executed.processes, executed.files) == ([], [])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP], ids=lambda how: how.name)
def test_a_command_that_a_signal_ends_gives_128_and_its_number(how: signal.Signals) -> None:
    with Executed(command=["sh", "-c", "echo begun; exec sleep 60"]) as executed:
        assert executed.line() == "begun"
        executed.process.send_signal(how)

        assert executed.end()[0] == 128 + how
        assert (executed.processes, executed.files) == ([], [])


def test_several_signals_reach_the_command_in_turn() -> None:
    twice = COUNT.replace("while not came", "while len(came) < 2")

    with Executed(twice) as executed:
        assert executed.line() == "begun"
        executed.process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        executed.process.send_signal(signal.SIGTERM)

        assert executed.end()[:2] == (5, "SIGHUP SIGTERM 200\n")


def test_signals_after_the_end_do_not_keep_the_server_from_being_stopped() -> None:
    with Executed("print('ended', flush=True)") as executed:
        assert executed.line() == "ended"
        for _ in range(20):
            executed.process.send_signal(signal.SIGTERM)
            time.sleep(0.01)

        assert executed.end()[0] in {0, 128 + signal.SIGTERM}
        assert (executed.processes, executed.files) == ([], [])


@pytest.mark.parametrize("after_s", [0.3, 0.5, 0.7])
def test_a_signal_before_the_server_answers_leaves_nothing_and_runs_nothing(
    after_s: float, tmp_path: Path
) -> None:
    # One process: a child of its own would hold our pipes open after it.
    code = f"import time, pathlib; time.sleep(60); pathlib.Path({str(tmp_path)!r}, 'was-run').touch()"
    with Executed(command=[sys.executable, "-c", code]) as executed:
        time.sleep(after_s)
        executed.process.send_signal(signal.SIGTERM)

        assert executed.end()[0] in {-signal.SIGTERM, 128 + signal.SIGTERM}
        assert list(tmp_path.iterdir()) == []
        assert executed.files == []


def test_what_is_ignored_from_outside_stays_ignored_inside() -> None:
    code = "import signal; print(signal.getsignal(signal.SIGHUP).name, signal.getsignal(signal.SIGPIPE).name)"
    inside = f"{SAY_URL}; {code}"
    command = [
        "sh",
        "-c",
        'trap "" HUP; exec "$@"',
        "sh",
        *PROGRAM,
        "exec",
        "--",
        sys.executable,
        "-c",
        inside,
    ]

    with Executed(command=command) as executed:
        # Python ignores SIGPIPE itself, whatever it was started with.
        assert executed.end()[1].splitlines()[1] == "SIG_IGN SIG_IGN"


def test_the_command_begins_with_no_signal_blocked_and_with_the_default_of_each() -> None:
    with Executed(command=["grep", "^Sig[BI]", "/proc/self/status"]) as executed:
        out = executed.end()[1]

    blocked, ignored = (int(number, 16) for number in out.split()[1::2])
    # The C library ignores two signals of its own in what it starts: 32 and 33.
    assert (blocked, ignored & 0x7FFF_FFFF) == (0, 0)


def test_when_we_are_killed_the_server_goes_by_itself() -> None:
    with Executed(SLEEP) as executed:
        url = executed.line()
        assert control(url, "livez")
        (command,) = [pid for pid in children(executed.process.pid) if _is_sleeping(pid)]
        executed.process.kill()

        wait_until(lambda: executed.processes == [command])
        assert executed.files == []


def test_when_we_are_killed_before_the_server_answers_it_goes_too() -> None:
    with Executed(SLEEP) as executed:
        wait_until(lambda: len(executed.processes) > 1 and executed.files != [])
        executed.process.kill()

        executed.wait_until_nothing_is_left()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_when_the_server_is_killed_the_command_goes_on_and_its_code_counts(workers: str) -> None:
    code = f"{SAY_URL}; input(); raise SystemExit(5)"
    with Executed(code, "--workers", workers) as executed:
        assert executed.line()
        server = _server(executed)
        os.kill(server, signal.SIGKILL)
        ended, out, err = executed.end("go on\n")

        assert (ended, out) == (5, "")
        (line,) = err.splitlines()
        assert "no report: no MockKommunicate answers at http://127.0.0.1:" in line
        assert (executed.processes, executed.files) == ([], [])


@contextmanager
def in_a_terminal(code: str, *options: str) -> Iterator[tuple[int, int]]:
    """Run a command under exec in a terminal of its own; give its process id and the terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        command = [*PROGRAM, "exec", "--report", "none", *options, "--", sys.executable, "-c", code]
        os.execve(command[0], command, clean({}))
    with os.fdopen(terminal, "wb"):
        yield pid, terminal


def _read_until(terminal: int, wanted: str) -> str:
    read = b""
    while wanted.encode() not in read:
        read += os.read(terminal, 1000)
    return read.decode()


def test_ctrl_c_in_a_terminal_reaches_the_command_once_and_the_server_not_at_all() -> None:
    with in_a_terminal(COUNT) as (pid, terminal):
        _read_until(terminal, "begun")
        os.write(terminal, b"\x03")
        said = _read_until(terminal, "200")
        _, status = os.waitpid(pid, 0)

    assert "SIGINT 200" in said
    assert "SIGINT SIGINT" not in said
    assert os.waitstatus_to_exitcode(status) == 5


def test_a_signal_sent_to_us_in_a_terminal_reaches_the_command() -> None:
    with in_a_terminal(COUNT) as (pid, terminal):
        _read_until(terminal, "begun")
        os.kill(pid, signal.SIGINT)
        said = _read_until(terminal, "200")
        _, status = os.waitpid(pid, 0)

    assert "SIGINT 200" in said
    assert os.waitstatus_to_exitcode(status) == 5


def test_the_command_has_the_terminal() -> None:
    code = (
        "import sys; print(sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty()); print(input('?')*2)"
    )

    with in_a_terminal(code) as (pid, terminal):
        _read_until(terminal, "?")
        os.write(terminal, b"ab\n")
        said = _read_until(terminal, "abab")
        os.waitpid(pid, 0)

    assert said


def test_a_terminal_that_is_closed_ends_the_command_and_the_server() -> None:
    with in_a_terminal(SLEEP) as (pid, terminal):
        url = _read_until(terminal, "\n").strip()

    # The terminal is closed at the end of the block.
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGHUP
    with pytest.raises(OSError, match="refused"):
        control(url, "livez")


def _server(executed: Executed) -> int:
    (server,) = [pid for pid in children(executed.process.pid) if os.getsid(pid) == pid]
    return server


def _is_sleeping(pid: int) -> bool:
    return os.getsid(pid) != pid
