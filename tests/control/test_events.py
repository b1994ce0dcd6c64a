"""/_mock/apps/APP/events: whoever watches an app hears of every change, and costs no thread of the server."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from mockkommunicate import App, MockKommunicate, streams
from tests.postgres import Postgres, wait_until
from tests.served import Served
from tests.watching import Watcher

MANY = 30


def watching(app: App) -> Watcher:
    return Watcher(app.url, app.application_id)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "mockkommunicate-streams"]


@pytest.fixture
def own() -> Iterator[MockKommunicate]:
    """A server of the test's own."""
    with MockKommunicate() as server:
        yield server


def test_a_stream_begins_with_how_far_the_app_is(app: App) -> None:
    conversation = app.control("GET", "state")["sequences"]["conversation"]
    with watching(app) as watcher:
        name, told = watcher.event()

    assert watcher.status == 200
    assert watcher.headers["Content-Type"] == "text/event-stream"
    assert watcher.headers["Cache-Control"] == "no-cache"
    assert name == "change"
    assert told == {
        "changes": told["changes"],
        "lastRequest": 0,
        "lastDelivery": 0,
        "lastConversation": conversation,
    }


def test_a_request_is_told_of(app: App) -> None:
    with watching(app) as watcher:
        _, before = watcher.event()
        requests.post(f"{app.url}/rest/ws/group/conversation", headers=app.headers, json={}, timeout=10)
        _, after = watcher.event()

    assert (after["changes"], after["lastRequest"]) == (before["changes"] + 1, 1)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "users", {"userId": "carl", "role": "customer"}),
        ("PATCH", "settings", {"strict": True}),
        ("POST", "clock", {"freeze": True}),
        ("PUT", "snapshots/before", {}),
        ("POST", "reset", {}),
        ("POST", "faults", {"match": {"method": "PATCH"}, "do": {"gateway": 429}}),
        ("DELETE", "requests", {}),
    ],
)
def test_a_write_of_the_control_api_is_told_of(
    app: App, method: str, path: str, body: dict[str, object]
) -> None:
    with watching(app) as watcher:
        _, before = watcher.event()
        app.control(method, path, body)
        _, after = watcher.event()

    assert after["changes"] > before["changes"]


def test_restoring_a_snapshot_is_told_of_although_it_takes_the_app_back(app: App) -> None:
    app.snapshot("before")
    for number in range(3):
        app.add_customer(f"user-{number}")
    with watching(app) as watcher:
        _, before = watcher.event()
        app.restore("before")
        _, after = watcher.event()

    assert after["changes"] > before["changes"]


def test_a_call_that_only_looks_is_not_told_of(app: App) -> None:
    with watching(app) as watcher:
        _, before = watcher.event()
        app.users()
        app.state()
        app.add_customer("carl")
        _, after = watcher.event()

    assert after["changes"] == before["changes"] + 1


def test_the_change_of_another_app_is_not_told_of(server: MockKommunicate, app: App) -> None:
    other = server.create_app()
    with watching(app) as watcher:
        watcher.event()
        other.add_customer("carl")
        time.sleep(2 * streams.LOOK_S)
        app.add_customer("dora")

        assert watcher.event()[1]["changes"] == app_changes(app)


def app_changes(app: App) -> int:
    with watching(app) as watcher:
        return int(watcher.event()[1]["changes"])


def test_an_app_that_is_deleted_ends_the_story(server: MockKommunicate) -> None:
    app = server.create_app()
    with watching(app) as watcher:
        watcher.event()
        app.delete()

        assert watcher.event() == ("gone", {})


def test_an_app_that_is_not_there_is_refused(server: MockKommunicate) -> None:
    response = requests.get(f"{server.url}/_mock/apps/nowhere/events", timeout=10)

    assert (response.status_code, response.json()["error"]["code"]) == (404, "APP_NOT_FOUND")


def test_the_guard_of_the_control_api_is_the_streams_too() -> None:
    with MockKommunicate(control_token="secret") as server:
        with Watcher(server.url) as stranger:
            assert stranger.status == 401
        with Watcher(server.url, token="secret") as watcher:
            assert watcher.event()[0] == "change"


def test_a_heartbeat_comes_when_nothing_changes(
    own: MockKommunicate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BEAT_S", 0.1)
    with Watcher(own.url) as watcher:
        watcher.event()

        assert [watcher.lines() for _ in range(2)] == [[": alive"]] * 2


def test_who_hangs_up_is_let_go_and_with_the_last_goes_the_thread(own: MockKommunicate) -> None:
    wait_until(lambda: threads() == [])
    with Watcher(own.url) as one, Watcher(own.url) as other:
        assert [watcher.event()[0] for watcher in (one, other)] == ["change"] * 2
        assert len(threads()) == 1

    wait_until(lambda: threads() == [])


def test_one_stream_too_many_is_refused_and_says_why(
    own: MockKommunicate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST", 2)
    with Watcher(own.url) as one, Watcher(own.url) as other:
        assert [one.event()[0], other.event()[0]] == ["change"] * 2
        refused = requests.get(f"{own.url}/_mock/apps/default/events", timeout=10)

        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "TOO_MANY_STREAMS")
    wait_until(lambda: threads() == [])
    with Watcher(own.url) as later:
        assert later.status == 200


def test_stopping_in_process_hangs_up_at_once(own: MockKommunicate) -> None:
    with Watcher(own.url) as watcher:
        watcher.event()
        began = time.monotonic()
        own.stop()

        assert watcher.event() == ("end", None)
        assert time.monotonic() - began < 1.5


def test_under_gunicorn_many_streams_take_none_of_its_threads() -> None:
    with Served("--threads", "2") as served, ExitStack() as open_streams:
        watchers = [open_streams.enter_context(Watcher(served.url)) for _ in range(MANY)]
        for watcher in watchers:
            watcher.event()
        served.client.created("carl")

        assert {watcher.event()[1]["lastRequest"] for watcher in watchers} == {1}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
def test_a_signal_ends_the_streams_of_gunicorn_in_time(how: signal.Signals) -> None:
    with Served() as served, Watcher(served.url) as watcher:
        watcher.event()
        began = time.monotonic()

        assert served.stop(how) == (0, "")
        assert watcher.event() == ("end", None)
        assert time.monotonic() - began < 2
        assert "Traceback" not in served.log


def test_what_another_worker_or_replica_commits_is_told_of(postgres: Postgres) -> None:
    database = postgres.create_database()
    with (
        Served("--workers", "2", "--database", database) as one,
        Served("--database", database) as other,
        Watcher(one.url) as watcher,
    ):
        watcher.event()
        other.client.created("carl")

        assert watcher.event()[1]["lastRequest"] == 1
