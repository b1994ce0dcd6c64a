"""`deliveries`: the calls to an app's webhook and bots, sent again, waited for."""

from collections.abc import Iterator

import pytest

from tests.client import ok
from tests.commanded import Commanded
from tests.receivers import Answer, Received, Receiver
from tests.served import Served

TIME = "2026-01-01T12:00:00.007Z"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a server of this module's own."""
    with Served() as served:
        yield served.url


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that refuses the message `no`."""

    def answer(received: Received) -> Answer:
        return (500 if received.json["message"] == "no" else 200), b""

    with Receiver(answer) as receiver:
        yield receiver


@pytest.fixture
def app(url: str, receiver: Receiver) -> Commanded:
    """An app with a webhook, at a time that stands still."""
    return Commanded(url, at=TIME, settings={"webhook": {"url": receiver.url, "token": "abcdef"}})


def send(app: Commanded, *texts: str) -> int:
    """Send messages in a conversation of their own; answer its id."""
    group_id = int(app.client.created("carl")["id"])
    for text in texts:
        ok(app.client.send(group_id, "carl", message=text))
    return group_id


def test_settling_lists_what_was_sent_as_a_table(app: Commanded, receiver: Receiver) -> None:
    group_id = send(app, "yes", "no")
    head, *rows, last = app.done("deliveries", "settle").splitlines()

    assert head.split() == ["ID", "CREATED", "KIND", "CONVERSATION", "STATE", "TRIES", "FAULT", "LAST", "URL"]
    assert [row.split() for row in rows] == [
        ["1", TIME, "webhook", str(group_id), "sent", "1", "-", "HTTP", "200", receiver.url],
        ["2", TIME, "webhook", str(group_id), "failed", "1", "-", "HTTP", "500", receiver.url],
    ]
    assert last == "settled"


def test_settling_answers_json(app: Commanded) -> None:
    send(app, "a")
    answer = app.answer("deliveries", "settle")

    assert answer == app.control("POST", "/settle")
    assert (answer["settled"], answer["last"]) == (True, 1)
    assert app.answer("deliveries", "settle", "--after", "1")["deliveries"] == []


def test_settling_ends_with_1_when_something_is_pending(app: Commanded) -> None:
    app.control("PATCH", "/settings", json={"deliveries": {"retries": ["1h"]}})
    send(app, "no")
    ended = app.run("deliveries", "settle", "--timeout", "30")

    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.splitlines()[-1] == "1 delivery is pending"


def test_the_list_is_filtered_and_has_pages(app: Commanded) -> None:
    send(app, "a", "no", "b")
    app.done("deliveries", "settle")

    def ids(*options: str) -> list[int]:
        return [entry["id"] for entry in app.answer("deliveries", "list", *options)["deliveries"]]

    assert ids() == [1, 2, 3]
    assert ids("--state", "failed") == [2]
    assert ids("--kind", "bot") == []
    assert ids("--limit", "1", "--after", "1") == [2]
    assert app.done("deliveries", "list", "--limit", "2").splitlines()[-1] == "there are more: --after 2"


def test_the_list_says_how_many_were_dropped(app: Commanded) -> None:
    app.control("PATCH", "/settings", json={"deliveries": {"limit": 2}})
    send(app, *"abcde")
    app.done("deliveries", "settle")

    assert app.done("deliveries", "list").splitlines()[-1] == "3 older deliveries were dropped"


def test_one_is_sent_again(app: Commanded, receiver: Receiver) -> None:
    send(app, "a")
    app.done("deliveries", "settle")

    assert app.done("deliveries", "redeliver", "1") == "delivery 1 is pending\n"
    app.done("deliveries", "settle")
    assert receiver.messages == ["a", "a"]


def test_one_that_there_is_not_is_refused(app: Commanded) -> None:
    assert "no delivery 7" in app.refused("deliveries", "redeliver", "7")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["send"],
        ["redeliver"],
        ["redeliver", "x"],
        ["redeliver", "0"],
        ["list", "--state", "done"],
        ["settle", "--timeout", "-1"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line(app: Commanded, arguments: list[str]) -> None:
    app.refused("deliveries", *arguments, code=2)


def test_an_advance_says_what_ran(app: Commanded) -> None:
    app.control("PATCH", "/settings", json={"deliveries": {"retries": ["1m"]}})
    send(app, "no")
    app.run("deliveries", "settle")
    moved = app.done("clock", "--advance", "1h").splitlines()

    assert moved[0] == "2026-01-01T13:00:00.007Z frozen"
    assert moved[1].startswith('ran {"job": "delivery", "id": 1, "kind": "webhook"')
