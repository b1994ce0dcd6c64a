"""docs/bots.md is true: its examples are what is taken, sent and kept."""

import json
import re
from typing import Any

import pytest

from mockkommunicate import MockKommunicate
from mockkommunicate.domain.handoff import MOST_IN_A_ROW, Result
from mockkommunicate.wire import bots, patterns
from tests.client import ok
from tests.pages.blocks import ROOT, named
from tests.receivers import Receiver
from tests.worlds import World

PAGE = (ROOT / "docs" / "bots.md").read_text(encoding="utf-8")


def test_the_script_of_the_page_can_be_added(server: MockKommunicate) -> None:
    world = World(server.url)
    script = json.loads(named("docs/bots.md", "script"))
    world.ok("POST", "/users", {"userId": "scripted", "role": "bot", "builtIn": script})

    assert [user["userId"] for user in world.ok("GET", "/users")["users"]][2:] == ["scripted"]


def test_the_call_of_the_page_is_what_is_sent(server: MockKommunicate) -> None:
    expected: dict[str, Any] = json.loads(named("docs/bots.md", "call"))
    with Receiver(lambda _: (200, b"[]")) as receiver:
        bot = {"userId": "order-bot", "role": "bot", "webhook": {"url": receiver.url}}
        world = World(server.url, users=[bot])
        world.ok("PATCH", "/settings", {"routing": {"assignNewConversationsTo": "order-bot"}})
        skip = {"SKIP_BOT_EVENT": '["WELCOME_EVENT"]'}
        group_id = world.client.created("customer-1", metadata=skip)["id"]
        file = {
            "name": "a.png",
            "url": "https://example.com/a.png",
            "size": 12345,
            "contentType": "image/png",
        }
        sent = {"message": "The invoice", "contentType": 1, "source": 1, "fileMeta": file}
        ok(world.client.send(group_id, "customer-1", **sent))
        world.ok("POST", "/settle", {"timeoutMs": 60_000})

    text = json.dumps(expected, separators=(",", ":")).replace("mock-app", world.id)
    assert receiver.got[0].body.decode() == text


def test_the_answer_of_the_page_is_a_reply() -> None:
    drafts = bots.load_reply(json.loads(named("docs/bots.md", "reply")))

    assert [draft.text for draft in drafts] == ["Which order is it?", "One of these?"]


def test_the_refusals_of_the_page_are_the_real_ones(server: MockKommunicate) -> None:
    answers = iter(["{}", '[{"message": "a"}, {"platform": "kommunicate"}]'])
    with Receiver(lambda _: (200, next(answers).encode())) as receiver:
        world = World(server.url, users=[{"userId": "b", "role": "bot", "webhook": {"url": receiver.url}}])
        world.ok("PATCH", "/settings", {"routing": {"assignNewConversationsTo": "b"}})
        for _ in range(2):
            world.client.created("carl")
            world.ok("POST", "/settle", {"timeoutMs": 60_000})
        seen = [entry["attempts"][0]["error"] for entry in world.ok("GET", "/deliveries")["deliveries"]]

    assert [error.replace('{"platform": "kommunicate"}', "{}") for error in seen] == re.findall(
        ".+", named("docs/bots.md", "refusals")
    )


def test_the_routing_of_the_page_is_what_is_kept(server: MockKommunicate) -> None:
    world = World(server.url, users=[{"userId": "order-bot", "role": "bot"}])
    world.ok("POST", "/users", {"userId": "jane@example.com", "role": "agent"})
    world.ok("PATCH", "/settings", {"routing": {"assignNewConversationsTo": "order-bot"}})
    group_id = world.client.created("carl")["id"]
    world.client.send(group_id, "carl")
    world.client.send(group_id, "order-bot", metadata={"KM_ASSIGN_TO": "jane@example.com"})

    assert world.ok("GET", f"/conversations/{group_id}")["routing"] == json.loads(
        named("docs/bots.md", "routing")
    )


@pytest.mark.parametrize("result", Result)
def test_every_result_is_documented(result: Result) -> None:
    assert f"| `{result}` |" in PAGE


def test_the_bounds_are_documented() -> None:
    assert MOST_IN_A_ROW == 10
    assert "ten times" in PAGE
    assert f"at most {patterns.LONGEST_PATTERN} characters" in PAGE
    assert f"first {patterns.LONGEST_TEXT:,} of a text" in PAGE
    assert patterns.PATIENCE_S == 0.1
    assert "a tenth of a second" in PAGE
