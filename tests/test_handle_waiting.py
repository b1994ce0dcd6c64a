"""Waiting with the handle of an app, also where more wait than a server has room for."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockkommunicate import App, ControlFailed
from tests.client import Client, ok
from tests.served import Served


def test_what_is_waited_for_comes(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    later = threading.Timer(0.1, lambda: client.send(group_id, "carl", message="At last"))
    later.start()

    message = app.wait_for("message", {"message": "At last"}, timeout=20)
    later.join()

    assert (message.sender, message.conversation_id) == ("carl", group_id)


def test_a_request_and_an_assignment_are_waited_for(app: App, client: Client) -> None:
    app.add_agent("jane")
    group_id = client.created("carl", metadata={"SKIP_ROUTING": True})["id"]
    client.assign(group_id, "jane")

    assert app.wait_for("request", {"method": "PATCH"}).operation == "conversation.assignee"
    assert app.wait_for("assignment", {"assignee": "jane"}).id == group_id


def test_what_does_not_come_is_an_error_that_names_what_came(app: App, client: Client) -> None:
    client.detail("bot")

    with pytest.raises(TimeoutError) as failed:
        app.wait_for("message", {"message": "Hello"}, timeout=0.05)

    assert str(failed.value).splitlines() == [
        "no message {'message': 'Hello'} within 0.05 s; the last requests were:",
        "  #1 POST /rest/ws/user/v2/detail {'userIdList': ['bot']}",
    ]


def test_if_nothing_came_at_all_that_is_said(app: App) -> None:
    with pytest.raises(TimeoutError, match="no request came at all"):
        app.wait_for("request", timeout=0)


def test_what_nobody_can_wait_for_is_refused(app: App) -> None:
    with pytest.raises(ControlFailed, match="message"):
        app.wait_for("mesage")  # type: ignore[call-overload]


@pytest.mark.parametrize("timeout", [-1, 121])
def test_how_long_nobody_can_wait_is_refused(app: App, timeout: float) -> None:
    with pytest.raises(ControlFailed, match="timeoutMs"):
        app.wait_for("message", timeout=timeout)


def test_more_than_a_server_has_room_for_wait_all_the_same() -> None:
    with Served("--threads", "4") as served, ThreadPoolExecutor(6) as threads:
        waiting = [
            threads.submit(served.app.wait_for, "message", {"message": "Late"}, timeout=60) for _ in range(6)
        ]
        time.sleep(0.5)
        client = served.client
        ok(client.send(client.created("carl")["id"], "carl", message="Late"))

        assert [one.result().text for one in waiting] == ["Late"] * 6


def test_who_finds_no_room_is_told_in_time_that_it_has_not_come() -> None:
    with Served("--threads", "4") as served, ThreadPoolExecutor(2) as threads:
        client = served.client
        others = [
            threads.submit(served.app.wait_for, "message", {"message": "Late"}, timeout=60) for _ in range(2)
        ]
        time.sleep(0.5)
        began = time.monotonic()
        with pytest.raises(TimeoutError, match=r"within 0\.7 s; no request came at all"):
            served.app.wait_for("message", {"message": "Never"}, timeout=0.7)
        took = time.monotonic() - began
        ok(client.send(client.created("carl")["id"], "carl", message="Late"))

        assert 0.7 <= took < 10
        assert [one.result().text for one in others] == ["Late"] * 2
