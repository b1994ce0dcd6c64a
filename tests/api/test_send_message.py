"""POST /rest/ws/message/v2/send."""

from typing import Any

import pytest

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, ok, refused
from tests.expected import NOW, Like

PATH = "/rest/ws/message/v2/send"
PAYLOAD = (
    '[{"title":"Yes","message":"Cool! send me more."},{"title":"No ","message":"Don\'t send it to me again"}]'
)


def stored(app: App, group_id: int) -> Any:
    (message,) = app.messages(group_id)
    return message


def test_the_answer_is_the_key_and_the_time_in_the_envelope(client: Client) -> None:
    group_id = client.created("user-1")["id"]

    assert ok(client.send(group_id)) == {"messageKey": Like(f"5-{group_id}-[0-9]{{13}}"), "createdAt": NOW}


def test_the_message_is_in_the_stream(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    sent = ok(client.send(group_id, "user-1", message="Hi John"))

    assert stored(app, group_id) == expected.message(
        group_id, "user-1", message="Hi John", key=sent["messageKey"], createdAtTime=sent["createdAt"]
    )


def test_messages_keep_the_order_in_which_they_were_sent(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    for text in ("one", "two", "three"):
        ok(client.send(group_id, message=text))

    assert [message["message"] for message in app.messages(group_id)] == ["one", "two", "three"]


def test_keys_are_unique_and_rise(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    keys = [ok(client.send(group_id))["messageKey"] for _ in range(20)]

    times = [int(key.rpartition("-")[2]) for key in keys]
    assert times == sorted(set(times))
    assert [message["key"] for message in app.messages(group_id)] == keys


# To which conversation.


def test_the_id_may_be_a_numeric_string(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.send(str(group_id)))

    assert stored(app, group_id) == expected.message(group_id, "user-1")


@pytest.mark.parametrize("client_group_id", ["order-1", 497])
def test_the_client_group_id_alone_is_enough(app: App, client: Client, client_group_id: object) -> None:
    group_id = client.created("user-1", clientGroupId=client_group_id)["id"]
    ok(client.send(None, clientGroupId=client_group_id))

    assert stored(app, group_id)["message"] == "Hello"


def test_the_group_id_goes_before_the_client_group_id(app: App, client: Client) -> None:
    one = client.created("user-1", clientGroupId="a")["id"]
    other = client.created("user-1", clientGroupId="b")["id"]
    ok(client.send(one, clientGroupId="b"))

    assert stored(app, one)["groupId"] == one
    assert app.messages(other) == []


@pytest.mark.parametrize(
    "group_id",
    [1, 0, -1, 2**31 - 1, -(2**31), "1", "", " ", "group Unique Identifier", "12x", "1e3", "²", "٣"],
)
def test_an_unknown_conversation_is_not_found(client: Client, group_id: object) -> None:
    assert refused(client.send(group_id, ADMIN)) == expected.NO_GROUP


def test_an_unknown_client_group_id_is_not_found(client: Client) -> None:
    assert refused(client.send(None, ADMIN, clientGroupId="nothing")) == expected.NO_GROUP


def test_a_group_id_is_no_client_group_id_of_another(client: Client) -> None:
    group_id = client.created("user-1", clientGroupId="497")["id"]

    assert refused(client.send(497)) == expected.NO_GROUP
    assert refused(client.send(None, clientGroupId=str(group_id))) == expected.NO_GROUP


# From whom.


def test_an_unknown_sender_is_not_found_and_nothing_is_sent(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]

    assert refused(client.send(group_id, "nobody")) == expected.NO_USER
    assert app.messages(group_id) == []


def test_the_conversation_is_looked_up_before_the_sender(client: Client) -> None:
    assert refused(client.send(1, "nobody")) == expected.NO_GROUP


def test_the_sender_need_not_be_a_member_and_does_not_become_one(app: App, client: Client) -> None:
    app.add_customer("elsewhere")
    group = client.created("user-1")
    ok(client.send(group["id"], "elsewhere"))

    assert stored(app, group["id"])["from"] == "elsewhere"
    assert sorted(app.conversation(group["id"])["membersId"]) == sorted(group["membersId"])


@pytest.mark.parametrize("given", [{}, {"fromUserName": None}])
def test_without_from_user_name_the_header_names_the_sender(
    app: App, client: Client, given: dict[str, Any]
) -> None:
    group_id = client.created("user-1")["id"]
    body = {"groupId": group_id, "message": "Hello", **given}
    ok(client.call("POST", PATH, json=body, headers={"Of-User-Id": "admin%40example.com"}))

    assert stored(app, group_id) == expected.message(group_id, ADMIN)


def test_from_user_name_goes_before_the_header(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    body = {"groupId": group_id, "message": "Hello", "fromUserName": "user-1"}
    ok(client.call("POST", PATH, json=body, headers={"Of-User-Id": ADMIN}))

    assert stored(app, group_id)["from"] == "user-1"


def test_without_any_sender_the_parameter_is_named(client: Client) -> None:
    body = {"groupId": client.created("user-1")["id"], "message": "Hello"}

    assert refused(client.call("POST", PATH, json=body), 400) == expected.error(
        "MOCK-PARAM", "body 'fromUserName': is missing: the sender's user id (or give the header Of-User-Id)"
    )


# What it holds.


def test_a_rich_message_is_stored_as_it_is_documented(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    metadata = {"contentType": "300", "templateId": "6", "skipBot": True, "payload": PAYLOAD}
    ok(client.send(group_id, ADMIN, message="Do you want more updates?", metadata=metadata))

    assert stored(app, group_id) == expected.message(
        group_id,
        ADMIN,
        message="Do you want more updates?",
        metadata={"contentType": "300", "templateId": "6", "skipBot": "true", "payload": PAYLOAD},
    )


def test_numbers_and_booleans_in_metadata_become_strings(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, metadata={"contentType": 300, "skipBot": False, "ratio": 0.5, "gone": None}))

    assert stored(app, group_id)["metadata"] == {"contentType": "300", "skipBot": "false", "ratio": "0.5"}


@pytest.mark.parametrize("value", [[], {}, [{"title": "Yes"}], {"a": {"b": 1}}], ids=str)
def test_metadata_that_was_not_stringified_is_refused(app: App, client: Client, value: object) -> None:
    group_id = client.created("user-1")["id"]
    entry = refused(client.send(group_id, metadata={"payload": value}), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith("body 'metadata.payload': must be a string: stringify")
    assert app.messages(group_id) == []


@pytest.mark.parametrize("content_type", [0, 1, 2, 3, 4, 5, 6, 10])
def test_every_content_type_is_stored(app: App, client: Client, content_type: int) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, message="<b>Hi</b>", contentType=content_type))

    assert stored(app, group_id) == expected.message(
        group_id, "user-1", message="<b>Hi</b>", contentType=content_type
    )


@pytest.mark.parametrize("content_type", [-1, 7, 11, 300, 2**40, 1.5, True, "three", [3]])
def test_another_content_type_is_refused(client: Client, content_type: object) -> None:
    entry = refused(client.send(client.created("user-1")["id"], contentType=content_type), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith("body 'contentType': must be ")


def test_type_source_and_file_are_kept(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    file = {"blobKey": "b", "size": 12, "nested": {"a": [1, None, True]}}
    ok(client.send(group_id, type=4, source=1, contentType=1, fileMeta=file))

    assert stored(app, group_id) == expected.message(
        group_id, "user-1", type=4, source=1, contentType=1, fileMeta=file
    )


def test_an_empty_text_with_metadata_is_legal(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, message="", metadata={"a": "b"}))
    ok(client.send(group_id, message=None, metadata={"a": "b"}))

    assert [message["message"] for message in app.messages(group_id)] == ["", ""]


@pytest.mark.parametrize("text", [1, True, ["Hi"], {"text": "Hi"}], ids=str)
def test_a_text_that_is_no_string_is_refused(client: Client, text: object) -> None:
    entry = refused(client.send(client.created("user-1")["id"], message=text), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith("body 'message': must be a string; got ")


def test_every_problem_is_named_at_once(client: Client) -> None:
    body = {"groupId": [], "message": 1, "contentType": 9, "metadata": {"a": []}, "fromUserName": 2}
    entry = refused(client.call("POST", PATH, json=body), 400)

    for name in ("groupId", "message", "contentType", "metadata.a", "fromUserName"):
        assert f"body '{name}': " in entry["description"]


def test_an_empty_body_names_everything_that_is_missing(client: Client) -> None:
    entry = refused(client.call("POST", PATH, json={}), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    for name in ("groupId", "message", "fromUserName"):
        assert f"body '{name}': is missing" in entry["description"]


# What it does besides.


def test_the_first_message_of_a_customer_opens_a_conversation_that_was_not_started(
    app: App, client: Client
) -> None:
    app.settings({"initialStatus": -1})
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, ADMIN))
    before = app.conversation(group_id)["status"]
    ok(client.send(group_id, "user-1"))

    assert (before, app.conversation(group_id)["status"]) == (-1, 0)


@pytest.mark.parametrize("status", [0, 1, 2, 3, 7])
def test_a_message_leaves_any_other_status_as_it_is(app: App, client: Client, status: int) -> None:
    app.settings({"initialStatus": status})
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, "user-1"))

    assert app.conversation(group_id)["status"] == status


def test_a_message_is_unread_in_the_conversation_for_everybody_else(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, "user-1"))

    unread = {member["userId"]: member["unreadCount"] for member in app.conversation(group_id)["groupUsers"]}
    assert unread == {"user-1": 0, ADMIN: 1, "bot": 1}


def test_a_message_that_asks_for_no_badge_is_not_unread(client: Client) -> None:
    ok(client.send(client.created("user-1")["id"], "user-1", metadata={"BADGE_COUNT": False}))

    assert client.detail(ADMIN).json()[0]["unreadCount"] == 0


def test_fields_that_clients_send_besides_are_ignored(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    ok(client.send(group_id, key="m4jgfy", deviceKey="x", platform={"a": 1}, createdAtTime=1))

    assert stored(app, group_id) == expected.message(group_id, "user-1")
