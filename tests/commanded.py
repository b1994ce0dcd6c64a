"""The commands that talk to a running server, as a user runs them, on an app of their own."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any

import requests

from tests.client import Client
from tests.served import PROGRAM, clean, variable


class Commanded:
    """An app of a running server, and the commands on it."""

    def __init__(self, url: str, **wanted: object) -> None:
        made = requests.post(f"{url}/_mock/apps", json=wanted, timeout=60).json()
        self.url = url
        self.name = str(made["applicationId"])
        self.client = Client(url, made["apiKey"])

    def run(
        self, *arguments: str, given: str | None = None, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with the server and the app in its environment."""
        target = {variable("url"): self.url, variable("app"): self.name}
        return subprocess.run(
            [*PROGRAM, *arguments],
            env=clean(target | dict(environment or {})),
            input=given or "",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def done(self, *arguments: str, given: str | None = None) -> str:
        """Run a command that succeeds and warns of nothing; answer what it printed."""
        ended = self.run(*arguments, given=given)
        assert (ended.returncode, ended.stderr) == (0, "")
        return ended.stdout

    def answer(self, *arguments: str, given: str | None = None) -> Any:
        """Run a command that succeeds; answer the JSON document that it printed, and nothing else."""
        return json.loads(self.done(*arguments, "--json", given=given))

    def refused(self, *arguments: str, code: int = 3, given: str | None = None) -> str:
        """Run a command that is refused; answer the one line on stderr that says why."""
        ended = self.run(*arguments, given=given)
        assert (ended.returncode, ended.stdout) == (code, ""), ended.stderr
        (line,) = ended.stderr.splitlines()
        assert line.startswith("mockkommunicate: error: ")
        return line

    def control(self, method: str, path: str = "", **options: Any) -> Any:
        """Call the control API on the app; answer its JSON."""
        url = f"{self.url}/_mock/apps/{self.name}{path}"
        return requests.request(method, url, timeout=60, **options).json()
