"""Serving as a process: the ready line, databases that stay, the log, and who may call the control API."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mockkommunicate.handle import call
from tests.client import Client, ok
from tests.postgres import wait_until
from tests.served import MODULE, START_S, Held, Served


@pytest.fixture
def served() -> Iterator[Served]:
    """A server with a temporary database."""
    with Served() as served:
        yield served


def test_the_ready_line_says_all_that_a_client_needs(served: Served) -> None:
    served.client.created()

    assert list(served.ready) == ["url", "applicationId", "apiKey", "console", "pid"]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", served.url)
    assert served.ready["console"] == f"{served.url}/_mock/console"
    assert (served.ready["applicationId"], served.ready["apiKey"]) == ("mock-app", "mock-api-key")
    assert served.ready["pid"] == served.process.pid


def test_stdout_holds_nothing_but_the_ready_line(served: Served) -> None:
    served.client.created()
    served.client.call("GET", "/nowhere")
    served.client.call("POST", "/rest/ws/group/conversation", data=b"{")

    assert served.stop() == (0, "")


def test_the_ready_file_is_the_ready_line_and_never_half_of_it(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"

    with Served("--ready-file", str(file)) as served:
        assert file.read_text() == json.dumps(served.ready) + "\n"
        assert list(tmp_path.iterdir()) == [file]


def test_whoever_waits_for_the_ready_file_reads_it_whole_at_once(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    until = time.monotonic() + START_S

    with Served("--ready-file", str(file), wait=False) as served:
        while not file.exists():
            assert time.monotonic() < until
        read = json.loads(file.read_text())
        served.wait_for_ready()

    assert read == served.ready


def test_an_older_ready_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    file.write_text("of another server")

    with Served("--ready-file", str(file)) as served:
        assert json.loads(file.read_text()) == served.ready


def test_python_runs_it_as_a_module() -> None:
    with Served(program=MODULE) as served:
        served.client.created()

        assert served.stop() == (0, "")


def test_several_workers_serve_one_state() -> None:
    with Served("--workers", "2") as served:
        ids = [Client(served.url, "mock-api-key").created()["id"] for _ in range(10)]

        wait_until(lambda: len(served.workers) == 2)
        assert ids == list(range(ids[0], ids[0] + 10))


def test_no_more_requests_are_served_at_once_than_there_are_threads() -> None:
    with Served("--threads", "2") as served, Held(served) as first, Held(served):
        third = Held(served)

        assert not third.is_taken_up(within=0.5)
        assert first.finish()[0] == [b"200"]
        with third:
            assert third.finish()[0] == [b"200"]


def test_a_named_database_is_kept_and_used_again(database_url: str) -> None:
    with Served("--database", database_url) as served:
        made = served.client.created("user-1")
        served.stop()

    with Served("--database", database_url, "--scenario", "support-team") as served:
        assert [group["id"] for group in served.app.conversations()] == [made["id"]]
        assert len(call("GET", f"{served.url}/_mock/apps")["apps"]) == 1
        assert served.client.created("user-1")["id"] == made["id"] + 1
        assert "'support-team' was not put in" in served.log


def test_another_key_at_restart_takes_the_place_of_the_old_one(database_url: str) -> None:
    for options in ((), ("--api-key", "another-key")):
        with Served("--database", database_url, *options):
            pass

    with Served("--database", database_url) as served:
        assert served.ready["apiKey"] == "another-key"
        assert ok(served.client.create())["id"]
        assert Client(served.url, "mock-api-key").create().status_code == 401


def test_servers_without_a_database_share_nothing(served: Served) -> None:
    served.client.created()

    with Served() as other:
        assert other.app.conversations() == []


@pytest.fixture
def public() -> Iterator[Served]:
    """A server that other machines can reach."""
    with Served("--host", "0.0.0.0") as public:
        yield public


def with_token(public: Served, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{public.url}/_mock/apps", headers=headers, timeout=10).status_code


def test_off_loopback_it_makes_up_a_token_for_the_control_api_and_prints_it(public: Served) -> None:
    (token,) = re.findall(r"control token: (\S+)", public.log)

    assert with_token(public, token) == 200
    assert with_token(public, token[:-1]) == 401
    assert requests.get(f"{public.url}/_mock/apps", timeout=10).status_code == 401


def test_off_loopback_health_and_the_emulated_api_need_no_token(public: Served) -> None:
    assert requests.get(f"{public.url}/_mock/livez", timeout=10).status_code == 200
    assert requests.get(f"{public.url}/_mock/readyz", timeout=10).status_code == 200
    assert public.client.created()


def test_the_json_log_is_json_line_by_line_whatever_happens() -> None:
    with Served("--log-format", "json", "--host", "0.0.0.0") as served:
        served.kill_worker()
        served.client.call("POST", "/rest/ws/group/conversation", data=b"{")
        served.stop()

        records = [json.loads(line) for line in served.log.splitlines()]

    assert len(records) >= 2
    assert all({"time", "level", "logger", "message"} <= set(record) for record in records)
