"""The trace of a request goes on in the calls that it causes, whoever makes them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mockkommunicate import App, MockKommunicate
from mockkommunicate.handle.results import Delivery
from tests.client import Client
from tests.receivers import Received, Receiver

ID, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
GIVEN = {"traceparent": f"00-{ID}-{PARENT}-01", "tracestate": "congo=t61rcWkgMzE, rojo=00f067aa0ba902b7"}
HANDED_ON = re.compile(rf"00-{ID}-(?!{PARENT})(?!0+-)[0-9a-f]{{16}}-01")


@pytest.fixture(scope="module")
def tracing() -> Iterator[MockKommunicate]:
    """A server that sends when it is asked to."""
    with MockKommunicate(deliveries="inline") as server:
        yield server


@pytest.fixture
def app(tracing: MockKommunicate, receiver: Receiver) -> App:
    """An app whose webhook is the receiver."""
    return tracing.create_app(settings={"webhook": {"url": receiver.url, "token": "abcdef"}})


def say(app: App, headers: Mapping[str, str] | None = None, *, conversation: int = 0) -> int:
    """Send a message with headers; answer the conversation."""
    client = Client(app.url, app.api_key)
    conversation = conversation or int(client.created("user-1")["id"])
    client.session.headers.update(headers or {})
    assert client.send(conversation).status_code == 200
    return conversation


def traces(got: list[Received]) -> list[tuple[str | None, str | None]]:
    """Answer what each call told of a trace."""
    lower = [{name.lower(): value for name, value in received.headers.items()} for received in got]
    return [(one.get("traceparent"), one.get("tracestate")) for one in lower]


def shown(delivery: Delivery) -> tuple[str | None, str | None]:
    return delivery.headers.get("traceparent"), delivery.headers.get("tracestate")


def test_a_webhook_is_called_in_the_trace_of_the_message(app: App, receiver: Receiver) -> None:
    say(app, GIVEN)
    (delivery,) = app.settle()

    ((parent, state),) = traces(receiver.got)
    assert HANDED_ON.fullmatch(parent or "")
    assert state == GIVEN["tracestate"]
    assert shown(delivery) == (parent, state)
    assert set(delivery.headers.values()) == {parent, state, "***"}


def test_the_journal_shows_the_trace_as_it_came(app: App) -> None:
    say(app, GIVEN)

    created, sent = app.requests()
    assert (created.traceparent, sent.traceparent) == (None, GIVEN["traceparent"])
    assert "traceparent" not in created


@pytest.mark.parametrize(
    "parent",
    [
        f"00-{ID.upper()}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"ff-{ID}-{PARENT}-01",
        "00-1-2-3",
        "x" * 5_000,
    ],
)
def test_a_trace_that_is_none_is_neither_shown_nor_handed_on(
    app: App, receiver: Receiver, parent: str
) -> None:
    say(app, GIVEN | {"traceparent": parent})
    (delivery,) = app.settle()

    assert traces(receiver.got) == [(None, None)]
    assert shown(delivery) == (None, None)
    assert app.requests()[-1].traceparent is None
    assert app.requests()[-1].headers["Traceparent"] == parent


def test_without_a_trace_none_is_told_of(app: App, receiver: Receiver) -> None:
    say(app, {"tracestate": "a=1"})
    app.settle()

    assert traces(receiver.got) == [(None, None)]


def test_each_call_is_a_span_of_its_own(app: App, receiver: Receiver) -> None:
    app.disturb("webhook", duplicate=2, times=1)
    say(app, GIVEN)
    app.settle()

    parents = [parent for parent, _ in traces(receiver.got)]
    assert len(parents) == len(set(parents)) == 3
    assert all(HANDED_ON.fullmatch(parent or "") for parent in parents)


def test_a_call_that_is_repeated_stays_in_its_trace(app: App, receiver: Receiver) -> None:
    answers = iter([503, 200])
    receiver.answer = lambda _: (next(answers), b"")
    app.settings({"deliveries": {"retries": [0]}})
    say(app, GIVEN)
    (delivery,) = app.settle()

    assert [one.status for one in delivery.attempts] == [503, 200]
    assert traces(receiver.got) == [shown(delivery)] * 2


def test_a_token_that_is_made_wrong_leaves_the_trace_as_it_is(app: App, receiver: Receiver) -> None:
    app.disturb("webhook", corrupt="token")
    say(app, GIVEN)
    app.settle()

    ((parent, state),) = traces(receiver.got)
    assert HANDED_ON.fullmatch(parent or "")
    assert state == GIVEN["tracestate"]


def test_what_a_bot_answers_goes_on_in_the_same_trace(app: App, receiver: Receiver) -> None:
    with Receiver(lambda _: (200, b'[{"message": "Hello back"}]')) as bot:
        app.add_bot("robot", webhook={"url": bot.url, "headers": {"X-Key": "k"}})
        number = int(Client(app.url, app.api_key).created("user-1")["id"])
        app.control("POST", f"conversations/{number}/assignee", {"from": "bot", "assignee": "robot"})
        app.settle()
        bot.got.clear()
        receiver.got.clear()
        say(app, GIVEN, conversation=number)
        app.settle()

    told = traces([*bot.got, *receiver.got])
    assert len(told) == 3
    assert all(HANDED_ON.fullmatch(parent or "") and state == GIVEN["tracestate"] for parent, state in told)
    assert len({parent for parent, _ in told}) == 3


def test_a_bot_whose_own_headers_speak_of_a_trace_gets_those(app: App) -> None:
    with Receiver() as bot:
        app.add_bot("robot", webhook={"url": bot.url, "headers": {"Traceparent": "mine"}})
        number = int(Client(app.url, app.api_key).created("user-1")["id"])
        app.control("POST", f"conversations/{number}/assignee", {"from": "bot", "assignee": "robot"})
        say(app, GIVEN, conversation=number)
        app.settle()

    assert traces(bot.got)[-1] == ("mine", None)


def test_what_is_done_by_the_control_api_is_in_its_callers_trace(app: App, receiver: Receiver) -> None:
    client = Client(app.url, app.api_key)
    number = client.created("user-1")["id"]
    url = f"/_mock/apps/{app.application_id}/conversations/{number}/messages"
    assert client.call("POST", url, json={"from": "user-1", "message": "Hello"}, headers=GIVEN).ok
    app.settle()

    ((parent, _),) = traces(receiver.got)
    assert HANDED_ON.fullmatch(parent or "")


def test_another_process_sends_it_in_the_same_trace(tmp_path: Path, receiver: Receiver) -> None:
    database = f"sqlite:///{tmp_path / 'shared.db'}"
    with MockKommunicate(database=database, deliveries="inline") as first:
        first.default_app.settings({"webhook": {"url": receiver.url}})
        say(first.default_app, GIVEN)
    with MockKommunicate(database=database, deliveries="inline") as second:
        (delivery,) = second.default_app.settle()

    assert traces(receiver.got) == [shown(delivery)]
    assert HANDED_ON.fullmatch(shown(delivery)[0] or "")


def test_what_falls_due_while_the_clock_moves_is_in_its_trace(app: App, receiver: Receiver) -> None:
    app.clock.freeze("2030-01-31T12:00:00Z")
    app.disturb("webhook", delay="1h")
    say(app, GIVEN)
    app.clock.advance("2h")

    ((parent, state),) = traces(receiver.got)
    assert HANDED_ON.fullmatch(parent or "")
    assert state == GIVEN["tracestate"]
