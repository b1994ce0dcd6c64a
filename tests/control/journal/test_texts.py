"""Any text comes out of the journal as it went in."""

import json
import socket

import pytest
from hypothesis import HealthCheck, given, settings

from mockkommunicate import App
from tests import strategies
from tests.client import Client
from tests.control.journal.kept import (
    SEND,
    journal,
)


@pytest.mark.parametrize("raw", ["Jörg".encode(), "Jörg".encode("latin-1")], ids=["UTF-8", "Latin-1"])
def test_a_header_is_read_as_utf_8_where_it_is_that(app: App, client: Client, raw: bytes) -> None:
    client.call("GET", "/rest/ws/x", headers={"X-Name": raw})

    assert journal(app)[0]["headers"]["X-Name"] == "Jörg"


def test_a_header_that_is_repeated_is_one_with_commas(app: App) -> None:
    host, _, port = app.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            f"GET /rest/ws/x HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nApi-Key: {app.api_key}\r\nX-A: 2\r\n\r\n".encode()
        )
        assert connection.recv(10_000).startswith(b"HTTP/1.1 404 ")

    assert journal(app)[0]["headers"] == {"X-A": "1,2", "Api-Key": "***"}


@pytest.mark.parametrize(
    ("escaped", "decoded"),
    [
        ("%C3%BCber", "über"),
        ("a%20b", "a b"),
        ("a%2Fb", "a/b"),
        ("%00", "\0"),
        ("%1B%5B", "\x1b["),
        ("%F0%9F%98%80", "😀"),
        ("%FF", "\ufffd"),
        ("%ED%A0%80", "\ufffd\ufffd\ufffd"),
    ],
)
def test_a_path_is_decoded_and_what_is_no_utf_8_in_it_replaced(
    app: App, client: Client, escaped: str, decoded: str
) -> None:
    client.call("GET", f"/rest/ws/{escaped}")

    assert [one["path"] for one in journal(app)] == [f"/rest/ws/{decoded}"]
    assert len(journal(app, path=f"/rest/ws/{decoded}")) == 1


@pytest.mark.parametrize(
    ("escaped", "decoded"),
    [
        ("%C3%BC", "ü"),
        ("a+b", "a b"),
        ("%00", "\0"),
        ("%FF", "%FF"),
        ("%ED%A0%80", "%ED%A0%80"),
        ("%26", "&"),
    ],
)
def test_a_parameter_is_decoded_and_what_is_no_utf_8_in_it_left(
    app: App, client: Client, escaped: str, decoded: str
) -> None:
    client.call("GET", f"/rest/ws/x?{escaped}={escaped}")

    assert [one["query"] for one in journal(app)] == [{decoded: decoded}]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=strategies.TEXTS)
def test_any_text_comes_out_of_the_journal_as_it_went_in(app: App, client: Client, text: str) -> None:
    response = client.call("POST", SEND, data=json.dumps({text: text}), params={"a": _sendable(text)})

    (kept,) = journal(app, last=1)
    assert (kept["body"], kept["query"]) == ({text: text}, {"a": _sendable(text)})
    assert kept["answer"] == response.json()


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
