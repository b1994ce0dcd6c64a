"""An engine that speaks as much of Docker's HTTP API as its clients need, and runs a process for each container.

The process is `mockkommunicate` with the environment of the Dockerfile and of the container. It has no network of its own:
what it serves inside is served on a free port of this machine, which is what the port map says.
"""

import json
import os
import re
import shlex
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.postgres import _free_port
from tests.served import PROGRAM, clean

DOCKERFILE = (Path(__file__).parents[1] / "Dockerfile").read_text(encoding="utf-8")
Answer = tuple[int, Any]


def image() -> dict[str, str]:
    """Read the environment that the Dockerfile gives its image."""
    (block,) = re.findall(r"^ENV (PATH=.*?[^\\])$", DOCKERFILE, re.DOTALL | re.MULTILINE)
    return dict(pair.split("=", 1) for pair in shlex.split(block.replace("\\\n", " ")))


class Container:
    """A container: what it was created with, and its process."""

    def __init__(self, name: str, wanted: dict[str, Any]) -> None:
        self.name, self.wanted = name, wanted
        self.process: subprocess.Popen[bytes] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="mock-engine-", ignore_cleanup_errors=True)
        self.ports: dict[str, int] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What is in its environment of ours, beside that of the image."""
        return dict(pair.split("=", 1) for pair in self.wanted.get("Env") or [])

    @property
    def state(self) -> str:
        """Whether it runs."""
        if self.process is None:
            return "created"
        return "running" if self.process.poll() is None else "exited"

    def start(self) -> None:
        """Run the image's entry point and command."""
        environment = image() | self.environment
        inside = environment.pop("MOCKKOMMUNICATE_PORT")
        self.ports = {f"{inside}/tcp": _free_port()} if f"{inside}/tcp" in self.wanted["ExposedPorts"] else {}
        database = f"sqlite:///{self._folder.name}/mockkommunicate.db"
        ours = environment | {"MOCKKOMMUNICATE_DATABASE": database, "PATH": os.environ["PATH"]}
        port = str(next(iter(self.ports.values()), 0))
        with (
            (Path(self._folder.name) / "1").open("wb") as out,
            (Path(self._folder.name) / "2").open("wb") as err,
        ):
            self.process = subprocess.Popen(
                [*PROGRAM, *(self.wanted.get("Cmd") or ["serve"])],
                env=clean(ours | {"MOCKKOMMUNICATE_PORT": port, "TMPDIR": self._folder.name}),
                stdout=out,
                stderr=err,
            )

    def logs(self, query: Mapping[str, list[str]]) -> bytes:
        """Answer its log in the frames of the engine: the stream's number, the length, the bytes."""
        frames = b""
        for number, stream in ((1, "stdout"), (2, "stderr")):
            if query.get(stream) == ["1"]:
                data = (Path(self._folder.name) / str(number)).read_bytes()
                frames += bytes([number, 0, 0, 0]) + len(data).to_bytes(4, "big") + data
        return frames

    def remove(self) -> None:
        """Kill what is left of it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
        self._folder.cleanup()

    def inspected(self) -> dict[str, Any]:
        """Describe it."""
        ports = {port: [{"HostIp": "0.0.0.0", "HostPort": str(bound)}] for port, bound in self.ports.items()}
        return {
            "Id": self.name,
            "Name": f"/{self.name}",
            "Image": "sha256:1",
            "State": {"Status": self.state},
            "Config": self.wanted,
            "HostConfig": self.wanted["HostConfig"],
            "NetworkSettings": {"Ports": ports, "Networks": {}},
        }


class Engine:
    """The engine. Use it with `with`; `images` are those it has."""

    def __init__(self, *images: str) -> None:
        self.images = images
        self.containers: dict[str, Container] = {}
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"tcp://127.0.0.1:{self._server.server_port}"

    def answer(self, method: str, path: str, query: Mapping[str, list[str]], body: Any) -> Answer:
        """Answer a call."""
        self.asked.append(f"{method} {path}")
        for (verb, pattern), act in self._routes(query, body).items():
            if verb == method and (found := re.fullmatch(pattern, path)):
                return act(*found.groups())
        return 404, {"message": f"page not found: {method} {path}"}

    def _routes(
        self, query: Mapping[str, list[str]], body: Any
    ) -> dict[tuple[str, str], Callable[..., Answer]]:
        return {
            ("GET", "/version"): lambda: (200, {"ApiVersion": "1.44", "Version": "25"}),
            ("GET", "/networks"): lambda: (200, []),
            ("GET", "/images/(.+)/json"): self._image,
            ("POST", "/images/create"): lambda: (404, {"message": "pull access denied"}),
            ("POST", "/containers/create"): lambda: self._create(body),
            ("GET", "/containers/([^/]+)/json"): lambda name: (200, self.containers[name].inspected()),
            ("GET", "/containers/([^/]+)/logs"): lambda name: (200, self.containers[name].logs(query)),
            ("POST", "/containers/([^/]+)/start"): self._start,
            ("DELETE", "/containers/([^/]+)"): self._remove,
        }

    def _image(self, name: str) -> Answer:
        if name not in self.images:
            return 404, {"message": f"No such image: {name}"}
        return 200, {"Id": "sha256:1", "RepoTags": [name]}

    def _create(self, body: dict[str, Any]) -> Answer:
        name = f"c{len(self.asked)}"
        self.containers[name] = Container(name, body)
        return 201, {"Id": name, "Warnings": []}

    def _start(self, name: str) -> Answer:
        self.containers[name].start()
        return 204, None

    def _remove(self, name: str) -> Answer:
        self.containers.pop(name).remove()
        return 204, None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        engine = self

        class Handler(BaseHTTPRequestHandler):
            def _do(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urlsplit(self.path)
                path = re.sub(r"^/v1\.\d+", "", parts.path)
                status, answer = engine.answer(
                    self.command, path, parse_qs(parts.query), json.loads(body or b"{}")
                )
                data = (
                    b""
                    if answer is None
                    else answer
                    if isinstance(answer, bytes)
                    else json.dumps(answer).encode()
                )
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = _do  # noqa: N815 - the standard library's names

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def __enter__(self) -> Self:
        """Serve."""
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, with every container."""
        self._server.shutdown()
        self._server.server_close()
        for container in self.containers.values():
            container.remove()
