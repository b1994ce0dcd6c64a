"""The log goes to stderr, whatever that is: a pipe that nobody reads holds no request, a closed one is nobody else's."""

import fcntl
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mockkommunicate.logs import JsonFormatter
from mockkommunicate.stderr import Stderr
from tests.postgres import wait_until
from tests.served import PROGRAM, Served

SIZE = 8_192
"""How much the pipe holds: two pages, of which a pipe tells whether one is empty."""


class Pipe:
    """A pipe that holds little."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        fcntl.fcntl(self.writing, fcntl.F_SETPIPE_SZ, SIZE)
        os.set_blocking(self.reading, False)

    def fill(self) -> None:
        """Fill it to the last byte, as others would."""
        os.set_blocking(self.writing, False)
        with suppress(BlockingIOError):
            while True:
                os.write(self.writing, b"\n")
        os.set_blocking(self.writing, True)

    def read(self) -> list[str]:
        """Read the lines that are in it."""
        try:
            return os.read(self.reading, 10 * SIZE).decode().split("\n")[:-1]
        except BlockingIOError:
            return []


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A pipe."""
    made = Pipe()
    yield made
    os.close(made.reading)
    os.close(made.writing)


@pytest.fixture(params=["opened anew", "as it is"])
def handler(request: pytest.FixtureRequest, pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stderr]:
    """What writes into the pipe, on a machine where pipes can be opened anew or where that is not allowed."""
    if request.param == "as it is":
        monkeypatch.setattr("mockkommunicate.stderr._opened_anew", lambda _descriptor: None)
    made = Stderr(pipe.writing)
    monkeypatch.setattr("mockkommunicate.stderr.WAIT_S", 0.02)
    made.setFormatter(JsonFormatter())
    yield made
    made.close()


def write(handler: Stderr, message: str) -> None:
    handler.handle(logging.LogRecord("tests", logging.INFO, "", 0, message, None, None))


def messages(lines: list[str]) -> list[str]:
    return [json.loads(line)["message"] for line in lines if line]


def test_lines_that_nobody_reads_are_lost_and_counted(pipe: Pipe, handler: Stderr) -> None:
    write(handler, "first")
    pipe.fill()
    for number in range(3):
        write(handler, f"lost {number}")
    read = messages(pipe.read())
    write(handler, "next")

    assert read == ["first"]
    lost = "lines of the log that are lost, for nobody read stderr: 3"
    assert messages(pipe.read()) == [lost, "next"]
    write(handler, "last")
    assert messages(pipe.read()) == ["last"]


def test_a_line_waits_once_for_who_reads_no_more(
    pipe: Pipe, handler: Stderr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockkommunicate.stderr.WAIT_S", 0.2)
    pipe.fill()
    began = time.monotonic()
    for number in range(100):
        write(handler, f"lost {number}")

    assert 0.2 <= time.monotonic() - began < 2


def test_a_line_that_is_cut_ends_before_the_next(pipe: Pipe) -> None:
    handler = Stderr(pipe.writing)
    write(handler, "x" * 3 * SIZE)
    cut = pipe.read()
    write(handler, "next")
    handler.close()

    assert cut == []
    assert [line[:5] for line in pipe.read()] == ["", "lines", "next"]


def test_the_pipe_stays_as_it_is_for_others(pipe: Pipe) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    Stderr(pipe.writing).close()

    assert os.get_blocking(pipe.writing)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_comes_after_the_end_goes_into_nobody_elses_file(
    pipe: Pipe, handler: Stderr, tmp_path: Path
) -> None:
    handler.close()
    with (tmp_path / "another").open("wb", buffering=0):
        write(handler, "late")

    assert (tmp_path / "another").read_bytes() == b""
    assert messages(pipe.read()) == ["late"]


def test_a_reader_who_is_gone_is_no_failure(handler: Stderr, pipe: Pipe) -> None:
    os.close(pipe.reading)
    pipe.reading = os.open(os.devnull, os.O_RDONLY)

    write(handler, "into the void")


def test_a_closed_stderr_gives_its_number_to_nobody_else() -> None:
    code = "import os; os.close(2); from mockkommunicate.stderr import Stderr; Stderr(); print(os.dup(1))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert int(done.stdout) > 2


def test_requests_are_answered_though_nobody_reads_stderr(pipe: Pipe) -> None:
    with Served(stderr=pipe.writing) as served:
        pipe.fill()
        began = time.monotonic()
        for _ in range(20):
            assert served.client.call("GET", "/rest/nowhere").status_code == 404
        took = time.monotonic() - began

    assert 1 <= took < 5


def test_it_serves_without_stdout_and_stderr(tmp_path: Path) -> None:
    file = tmp_path / "ready"
    closed = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *PROGRAM]
    with Served("--ready-file", str(file), program=closed, wait=False) as served:
        wait_until(lambda: file.exists() or served.process.poll() is not None)
        served.ready = json.loads(file.read_text())
        assert served.client.call("GET", "/rest/nowhere").status_code == 404
        served.process.terminate()
        assert served.process.wait(10) == 0
