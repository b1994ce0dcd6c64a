"""Starting and stopping: no thread without need, calls in flight are finished, what is left is taken up again."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockkommunicate import MockKommunicate
from tests.client import Client
from tests.postgres import Postgres, wait_until
from tests.receivers import RawReceiver, Receiver
from tests.served import Served, run


class Slow:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.answering = threading.Event()

    def __call__(self, _: object) -> tuple[int, bytes]:
        self.arrived.set()
        self.answering.wait(60)
        return 200, b""


@pytest.fixture
def slow() -> Iterator[Slow]:
    """An answer that waits, but not for longer than the test."""
    slow = Slow()
    yield slow
    slow.answering.set()


def threads() -> set[str]:
    """List the threads of deliveries in this process."""
    names = (thread.name for thread in threading.enumerate())
    return {name for name in names if name.startswith("mockkommunicate-")}


def test_without_a_webhook_there_is_no_thread() -> None:
    before = threads()
    with MockKommunicate() as server:
        client = Client(server.url, server.default_app.api_key)
        client.send(client.created("carl")["id"], "carl")

        assert threads() - before == set()


def test_when_it_has_stopped_no_thread_is_left() -> None:
    before = threads()
    with Receiver() as receiver, MockKommunicate() as server:
        app = server.create_app(settings={"webhook": {"url": receiver.url}})
        client = Client(app.url, app.api_key)
        client.send(client.created("carl")["id"], "carl")
        app.settle()

        assert threads() - before != set()
    assert threads() - before == set()


def test_a_stop_does_not_wait_for_who_hangs() -> None:
    before = threads()
    with RawReceiver(lambda connection: connection.recv(1)) as receiver:
        with MockKommunicate() as server:
            settings = {"webhook": {"url": receiver.url}, "deliveries": {"webhookTimeoutMs": 600_000}}
            app = server.create_app(settings=settings)
            client = Client(app.url, app.api_key)
            client.send(client.created("carl")["id"], "carl")
            wait_until(lambda: receiver.count)
            began = time.monotonic()

        assert time.monotonic() - began < 10
        assert threads() - before == set()


def hooked(served: Served, receiver: Receiver) -> None:
    """Send a message, which the receiver gets."""
    settings = {"webhook": {"url": receiver.url}, "deliveries": {"webhookTimeoutMs": 60_000}}
    served.app.settings(settings)
    client = served.client
    client.send(client.created("carl")["id"], "carl", message="Hello")


@pytest.fixture(params=["sqlite", "postgresql", "postgresql-procrastinate"])
def options(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """The options of a server with a named database."""
    if request.param == "sqlite":
        return ["--database", f"sqlite:///{tmp_path / 'state.db'}"]
    postgres: Postgres = request.getfixturevalue("postgres")
    way = ["--deliveries", "procrastinate"] if request.param.endswith("procrastinate") else []
    return ["--database", postgres.create_database(), *way]


def test_a_call_in_flight_is_finished_and_recorded(options: list[str], slow: Slow) -> None:
    with Receiver(slow) as receiver:
        with Served(*options) as served:
            hooked(served, receiver)
            assert slow.arrived.wait(30)
            threading.Timer(0.4, slow.answering.set).start()

            assert served.stop(signal.SIGTERM) == (0, "")
            assert "Traceback" not in served.log
        with Served(*options) as again:
            (delivery,) = again.app.settle()

    assert (delivery.state, len(delivery.attempts)) == ("sent", 1)
    assert len(receiver.got) == 1


def test_a_call_that_takes_too_long_is_cut_off_and_made_again_at_once(options: list[str], slow: Slow) -> None:
    with Receiver(slow) as receiver:
        with Served(*options) as served:
            hooked(served, receiver)
            assert slow.arrived.wait(30)

            assert served.stop(signal.SIGTERM) == (0, "")
            assert "Traceback" not in served.log
        receiver.answer = lambda _: (200, b"")
        with Served(*options) as again:
            wait_until(lambda: len(receiver.got) == 2)
            (delivery,) = again.app.settle()

    assert (delivery.state, len(delivery.attempts)) == ("sent", 1)


def test_what_a_killed_server_was_sending_is_sent_when_its_lease_is_over(
    options: list[str], slow: Slow
) -> None:
    with Receiver(slow) as receiver:
        with Served(*options) as served:
            hooked(served, receiver)
            assert slow.arrived.wait(30)
            served.kill()
        receiver.answer = lambda _: (200, b"")
        with Served(*options):
            wait_until(lambda: len(receiver.got) == 2, timeout=60)


def test_what_a_killed_worker_was_sending_another_sends(options: list[str], slow: Slow) -> None:
    with Receiver(slow) as receiver, Served(*options, "--workers", "1") as served:
        hooked(served, receiver)
        assert slow.arrived.wait(30)
        receiver.answer = lambda _: (200, b"")
        served.kill_worker()
        wait_until(lambda: len(receiver.got) == 2, timeout=60)

        assert served.app.settle()[0].state == "sent"


def test_without_postgresql_there_is_no_procrastinate() -> None:
    done = run("serve", "--deliveries", "procrastinate")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().endswith(
        "error: deliveries: procrastinate needs PostgreSQL; give --database postgresql+psycopg://..., "
        "or leave --deliveries out"
    )


def test_a_way_that_there_is_not_is_refused() -> None:
    done = run("serve", "--deliveries", "pigeon")

    assert (done.returncode, done.stdout) == (2, "")
    assert "'pigeon' is not one of 'pump', 'inline', 'procrastinate'" in done.stderr


def test_a_workers_only_thread_settles_what_is_owed() -> None:
    with Receiver() as receiver, Served("--threads", "1", "--deliveries", "inline") as served:
        served.app.settings({"webhook": {"url": receiver.url}})
        group_id = served.client.created()["id"]
        assert served.client.send(group_id).status_code == 200

        answer = served.app.control("POST", "settle", {})

        assert (answer["settled"], [delivery["state"] for delivery in answer["deliveries"]]) == (
            True,
            ["sent"],
        )
        assert receiver.messages == ["Hello"]
