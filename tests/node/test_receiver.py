"""A webhook receiver in Node: what express gets, byte for byte, and what becomes of a wrong token."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import Client, ok
from tests.node.conftest import Run

EXAMPLES = sorted((Path(__file__).parents[2] / "fixtures" / "webhooks").glob("*.json"))
WITH_TOKEN = [file for file in EXAMPLES if "token" in json.loads(file.read_text("utf-8"))]


def got(url: str) -> Any:
    return requests.get(f"{url}/got", timeout=10).json()


def hooked(server: MockKommunicate, url: str, token: str | None, **wanted: Any) -> tuple[App, Client]:
    """Make an app whose webhook is the receiver."""
    webhook = {"url": f"{url}/webhook", "token": token}
    app = server.create_app(settings={"webhook": webhook}, **wanted)
    return app, Client(app.url, app.api_key)


@pytest.mark.parametrize("file", WITH_TOKEN, ids=lambda file: file.stem)
def test_express_gets_the_example(server: MockKommunicate, node: Run, file: Path) -> None:
    example = json.loads(file.read_text("utf-8"))
    url = node("receiver.js", example["token"])
    app, client = hooked(server, url, example["token"], at=example["at"])
    conversation_id = client.created(**example["conversation"])["id"]
    asked = example["request"]
    placed = json.loads(json.dumps(asked).replace('"${conversation}"', str(conversation_id)))
    client.call(placed.pop("method"), placed.pop("path"), **placed)
    (delivery,) = app.settle()

    (received,) = got(url)
    (message,) = app.messages(conversation_id)
    sent = example["sent"]
    body = json.dumps(sent["body"], separators=(",", ":"))
    body = body.replace('"${conversation}"', str(conversation_id)).replace("${key}", message.key)
    assert base64.b64decode(received["body"]).decode() == body
    headers = {name.lower(): value for name, value in sent["headers"].items()}
    assert headers.items() <= received["headers"].items()
    assert delivery.attempts[0].answer == {"taken": message.key}


@pytest.mark.parametrize("token", [None, "abcdeg"], ids=["none", "another"])
def test_express_refuses_a_call_without_its_token(
    server: MockKommunicate, node: Run, token: str | None
) -> None:
    url = node("receiver.js", "abcdef")
    app, client = hooked(server, url, token)
    ok(client.send(client.created("carl")["id"], "carl"))
    (delivery,) = app.settle()

    (attempt,) = delivery.attempts
    assert (delivery.state, attempt.status, attempt.answer) == ("failed", 401, {"reason": "another token"})
    assert got(url) == []


def test_express_refuses_a_corrupt_token_and_a_corrupt_body(server: MockKommunicate, node: Run) -> None:
    url = node("receiver.js", "abcdef")
    app, client = hooked(server, url, "abcdef")
    group_id = client.created("carl")["id"]
    app.disturb("webhook", corrupt="token", body={"message": "forged"})
    app.disturb("webhook", corrupt="body", body={"message": "cut"})
    for text in ("forged", "cut", "right"):
        ok(client.send(group_id, "carl", message=text))
    settled = app.settle()

    assert [delivery.attempts[0].status for delivery in settled] == [401, 500, 200]
    assert [received["message"] for received in got(url)] == ["right"]


def test_express_gets_messages_in_order_and_any_text_whole(server: MockKommunicate, node: Run) -> None:
    url = node("receiver.js", "grün")
    app, client = hooked(server, url, "grün")
    group_id = client.created("carl")["id"]
    texts = [*(str(number) for number in range(30)), "Grüße \U0001f600\u2028\0", "x" * 90_000]
    for text in texts:
        ok(client.send(group_id, "carl", message=text))

    assert {delivery.state for delivery in app.settle(60)} == {"sent"}
    assert [received["message"] for received in got(url)] == texts
