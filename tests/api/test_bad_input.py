"""What no client should send, and what it gets. Nothing is cut, nothing is taken for an instruction, nothing is a 5xx."""

import json
import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockkommunicate import App, MockKommunicate
from tests import expected, strategies
from tests.client import ADMIN, Client, ok, refused
from tests.served import Served

BODIES = [
    ("POST", "/rest/ws/group/conversation"),
    ("POST", "/rest/ws/user/v2/detail"),
    ("POST", "/rest/ws/message/v2/send"),
    ("POST", "/rest/ws/message/send"),
    ("POST", "/rest/ws/user/update"),
]
"""The operations that take a body."""

DATABASE_PROPERTY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def post(client: Client, path: str, body: Any) -> requests.Response:
    return client.call("POST", path, data=body, headers={"Of-User-Id": ADMIN})


# Bodies that are no JSON object.

NO_OBJECT = [
    (b"", "the body is not JSON: Expecting value at line 1, column 1; a JSON object is needed"),
    (b"   ", "the body is not JSON: Expecting value at line 1, column 4; a JSON object is needed"),
    (
        b'{\n "a": 1,\n oops}',
        (
            "the body is not JSON: Expecting property name enclosed in double quotes at line 3, column 2; "
            "a JSON object is needed"
        ),
    ),
    (b'{"a": 1} x', "the body is not JSON: Extra data at line 1, column 10; a JSON object is needed"),
    (b"{'a': 1}", None),
    (b"a=1&b=2", "the body is not JSON: Expecting value at line 1, column 1; a JSON object is needed"),
    (b"<a/>", "the body is not JSON: Expecting value at line 1, column 1; a JSON object is needed"),
    (b'{"a": "\t"}', None),
    (b'{"a": 01}', None),
    (b'{"a": +1}', None),
    (b"[]", "the body is JSON but an array; a JSON object is needed"),
    (b'"text"', "the body is JSON but a string; a JSON object is needed"),
    (b"1", "the body is JSON but a number; a JSON object is needed"),
    (b"true", "the body is JSON but a boolean; a JSON object is needed"),
    (b"null", "the body is JSON but null; a JSON object is needed"),
    (b'{"a": "\xff"}', "the body is not UTF-8: byte 7"),
    ('{"a": "ü"}'.encode("latin-1"), "the body is not UTF-8: byte 7"),
    ('{"a": 1}'.encode("utf-16"), "the body is not UTF-8: byte 0"),
    (b'{"a": "\xed\xa0\x80"}', "the body is not UTF-8: byte 7"),
    (b'\xef\xbb\xbf{"a": 1}', None),
    (b'{"a": NaN}', None),
    (b'{"a": Infinity}', None),
    (b'{"a": -Infinity}', None),
    (b'{"a": 1e999}', None),
    (b'{"a": ' + b"9" * 5_000 + b"}", None),
    (b"[" * 100_000, None),
    (b'{"a":' * 100_000, None),
]


@pytest.mark.parametrize(("method", "path"), BODIES, ids=lambda value: value.rpartition("ws/")[2])
@pytest.mark.parametrize(("body", "description"), NO_OBJECT, ids=lambda value: str(value)[:24])
def test_what_is_no_json_object_is_refused_naming_the_position(
    client: Client, method: str, path: str, body: bytes, description: str | None
) -> None:
    entry = refused(client.call(method, path, data=body, headers={"Of-User-Id": ADMIN}), 400)

    assert entry == expected.error("MOCK-BODY", description or entry["description"])
    assert entry["description"].startswith("the body is not ") or description
    assert len(entry["description"]) < 300


@pytest.mark.parametrize("depth", [100, 900, 950, 960, 970, 980, 990, 1_000, 1_100, 5_000])
@pytest.mark.parametrize(
    "template",
    [
        '{"groupId": 1, "fileMeta": {"a": %s}}',
        '{"groupId": %s}',
        '{"metadata": {"a": %s}}',
        '{"unknown": %s}',
    ],
)
def test_deep_nesting_is_never_a_fault_of_the_emulator(client: Client, template: str, depth: int) -> None:
    body = template % ("[" * depth + "]" * depth)

    assert post(client, "/rest/ws/message/send", body).status_code in {200, 400}


def test_the_content_type_of_a_body_counts_for_nothing(client: Client) -> None:
    body = json.dumps({"userIdList": ["bot"]})
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded", "nonsense"):
        headers = {"Content-Type": content_type}

        assert client.call("POST", "/rest/ws/user/v2/detail", data=body, headers=headers).json() == [
            expected.BOT
        ]


# Bodies that are too large.


@pytest.fixture(scope="module")
def small() -> Iterator[MockKommunicate]:
    """A server that takes bodies of 100,000 bytes at most."""
    with MockKommunicate(max_body=100_000) as server:
        yield server


TOO_LARGE = expected.error("MOCK-BODY", "the body has more than 100000 bytes, the limit (--max-body)")


def padded(size: int) -> bytes:
    return b'{"userIdList":["bot"]}'.ljust(size)


def in_chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 8_192):
        yield body[start : start + 8_192]


def send(server: MockKommunicate, body: bytes, *, chunked: bool) -> requests.Response:
    headers = {"Api-Key": server.default_app.api_key}
    data = in_chunks(body) if chunked else body
    return requests.post(f"{server.url}/rest/ws/user/v2/detail", data=data, headers=headers, timeout=20)


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
@pytest.mark.parametrize("size", [22, 8_192, 99_999, 100_000])
def test_a_body_up_to_the_limit_is_taken(small: MockKommunicate, size: int, *, chunked: bool) -> None:
    assert send(small, padded(size), chunked=chunked).json() == [expected.BOT]


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
@pytest.mark.parametrize("size", [100_001, 120_000, 165_536, 400_000, 500_001, 2_000_000, 30_000_000])
def test_a_body_over_the_limit_hears_413(small: MockKommunicate, size: int, *, chunked: bool) -> None:
    response = send(small, padded(size), chunked=chunked)

    assert refused(response, 413) == TOO_LARGE
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_the_key_is_checked_before_the_size(small: MockKommunicate, *, chunked: bool) -> None:
    data = in_chunks(padded(150_000)) if chunked else padded(150_000)
    response = requests.post(f"{small.url}/rest/ws/user/v2/detail", data=data, timeout=20)

    assert response.status_code == 401


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_the_server_goes_on_after_a_body_that_was_too_large(small: MockKommunicate, *, chunked: bool) -> None:
    for _ in range(20):
        send(small, padded(150_000), chunked=chunked)

    assert send(small, padded(22), chunked=chunked).status_code == 200


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_the_control_api_says_413_in_its_own_form(small: MockKommunicate, *, chunked: bool) -> None:
    data = in_chunks(b"{}".ljust(150_000)) if chunked else b"{}".ljust(150_000)
    response = requests.post(f"{small.url}/_mock/apps", data=data, timeout=20)

    assert response.status_code == 413
    assert "100000 bytes" in response.json()["error"]["message"]


def test_the_default_limit_is_fifty_megabytes(client: Client) -> None:
    taken = post(client, "/rest/ws/user/v2/detail", padded(50_000_000))
    over = post(client, "/rest/ws/user/v2/detail", padded(50_000_001))

    assert taken.json() == [expected.BOT]
    assert (
        refused(over, 413)["description"] == "the body has more than 50000000 bytes, the limit (--max-body)"
    )


def send_malformed_chunk(url: str, api_key: str) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    head = f"POST /rest/ws/user/update HTTP/1.1\r\nHost: {host}\r\nApi-Key: {api_key}\r\nOf-User-Id: u\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nabc\r\n".encode()
        )
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_a_malformed_chunk_is_a_body_that_cannot_be_read(server: MockKommunicate, app: App) -> None:
    answer = send_malformed_chunk(server.url, app.api_key)

    assert b" 400 " in answer.splitlines()[0]
    assert b'"errorCode":"MOCK-BODY"' in answer


def test_a_malformed_chunk_is_no_fault_of_the_emulator_under_gunicorn_either() -> None:
    with Served() as served:
        answer = send_malformed_chunk(served.ready["url"], served.ready["apiKey"])

    assert b" 400 " in answer.splitlines()[0]
    assert b'"errorCode":"MOCK-BODY"' in answer


# Numbers out of range.


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 2**63, 10**30, 10**300, "2147483648", "9" * 400])
def test_an_id_out_of_32_bits_is_refused(client: Client, value: object) -> None:
    for path in ("/rest/ws/message/v2/send", "/rest/ws/message/send"):
        body = json.dumps({"groupId": value, "message": "Hello", "fromUserName": ADMIN})
        entry = refused(post(client, path, body), 400)

        assert entry["errorCode"] == "MOCK-PARAM"
        assert entry["description"].startswith(
            "body 'groupId': must be a conversation's id from -2147483648 to 2147483647; got "
        )


@pytest.mark.parametrize("value", [2**31 - 1, -(2**31), "2147483647", "-2147483648", 1.0])
def test_an_id_at_the_edge_of_32_bits_is_looked_up(client: Client, value: object) -> None:
    assert refused(client.send(value, ADMIN)) == expected.NO_GROUP


@pytest.mark.parametrize("value", [1.5, True, False, [], {}, [1]], ids=str)
def test_an_id_of_a_wrong_type_is_refused(client: Client, value: object) -> None:
    entry = refused(client.send(value, ADMIN), 400)

    assert entry == expected.error(
        "MOCK-PARAM",
        "body 'groupId': must be a conversation's id: a whole number or a numeric string; "
        f"got {json.dumps(value)}",
    )


def test_a_number_of_four_thousand_digits_is_kept_in_metadata(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, metadata={"big": 10**4_000}))

    assert app.messages(group_id)[0]["metadata"] == {"big": "1" + "0" * 4_000}


# Parameters given twice.


def test_a_user_may_be_named_in_the_query_once_only(app: App, client: Client) -> None:
    app.add_customer("carl")
    response = client.call("POST", "/rest/ws/user/update?ofUserId=carl&ofUserId=carl", json={})

    assert refused(response, 400) == expected.error(
        "MOCK-PARAM", "query 'ofUserId': is repeated; it may be given once"
    )


def test_a_repeated_parameter_of_user_detail_is_refused(client: Client) -> None:
    query = "fetchLatestMessageTime=true&fetchLatestMessageTime=true"
    response = client.call("POST", f"/rest/ws/user/v2/detail?{query}", json={"userIdList": ["bot"]})

    assert refused(response, 400) == expected.error(
        "MOCK-PARAM", "query 'fetchLatestMessageTime': is repeated; it may be given once"
    )


@pytest.mark.parametrize(
    "value", ["%00", "%FF", "%ED%A0%80", "%F0%9F%98%80", "1%00", "%2B1", "%20", "٣", "1_0", "0x1"]
)
def test_any_text_can_be_a_wrong_query_parameter(client: Client, value: str) -> None:
    query = f"groupId={value}&status={value}&assignee={value}&sendNotifyMessage={value}"
    for path in ("/rest/ws/group/status/change", "/rest/ws/group/assignee/change"):
        entry = refused(client.call("PATCH", f"{path}?{query}", headers={"Of-User-Id": ADMIN}), 400)

        assert entry["errorCode"] == "MOCK-PARAM"


def test_any_text_can_be_an_assignee_who_is_not_there(client: Client) -> None:
    group_id = client.created("user-1")["id"]
    for assignee in ("\0", "😀", "' or ''='", "x" * 256):
        assert refused(client.assign(group_id, assignee)) == expected.NO_USER


def test_thousands_of_parameters_are_read_at_once(client: Client) -> None:
    group_id = client.created("user-1")["id"]
    query = "&a" * 15_000
    path = f"/rest/ws/group/status/change?groupId={group_id}&status=2{query}"
    response = client.call("PATCH", path, headers={"Of-User-Id": ADMIN})

    assert ok(response) == "updated"
    assert response.elapsed.total_seconds() < 4


# Unknown fields.


@pytest.mark.parametrize("name", ["unknown", "", "GroupName", "__proto__", "_schema", "a.b", "\0", "😀"])
def test_unknown_fields_are_ignored(client: Client, name: str) -> None:
    extra: dict[str, Any] = {name: {"a": [None, {"b": 1}]}}
    group = ok(client.create("user-1", **extra))

    assert group == expected.group(group["id"], [expected.user("user-1"), expected.ADMIN, expected.BOT])
    assert ok(client.send(group["id"], **extra))["messageKey"]
    assert client.attach(group["id"], **extra).json()["messageKey"]
    assert ok(client.update("user-1", **extra)) == "success"
    assert client.detail("user-1", json={"userIdList": ["user-1"], **extra}).json() == [
        expected.user("user-1", unreadCount=1)
    ]


# Text of every kind, in every field, on both databases.

RANDOM = random.Random(7)
TEXTS = {
    "empty": "",
    "blank": "   ",
    "nul": "a\0b",
    "only nul": "\0",
    "escape": "\x1b[31mred",
    "escape and nul": '\x1b"\\u0000"\0',
    "control characters": "".join(map(chr, range(32))),
    "lone high surrogate": "a\ud800b",
    "lone low surrogate": "\udfff",
    "surrogates the wrong way round": "\udc00\ud800",
    "emoji": "😀👩‍👩‍👧🏳️‍🌈",
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd\u200f \u0645\u0631\u062d\u0628\u0627",
    "combining": "e\u0301 \u00e9",
    "not characters": "\ufffe\uffff\U0010ffff",
    "byte order mark": "\ufeffa",
    "line ends": "a\r\nb\rc\nd\u2028e\u0085f",
    "sql": "'; DROP TABLE mock_users; --",
    "sql comment": "admin'/*",
    "like": "100%_\\",
    "markup": "<script>alert(1)</script>&amp;\"'",
    "template": "{{ 7 * 7 }} ${7*7} #{7*7} {% raw %} %s %(a)s {0}",
    "path": "../../../../etc/passwd\\..\\",
    "json": '{"a": [1, "\\u0000"]}',
    "null word": "null",
    "number word": "007",
    "quotes": "\"'`\u00b4\u2019",
    "colons": ":app :wanted %(app)s ? $1",
}
LONG = {
    "a megabyte": "x" * 1_000_000,
    "a megabyte that cannot be compressed": "".join(
        chr(RANDOM.randrange(0x21, 0xD800)) for _ in range(333_000)
    ),
    "a megabyte with nul and surrogates": "a\0\ud800é" * 55_000,
}

every_text = pytest.mark.parametrize("text", [*TEXTS.values(), *LONG.values()], ids=[*TEXTS, *LONG])


@every_text
def test_a_name_is_given_back_unchanged(app: App, client: Client, text: str) -> None:
    group = ok(client.create("user-1", groupName=text))

    assert ascii(group["name"]) == ascii(text)
    assert ascii(app.conversation(group["id"])["name"]) == ascii(text)


@every_text
def test_a_message_is_given_back_unchanged(app: App, client: Client, text: str) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, message=text))
    client.attach(group_id, message=text).raise_for_status()

    assert [message["message"] for message in app.messages(group_id)] == [text, text]


@every_text
def test_metadata_is_given_back_unchanged(app: App, client: Client, text: str) -> None:
    metadata = {text: text, "a": "b"}
    group = ok(client.create("user-1", metadata=metadata))
    ok(client.send(group["id"], metadata=metadata))
    ok(client.update("user-1", metadata=metadata))

    assert {**group["metadata"], **metadata} == group["metadata"]
    assert app.conversation(group["id"])["metadata"] == group["metadata"]
    assert app.messages(group["id"])[0]["metadata"] == metadata
    assert client.detail("user-1").json()[0]["metadata"] == metadata


@every_text
def test_a_file_is_given_back_unchanged(app: App, client: Client, text: str) -> None:
    group_id = client.created("user-1")["id"]
    file = {"blobKey": text, text: [text]}
    client.attach(group_id, fileMeta=file).raise_for_status()

    assert app.messages(group_id)[0]["fileMeta"] == file


@every_text
def test_the_details_of_a_user_are_given_back_unchanged(client: Client, text: str) -> None:
    client.created("user-1")
    given = dict.fromkeys(("email", "displayName", "imageLink", "phoneNumber", "statusMessage"), text)
    ok(client.update("user-1", **given))

    assert client.detail("user-1").json() == [expected.user("user-1", userName=text, **given)]


SHORT = {name: text for name, text in TEXTS.items() if text}
short_text = pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)


@short_text
def test_a_user_id_can_be_any_text(app: App, client: Client, text: str) -> None:
    group = ok(client.create(text))
    ok(client.send(group["id"], text))

    assert group["membersId"] == [text, ADMIN, "bot"]
    assert app.messages(group["id"])[0]["from"] == text
    assert client.detail(text, text + "x").json() == [expected.user(text)]


@short_text
def test_a_client_group_id_can_be_any_text(app: App, client: Client, text: str) -> None:
    group = client.created("user-1", clientGroupId=text)
    ok(client.send(None, clientGroupId=text))

    assert ascii(group["clientGroupId"]) == ascii(text)
    assert refused(client.create("user-1", clientGroupId=text))["errorCode"] == "AL-G-02"
    assert refused(client.send(None, clientGroupId=text + "x")) == expected.NO_GROUP
    assert len(app.messages(group["id"])) == 1


@short_text
def test_an_assignee_that_is_named_can_be_any_text(app: App, client: Client, text: str) -> None:
    metadata = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": text}
    group = client.created("user-1", metadata=metadata)

    assert ascii(group["metadata"]["CONVERSATION_ASSIGNEE"]) == ascii(text)
    assert ascii(app.conversation(group["id"])["assignee"]) == ascii(text)


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_an_id_that_is_too_long_is_refused_by_name_and_never_cut(client: Client, text: str) -> None:
    group_id = client.created("user-1")["id"]
    metadata = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": text}
    answers = {
        "groupMemberList[0]": client.create(text),
        "clientGroupId": client.create("user-1", clientGroupId=text),
        "metadata.CONVERSATION_ASSIGNEE": client.create("user-1", metadata=metadata),
        "fromUserName": client.send(group_id, text),
    }
    for name, response in answers.items():
        entry = refused(response, 400)

        assert entry["errorCode"] == "MOCK-PARAM"
        assert entry["description"].startswith(f"body '{name}': must have ")
        assert len(entry["description"]) < 400


@pytest.mark.parametrize("seed", range(3))
def test_ids_of_256_of_the_widest_characters_fit(client: Client, seed: int) -> None:
    make = random.Random(seed)
    wide = "".join(chr(make.randrange(0x10000, 0x110000)) for _ in range(255)) + "\0"
    group = client.created(wide, clientGroupId=wide)

    assert (group["membersId"][0], group["clientGroupId"]) == (wide, wide)
    assert client.detail(wide).json() == [expected.user(wide)]


def test_dangerous_text_harmed_nothing(app: App, client: Client) -> None:
    for text in TEXTS.values():
        client.create(text or "a", groupName=text, clientGroupId=text or "b")

    assert len(app.conversations()) == len(TEXTS)
    assert client.detail(ADMIN, "bot").json() == [expected.ADMIN, expected.BOT]


def test_texts_that_look_alike_stay_apart(client: Client) -> None:
    ids = ["e\u0301", "\u00e9", "a", "A", "a ", " a", "a\0", "\x1b" + json.dumps("a\0")]
    for user_id in ids:
        client.created(user_id, clientGroupId=user_id)

    assert [user["userId"] for user in client.detail(*ids).json()] == ids


@DATABASE_PROPERTY
@given(text=strategies.TEXTS)
def test_any_text_is_given_back_unchanged(app: App, client: Client, text: str) -> None:
    group = client.created("user-1", groupName=text, metadata={"a": text})
    ok(client.send(group["id"], message=text, metadata={text: text}))
    ok(client.update("user-1", displayName=text))

    assert (group["name"], group["metadata"]["a"]) == (text, text)
    message = app.messages(group["id"])[0]
    assert (message["message"], message["metadata"]) == (text, {text: text})
    assert client.detail("user-1").json()[0]["displayName"] == text


@DATABASE_PROPERTY
@given(value=strategies.JSON)
def test_any_json_in_any_field_is_answered_without_a_fault(client: Client, value: object) -> None:
    group_id = client.created("user-1")["id"]
    names = {
        "/rest/ws/group/conversation": ("groupName", "groupMemberList", "clientGroupId", "metadata"),
        "/rest/ws/user/v2/detail": ("userIdList", "phoneNumberList", "emailIds"),
        "/rest/ws/message/v2/send": (
            "groupId",
            "clientGroupId",
            "message",
            "fromUserName",
            "contentType",
            "type",
        ),
        "/rest/ws/message/send": ("groupId", "message", "metadata", "fileMeta", "source"),
        "/rest/ws/user/update": ("email", "displayName", "metadata"),
    }
    good = {
        "groupName": "a",
        "groupMemberList": ["a"],
        "userIdList": ["a"],
        "groupId": group_id,
        "message": "a",
    }
    for path, fields in names.items():
        for field in fields:
            response = post(client, path, json.dumps({**good, field: value}))

            assert response.status_code in {200, 400}, (path, field, response.text)


@DATABASE_PROPERTY
@given(body=st.binary(max_size=60))
def test_any_bytes_as_a_body_are_answered_without_a_fault(client: Client, body: bytes) -> None:
    for _, path in BODIES:
        assert post(client, path, body).status_code in {200, 400}
