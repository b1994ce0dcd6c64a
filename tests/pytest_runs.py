"""Runs of pytest in a process of their own, as a user of the plugin has them."""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SLOW = ("schemathesis", "hypothesispytest", "faker", "asyncio", "xdist", "randomly", "cacheprovider")
"""Plugins that a run has only if it asks for them."""

PREAMBLE = """
import pytest
import requests


def create(app, **body):
    given = {"groupName": "Help", "groupMemberList": ["customer-1"], **body}
    answer = requests.post(f"{app.url}/rest/ws/group/conversation", headers=app.headers, json=given, timeout=30)
    return answer.json()["response"]["id"]
"""


@dataclass(frozen=True)
class Run:
    """What a run of pytest came to."""

    code: int
    output: str

    @property
    def outcomes(self) -> dict[str, str]:
        """Each test by its name, and what became of it, as `-rA` says."""
        said = re.findall(
            r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) \S+?::(\S+)", self.output, re.MULTILINE
        )
        return {name: outcome.lower() for outcome, name in said}

    def section(self, test: str) -> str:
        """Answer what is said of a test that failed."""
        found = re.search(
            rf"^_+ (?:ERROR at \w+ of )?{re.escape(test)} _+$(.*?)(?=^_{{5,}} |^={{5,}} |\Z)",
            self.output,
            re.MULTILINE | re.DOTALL,
        )
        assert found, self.output
        return found[1]


def run(
    folder: Path,
    source: str,
    *options: str,
    plugins: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    **files: str,
) -> Run:
    """Run the tests of a source, which has `create` at hand, in a folder; `files` are others, by their names."""
    (folder / "test_it.py").write_text(PREAMBLE + textwrap.dedent(source), encoding="utf-8")
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(textwrap.dedent(text), encoding="utf-8")
    without = [f"-pno:{name}" for name in SLOW if name not in plugins]
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("MOCKKOMM", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "--strict-markers", "-Werror", *without, *options],
        cwd=folder,
        env=mine | {"COLUMNS": "200", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout)
