"""`mockkommunicate demo`: a team at work, customers who write by themselves, a browser that opens, an end by Ctrl-C."""

import os
import pty
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.postgres import wait_until
from tests.served import PROGRAM, clean, run

BOT = "order-bot"
OPTIONS = ("--port", "0", "--pace", "60")
END = "Ctrl-C ends it. Nothing is kept.\n"


@contextmanager
def demo(*options: str, folder: Path, **popen: Any) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the demo; answer its process and what it has said, up to the last line."""
    command = [*PROGRAM, "demo", *OPTIONS, "--no-browser", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=clean({"TMPDIR": str(folder)}), **popen
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            while not said.endswith(END) and (line := process.stdout.readline()):
                said += line
            yield process, said
        finally:
            process.kill()


def url_in(said: str) -> str:
    """Answer the server's URL."""
    found = re.search(r"API +(\S+)", said)
    assert found, said
    return found[1]


def get(url: str, path: str) -> Any:
    return requests.get(f"{url}/_mock/apps/default/{path}", timeout=10).json()


def test_customers_write_the_bot_answers_and_hands_over_what_it_cannot_answer(tmp_path: Path) -> None:
    with demo(folder=tmp_path) as (process, said):
        url = url_in(said)
        wait_until(lambda: (named(url, "Nobody answers the phone") or {}).get("assignee", BOT) != BOT)
        wait_until(lambda: sent(url) >= 5)

        order = named(url, "My order")
        complaint = get(url, f"conversations/{named(url, 'Nobody answers the phone')['id']}")
        messages = get(url, f"conversations/{order['id']}/messages")["messages"]
        assert {"ada", BOT} <= {message["from"] for message in messages}
        assert complaint["routing"]["handoff"]["by"] == BOT
        assert complaint["assignee"] in {agent["userId"] for agent in get(url, "agents")["agents"]}
        assert {entry["status"] for entry in get(url, "requests")["requests"]} == {200}
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[0] == "The demo has ended.\n"
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def named(url: str, name: str) -> Any:
    """Find a conversation of the demo's own customers by its name."""
    found = get(url, "inbox?limit=1000")["conversations"]
    return next((one for one in found if one["name"] == name and one["assignee"] is not None), None)


def sent(url: str) -> int:
    return len(get(url, "deliveries?state=sent")["deliveries"])


def test_what_it_says_to_try_can_be_tried(tmp_path: Path) -> None:
    with demo(folder=tmp_path) as (process, said):
        url = url_in(said)
        assert requests.get(f"{url}/_mock/console", timeout=10).ok
        assert f"console   {url}/_mock/console\n" in said
        call = said.partition("     curl")[2].partition("\n\n")[0]
        done = subprocess.run(["bash", "-c", f"curl {call}"], capture_output=True, text=True, check=True)

        assert '"status":"success"' in done.stdout
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_customers_take_faults_and_a_reset_as_they_come(tmp_path: Path) -> None:
    with demo(folder=tmp_path) as (_process, said):
        url = url_in(said)
        fault = {"match": {"method": "POST"}, "when": {"times": 3}, "do": {"gateway": 503}}
        requests.post(f"{url}/_mock/apps/default/faults", json=fault, timeout=10)
        wait_until(lambda: get(url, "faults")["faults"][0]["hits"] == 3)
        requests.post(f"{url}/_mock/apps/default/reset", json={}, timeout=10)

        wait_until(lambda: len(get(url, "requests")["requests"]) > 3)


def test_it_opens_a_browser_where_there_is_a_screen(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', encoding="utf-8")
    browser.chmod(0o700)
    here, there = pty.openpty()
    environment = clean({"BROWSER": str(browser), "TMPDIR": str(tmp_path)})
    with subprocess.Popen([*PROGRAM, "demo", *OPTIONS], stdout=there, env=environment) as process:
        os.close(there)
        wait_until(lambda: opened.exists() and opened.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGINT)
        while True:
            try:
                if not os.read(here, 1_000):
                    break
            except OSError:  # its end of the terminal is closed
                break
    os.close(here)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/_mock/console\n", opened.read_text(encoding="utf-8"))
    assert process.returncode == 0


def test_off_loopback_it_says_which_token_the_console_asks_for(tmp_path: Path) -> None:
    with demo("--host", "0.0.0.0", folder=tmp_path) as (_process, said):
        token = re.search(r"token +(\S+)", said)
        assert token
        apps = f"{url_in(said)}/_mock/apps"

        assert requests.get(apps, timeout=10).status_code == 401
        assert requests.get(apps, headers={"Authorization": f"Bearer {token[1]}"}, timeout=10).ok


@pytest.mark.parametrize("option", [("--pace", "0"), ("--port", "99999"), ("--seed", "x")])
def test_a_bad_option_is_one_line(option: tuple[str, str]) -> None:
    done = run("demo", *option)

    assert done.returncode == 2
    assert option[0] in done.stderr
    assert done.stderr.count("\n") == 1
