"""/_mock/apps/APP/requests: every request of the emulated API and its answer, whatever became of it."""

import json
import secrets
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import requests
from hypothesis import HealthCheck, given, settings

from mockkommunicate import App, MockKommunicate
from tests import expected, strategies
from tests.client import ADMIN, Client, ok, refused
from tests.expected import NOW
from tests.postgres import wait_until
from tests.served import Served
from tests.worlds import error

NOON = 1_900_000_000_000
SEND = "/rest/ws/message/v2/send"
CREATE = "/rest/ws/group/conversation"
STATUS = "/rest/ws/group/status/change"
GATEWAY = "/_mock/requests"
ANY = {"path": {"$regex": "^/"}}


def path(app: App, rest: str = "") -> str:
    return f"/_mock/apps/{app.application_id}/requests{rest}"


def journal(app: App, **query: Any) -> list[dict[str, Any]]:
    """List the journal with a client that has no key."""
    response = requests.get(f"{app.url}{path(app)}", params=query, timeout=60)
    assert response.status_code == 200, response.text
    return list(response.json()["requests"])


def at_gateway(server: MockKommunicate, **query: Any) -> list[dict[str, Any]]:
    return list(requests.get(f"{server.url}{GATEWAY}", params=query, timeout=60).json()["requests"])


def entry(response: requests.Response, **details: Any) -> dict[str, Any]:
    """Answer what the journal says of a request that was answered so, at noon and with nothing unread."""
    sent = response.request
    headers = {name.title(): value for name, value in sent.headers.items()}
    whole = {
        "id": 1,
        "at": NOON,
        "durationMs": 0,
        "method": sent.method,
        "path": sent.path_url.partition("?")[0],
        "query": {},
        "headers": {**headers, "Api-Key": "***"},
        "status": response.status_code,
        "answer": response.json(),
        "unread": [],
        **details,
    }
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def app(server: MockKommunicate) -> App:
    """An app whose clock stands still."""
    return server.create_app(at=NOON)


# Whole entries.


def test_a_request_and_its_answer_are_kept_whole(app: App, client: Client) -> None:
    response = client.create("carl")

    body = {"groupName": "A question", "groupMemberList": ["carl"]}
    assert journal(app) == [entry(response, body=body, operation="conversation.create")]


def test_a_query_is_kept_with_what_is_repeated_in_order(app: App, client: Client) -> None:
    response = client.call("PATCH", f"{STATUS}?groupId=1&x=2&y=&x=1", headers={"Of-User-Id": ADMIN})

    query = {"groupId": "1", "x": ["2", "1"], "y": ""}
    (kept,) = journal(app)
    del kept["unread"]
    assert kept == entry(response, query=query, operation="conversation.status", unread=None)


def test_a_read_is_kept_too(app: App, client: Client) -> None:
    response = client.detail(ADMIN)

    assert journal(app) == [entry(response, body={"userIdList": [ADMIN]}, operation="user.detail")]


def test_an_answer_that_is_no_json_is_kept_as_text(app: App, client: Client) -> None:
    response = client.attach(1, "nobody")

    (kept,) = journal(app)
    assert (response.text, kept["answerText"]) == ("error", "error")
    assert "answer" not in kept


@pytest.mark.parametrize("text", ["NaN", "[" * 5_000, "<html>", "{"])
def test_an_answer_of_a_fault_is_kept_as_what_it_is(app: App, client: Client, text: str) -> None:
    app.control("POST", "faults", {"match": ANY, "do": {"status": 200, "body": text}})
    client.detail(ADMIN)

    listed = client.call("GET", path(app))
    assert json.loads(listed.text, parse_constant=pytest.fail)["requests"][0]["answerText"] == text


def test_many_requests_are_listed_in_their_order(app: App, client: Client) -> None:
    answers = [client.create(f"customer-{number}") for number in range(5)]

    kept = journal(app)
    assert [entry["id"] for entry in kept] == [1, 2, 3, 4, 5]
    assert [entry["answer"] for entry in kept] == [answer.json() for answer in answers]


def test_what_is_asked_of_the_control_api_is_not_kept(app: App, client: Client) -> None:
    client.call("GET", path(app))
    client.call("GET", "/_mock/nothing")
    app.add_agent("jane")

    assert journal(app) == []


def test_one_request_can_be_looked_at(app: App, client: Client) -> None:
    client.create("carl")
    client.detail("carl")

    assert client.call("GET", path(app, "/2")).json() == journal(app)[1]


@pytest.mark.parametrize("number", [0, 2, 2**40])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_request_that_is_not_there_is_not_found(app: App, client: Client, method: str, number: int) -> None:
    client.create("carl")

    refusal = error(client.call(method, path(app, f"/{number}")), 404)
    assert refusal == {
        "code": "REQUEST_NOT_FOUND",
        "message": f"no request {number} in the journal",
        "hint": f"GET {path(app)} lists those there are",
    }
    assert len(journal(app)) == 1


def test_a_running_clock_tells_when_it_came_and_how_long_it_took(server: MockKommunicate) -> None:
    app = server.create_app()
    app.control("POST", "faults", {"match": ANY, "do": {"latencyMs": 120}, "when": {"times": 1}})
    client = Client(app.url, app.api_key)
    client.create("carl")
    client.create("carl")

    slow, quick = journal(app)
    assert (slow["at"], quick["at"]) == (NOW, NOW)
    assert 120 <= slow["durationMs"] < 20_000
    assert 0 <= quick["durationMs"] < 20_000


# Refused, unmatched, failed: nothing is left out.

REFUSED: dict[str, tuple[str, str, dict[str, Any], int, str | None]] = {
    "an unknown path": ("GET", "/rest/ws/nothing", {}, 404, None),
    "a path elsewhere": ("DELETE", "/somewhere", {}, 404, None),
    "the root": ("GET", "/", {}, 404, None),
    "a neighbour that is not emulated": ("GET", "/rest/ws/group/list", {}, 501, None),
    "a wrong method": ("GET", SEND, {}, 405, None),
    "a method that nobody knows": ("BREW", CREATE, {}, 405, None),
    "missing parameters": ("PATCH", STATUS, {}, 400, "conversation.status"),
    "an application error": ("POST", SEND, {"json": {"groupId": 7, "message": "", "fromUserName": "x"}}, 200, "message.send"),
    "a user who is unknown": ("POST", "/rest/ws/user/update", {"json": {}, "headers": {"Of-User-Id": "x"}}, 200, "user.update"),
    "an object in metadata": ("POST", CREATE, {"json": {"metadata": {"a": {}}}}, 400, "conversation.create"),
    "no body": ("POST", SEND, {}, 400, "message.send"),
    "an array": ("POST", SEND, {"json": [1]}, 400, "message.send"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "to", "options", "status", "operation"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_kept(
    app: App,
    client: Client,
    *,
    method: str,
    to: str,
    options: dict[str, Any],
    status: int,
    operation: str | None,
) -> None:
    response = client.call(method, to, **options)

    (kept,) = journal(app)
    assert response.status_code == status
    assert kept == entry(response, body=options.get("json"), operation=operation, unread=kept["unread"])


def test_the_answer_to_head_is_kept_though_it_was_not_sent(app: App, client: Client) -> None:
    client.call("HEAD", CREATE)

    (kept,) = journal(app)
    assert (kept["method"], kept["status"]) == ("HEAD", 405)
    assert kept["answer"]["errorResponse"][0]["errorCode"] == "AL-MA-01"


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


def test_the_work_that_is_undone_leaves_its_request_in_the_journal(app: App, client: Client) -> None:
    client.create("carl", clientGroupId="order-1")
    response = client.create("dora", "emil", clientGroupId="order-1")

    assert refused(response)["errorCode"] == "AL-G-02"
    assert client.detail("dora", "emil").json() == []
    assert [(one["id"], one["status"]) for one in journal(app)] == [(1, 200), (2, 200), (3, 200)]
    assert journal(app)[1]["answer"] == response.json()


def test_a_fault_of_the_emulator_itself_is_kept(app: App, client: Client) -> None:
    with mock.patch("mockkommunicate.operations.messages.send", side_effect=ZeroDivisionError):
        response = client.send(client.created("carl")["id"], "carl")

    failed = journal(app)[-1]
    assert refused(response, 500)["errorCode"] == "MOCK-INTERNAL"
    assert failed == entry(
        response, id=2, body=json.loads(response.request.body or b""), operation="message.send"
    )


def test_a_request_that_met_a_fault_names_it(app: App, client: Client) -> None:
    fault = app.control("POST", "faults", {"match": {"operation": "message.send"}, "do": {"status": 503}})
    response = client.send(1)

    (kept,) = journal(app)
    assert (kept["status"], kept["fault"]) == (503, str(fault["id"]))
    assert response.headers["X-Mock-Fault"] == kept["fault"]


def test_a_request_that_got_no_answer_has_none(app: App, client: Client) -> None:
    app.control("POST", "faults", {"match": ANY, "do": {"socket": "empty"}})
    with pytest.raises(requests.ConnectionError):
        client.send(1)

    (kept,) = journal(app)
    assert not {"status", "answer", "answerText"} & set(kept)
    assert kept["fault"] == "1"
    assert [one["id"] for one in journal(app, status=0)] == [1]


def test_the_time_stands_still_for_whoever_is_kept_waiting_while_the_clock_is_moved(
    app: App, client: Client
) -> None:
    rule = {"match": ANY, "do": {"latencyMs": 600}}
    app.control("POST", "faults", rule)
    with pytest.raises(requests.Timeout):
        client.session.post(f"{client.url}{SEND}", json={}, timeout=0.2)
    app.control("POST", "clock", {"set": 5, "resume": True})
    wait_until(lambda: journal(app))

    (kept,) = journal(app)
    assert kept["at"] == NOON
    assert 600 <= kept["durationMs"] < 20_000


# Bodies that do not arrive whole.


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


# Requests that belong to no app.


def assert_is_at_gateway(server: MockKommunicate, response: requests.Response, **details: Any) -> None:
    kept = at_gateway(server, last=1)[0]
    sent = entry(response, id=kept["id"], at=NOW, durationMs=kept["durationMs"], **details)
    sent["headers"].pop("Api-Key")
    assert kept == sent | {"headers": {**sent["headers"], **_keys(kept)}, "unread": kept["unread"]}


def _keys(kept: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in kept["headers"].items() if value == "***"}


@pytest.mark.parametrize(
    ("key", "message"),
    [({}, "No API key found in request"), ({"Api-Key": "wrong-key"}, "Invalid authentication credentials")],
    ids=["no key", "a wrong key"],
)
def test_a_request_without_an_app_is_kept_apart(
    server: MockKommunicate, app: App, key: dict[str, str], message: str
) -> None:
    response = requests.post(f"{server.url}{SEND}", json={"a": 1}, headers=key, timeout=60)

    assert (response.status_code, response.json()) == (401, {"message": message})
    assert_is_at_gateway(server, response, body={"a": 1}, operation="message.send")
    assert journal(app) == []


def test_a_key_that_is_repeated_is_kept_apart_and_masked(server: MockKommunicate, app: App) -> None:
    query = {"apiKey": [app.api_key, app.api_key]}
    response = requests.post(f"{server.url}{SEND}", params=query, json={}, timeout=60)

    assert response.status_code == 401
    assert_is_at_gateway(
        server, response, query={"apiKey": ["***", "***"]}, body={}, operation="message.send"
    )
    assert journal(app) == []


@pytest.mark.parametrize("to", ["/rest/ws/nothing", "/somewhere", "/"])
@pytest.mark.parametrize("key", [{}, {"Api-Key": "wrong-key"}], ids=["no key", "a wrong key"])
def test_an_unknown_path_without_an_app_is_kept_apart(
    server: MockKommunicate, to: str, key: dict[str, str]
) -> None:
    response = requests.get(f"{server.url}{to}", headers=key, timeout=60)

    assert response.status_code == (401 if to.startswith("/rest") else 404)
    assert_is_at_gateway(server, response)


def test_a_made_up_key_that_begins_with_a_mistake_has_it_in_its_journal(server: MockKommunicate) -> None:
    name = f"new-{secrets.token_hex(4)}"
    response = Client(server.url, f"auto-{name}").call("POST", SEND, data=b"{")

    kept = requests.get(f"{server.url}/_mock/apps/{name}/requests", timeout=60).json()["requests"]
    assert [one["answer"] for one in kept] == [response.json()]


def test_past_the_bound_of_apps_the_refusal_is_kept_apart() -> None:
    with MockKommunicate(max_apps=1) as server:
        response = Client(server.url, "auto-more").detail(ADMIN)

        assert refused(response, 503)["errorCode"] == "MOCK-APPS"
        assert [one["answer"] for one in at_gateway(server)] == [response.json()]


def test_what_belongs_to_no_app_can_be_filtered_and_deleted(server: MockKommunicate) -> None:
    mark = f"/rest/ws/{secrets.token_hex(4)}"
    for number in range(4):
        requests.get(f"{server.url}{mark}/{number % 2}", timeout=60)
    matching = {"request": {"path": f"{mark}/0"}}
    deleted = requests.delete(f"{server.url}{GATEWAY}", json=matching, timeout=60)

    assert deleted.json() == {"deleted": 2}
    assert len(at_gateway(server, path=f"{mark}/1", status=401)) == 2
    assert requests.delete(f"{server.url}{GATEWAY}", timeout=60).json()["deleted"] >= 2
    assert at_gateway(server) == []


def test_an_app_that_is_deleted_amid_its_request_leaves_that_apart(server: MockKommunicate) -> None:
    app = server.create_app()
    mark = secrets.token_hex(4)
    app.control("POST", "faults", {"match": ANY, "do": {"latencyMs": 500}})
    with pytest.raises(requests.Timeout):
        requests.get(f"{app.url}/rest/ws/{mark}", headers=app.headers, timeout=0.2)
    app.delete()
    wait_until(lambda: at_gateway(server, path=f"/rest/ws/{mark}"))

    (kept,) = at_gateway(server, path=f"/rest/ws/{mark}")
    assert (kept["status"], kept["answer"]) == (401, {"message": "Invalid authentication credentials"})


# Keys are never shown.

KEY_PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "header": lambda key: {"headers": {"Api-Key": key}},
    "header in small letters": lambda key: {"headers": {"api-key": key}},
    "header in capitals": lambda key: {"headers": {"API-KEY": key}},
    "query": lambda key: {"params": {"apiKey": key}},
    "both": lambda key: {"params": {"apiKey": key}, "headers": {"Api-Key": key}},
    "twice in the query": lambda key: {"params": {"apiKey": [key, key]}},
    "query in another case": lambda key: {"params": {"apikey": key, "api_key": key, "API-Key": key}},
    "a header that is nearly right": lambda key: {"headers": {"X-Api-Key": key, "Apikey": key}},
    "Authorization": lambda key: {"headers": {"Api-Key": key, "Authorization": f"Bearer {key}"}},
    "Cookie": lambda key: {"headers": {"Api-Key": key, "cookie": f"key={key}"}},
    "Referer": lambda key: {"headers": {"Api-Key": key, "Referer": f"http://x/?a=1&apiKey={key}&b=2"}},
    "body": lambda key: {"headers": {"Api-Key": key}, "json": {"apiKey": key, "a": [{"Api-Key": key}]}},
    "form": lambda key: {"headers": {"Api-Key": key}, "data": {"apiKey": key, "a": "1"}},
}


@pytest.mark.parametrize("place", KEY_PLACES)
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_a_key_is_shown_nowhere(server: MockKommunicate, app: App, place: str, *, right: bool) -> None:
    key = app.api_key if right else f"wrong-{secrets.token_hex(8)}"
    requests.post(f"{server.url}{SEND}", timeout=60, **KEY_PLACES[place](key))

    seen = [
        requests.get(f"{server.url}{GATEWAY}", timeout=60),
        requests.get(f"{server.url}{path(app)}", timeout=60),
        requests.get(f"{server.url}{path(app, '/ignored')}", timeout=60),
        requests.post(f"{server.url}{path(app, '/verify')}", json={"request": {"path": "/x"}}, timeout=60),
    ]
    assert [response.status_code for response in seen] == [200] * 4
    assert not [response.text for response in seen if key in response.text]
    assert len(journal(app)) + len(at_gateway(server, last=1)) >= 1


def test_the_rest_of_a_text_around_a_key_is_kept(app: App, client: Client) -> None:
    body = {"message": 'the "apiKey" of mine', "apiKey": "secret", "z": "apiKey: none"}
    client.call("POST", SEND, data=json.dumps(body, indent=1), headers={"Referer": "/?apiKey=secret&b=2"})

    (kept,) = journal(app)
    assert kept["body"] == body | {"apiKey": "***"}
    assert kept["headers"]["Referer"] == "/?apiKey=***&b=2"


def test_other_headers_are_shown_as_they_came(app: App, client: Client) -> None:
    sent = {"X-Trace": "a, b", "Of-User-Id": "J%C3%B6rg", "X-Keyboard": "de"}
    client.call("GET", "/rest/ws/x", headers=sent)

    (kept,) = journal(app)
    assert {name: kept["headers"][name] for name in sent} == sent
    assert "Host" not in kept["headers"]


# Any text.


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


# Which are listed.


@pytest.fixture
def lived(app: App, client: Client) -> App:
    """An app with six requests, a second apart."""
    calls: list[Callable[[], requests.Response]] = [
        lambda: client.create("carl"),
        lambda: client.send(7),
        lambda: client.call("GET", "/rest/ws/nothing"),
        lambda: client.call("GET", SEND),
        lambda: client.call("POST", SEND, data="{"),
        lambda: client.detail(ADMIN),
    ]
    for call in calls:
        call()
        app.control("POST", "clock", {"advance": 1_000})
    return app


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3, 4, 5, 6]),
    ({"method": "GET"}, [3, 4]),
    ({"method": "get"}, [3, 4]),
    ({"method": "TRACE"}, []),
    ({"path": SEND}, [2, 4, 5]),
    ({"path": SEND[:-1]}, []),
    ({"operation": "message.send"}, [2, 5]),
    ({"status": 200}, [1, 2, 6]),
    ({"status": 400}, [5]),
    ({"since": NOON + 3_000}, [4, 5, 6]),
    ({"since": "2030-03-17T17:46:43Z"}, [4, 5, 6]),
    ({"since": NOON + 3_001}, [5, 6]),
    ({"unmatched": "true"}, [3, 4]),
    ({"unmatched": "false"}, [1, 2, 5, 6]),
    ({"path": SEND, "method": "POST", "status": 400}, [5]),
    ({"limit": 2}, [1, 2]),
    ({"after": 4}, [5, 6]),
    ({"after": 4, "limit": 1}, [5]),
    ({"last": 2}, [5, 6]),
    ({"last": 100}, [1, 2, 3, 4, 5, 6]),
    ({"last": 2, "path": SEND}, [4, 5]),
    ({"last": 2, "after": 5}, [6]),
    ({"after": 6}, []),
    ({"after": 2**31 - 1}, []),
]


@pytest.mark.parametrize(("query", "numbers"), FILTERS, ids=str)
def test_those_that_are_asked_for_are_listed(lived: App, query: dict[str, Any], numbers: list[int]) -> None:
    assert [one["id"] for one in journal(lived, **query)] == numbers


def test_the_list_comes_in_pages(lived: App, client: Client) -> None:
    seen, after, pages = [], 0, 0
    while after is not None:
        page = client.call("GET", path(lived), params={"limit": 2, "after": after, "path": SEND}).json()
        assert page["dropped"] == 0
        seen += [one["id"] for one in page["requests"]]
        after, pages = page.get("next"), pages + 1

    assert (seen, pages) == ([2, 4, 5], 2)


@pytest.mark.parametrize("query", [{"limit": 6}, {"last": 6}, {"last": 3}, {"limit": 2, "after": 4}], ids=str)
def test_a_list_with_nothing_behind_it_names_no_next(
    lived: App, client: Client, query: dict[str, Any]
) -> None:
    assert "next" not in client.call("GET", path(lived), params=query).json()


BAD_QUERIES = [
    ("limit=0", "query 'limit': must be from 1 to 10000; got \"0\""),
    ("limit=-1", "query 'limit': must be from 1 to 10000; got \"-1\""),
    ("limit=10001", "query 'limit': must be from 1 to 10000; got \"10001\""),
    ("last=0", "query 'last': must be from 1 to 10000; got \"0\""),
    ("after=x", "query 'after': must be a whole number; got \"x\""),
    ("after=-1", "query 'after': must be from 0 to"),
    ("status=ok", "query 'status': must be a whole number; got \"ok\""),
    ("since=yesterday", "query 'since': must be an instant: milliseconds since 1970, or ISO 8601"),
    ("since=1969-12-31", "query 'since': must be an instant from the year 1970 to 9999"),
    ("unmatched=maybe", "query 'unmatched': must be true or false"),
    ("operation=mesage.send", "did you mean 'message.send'?"),
    ("operation=", "query 'operation': must be one of conversation.create, user.detail, message.send"),
    ("metod=GET", "did you mean 'method'?"),
    ("path=/a&path=/b", "query 'path': is repeated; it may be given once"),
    ("last=2&limit=2", "query 'last': cannot be given together with limit"),
]


@pytest.mark.parametrize(("query", "message"), BAD_QUERIES, ids=[query for query, _ in BAD_QUERIES])
@pytest.mark.parametrize("where", ["app", "gateway"])
def test_a_list_that_cannot_be_is_refused_by_name(
    app: App, client: Client, query: str, message: str, where: str
) -> None:
    asked = path(app) if where == "app" else GATEWAY
    refusal = error(client.call("GET", f"{asked}?{query}"), 400)

    assert refusal["code"] == "MOCK-PARAM"
    assert message in refusal["message"]


@pytest.mark.parametrize("rest", ["", "/1", "/ignored"])
def test_of_an_app_that_there_is_not_there_is_no_journal(client: Client, rest: str) -> None:
    assert error(client.call("GET", f"/_mock/apps/nobody/requests{rest}"), 404)["code"] == "APP_NOT_FOUND"


# Which are deleted.


def test_one_request_can_be_deleted_and_its_number_is_not_given_again(lived: App, client: Client) -> None:
    response = client.call("DELETE", path(lived, "/6"))
    client.detail(ADMIN)

    assert response.json() == {"deleted": 1}
    assert [one["id"] for one in journal(lived)] == [1, 2, 3, 4, 5, 7]


DELETIONS: list[tuple[Any, list[int]]] = [
    (None, []),
    ({}, []),
    ({"request": {}}, []),
    ({"request": {"path": SEND}}, [1, 3, 6]),
    ({"request": {"method": "get"}}, [1, 2, 5, 6]),
    ({"request": {"operation": "message.send", "body": {"groupId": 7}}}, [1, 3, 4, 5, 6]),
    ({"request": {"path": {"$regex": "nothing$"}}}, [1, 2, 4, 5, 6]),
    ({"request": {"headers": {"api-key": "other"}}}, [1, 2, 3, 4, 5, 6]),
]


@pytest.mark.parametrize(("body", "left"), DELETIONS, ids=str)
def test_those_that_match_are_deleted_or_all(lived: App, client: Client, body: Any, left: list[int]) -> None:
    response = client.call("DELETE", path(lived), json=body)

    assert response.json() == {"deleted": 6 - len(left)}
    assert [one["id"] for one in journal(lived)] == left


BAD_DELETIONS: list[tuple[Any, str]] = [
    ({"request": {"pth": "/x"}}, "body 'request.pth': "),
    ({"reqest": {}}, "did you mean 'request'?"),
    ({"request": []}, "body 'request': "),
    ({"request": None}, "body 'request': "),
    ({"request": {"path": {"$regx": "x"}}}, "$regx"),
    ({"request": {"path": {"$regex": "("}}}, "regular expression"),
    ({"request": {"operation": "mesage.send"}}, "did you mean 'message.send'?"),
    ({"path": SEND}, "body 'path': is not known here"),
]


@pytest.mark.parametrize(("body", "message"), BAD_DELETIONS, ids=str)
@pytest.mark.parametrize("where", ["app", "gateway"])
def test_a_deletion_that_cannot_be_understood_is_refused_and_deletes_nothing(
    server: MockKommunicate, lived: App, client: Client, *, body: Any, message: str, where: str
) -> None:
    requests.get(f"{server.url}/rest/ws/x", timeout=60)
    asked = path(lived) if where == "app" else GATEWAY
    refusal = error(client.call("DELETE", asked, json=body), 400)

    assert refusal["code"] == "MOCK-PARAM"
    assert message in refusal["message"]
    assert len(journal(lived)) == 6
    assert at_gateway(server, last=1)


def test_the_journal_of_another_app_stays_as_it_is(
    server: MockKommunicate, lived: App, client: Client
) -> None:
    other = server.create_app(at=NOON)
    Client(other.url, other.api_key).create("carl")
    before = requests.get(f"{other.url}{path(other)}", timeout=60).content
    client.call("DELETE", path(lived))
    lived.reset()
    client.create("dora")

    assert requests.get(f"{other.url}{path(other)}", timeout=60).content == before


def test_a_reset_begins_a_new_journal(lived: App, client: Client) -> None:
    removed = lived.reset()["removed"]
    client.create("carl")

    assert removed["requests"] == 6
    assert [one["id"] for one in journal(lived)] == [1]


# How much is kept.


def test_of_too_many_the_oldest_are_dropped_and_counted(app: App, client: Client) -> None:
    app.settings({"journal": {"limit": 3}})
    for number in range(8):
        client.detail(f"customer-{number}")

    page = client.call("GET", path(app)).json()
    assert [one["id"] for one in page["requests"]] == [6, 7, 8]
    assert page["dropped"] == 5


def test_a_limit_that_is_lowered_holds_from_the_next_request_on(app: App, client: Client) -> None:
    for _ in range(6):
        client.detail(ADMIN)
    app.settings({"journal": {"limit": 2}})
    client.detail(ADMIN)

    page = client.call("GET", path(app)).json()
    assert ([one["id"] for one in page["requests"]], page["dropped"]) == ([6, 7], 5)


def test_what_is_deleted_is_not_counted_as_dropped(app: App, client: Client) -> None:
    app.settings({"journal": {"limit": 3}})
    for _ in range(3):
        client.detail(ADMIN)
    client.call("DELETE", path(app))
    for _ in range(4):
        client.detail(ADMIN)

    page = client.call("GET", path(app)).json()
    assert ([one["id"] for one in page["requests"]], page["dropped"]) == ([5, 6, 7], 1)


def test_a_journal_that_is_switched_off_keeps_nothing(app: App, client: Client) -> None:
    client.detail(ADMIN)
    app.settings({"journal": {"enabled": False}})
    answers = [client.create("carl"), client.send(7), client.call("GET", SEND), client.detail(ADMIN)]
    kept = client.call("GET", path(app)).json()
    app.settings({"journal": {"enabled": True}})
    client.detail(ADMIN)

    assert [answer.status_code for answer in answers] == [200, 200, 405, 200]
    assert ([one["id"] for one in kept["requests"]], kept["dropped"]) == ([1], 0)
    assert [one["id"] for one in journal(app)] == [1, 2]


def test_what_is_not_kept_is_not_even_written(app: App, client: Client) -> None:
    app.settings({"journal": {"enabled": False}})
    with mock.patch("mockkommunicate.operations.journal.Request", side_effect=AssertionError):
        assert [client.detail(ADMIN).status_code, client.send(7).status_code] == [200, 200]


# A database that takes nothing at present.


@pytest.fixture
def locked_out(tmp_path: Path) -> Iterator[tuple[MockKommunicate, sqlite3.Connection]]:
    """A server on a SQLite file, and somebody else's connection to that file."""
    file = tmp_path / "state.db"
    with MockKommunicate(database=f"sqlite:///{file}", store_timeout=0.3) as server:
        other = sqlite3.connect(file, isolation_level=None)
        yield server, other
        other.close()


def test_what_the_database_would_not_take_is_answered_by_the_apps_clock_logged_and_not_kept(
    locked_out: tuple[MockKommunicate, sqlite3.Connection], caplog: pytest.LogCaptureFixture
) -> None:
    server, other = locked_out
    app = server.create_app(at=NOON)
    other.execute("BEGIN IMMEDIATE")
    failed = Client(app.url, app.api_key).create("carl")
    other.execute("ROLLBACK")

    assert refused(failed, 503)["errorCode"] == "MOCK-STORE"
    assert failed.json()["generatedAt"] == NOON
    assert journal(app) == []
    assert "POST /rest/ws/group/conversation is not in the journal" in caplog.text


def test_the_journal_can_be_read_while_the_database_takes_nothing(
    locked_out: tuple[MockKommunicate, sqlite3.Connection],
) -> None:
    server, other = locked_out
    Client(server.url, "mock-api-key").detail(ADMIN)
    other.execute("BEGIN IMMEDIATE")

    assert [kept["operation"] for kept in journal(server.default_app)] == ["user.detail"]
    verified = server.default_app.control("POST", "requests/verify", {"request": {}, "times": 1})
    assert verified["matched"]


def test_the_whole_journal_of_a_conversation_is_told_by_equal_bytes(server: MockKommunicate) -> None:
    told = []
    for _ in range(2):
        app = server.create_app(at=NOON, seed=7)
        client = Client(app.url, app.api_key)
        group_id = client.created("carl")["id"]
        client.send(group_id, "carl")
        ok(client.status(group_id, 2))
        client.call("GET", "/rest/ws/nothing")
        told.append(requests.get(f"{app.url}{path(app)}", timeout=60).content)

    assert told[0] == told[1]
    assert expected.ADMIN["userId"].encode() in told[0]
