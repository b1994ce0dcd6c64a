"""The log: a line for each request under gunicorn, which no client can forge, and which holds no key."""

import json
import logging
import re
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from mockkommunicate.logs import JsonFormatter, RequestLine, TextFormatter, quoted
from tests.client import Client, ok
from tests.postgres import wait_until
from tests.served import Served, run

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ([A-Z]+) (\S+): (.*)")
CREATE, BODY = "/rest/ws/group/conversation", {"groupName": "Help", "groupMemberList": ["user-1"]}
PAIRS = re.compile(r"(\w+)=(\S+)")


@pytest.fixture(scope="module")
def text() -> Iterator[Served]:
    """A server with several workers whose log is text."""
    with Served("--workers", "2") as served:
        yield served


@pytest.fixture(scope="module")
def as_json() -> Iterator[Served]:
    """A server whose log is JSON."""
    with Served("--log-format", "json") as served:
        yield served


def raw(served: Served, request: bytes) -> bytes:
    """Send bytes; answer what comes first."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65_536)


def lines_with(served: Served, what: str) -> list[str]:
    """List the lines of the log in which something stands, as soon as there is one."""
    wait_until(lambda: what in served.log.replace("\n", " \n"))
    return [line for line in served.log.splitlines() if what in f"{line} "]


def line_of(served: Served, request_id: str) -> tuple[str, dict[str, str]]:
    """Answer the request and the values of the one line of a request."""
    (line,) = lines_with(served, f" requestId={request_id} ")
    found = LINE.fullmatch(line)
    assert found is not None, line
    level, logger, message = found.groups()
    assert (level, logger) == ("INFO", "mockkommunicate.requests")
    request, _, rest = message.partition(" status=")
    return request, dict(PAIRS.findall(f"status={rest}"))


def entry_of(served: Served, request_id: str) -> dict[str, Any]:
    """Answer the one line of JSON of a request."""
    (line,) = lines_with(served, f'"requestId": "{request_id}"')
    return dict(json.loads(line))


def named(request_id: str, **headers: str) -> dict[str, str]:
    return {"X-Request-Id": request_id, **headers}


def test_a_request_is_a_line_with_its_app_its_operation_and_its_duration(text: Served) -> None:
    text.client.call("POST", CREATE, json=BODY, headers=named("plain"))

    request, values = line_of(text, "plain")
    assert request == "POST /rest/ws/group/conversation"
    assert 0 < float(values.pop("durationMs")) < 10_000
    assert values == {
        "status": "200",
        "requestId": "plain",
        "app": "mock-app",
        "operation": "conversation.create",
    }


def test_who_names_no_request_finds_it_by_its_number_in_the_journal(text: Served) -> None:
    text.client.create("user-1")

    entry = text.app.requests(last=1)[0]
    assert entry.request_id is None
    assert line_of(text, f"mock-app:{entry.id}")[1]["operation"] == "conversation.create"


def test_the_emulated_api_answers_no_header_that_kommunicate_has_not(text: Served) -> None:
    answer = text.client.call("POST", CREATE, json=BODY, headers=named("faithful"))

    assert "X-Request-Id" not in answer.headers


def test_the_control_api_answers_the_id_of_the_request(text: Served) -> None:
    url = f"{text.url}/_mock/apps/default/clock"
    given = requests.get(url, headers=named("of-control"), timeout=10)
    made = requests.get(url, headers=named("not one"), timeout=10)

    assert given.headers["X-Request-Id"] == "of-control"
    assert re.fullmatch("[0-9a-f]{16}", made.headers["X-Request-Id"])
    request, values = line_of(text, "of-control")
    del values["durationMs"]
    assert request == "GET /_mock/apps/default/clock"
    assert values == {
        "status": "200",
        "requestId": "of-control",
        "app": "mock-app",
        "operation": "control.clock.look",
    }


def test_a_request_that_belongs_to_no_app_or_fits_no_route_has_neither(text: Served) -> None:
    requests.get(f"{text.url}/nowhere", headers=named("lost"), timeout=10)
    requests.get(f"{text.url}/_mock/nowhere", headers=named("lost-too"), timeout=10)

    assert {"app", "operation"} & line_of(text, "lost")[1].keys() == set()
    assert line_of(text, "lost")[1]["status"] == "404"
    assert {"app", "operation"} & line_of(text, "lost-too")[1].keys() == set()


def test_a_fault_is_named_and_a_broken_connection_has_no_status(text: Served) -> None:
    fault = text.app.fail("user.update", socket="reset", times=1)
    with pytest.raises(requests.ConnectionError):
        text.client.call("POST", "/rest/ws/user/update", json={}, headers=named("broken"))
    text.client.call(
        "POST", "/rest/ws/user/update", json={}, headers=named("asked", **{"X-Mock-Fault": "429"})
    )

    values = line_of(text, "broken")[1]
    assert (values["status"], values["fault"], values["operation"]) == ("none", str(fault.id), "user.update")
    assert line_of(text, "asked")[1]["fault"] == "header"
    assert line_of(text, "asked")[1]["status"] == "429"


FORGERY = "\n2030-01-01 00:00:00,000 INFO mockkommunicate.requests: GET /x status=200 requestId=forged"
HOSTILE = [
    "\r\n",
    "\x1b[2J",
    "\u202e",
    "\u2028",
    "\x85",
    "\x00",
    "\u200b",
    "🎉",
    "%",
    " status=200 app=other",
]


@pytest.mark.parametrize("hostile", [FORGERY, *HOSTILE], ids=ascii)
def test_no_path_forges_a_line_or_a_value(text: Served, hostile: str) -> None:
    request_id = f"hostile-{hostile.encode().hex()[:40]}"
    path = "".join(f"%{byte:02X}" for byte in hostile.encode())
    text.client.call("GET", f"/rest/{path}", headers=named(request_id))
    requests.get(f"{text.url}/_mock/apps/{path}/clock", headers=named(f"{request_id}-app"), timeout=10)

    request, values = line_of(text, request_id)
    assert request.isascii()
    assert values.keys() == {"status", "durationMs", "requestId", "app"}
    assert line_of(text, f"{request_id}-app")[1].get("app", "-").isascii()
    assert not [line for line in text.log.splitlines() if not LINE.fullmatch(line)]


def test_a_strange_method_is_no_line_of_its_own(text: Served) -> None:
    text.client.call("FETCH|IT", "/rest", headers=named("method"))

    assert line_of(text, "method")[0] == "FETCH%7CIT /rest"


SECRET = "s3cr3t-value"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"/rest/ws/group/conversation?apiKey={SECRET}", {}),
        (f"/rest/ws/nowhere;apiKey={SECRET}", {}),
        (f"/rest/ws/api-key={SECRET}/x", {}),
        (f"/_mock/apps?apiKey={SECRET}", {"Authorization": f"Bearer {SECRET}"}),
        ("/rest/ws/user/update", {"Api-Key": SECRET, "Cookie": f"session={SECRET}"}),
    ],
)
def test_no_key_is_in_the_log(text: Served, path: str, headers: dict[str, str]) -> None:
    requests.get(f"{text.url}{path}", headers=named("with-a-key", **headers), timeout=10)

    assert lines_with(text, "requestId=with-a-key ")
    assert SECRET not in text.log


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (f"GET /refused?apiKey={SECRET} HTTP/9.9x\r\n\r\n", b"400"),
        (f"\x1b[31mGET\u202e /refused?apiKey={SECRET}\r\n\r\n", b"400"),
        (f"GET /refused HTTP/1.1\r\nApi-Key : {SECRET}\r\n\r\n", b"400"),
        (f"GET /refused HTTP/1.1\r\nApi-Key {SECRET}\r\n\r\n", b"400"),
        (f"GET /refused HTTP/1.1\r\nApi-Key: {SECRET}\r\nTransfer-Encoding: {SECRET[:1]}\r\n\r\n", b"501"),
    ],
)
def test_what_gunicorn_refuses_is_a_line_without_keys_too(
    text: Served, request_bytes: str, status: bytes
) -> None:
    before = text.log.count("gunicorn.error: Invalid request")
    answer = raw(text, request_bytes.encode())

    assert answer.split(b" ")[1] == status
    wait_until(lambda: text.log.count("gunicorn.error: Invalid request") == before + 1)
    assert SECRET not in text.log
    assert not [line for line in text.log.splitlines() if not LINE.fullmatch(line)]


def test_the_consoles_own_files_are_logged_only_when_they_fail(text: Served) -> None:
    for path in ("console", "console/main.js", "console/nothing.js"):
        requests.get(f"{text.url}/_mock/{path}", headers=named(f"of-{path.rpartition('/')[2]}"), timeout=10)

    assert line_of(text, "of-nothing.js")[1]["status"] == "404"
    assert "of-console" not in text.log
    assert "of-main.js" not in text.log


def test_an_event_stream_is_a_line_when_it_begins(text: Served) -> None:
    with requests.get(
        f"{text.url}/_mock/apps/default/events", headers=named("stream"), stream=True, timeout=10
    ) as stream:
        assert stream.headers["X-Request-Id"] == "stream"
        assert line_of(text, "stream")[1]["operation"] == "control.events.watch"


def test_lines_stay_whole_whoever_writes_at_the_same_time(text: Served) -> None:
    long = "x" * 3_000

    def call(number: int) -> int:
        client = Client(text.url, text.ready["apiKey"])
        return client.call("GET", f"/rest/{long}", headers=named(f"crowd-{number}")).status_code

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(call, range(200))) == {404}
    wait_until(lambda: text.log.count("requestId=crowd-") == 200)
    assert not [line for line in text.log.splitlines() if not LINE.fullmatch(line)]


def test_a_line_of_json_has_the_same_fields(as_json: Served) -> None:
    as_json.client.call("POST", CREATE, json=BODY, headers=named("as-json"))

    entry = entry_of(as_json, "as-json")
    assert isinstance(entry.pop("time"), str)
    assert entry.pop("durationMs") > 0
    assert entry == {
        "level": "info",
        "logger": "mockkommunicate.requests",
        "message": "POST /rest/ws/group/conversation",
        "method": "POST",
        "path": "/rest/ws/group/conversation",
        "status": 200,
        "requestId": "as-json",
        "app": "mock-app",
        "operation": "conversation.create",
    }


@pytest.mark.parametrize("hostile", [FORGERY, *HOSTILE], ids=ascii)
def test_no_path_forges_a_line_of_json(as_json: Served, hostile: str) -> None:
    request_id = f"json-{hostile.encode().hex()[:40]}"
    path = "".join(f"%{byte:02X}" for byte in hostile.encode())
    as_json.client.call("GET", f"/rest/{path}", headers=named(request_id))

    assert entry_of(as_json, request_id)["status"] == 404
    assert all(json.loads(line)["message"] for line in as_json.log.splitlines())


def test_the_command_of_exec_has_stderr_for_itself() -> None:
    code = "import os, urllib.request as r; r.urlopen(os.environ['KOMMUNICATE_BASE_URL'] + '/_mock/livez').read()"
    done = run("exec", "--report", "none", "--", sys.executable, "-c", code)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def in_process() -> Iterator[MockKommunicate]:
    """A server on a thread of this process."""
    with MockKommunicate() as server:
        yield server


@pytest.fixture
def app(in_process: MockKommunicate) -> App:
    """An app of the test's own."""
    return in_process.create_app()


def test_in_process_nobody_hears_of_requests_who_does_not_ask(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    Client(app.url, app.api_key).created("user-1")

    assert caplog.records == []


def test_in_process_they_are_records_of_a_logger(app: App, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "mockkommunicate.requests")
    Client(app.url, app.api_key).created("user-1")

    (record,) = [one for one in caplog.records if "conversation.create" in one.getMessage()]
    assert record.getMessage().startswith("POST /rest/ws/group/conversation status=200 durationMs=")
    assert f"requestId={app.application_id}:1 app={app.application_id}" in record.getMessage()


def test_in_process_what_the_server_refuses_is_a_record_without_keys(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mockkommunicate.requests")
    port = int(app.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET /x?apiKey={SECRET} HTTQ/1.1 \x1b[31m\r\n\r\n".encode())
        assert b"400" in connection.recv(65_536)
        while connection.recv(65_536):
            pass

    (message,) = [message for message in caplog.messages if message.startswith("refused: ")]
    assert SECRET not in message
    assert message.isprintable()


def test_what_nobody_expected_is_one_record_with_its_traceback(
    app: App, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"broken\n{FORGERY}")

    monkeypatch.setattr("mockkommunicate.operations.conversations.create", fail)
    answer = Client(app.url, app.api_key).create("user-1")

    (record,) = caplog.records
    assert answer.status_code == 500
    assert (record.name, record.levelname) == ("mockkommunicate.requests", "ERROR")
    assert "status=500" in record.getMessage()
    assert f"requestId={app.application_id}:{app.request(1).id}" in record.getMessage()
    first, *others = TextFormatter().format(record).splitlines()
    assert LINE.fullmatch(first)
    assert others[-1].endswith("requestId=forged")
    assert all(line.startswith("    ") for line in others)
    assert "RuntimeError: broken" in json.loads(JsonFormatter().format(record))["traceback"]


def formatted(message: object, *, name: str = "mockkommunicate") -> str:
    return TextFormatter().format(logging.LogRecord(name, logging.INFO, "", 0, message, None, None))


@pytest.mark.parametrize("hostile", [FORGERY, *HOSTILE[:7]], ids=ascii)
def test_any_message_is_one_line_that_shows_what_is_in_it(hostile: str) -> None:
    line = formatted(f"a{hostile}b")

    assert LINE.fullmatch(line)
    assert line.isprintable()


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("'GET /x?a=1&apiKey=k1 HTTP/1.1'", "'GET /x?*** HTTP/1.1'"),
        ("Api-Key: k1", "Api-Key: ***"),
        ("Authorization: Basic azE=", "Authorization: Basic ***"),
        ("'authorization': 'Bearer k1'", "'authorization': 'Bearer ***'"),
        ('{"apiKey": "k1", "a": 1}', '{"apiKey": "***", "a": 1}'),
        ("Invalid HTTP method: 'get'", "Invalid HTTP method: 'get'"),
    ],
)
def test_what_servers_repeat_is_masked(said: str, logged: str) -> None:
    assert formatted(said, name="gunicorn.error").endswith(f": {logged}")


def test_a_path_is_cut_where_it_would_make_a_line_too_long_to_be_written_at_once() -> None:
    path = quoted("ä" * 100_000)

    assert path == "%C3%A4" * 166 + "%C3%" + "..."
    longest = RequestLine("X" * 100, path, 200, 1.0, "x" * 128, "a" * 100, "x" * 100, "header")
    assert len(formatted(longest)) < 4_096


def test_a_client_that_is_served_is_told_of_once(app: App, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mockkommunicate.requests")
    client = Client(app.url, app.api_key)
    assert ok(client.create("user-1"))["id"]

    assert len([one for one in caplog.messages if "group/conversation" in one]) == 1
