"""A bot server in Node, with the message types of a public client library: welcome, replies, media, hand-off."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mockkommunicate import App
from tests.client import Client, ok
from tests.node.conftest import Run

FILE = {
    "blobKey": "b",
    "name": "invoice.png",
    "size": 12345,
    "contentType": "image/png",
    "url": "http://files.example.com/invoice.png",
}


class Talk:
    """A conversation that a bot has, and what was said in it."""

    def __init__(self, app: App, bot_url: str) -> None:
        self.app = app
        app.act_as("admin@example.com").goes("offline")
        app.add_agent("jane@example.com")
        app.add_bot("node-bot", webhook={"url": f"{bot_url}/bot", "headers": {"X-Bot-Key": "secret"}})
        app.settings({"routing": {"assignNewConversationsTo": "node-bot"}})
        self.client = Client(app.url, app.api_key)
        self.id = int(self.client.created("carl")["id"])
        self.app.settle()
        self._seen = 0

    def hears(self, **message: Any) -> list[tuple[str | None, Any]]:
        """Let the customer write, if there is something; answer the bot's new messages: the text, and its buttons."""
        if message:
            ok(self.client.send(self.id, "carl", **message))
            self.app.settle()
        messages = self.app.messages(self.id)
        new, self._seen = messages[self._seen :], len(messages)
        return [(each.text, each["metadata"]) for each in new if each.sender == "node-bot"]

    def assignee(self) -> str | None:
        """Who has the conversation."""
        return self.app.conversation(self.id).assignee


def buttons(*titles: str) -> dict[str, str]:
    """Quick replies as they are kept."""
    payload = json.dumps([{"title": title, "message": title} for title in titles], separators=(",", ":"))
    return {"contentType": "300", "templateId": "6", "payload": payload}


@pytest.fixture
def talk(app: App, node: Run) -> Talk:
    """A conversation that the bot in Node has."""
    return Talk(app, node("bot-server.js", "secret"))


def test_the_bot_welcomes_replies_takes_files_and_hands_over(talk: Talk) -> None:
    assert talk.hears() == [("Welcome!", buttons("My order", "A human"))]
    assert talk.hears(message="My order") == [("You said: My order", {}), ("What else?", buttons("A human"))]
    assert talk.hears(message="Here", contentType=1, fileMeta=FILE) == [
        ("Thank you for invoice.png (image/png, 12345 bytes)", {})
    ]
    place = json.dumps({"lat": 52.5, "lon": 13.25})
    assert talk.hears(message=place, contentType=2) == [("Thank you for the place 52.5, 13.25", {})]
    assert talk.assignee() == "node-bot"

    (said, *_) = talk.hears(message="A human")
    assert said == ("An agent takes over", {"KM_ASSIGN_TO": ""})
    assert talk.assignee() == "jane@example.com"
    assert talk.hears(message="Hello?") == []
    assert {(each.state, each.attempts[0].status) for each in talk.app.deliveries()} == {("sent", 200)}


def test_the_bot_refuses_a_call_with_a_corrupt_header(talk: Talk) -> None:
    talk.hears()
    talk.app.disturb("bot", corrupt="token")

    assert talk.hears(message="Hello") == []
    assert [each.attempts[0].status for each in talk.app.deliveries(state="failed")] == [401]


def test_a_duplicate_call_is_answered_twice(talk: Talk) -> None:
    talk.hears()
    talk.app.disturb("bot", duplicate=True)
    answers = talk.hears(message="Hello")

    assert [text for text, _ in answers] == ["You said: Hello", "What else?"] * 2


def test_an_answer_of_another_type_than_the_librarys_does_not_compile(workshop: Path) -> None:
    wrong = (workshop / "bot.ts").read_text("utf-8").replace("KM_ASSIGN_TO: ''", "KM_ASSIGN_TO: []")
    (workshop / "wrong.ts").write_text(wrong, "utf-8")
    compiler = "node_modules/typescript/bin/tsc"
    options = ["--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "node", "--types", "node"]
    done = subprocess.run(
        ["node", compiler, *options, "wrong.ts"], cwd=workshop, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "Type 'never[]' is not assignable to type 'string'" in done.stdout
