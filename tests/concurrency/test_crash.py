"""Killed with SIGKILL amid writing: what was answered is there, nothing is half there, and the counting goes on."""

import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from mockkommunicate import App
from mockkommunicate.handle import call
from tests.client import ok
from tests.concurrency.crowd import CALLERS, Caller, Crowd, scaled
from tests.postgres import wait_until
from tests.served import Served

AGENTS = ["agent-1@example.com", "agent-2@example.com", "agent-3@example.com"]
CONVERSATIONS = scaled(8)
MESSAGES = 3
PATIENCE = 3
WORKERS = ("--workers", "2", "--threads", "8")
KILLS = scaled(2)


@dataclass
class Answered:
    """What a caller was told about one conversation."""

    client_group_id: str
    conversation_id: int | None = None
    keys: list[str] = field(default_factory=list)
    is_closed: bool = False


def work(caller: Caller, number: int) -> list[Answered]:
    """Serve one customer after another, until the server has not answered several times in a row."""
    told: list[Answered] = []
    failures = 0
    for count in range(CONVERSATIONS):
        told.append(Answered(f"{number}-{count}"))
        try:
            _serve(caller, f"customer-{number}", told[-1])
            failures = 0
        except requests.RequestException:
            failures += 1
            if failures == PATIENCE:
                break
    return told


def _serve(caller: Caller, customer: str, told: Answered) -> None:
    told.conversation_id = caller.created(customer, clientGroupId=told.client_group_id)["id"]
    for text in range(MESSAGES):
        told.keys.append(ok(caller.send(told.conversation_id, customer, message=str(text)))["messageKey"])
    told.is_closed = ok(caller.status(told.conversation_id, 2)) == "updated"


def begin(served: Served) -> App:
    """Add agents, and send the super admin away: he would take his turn."""
    app = served.app
    call("PATCH", f"{app.url}/_mock/apps/default/users/admin@example.com", {"availability": "offline"})
    for agent in AGENTS:
        app.add_agent(agent)
    return app


def assert_everything_answered_is_there(app: App, told: Sequence[Answered]) -> None:
    stored = {conversation["id"]: conversation for conversation in app.conversations()}
    for answered in told:
        if answered.conversation_id is not None:
            conversation = stored[answered.conversation_id]
            assert conversation["clientGroupId"] == answered.client_group_id
            assert conversation["status"] == 2 or not answered.is_closed
            kept = iter(message["key"] for message in app.messages(answered.conversation_id))
            assert all(key in kept for key in answered.keys), "a message is lost, or out of order"


def assert_nothing_is_half_there(app: App) -> None:
    """Every write is all there or not at all: ids without gaps, members, notices, unread counts, turns."""
    stored = app.conversations()
    ids = [conversation["id"] for conversation in stored]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    assert [conversation["assignee"] for conversation in stored] == (AGENTS * len(ids))[: len(ids)]
    spoken = 0
    for conversation in stored:
        messages = app.messages(conversation["id"])
        _assert_is_whole(conversation, messages)
        spoken += sum(message["contentType"] == 0 for message in messages)
    (bot,) = Caller(app).detail("bot").json()
    assert bot["unreadCount"] == spoken


def _assert_is_whole(conversation: Any, messages: Sequence[Any]) -> None:
    customer = re.sub(r"-\d+$", "", f"customer-{conversation['clientGroupId']}")
    assert set(conversation["membersId"]) == {customer, conversation["assignee"], "bot"}
    texts = [message["message"] for message in messages if message["contentType"] == 0]
    assert texts == [str(text) for text in range(len(texts))]
    notices = [message for message in messages if message["contentType"] == 10]
    assert len(notices) == (conversation["status"] == 2)
    times = [int(message["key"].rpartition("-")[2]) for message in messages]
    assert times == sorted(set(times))


def assert_it_goes_on_counting(app: App) -> None:
    last = app.conversations()[-1]
    made = Caller(app).created()
    assert made["id"] == last["id"] + 1
    turn = AGENTS.index(last["assignee"]) + 1
    assert made["metadata"]["CONVERSATION_ASSIGNEE"] == AGENTS[turn % len(AGENTS)]


def kill_everything(served: Served) -> None:
    """Kill the master and its workers at one moment."""
    os.killpg(served.process.pid, signal.SIGKILL)


def kill_the_master(served: Served) -> None:
    """Kill the process that the ready line names; its workers go by themselves."""
    os.kill(served.ready["pid"], signal.SIGKILL)


@pytest.fixture
def served(database_url: str) -> Iterator[Served]:
    """Two workers on a named database of the test's own."""
    with Served("--database", database_url, *WORKERS) as served:
        yield served


@pytest.mark.parametrize("kill", [kill_everything, kill_the_master])
def test_after_a_killed_server_everything_answered_is_there(
    crowd: Crowd, served: Served, database_url: str, kill: Callable[[Served], None]
) -> None:
    app = begin(served)
    thrown = crowd.begin(work, app, range(CALLERS))
    wait_until(lambda: len(app.conversations()) > CALLERS)
    assert thrown.is_going_on

    kill(served)
    told = [answered for part in thrown.results() for answered in part]

    assert len([answered for answered in told if answered.is_closed]) < CALLERS * CONVERSATIONS
    with Served("--database", database_url, *WORKERS) as again:
        assert_everything_answered_is_there(again.app, told)
        assert_nothing_is_half_there(again.app)
        assert_it_goes_on_counting(again.app)


def test_after_killed_workers_everything_answered_is_there(crowd: Crowd, served: Served) -> None:
    app = begin(served)
    thrown = crowd.begin(work, app, range(CALLERS))
    for kill in range(KILLS):
        enough = CALLERS + kill * CALLERS
        wait_until(lambda enough=enough: len(app.conversations()) > enough or not thrown.is_going_on)
        served.kill_worker()
    told = [answered for part in thrown.results() for answered in part]

    assert_everything_answered_is_there(app, told)
    assert_nothing_is_half_there(app)
    assert_it_goes_on_counting(app)
