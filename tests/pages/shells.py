"""Commands of the pages, run by bash in a folder of their own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.pages.blocks import ALL, ROOT, Block
from tests.pytest_runs import SLOW

INSTALLED = {
    "python3 -m venv .venv": f"ln -s {sys.prefix} .venv",
    ".venv/bin/pip install . ": "true ",
    ".venv/bin/pip install '.[": ".venv/bin/pip install 'mockkommunicate[",
}
"""What is done once for all tests and not again: another environment, and this project in it."""

SERVES = re.compile(r"mockkommunicate (?:serve|demo)\b")

A_TEST = "def test_it(kommunicate):\n    assert kommunicate.conversations() == []\n"

PATIENCE_S = 60


def environment(folder: Path, url: str) -> dict[str, str]:
    """Answer the variables of commands: they know of a running server, and ask no registry."""
    mine = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MOCKKOMM", "PYTEST_", "DISPLAY"))
    }
    return mine | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTEST_ADDOPTS": " ".join(f"-pno:{name}" for name in SLOW),
        "MOCKKOMMUNICATE_URL": url,
        "MOCKKOMMUNICATE_PORT": "0",
        "MOCKKOMMUNICATE_DEMO_PORT": "0",
        "CURL_HOME": str(folder),
        "no_proxy": "*",
    }


def furnish(folder: Path, page: str) -> None:
    """Put into a folder what commands of a page find there: its files, the README, a test, and a curl that fails."""
    (folder / ".curlrc").write_text("fail\n")
    (folder / "README.md").write_bytes((ROOT / "README.md").read_bytes())
    (folder / "test_it.py").write_text(A_TEST)
    for block in ALL:
        if block.page == page and block.mark == "file":
            (folder / block.argument).write_text(block.text)


def command(text: str, replaced: Mapping[str, str]) -> list[str]:
    """Answer the call of bash that runs commands, with these words replaced."""
    for old, new in {**INSTALLED, **replaced}.items():
        text = text.replace(old, new)
    return ["bash", "-euo", "pipefail", "-c", text]


def run(block: Block, folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Run the commands of a block to their end."""
    return subprocess.run(
        command(block.text, {"http://127.0.0.1:8080": url}),
        cwd=folder,
        env=environment(folder, url),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def serve(block: Block, folder: Path) -> tuple[str, int]:
    """Run commands that serve until they say so, and end them as Ctrl-C does; answer what they said first, and the exit code."""
    process = subprocess.Popen(
        command(block.text, {}),
        cwd=folder,
        env=environment(folder, ""),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return said, process.returncode
