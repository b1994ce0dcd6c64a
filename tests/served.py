"""`mockkommunicate serve` in a process of its own, as a user starts it."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from types import TracebackType
from typing import Any, Self

from mockkommunicate import App
from tests.client import Client
from tests.postgres import wait_until

PROGRAM = [str(Path(sys.executable).parent / "mockkommunicate")]
MODULE = [sys.executable, "-m", "mockkommunicate"]
START_S = 60
STOP_S = 10
PREFIX = "MOCKKOMMUNICATE_"


class NotReady(Exception):
    """The server ended, or said nothing in time; the message is its log."""


class Served:
    """A server on a free port, in a process group of its own. Use it with `with`: whatever is left of it is killed."""

    def __init__(
        self,
        *options: str,
        environment: Mapping[str, str] | None = None,
        program: list[str] = PROGRAM,
        wait: bool = True,
        stderr: int | None = None,
    ) -> None:
        self._wait = wait
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed on exit
        self._temporary = tempfile.TemporaryDirectory(
            prefix="mockkommunicate-tests-", ignore_cleanup_errors=True
        )
        self.process = subprocess.Popen(
            [*program, "serve", *_on_a_free_port(options, environment or {}), *options],
            stdout=subprocess.PIPE,
            stderr=self._log if stderr is None else stderr,
            env=clean({"TMPDIR": self._temporary.name, **(environment or {})}),
            start_new_session=True,
        )
        self.ready: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Wait for the ready line, unless told not to."""
        try:
            if self._wait:
                self.wait_for_ready()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill whatever is left, and remove what it left."""
        self.kill()
        self._log.close()
        self._temporary.cleanup()

    def wait_for_ready(self) -> None:
        """Read the ready line; raise NotReady, with the log, when there is none."""
        assert self.process.stdout is not None
        with DefaultSelector() as selector:
            selector.register(self.process.stdout, EVENT_READ)
            line = self.process.stdout.readline() if selector.select(START_S) else b""
        if not line:
            self.kill()
            raise NotReady(f"exit code {self.process.returncode}: {self.log}")
        self.ready = json.loads(line)

    @property
    def folder(self) -> Path:
        """Where it keeps what is temporary."""
        return Path(self._temporary.name)

    @property
    def url(self) -> str:
        """The base URL."""
        return str(self.ready["url"])

    @property
    def port(self) -> int:
        """The port."""
        return int(self.url.rpartition(":")[2])

    @property
    def app(self) -> App:
        """The default app."""
        return App(self.url, self.ready["applicationId"], self.ready["apiKey"])

    @property
    def client(self) -> Client:
        """A client of the default app."""
        return Client(self.url, self.ready["apiKey"])

    @property
    def log(self) -> str:
        """What has come on stderr up to now."""
        return os.pread(self._log.fileno(), 10_000_000, 0).decode()

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers."""
        return children(self.process.pid)

    def kill_worker(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to one worker, and wait until there is another in its place."""
        wait_until(lambda: self.workers)
        before = self.workers
        os.kill(before[0], how)
        wait_until(lambda: before[0] not in self.workers and len(self.workers) == len(before))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; answer the exit code, and what had come on stdout after the ready line."""
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=STOP_S)
        return self.process.returncode, rest.decode()

    def kill(self) -> None:
        """Kill the server and every worker at once, as if the power had failed; nothing when they are gone."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=STOP_S)


class Held:
    """A request in flight: a worker's thread has its head and waits for its body."""

    def __init__(self, served: Served) -> None:
        self._body = json.dumps({"groupName": "Late", "groupMemberList": ["user-1"]}).encode()
        self._connection = socket.create_connection(("127.0.0.1", served.port), timeout=20)
        head = {"Host": "localhost", "Api-Key": served.ready["apiKey"], "Content-Length": len(self._body)}
        lines = [f"{name}: {value}" for name, value in (head | {"Expect": "100-continue"}).items()]
        request = "\r\n".join(["POST /rest/ws/group/conversation HTTP/1.1", *lines, "", ""])
        self._connection.sendall(request.encode())

    def __enter__(self) -> Self:
        """Wait until a thread has taken it up."""
        assert self._connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self._connection.close()

    def is_taken_up(self, *, within: float) -> bool:
        """Tell whether a thread takes it up within so many seconds."""
        return bool(select.select([self._connection], [], [], within)[0])

    def finish(self) -> Any:
        """Send the body; answer the status line and the JSON answered."""
        self._connection.sendall(self._body)
        with self._connection.makefile("rb") as stream:
            status = stream.readline()
            length = 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            return status.split()[1:2], json.loads(stream.read(length) or b"{}")


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Answer this process's environment without the emulator's variables, and with those given."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**ours, **environment}


def variable(name: str) -> str:
    """Answer an option's environment name."""
    return f"{PREFIX}{name.upper().replace('-', '_')}"


def run(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, which is soon."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=clean(environment or {}),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def _on_a_free_port(options: tuple[str, ...], environment: Mapping[str, str]) -> list[str]:
    return [] if "--port" in options or f"{PREFIX}PORT" in environment else ["--port", "0"]


def children(pid: int) -> list[int]:
    """List the child processes of a process (Linux)."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
