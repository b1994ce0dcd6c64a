"""A body is kept as the JSON that it is, or as text; one that did not arrive whole is not."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from mockkommunicate import App, MockKommunicate
from tests.client import Client, refused
from tests.control.journal.kept import (
    NOON,
    SEND,
    entry,
    journal,
    path,
)
from tests.served import Served

NO_JSON = [b"{", b'{"a": "\xff"}', b"\xff\xfe", b"NaN", b'{"a": NaN}', b"[Infinity]", b'{"a": 1e999}', b"a=1", b"\0", "ä".encode()]  # fmt: skip


@pytest.mark.parametrize("body", NO_JSON, ids=repr)
def test_a_body_that_is_no_json_is_kept_as_text(app: App, client: Client, body: bytes) -> None:
    response = client.call("POST", SEND, data=body)

    text = body.decode("utf-8", "surrogateescape")
    assert refused(response, 400)["errorCode"] == "MOCK-BODY"
    assert journal(app) == [entry(response, bodyText=text, operation="message.send")]


@pytest.mark.parametrize(
    "value", [[], {}, "", 0, False, [None], "\0", "\ud800", {"ü": "😀"}, 1e300], ids=ascii
)
def test_a_body_is_kept_as_the_json_that_it_is(app: App, client: Client, value: Any) -> None:
    client.call("POST", SEND, data=json.dumps(value))

    (kept,) = journal(app)
    assert (kept["body"], type(kept["body"])) == (value, type(value))
    assert "bodyText" not in kept


def test_the_json_null_is_kept_as_text_for_absent_values_are_left_out(app: App, client: Client) -> None:
    client.call("POST", SEND, data="null")

    (kept,) = journal(app)
    assert kept["bodyText"] == "null"
    assert "body" not in kept


@pytest.mark.parametrize("depth", [100, 400, 900, 960, 990, 5_000])
def test_a_body_may_be_nested_however_deeply(app: App, client: Client, depth: int) -> None:
    body = '{"a":' * depth + "1" + "}" * depth
    client.call("POST", SEND, data=body)

    listed = client.call("GET", path(app))
    assert listed.status_code == 200
    assert body in listed.text or json.dumps(body) in listed.text


@pytest.fixture
def small() -> Iterator[MockKommunicate]:
    """A server that takes bodies of a thousand bytes."""
    with MockKommunicate(max_body=1_000) as server:
        yield server


@pytest.mark.parametrize("body", [b"x" * 2_000, iter([b"x" * 2_000])], ids=["whole", "in chunks"])
def test_a_body_that_is_too_large_is_not_kept_but_its_request_is(small: MockKommunicate, body: Any) -> None:
    app = small.create_app(at=NOON)
    response = Client(app.url, app.api_key).call("POST", SEND, data=body)

    assert refused(response, 413)["errorCode"] == "MOCK-BODY"
    assert journal(app) == [entry(response, operation="message.send")]


def send_malformed_chunk(url: str, api_key: str) -> None:
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        head = f"POST {SEND} HTTP/1.1\r\nHost: x\r\nApi-Key: {api_key}\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(f"{head}zz\r\n".encode())
        assert connection.recv(10_000).startswith(b"HTTP/1.1 400 ")


def assert_a_malformed_chunk_is_kept(app: App) -> None:
    send_malformed_chunk(app.url, app.api_key)

    (kept,) = journal(app)
    assert (kept["operation"], kept["status"]) == ("message.send", 400)
    assert kept["answer"]["errorResponse"][0]["errorCode"] == "MOCK-BODY"
    assert not {"body", "bodyText"} & set(kept)


def test_a_malformed_chunk_is_kept(app: App) -> None:
    assert_a_malformed_chunk_is_kept(app)


def test_a_malformed_chunk_is_kept_under_gunicorn() -> None:
    with Served("--workers", "2") as served:
        assert_a_malformed_chunk_is_kept(served.app)
