"""The Postman collection under newman, as Postman's own users run it: green against us, red against what is wrong.

CI runs what the collection has unless asked; `MOCKKOMMUNICATE_TEST_SCALE=20` runs every example of the contract files.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests

from mockkommunicate import MockKommunicate
from tests.served import PROGRAM

TOKEN = "a-token-for-postman"
SCALE = int(os.environ.get("MOCKKOMMUNICATE_TEST_SCALE", "1"))
WHOLE = ["--all"] if SCALE > 1 else []
FOLDER = "Change the conversation assignee"


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """A server that wants its token."""
    with MockKommunicate(control_token=TOKEN) as running:
        yield running


@pytest.fixture
def newman(packages: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Write the collection for a URL and run it; answer newman's report."""

    def run(url: str, *options: str, written: list[str] | None = None) -> dict[str, Any]:
        collection, report = tmp_path / "collection.json", tmp_path / "report.json"
        write = [*PROGRAM, "postman", "--url", url, "--output", str(collection), *(written or [])]
        subprocess.run(write, check=True, capture_output=True)
        command = ["node", str(packages / "newman" / "bin" / "newman.js"), "run", str(collection)]
        command += ["--reporters", "json", "--reporter-json-export", str(report)]
        command += ["--global-var", f"controlToken={TOKEN}", "--env-var", f"controlToken={TOKEN}", *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert report.exists(), done.stdout + done.stderr
        made: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["run"]
        assert (done.returncode == 0) == (made["failures"] == [])
        return made

    return run


def failed(run: dict[str, Any]) -> list[str]:
    """List the tests that failed, each with its request."""
    return [f"{one['source']['name']}: {one['error']['test']}" for one in run["failures"]]


def test_the_collection_is_green_against_a_server_and_can_be_run_again(
    server: MockKommunicate, newman: Callable[..., dict[str, Any]]
) -> None:
    first = newman(server.url, written=WHOLE)
    again = newman(server.url, "--folder", FOLDER)

    assert [failed(first), failed(again)] == [[], []]
    assert first["stats"]["requests"]["total"] > 200
    assert first["stats"]["assertions"]["total"] > first["stats"]["requests"]["total"]


class Liar(BaseHTTPRequestHandler):
    """Passes everything on to a server, and spoils each answer of one operation in another way."""

    server_url: str
    spoils = (
        (b'"response":"updated"', b'"response":"Updated"'),
        (b'"response":"already updated"', b'"response":["already updated"]'),
        (b'"response":"AGENT_IS_ALREADY_ENGAGED"', b'"response":"AGENT_IS_ALREADY_ENGAGED","more":1'),
        (b'"errorCode":"AL-U-01"', b'"errorCode":"AL-U-02"'),
        (
            b'"status":"error","errorResponse":[{"errorCode":"AL-G-01"',
            b'"errorResponse":[{"errorCode":"AL-G-01"',
        ),
    )

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name != "Accept-Encoding"}
        url = f"{self.server_url}{self.path}"
        answer = requests.request(self.command, url, data=body, headers=headers, timeout=60)
        status, content = answer.status_code, answer.content
        if "/assignee/change" in self.path:
            status = 422 if status == 400 else status
            for true, false in self.spoils:
                content = content.replace(true, false)
        self.send_response(status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = _pass_on  # noqa: N815 - the names are those of http.server

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_every_wrong_answer_is_found(server: MockKommunicate, newman: Callable[..., dict[str, Any]]) -> None:
    handler = type("Handler", (Liar,), {"server_url": server.url})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as liar:
        Thread(target=liar.serve_forever, args=[0.02], daemon=True).start()
        run = newman(f"http://127.0.0.1:{liar.server_port}", "--folder", FOLDER)
        liar.shutdown()

    assert failed(run) == [
        "The documented request assigns the agent, takes over from the bots and writes no notify message: the answer",
        "Assigned to already assigned agent: the answer",
        "Assignee reached his max handling limit: the answer",
        "Wrong agent id: the answer",
        "Wrong conversation id: the answer",
        "Without any parameter, each is named: the status is 400",
    ]


def test_without_the_token_nothing_is_green(
    server: MockKommunicate, newman: Callable[..., dict[str, Any]]
) -> None:
    run = newman(server.url, "--folder", "Get a URL to upload to", "--env-var", "controlToken=wrong")

    assert failed(run)[0] == "A fresh app: it is done"
