"""Every JSON document in the README and docs/ that can be sent is sent, and taken."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.pages.blocks import Block, of
from tests.pages.shapes import differences

SENT = of("json", "send")


@pytest.fixture(scope="module")
def running() -> Iterator[MockKommunicate]:
    """A server to send to."""
    with MockKommunicate() as server:
        yield server


def world(server: MockKommunicate, block: Block) -> App:
    """Make what a block is sent to: a support team at work, or another scenario, if the mark ends with `in NAME`."""
    return server.create_app(scenario=block.argument.partition(" in ")[2] or "support-team")


def send(app: App, route: str, document: Any) -> requests.Response:
    """Send a document to a route as a page writes it."""
    method, path = route.split(" ")
    here = path.replace("APP", app.application_id)
    if "/ID/" in here:
        here = here.replace("/ID/", f"/{app.conversations()[0].id}/")
    return requests.request(method, f"{app.url}{here}", json=document, timeout=30)


def pairs(block: Block) -> list[tuple[str, Any]]:
    """Pair each document with its route: the one that there is, or each with its own."""
    routes, documents = block.argument.partition(" in ")[0].split("; "), block.documents
    return list(zip(routes if len(routes) > 1 else routes * len(documents), documents, strict=True))


@pytest.mark.parametrize("block", SENT, ids=lambda block: block.place)
def test_what_the_page_sends_is_taken(running: MockKommunicate, block: Block) -> None:
    app = world(running, block)

    answers = [(document, send(app, route, document)) for route, document in pairs(block)]

    assert [(document, answer.text) for document, answer in answers if not answer.ok] == []


def test_what_is_refused_is_found(running: MockKommunicate) -> None:
    rule = {"match": {"operation": "message.sent"}, "do": {"status": 500}}

    assert send(running.default_app, "POST /_mock/apps/APP/faults", rule).status_code == 400


def test_each_document_has_its_route_and_none_is_left_over() -> None:
    block = Block("docs/new.md", 1, "json", "send", "POST /a; POST /b", '{"n": 1}\n{"n": 2}\n')

    assert pairs(block) == [("POST /a", {"n": 1}), ("POST /b", {"n": 2})]
    with pytest.raises(ValueError, match="shorter"):
        pairs(Block("docs/new.md", 1, "json", "send", "POST /a; POST /b", '{"n": 1}\n'))


@pytest.mark.parametrize(
    ("told", "got", "said"),
    [
        ({"a": 1}, {"a": 2.5}, []),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}, 3]}, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ["answer has a, b on the page and b, a in truth"]),
        ({"a": {"b": 1}}, {"a": {"b": "1"}}, ["answer.a.b is a number on the page and a text in truth"]),
        ([{"a": None}], [{"a": True}], ["answer[0].a is null on the page and true or false in truth"]),
        ([], [1], ["answer is [] on the page and [1] in truth"]),
    ],
)
def test_the_shapes_of_answers_are_compared(told: Any, got: Any, said: list[str]) -> None:
    assert differences(told, got) == said
