"""A real PostgreSQL server for tests: made with initdb, thrown away afterwards."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

START_S = 30


class Unavailable(Exception):
    """PostgreSQL's programs are not on this machine."""


@contextmanager
def running() -> Iterator["Postgres"]:
    """Run a server. Without PostgreSQL's programs: a failure in CI, elsewhere a skip."""
    try:
        server = Postgres()
    except Unavailable as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    with server:
        yield server


class Postgres:
    """One server on a free loopback port. Run as root it belongs to the user `postgres`, as PostgreSQL insists."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="mockkommunicate-postgres-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": "postgres", "group": "postgres"}
            shutil.chown(self._folder, "postgres", "postgres")
        self.port = _free_port()

    def __enter__(self) -> Self:
        """Make and start the server."""
        self._run(
            "initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C"
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server and remove its files."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300"
        self._run("pg_ctl", "start", "-w", "-t", str(START_S), "-o", options, "-l", str(self._folder / "log"))

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; "immediate" as if its machine had failed."""
        self._run("pg_ctl", "stop", "-w", "-m", mode)

    def create_database(self) -> str:
        """Make an empty database and answer its SQLAlchemy URL."""
        name = f"test_{secrets.token_hex(6)}"
        command = [
            f"{self._programs}/createdb",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "postgres",
            name,
        ]
        subprocess.run(command, check=True, capture_output=True)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [f"{self._programs}/{program}", "-D", str(self._folder / "data"), *arguments]
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, check=False, stdout=output, stderr=output, cwd="/", **self._as)
            output.seek(0)
            assert done.returncode == 0, output.read().decode()


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3])
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise Unavailable("PostgreSQL is not installed (initdb): apt-get install postgresql")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Any, timeout: float = START_S) -> None:
    """Wait until a condition holds; fail when it does not."""
    until = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.05)
