"""Stopping: by a signal, with requests in flight, before it has begun, and when a worker dies."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.postgres import wait_until
from tests.served import Held, Served

SIGNALS = pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)


def is_deaf(served: Served) -> bool:
    """Tell whether the server takes up no further request: it is stopping."""
    try:
        return not requests.get(f"{served.url}/_mock/livez", timeout=0.3).ok
    except requests.RequestException:
        return True


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """A folder of the test's own for a server's temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def served(temporary: Path) -> Iterator[Served]:
    """A server with a temporary database."""
    with Served(environment={"TMPDIR": str(temporary)}) as served:
        yield served


@SIGNALS
def test_a_signal_ends_it_with_exit_code_0_and_takes_the_temporary_database_along(
    served: Served, temporary: Path, how: signal.Signals
) -> None:
    served.client.created()
    assert len(list(temporary.iterdir())) == 1

    assert served.stop(how) == (0, "")
    assert list(temporary.iterdir()) == []


def test_ctrl_c_in_a_terminal_which_reaches_the_workers_too_ends_it_the_same(
    served: Served, temporary: Path
) -> None:
    os.killpg(served.process.pid, signal.SIGINT)
    rest, _ = served.process.communicate(timeout=10)

    assert (served.process.returncode, rest) == (0, b"")
    assert list(temporary.iterdir()) == []


@SIGNALS
def test_an_open_connection_does_not_keep_it_from_ending(served: Served, how: signal.Signals) -> None:
    with requests.Session() as session:
        assert session.get(f"{served.url}/_mock/livez").ok

        assert served.stop(how) == (0, "")


@SIGNALS
def test_a_request_in_flight_is_finished(served: Served, how: signal.Signals) -> None:
    with Held(served) as held:
        served.process.send_signal(how)
        wait_until(lambda: is_deaf(served))

        status, answer = held.finish()

    assert status == [b"200"]
    assert answer["response"]["name"] == "Late"
    assert served.process.wait(timeout=10) == 0


def test_a_signal_before_it_is_ready_leaves_nothing_behind(temporary: Path) -> None:
    with Served(environment={"TMPDIR": str(temporary)}, wait=False) as served:
        wait_until(lambda: list(temporary.iterdir()))
        code, _ = served.stop()

    # Python tries a new folder for temporary files by a small one of a random name, which a signal may leave.
    left = [path.name for path in temporary.iterdir() if path.is_dir() or path.read_bytes() != b"blat"]
    assert (code, left) == (0, [])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=lambda how: how.name)
def test_a_worker_that_ends_is_replaced_and_nothing_is_lost(
    how: signal.Signals, temporary: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ready.json"
    with Served("--ready-file", str(file), environment={"TMPDIR": str(temporary)}) as served:
        first = served.client.created()
        written = file.stat()

        served.kill_worker(how)
        second = served.client.created()

        assert second["id"] == first["id"] + 1
        assert [conversation["id"] for conversation in served.app.conversations()] == [
            first["id"],
            second["id"],
        ]
        assert (file.stat().st_ino, file.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
        assert served.stop() == (0, "")


def test_it_becomes_ready_although_its_first_worker_dies_at_once() -> None:
    with Served(wait=False) as served:
        served.kill_worker()
        served.wait_for_ready()

        assert served.client.created()
