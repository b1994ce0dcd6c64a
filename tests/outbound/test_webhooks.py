"""The webhook's requests, byte for byte as in fixtures/webhooks, which say how we know."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockkommunicate import MockKommunicate
from tests.client import Client
from tests.receivers import Receiver

EXAMPLES = sorted((Path(__file__).parents[2] / "fixtures" / "webhooks").glob("*.json"))


def filled(value: Any, conversation_id: int, key: str = "") -> Any:
    """Put the ids that an emulator made into an example."""
    if isinstance(value, dict):
        return {name: filled(inner, conversation_id, key) for name, inner in value.items()}
    return (
        {"${conversation}": conversation_id, "${key}": key}.get(value, value)
        if isinstance(value, str)
        else value
    )


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_message_is_posted_as_in_the_example(server: MockKommunicate, file: Path) -> None:
    example = json.loads(file.read_text("utf-8"))
    with Receiver() as receiver:
        webhook = {"url": receiver.url, "token": example.get("token")}
        app = server.create_app(at=example["at"], settings={"webhook": webhook})
        client = Client(app.url, app.api_key)
        conversation_id = client.created(**example["conversation"])["id"]
        asked = filled(example["request"], conversation_id)
        response = client.call(asked.pop("method"), asked.pop("path"), **asked)
        assert response.json().get("status") != "error", response.text
        app.control("POST", "settle")

    (received,) = receiver.got
    (message,) = app.messages(conversation_id)
    body = filled(example["sent"]["body"], conversation_id, message.key)
    assert received.body.decode() == json.dumps(body, separators=(",", ":"))
    assert example["sent"]["headers"].items() <= received.headers.items()
    assert not {*example["sent"].get("absent", ())} & received.headers.keys()
    assert received.path == "/webhook"
    assert received.headers["User-Agent"].startswith("MockKommunicate/")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_says_how_we_know(file: Path) -> None:
    example = json.loads(file.read_text("utf-8"))

    assert example["evidence"] in {"documented", "observed", "inferred"}
    assert example["source"]
    assert example["title"]
