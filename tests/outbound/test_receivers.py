"""Receivers of every kind: what each does is recorded rightly, and none holds a call for longer than it may take."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from mockkommunicate import App, MockKommunicate
from mockkommunicate.handle.results import Attempt
from tests.client import Client
from tests.receivers import RawReceiver, Receiver, drip, reset

TIMEOUT_MS = 600
OK = b"HTTP/1.1 200 OK\r\n"
MEGABYTE = 1_048_576


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """An emulator that sends by itself."""
    with MockKommunicate() as running:
        yield running


def deliver(
    server: MockKommunicate, url: str, state: str = "failed", timeout_ms: int = TIMEOUT_MS
) -> Attempt:
    """Send a message to a webhook; answer what came of the one attempt."""
    settings = {"webhook": {"url": url}, "deliveries": {"webhookTimeoutMs": timeout_ms}}
    app = server.create_app(settings=settings)
    client = Client(app.url, app.api_key)
    client.send(client.created("carl")["id"], "carl")
    (delivery,) = app.settle(timeout=60)
    assert delivery.state == state, delivery.raw
    (attempt,) = delivery.attempts
    return attempt


def serve(stack: ExitStack, act: Callable[[socket.socket], object]) -> str:
    return stack.enter_context(RawReceiver(act)).url


def sending(data: bytes) -> Callable[[socket.socket], object]:
    """Make what sends some bytes and hangs up."""
    return lambda connection: connection.sendall(data)


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_every_2xx_is_taken(server: MockKommunicate, status: int) -> None:
    with Receiver(lambda _: (status, b'{"ok": true}')) as receiver:
        attempt = deliver(server, receiver.url, "sent")

    assert (attempt.status, attempt.answer, attempt.error) == (status, {"ok": True}, None)


def test_no_content_is_taken(server: MockKommunicate) -> None:
    with RawReceiver(sending(b"HTTP/1.1 204 No Content\r\n\r\n")) as receiver:
        attempt = deliver(server, receiver.url, "sent")

    assert (attempt.status, attempt.answer, attempt.answer_text) == (204, None, None)


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
def test_any_other_status_is_a_failure_with_its_answer(server: MockKommunicate, status: int) -> None:
    with Receiver(lambda _: (status, "nicht für uns".encode())) as receiver:
        attempt = deliver(server, receiver.url)

    assert (attempt.status, attempt.answer_text, attempt.error) == (status, "nicht für uns", None)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_reported_and_not_followed(server: MockKommunicate, status: int) -> None:
    with ExitStack() as stack:
        other = stack.enter_context(Receiver())
        head = f"HTTP/1.1 {status} Moved\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n"
        attempt = deliver(server, serve(stack, sending(head.encode())))

    assert (attempt.status, attempt.error) == (status, f"redirect to {other.url}, which is not followed")
    assert other.got == []


def hang(connection: socket.socket) -> None:
    """Say nothing until the other side hangs up."""
    connection.settimeout(30)
    connection.recv(1)


def hang_amid(connection: socket.socket) -> None:
    """Say nothing more in the middle of the body."""
    connection.sendall(OK + b"Content-Length: 10\r\n\r\nhalf")
    hang(connection)


SLOW: dict[str, tuple[Callable[[socket.socket], object], dict[str, Any]]] = {
    "hangs": (hang, {"error": f"timeout while waiting for the answer: {TIMEOUT_MS} ms were not enough"}),
    "drips its head": (
        lambda connection: drip(connection, OK + b"X: " + b"x" * 1_000),
        {"error": f"timeout while waiting for the answer: {TIMEOUT_MS} ms were not enough"},
    ),
    "hangs in the body": (
        hang_amid,
        {
            "status": 200,
            "error": f"timeout while reading the answer: {TIMEOUT_MS} ms were not enough",
            "answerText": "half",
        },
    ),
    "drips its body": (
        lambda connection: drip(connection, b"x" * 1_000, head=OK + b"Content-Length: 1000\r\n\r\n"),
        {"status": 200, "error": f"timeout while reading the answer: {TIMEOUT_MS} ms were not enough"},
    ),
    "drips chunks": (
        lambda connection: drip(
            connection, b"1\r\nx\r\n" * 1_000, head=OK + b"Transfer-Encoding: chunked\r\n\r\n"
        ),
        {"status": 200, "error": f"timeout while reading the answer: {TIMEOUT_MS} ms were not enough"},
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_who_is_too_slow_is_left_when_the_time_is_over(server: MockKommunicate, name: str) -> None:
    act, expected = SLOW[name]
    with RawReceiver(act) as receiver:
        attempt = deliver(server, receiver.url)

    assert expected.items() <= attempt.raw.items(), attempt.raw
    assert TIMEOUT_MS - 50 <= attempt.duration < TIMEOUT_MS * 10


def test_who_drips_and_ends_in_time_is_heard(server: MockKommunicate) -> None:
    answer = OK + b"Content-Length: 4\r\n\r\ntrue"
    with RawReceiver(lambda connection: drip(connection, answer, pause_s=0.001)) as receiver:
        attempt = deliver(server, receiver.url, "sent", timeout_ms=60_000)

    assert attempt.answer is True


BROKEN: dict[str, tuple[Callable[[socket.socket], object], str]] = {
    "hangs up": (lambda _: None, "closed: the receiver hung up without an answer"),
    "resets": (reset, "connection lost while waiting for the answer: [Errno 104] Connection reset by peer"),
    "answers garbage": (sending(b"\xde\xad this is not HTTP\r\n\r\n"), "malformed answer: "),
    "answers half a status": (sending(b"HTTP/1.1 2"), "malformed answer: HTTP/1.1 2"),
    "answers a head without an end": (sending(OK + b"X" * 100_000), "malformed answer: "),
    "answers too little": (
        sending(OK + b"Content-Length: 30\r\n\r\nabc"),
        "incomplete answer: 3 bytes came, 27 are missing",
    ),
    "answers a wrong chunk": (
        sending(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
        "incomplete answer: 0 bytes came, an unknown number are missing",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_answer_is_a_failure_that_says_why(server: MockKommunicate, name: str) -> None:
    act, error = BROKEN[name]
    with RawReceiver(act) as receiver:
        attempt = deliver(server, receiver.url, timeout_ms=30_000)

    assert attempt.error is not None
    assert attempt.error.startswith(error), attempt.error


def test_a_long_answer_is_read_and_kept_up_to_a_limit(server: MockKommunicate) -> None:
    with Receiver(lambda _: (200, b"a" * 3 * MEGABYTE)) as receiver:
        attempt = deliver(server, receiver.url, "sent", timeout_ms=30_000)

    assert attempt.truncated is True
    assert attempt.answer_text == "a" * 16_384


def test_an_answer_without_an_end_is_cut_at_the_limit(server: MockKommunicate) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(OK + b"\r\n")
        while True:
            connection.sendall(b"a" * 65_536)

    with RawReceiver(flood) as receiver:
        attempt = deliver(server, receiver.url, "sent", timeout_ms=30_000)

    assert attempt.truncated is True


def test_an_answer_with_any_bytes_is_kept_as_text(server: MockKommunicate) -> None:
    with Receiver(lambda _: (200, b"\x00\xff\xed\xa0\x80")) as receiver:
        attempt = deliver(server, receiver.url, "sent")

    assert attempt.answer_text == "\x00\ufffd\ufffd\ufffd\ufffd"


def test_nobody_listens(server: MockKommunicate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    attempt = deliver(server, f"http://127.0.0.1:{port}/")

    assert attempt.error == f"connection refused: nobody listens at 127.0.0.1:{port}"
    assert attempt.status is None


def test_a_name_that_there_is_not(server: MockKommunicate) -> None:
    attempt = deliver(server, "http://nobody.invalid/webhook", timeout_ms=60_000)

    assert attempt.error is not None
    assert attempt.error.startswith("DNS: the name cannot be resolved: ")


def test_who_takes_no_connection_is_left_when_the_time_is_over(server: MockKommunicate) -> None:
    with socket.socket() as full, ExitStack() as stack:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        attempt = deliver(server, f"http://127.0.0.1:{full.getsockname()[1]}/")

    assert attempt.error == f"timeout while connecting: {TIMEOUT_MS} ms were not enough"


def test_who_speaks_no_tls(server: MockKommunicate) -> None:
    with Receiver() as receiver:
        attempt = deliver(server, receiver.url.replace("http:", "https:"), timeout_ms=30_000)

    assert attempt.error is not None
    assert attempt.error.startswith("TLS: ")


def test_the_password_in_a_url_is_sent_and_not_shown(server: MockKommunicate) -> None:
    with Receiver() as receiver:
        app = server.create_app(settings={"webhook": {"url": receiver.url.replace("//", "//me:secret@")}})
        client = Client(app.url, app.api_key)
        client.send(client.created("carl")["id"], "carl")
        (delivery,) = app.settle()

    assert receiver.got[0].headers["authorization"] == "Basic bWU6c2VjcmV0"
    assert delivery.url == receiver.url.replace("//", "//***@")


def test_the_path_and_the_query_are_as_given(server: MockKommunicate) -> None:
    with Receiver() as receiver:
        deliver(server, f"{receiver.url}/a%20b/?key=x%2Fy&key=z#part", "sent")

    assert receiver.got[0].path == "/webhook/a%20b/?key=x%2Fy&key=z"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, and its key, in one file."""
    if shutil.which("openssl") is None:
        if os.environ.get("CI"):
            pytest.fail("openssl is missing")
        pytest.skip("openssl is missing")
    file = tmp_path / "both.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*command, "-keyout", file, "-out", tmp_path / "c.pem"], check=True, capture_output=True)
    with file.open("a") as both:
        both.write((tmp_path / "c.pem").read_text())
    return file


def test_tls_is_spoken_with_the_name_although_the_address_is_called(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with MockKommunicate() as server, Receiver(tls=context) as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        untrusted = deliver(server, url, timeout_ms=30_000)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        wrong_name = deliver(server, receiver.url, timeout_ms=30_000)
    with MockKommunicate() as server, Receiver(tls=context) as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        trusted = deliver(server, url, "sent", timeout_ms=30_000)

    assert "self-signed certificate" in str(untrusted.error)
    assert str(wrong_name.error).startswith("TLS: ")
    assert trusted.status == 200
    assert len(receiver.got) == 1


def test_who_hangs_keeps_neither_answers_nor_other_deliveries_waiting(
    server: MockKommunicate, app: App
) -> None:
    with RawReceiver(hang) as hanging, Receiver() as receiver:
        slow = server.create_app(
            settings={"webhook": {"url": hanging.url}, "deliveries": {"webhookTimeoutMs": 20_000}}
        )
        client = Client(slow.url, slow.api_key)
        for number in range(60):
            client.send(client.created(f"carl-{number}")["id"], f"carl-{number}")
        began = time.monotonic()
        app.settings({"webhook": {"url": receiver.url}})
        other = Client(app.url, app.api_key)
        other.send(other.created("dora")["id"], "dora", message="free")
        (delivery,) = app.settle()
        took = time.monotonic() - began
        open_calls = hanging.count
        slow.delete()

    assert delivery.state == "sent"
    assert took < 10
    assert 0 < open_calls <= 16
