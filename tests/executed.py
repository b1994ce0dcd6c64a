"""`mockkommunicate exec` in a process of its own, and what it leaves behind."""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import ProxyHandler, build_opener

from tests.postgres import wait_until
from tests.served import PROGRAM, clean

MARK = "MOCK_TEST_MARK"
END_S = 60

SAY_URL = "import os; print(os.environ['KOMMUNICATE_BASE_URL'], flush=True)"


class Executed:
    """A command under `exec`. Use it with `with`: whatever is left of it is killed."""

    def __init__(
        self,
        code: str = "",
        *options: str,
        command: list[str] | None = None,
        environment: Mapping[str, str] | None = None,
        **streams: Any,
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="mock-tests-", ignore_cleanup_errors=True)
        self._mark = secrets.token_hex(8)
        self.process = subprocess.Popen(
            [*PROGRAM, "exec", *options, "--", *(command or [sys.executable, "-c", code])],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean({"TMPDIR": self._temporary.name, MARK: self._mark, **(environment or {})}),
            **({"stdin": subprocess.PIPE} | streams),
        )

    def __enter__(self) -> Self:
        """Do nothing more."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill whatever is left."""
        for pid in self.processes:
            os.kill(pid, signal.SIGKILL)
        self.process.communicate(timeout=END_S)
        self._temporary.cleanup()

    def end(self, given: str | None = None) -> tuple[int, str, str]:
        """Wait for the end; answer the exit code, stdout and stderr."""
        out, err = self.process.communicate(given, timeout=END_S)
        return self.process.returncode, out, err

    def line(self) -> str:
        """Read a line of stdout."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    @property
    def processes(self) -> list[int]:
        """The processes that were started by it, itself among them, and are still there (Linux)."""
        mark = f"{MARK}={self._mark}".encode()
        return [int(entry.name) for entry in Path("/proc").iterdir() if mark in _environment(entry)]

    @property
    def files(self) -> list[str]:
        """The temporary files that are still there."""
        return [path.name for path in Path(self._temporary.name).iterdir()]

    def wait_until_nothing_is_left(self) -> None:
        """Wait until neither a process nor a file is left."""
        wait_until(lambda: not self.processes and not self.files)


def control(url: str, path: str) -> Any:
    """Ask the control API."""
    with build_opener(ProxyHandler({})).open(f"{url}/_mock/{path}", timeout=10) as response:
        return json.load(response)


def _environment(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0") if process.name.isdecimal() else []
    except OSError:
        return []
