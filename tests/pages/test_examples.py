"""The examples of the pages that show what is answered: it is answered so."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from click.testing import CliRunner

from mockkommunicate import App, MockKommunicate
from mockkommunicate.cli import cli
from tests.client import Client
from tests.pages.blocks import named, of
from tests.pages.shapes import differences
from tests.receivers import Answer, Received, Receiver
from tests.watching import Watcher
from tests.worlds import AT


@pytest.fixture(scope="module")
def running() -> Iterator[MockKommunicate]:
    """A server of the module's own."""
    with MockKommunicate() as server:
        yield server


@pytest.fixture
def world(running: MockKommunicate) -> App:
    """An app whose clock stands still."""
    return running.create_app(at=AT)


def deliver(app: App, receiver: Receiver, *, retries: list[str] | None = None) -> list[Any]:
    """Let a customer write to an app whose webhook is a receiver; answer the deliveries, as JSON."""
    webhook = {"url": receiver.url, "token": "abcdef"}
    app.settings({"webhook": webhook, "deliveries": {"retries": retries or []}})
    Client(app.url, app.api_key).send(conversation(app), "customer-1")
    app.settle()
    return [delivery.raw for delivery in app.deliveries()]


def conversation(app: App) -> int:
    return int(Client(app.url, app.api_key).created("customer-1")["id"])


def test_the_agents_are_as_they_are_documented(running: MockKommunicate) -> None:
    app = running.create_app(scenario="at-capacity")
    answered = app.control("GET", "agents")
    full = [agent for agent in answered["agents"] if agent.get("skipped") == "full"]

    told = json.loads(named("docs/control-api.md", "agents"))
    assert differences(told, {**answered, "agents": full}) == []


def test_the_events_are_as_they_are_documented(running: MockKommunicate, world: App) -> None:
    told = dict(line.split(": ", 1) for line in named("docs/control-api.md", "events").splitlines())

    with Watcher(running.url, world.application_id) as watcher:
        got = dict(line.split(": ", 1) for line in watcher.lines())

    assert list(got) == list(told) == ["event", "id", "data"]
    assert got["event"] == told["event"]
    assert list(json.loads(got["data"])) == list(json.loads(told["data"]))


def test_a_dropped_delivery_is_as_it_is_documented(world: App) -> None:
    text, _, rest = named("docs/faults.md", "dropped").partition(", ...")
    told = json.loads(text + rest)

    world.disturb("webhook", drop=True)
    with Receiver() as receiver:
        (got,) = deliver(world, receiver)

    assert {name: got[name] for name in told} == {
        **told,
        "id": 1,
        "attempts": [{**told["attempts"][0], "at": AT}],
    }


def test_a_delivery_is_as_it_is_documented(running: MockKommunicate) -> None:
    told = json.loads(named("docs/webhooks.md", "delivery"))
    app, waits = running.create_app(), iter([0.6, 0])
    app.settings({"deliveries": {"webhookTimeoutMs": 300}})

    def answer(_: Received) -> Answer:
        sleep(next(waits))
        return 200, b'{"ok": true}'

    with Receiver(answer) as receiver:
        (got,) = deliver(app, receiver, retries=["1ms"])

    shown = {name: got["payload"][name] for name in told["payload"]}
    assert got["attempts"][0]["error"] == told["attempts"][0]["error"].replace("5000", "300")
    assert differences(told, {**got, "payload": shown}) == []
    assert differences(told["attempts"][1], got["attempts"][1]) == []


def test_what_a_moved_clock_answers_is_as_it_is_documented(world: App) -> None:
    told = json.loads(named("docs/webhooks.md", "ran"))
    answers = iter([(500, b""), (200, b"")])

    with Receiver(lambda _: next(answers)) as receiver:
        deliver(world, receiver, retries=["1s"])
        answered = world.clock.advance("1h").raw

    assert answered == {**told, "now": AT + 3_600_000, "ran": [{**told["ran"][0], "at": AT + 1_000}]}


def test_what_is_wrong_in_a_scenario_is_said_as_it_is_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = [block for block in of("yaml", "file") if block.page == "docs/scenarios.md"]
    monkeypatch.chdir(tmp_path)
    Path(file.argument).write_text(file.text, encoding="utf-8")

    done = CliRunner().invoke(cli, ["scenario", "check", file.argument], standalone_mode=False)

    assert done.stderr == named("docs/scenarios.md", "what is wrong")
