"""Lists from their end: the last so many, those before one, and the bytes of a file."""

from typing import Any

import pytest
import requests

from mockkommunicate import App
from tests.client import Client
from tests.receivers import Receiver
from tests.worlds import error


def get(app: App, path: str, **asked: Any) -> requests.Response:
    return requests.get(f"{app.url}/_mock/apps/{app.application_id}/{path}", params=asked, timeout=10)


def texts(answer: requests.Response) -> list[str]:
    return [message["message"] for message in answer.json()["messages"]]


@pytest.fixture
def messages(client: Client) -> str:
    """Where the five messages of a conversation are."""
    group_id = client.created("carl")["id"]
    for number in range(1, 6):
        client.send(group_id, "carl", message=str(number))
    return f"conversations/{group_id}/messages"


def test_the_last_messages_come_the_oldest_first(app: App, messages: str) -> None:
    answer = get(app, messages, last=2)

    assert texts(answer) == ["4", "5"]
    assert answer.json()["previous"] == 4


def test_those_before_are_asked_for_until_there_are_no_more(app: App, messages: str) -> None:
    page = get(app, messages, last=2, before=4)
    rest = get(app, messages, last=2, before=page.json()["previous"])

    assert (texts(page), texts(rest)) == (["2", "3"], ["1"])
    assert "previous" not in rest.json()


def test_only_what_is_new_may_be_asked_for(app: App, messages: str) -> None:
    assert texts(get(app, messages, last=9, after=3)) == ["4", "5"]
    assert texts(get(app, messages, after=3)) == ["4", "5"]
    assert texts(get(app, messages, before=3)) == ["1", "2"]


@pytest.mark.usefixtures("messages")
def test_the_last_requests_before_one(app: App) -> None:
    found = get(app, "requests", last=2, before=4).json()["requests"]

    assert [request["id"] for request in found] == [2, 3]


def test_the_last_deliveries(app: App, client: Client) -> None:
    with Receiver() as receiver:
        app.settings({"webhook": {"url": receiver.url}})
        group_id = client.created("carl")["id"]
        for _ in range(4):
            client.send(group_id, "carl")
        app.settle()

    last = get(app, "deliveries", last=2).json()
    before = get(app, "deliveries", last=1, before=3).json()

    assert [[delivery["id"] for delivery in page["deliveries"]] for page in (last, before)] == [[3, 4], [2]]
    assert "next" not in last


@pytest.mark.parametrize("path", ["requests", "deliveries"])
def test_both_ends_at_once_are_refused(app: App, path: str) -> None:
    response = get(app, path, last=1, limit=1)

    assert "last" in error(response, 400)["message"]


def test_the_bytes_of_a_file_come_by_its_key_and_are_in_no_journal(app: App) -> None:
    file = app.upload("page.html", b"<script>alert(1)</script>", "text/html")
    answer = get(app, "files/content", key=file.blob_key)

    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert app.requests() == []


def test_a_file_that_is_not_there_is_refused(app: App) -> None:
    assert get(app, "files/content", key="nothing").status_code == 404
    assert get(app, "files/content").status_code == 400
