"""POST /rest/ws/message/send: bare answers, and the text `error`."""

import json
from typing import Any

import pytest
import requests

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, refused
from tests.expected import NOW, Like

PATH = "/rest/ws/message/send"
FILE = {
    "blobKey": "2953a1e4-5777-4952-82d1-de3729ec5585_9e82d030948ac5ba52eb67ca0b4f2b8afe48810f_KM_BUCKET_Screenshot"
    "%202024-12-10%20at%202.55.46%20PM.png",
    "name": "ABX.png",
    "size": 182025,
    "contentType": "image/png",
    "thumbnailUrl": "https://repository-images.githubusercontent.com/144950190/23ec0480-2654-11ea-9ad2-fa477c4870e5",
    "createdAtTime": 1735049558019,
}


def documented(group_id: object) -> dict[str, Any]:
    return {
        "type": 5,
        "contentType": 1,
        "message": "This is an image description",
        "groupId": group_id,
        "metadata": {"skipBot": True},
        "key": "m4jgfy",
        "fileMeta": FILE,
        "source": 1,
    }


def post(client: Client, body: object, actor: str | None = ADMIN) -> requests.Response:
    headers = {} if actor is None else {"of-user-id": actor}
    return client.call("POST", PATH, json=body, headers=headers)


def is_error_text(response: requests.Response) -> bool:
    kind = response.headers["Content-Type"].lower().replace(" ", "")
    return (response.status_code, response.text, kind) == (200, "error", "text/plain;charset=utf-8")


def test_the_documented_request_is_answered_bare(client: Client) -> None:
    group_id = client.created("user-1")["id"]
    response = post(client, documented(group_id))

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {"messageKey": Like(f"5-{group_id}-[0-9]{{13}}"), "createdAt": NOW}
    assert list(response.json()) == ["messageKey", "createdAt"]


def test_the_file_is_stored_whole_and_the_key_is_the_servers(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    sent = post(client, documented(group_id)).json()

    assert app.messages(group_id) == [
        expected.message(
            group_id,
            ADMIN,
            key=sent["messageKey"],
            createdAtTime=sent["createdAt"],
            message="This is an image description",
            contentType=1,
            source=1,
            metadata={"skipBot": "true"},
            fileMeta=FILE,
        )
    ]


def test_a_file_of_any_shape_is_stored_as_given(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    file = {"size": "182025", "": None, "list": [1, 2.5, {"deep": ["\0", "\ud800", "😀"]}], "big": 10**30}
    assert post(client, documented(group_id) | {"fileMeta": file}).status_code == 200

    assert app.messages(group_id)[0]["fileMeta"] == file


def test_an_attachment_needs_no_text(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    body = {"groupId": group_id, "contentType": 1, "fileMeta": {"blobKey": "b"}}

    assert post(client, body).status_code == 200
    assert app.messages(group_id)[0]["message"] == ""


@pytest.mark.parametrize("content_type", [0, 2, 3, 4, 5, 6])
def test_other_content_types_are_sent_as_well(app: App, client: Client, content_type: int) -> None:
    group_id = client.created("user-1")["id"]
    assert post(client, {"groupId": group_id, "message": "Hello", "contentType": content_type}).ok

    assert app.messages(group_id) == [expected.message(group_id, ADMIN, contentType=content_type)]


def test_the_widgets_trigger_event_is_sent(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    metadata = {
        "category": "HIDDEN",
        "KM_TRIGGER_EVENT": "WELCOME",
        "KM_CHAT_CONTEXT": json.dumps({"kmUserLocale": "en"}),
    }
    body = {
        "groupId": group_id,
        "message": "Event:WELCOME",
        "contentType": 10,
        "source": 1,
        "metadata": metadata,
    }
    assert post(client, body, "user-1").ok

    assert app.messages(group_id) == [
        expected.message(
            group_id, "user-1", message="Event:WELCOME", contentType=10, source=1, metadata=metadata
        )
    ]


def test_the_conversation_may_be_named_by_its_client_group_id(app: App, client: Client) -> None:
    group_id = client.created("user-1", clientGroupId="order-1")["id"]
    assert post(client, {"clientGroupId": "order-1", "fileMeta": {}, "contentType": 1}).ok

    assert len(app.messages(group_id)) == 1


def test_the_sender_may_be_named_in_the_query(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    assert client.call("POST", PATH, json=documented(group_id), params={"ofUserId": "user-1"}).ok

    assert app.messages(group_id)[0]["from"] == "user-1"


def test_a_sender_in_the_body_counts_for_nothing(app: App, client: Client) -> None:
    group_id = client.created("user-1")["id"]
    assert post(client, documented(group_id) | {"fromUserName": "user-1"}).ok

    assert app.messages(group_id)[0]["from"] == ADMIN


# What goes wrong.


@pytest.mark.parametrize("group_id", [1, "1", "", "Add Conversation id", -1])
def test_an_unknown_conversation_is_the_text_error(client: Client, group_id: object) -> None:
    assert is_error_text(post(client, documented(group_id)))


@pytest.mark.parametrize("actor", ["nobody", "", "Super Admin email"])
def test_an_unknown_sender_is_the_text_error_and_nothing_is_sent(
    app: App, client: Client, actor: str
) -> None:
    group_id = client.created("user-1")["id"]

    assert is_error_text(post(client, documented(group_id), actor))
    assert app.messages(group_id) == []


def test_without_a_sender_the_header_is_named_in_the_envelope(client: Client) -> None:
    group_id = client.created("user-1")["id"]

    assert refused(post(client, documented(group_id), None), 400) == expected.error(
        "MOCK-PARAM",
        "header 'Of-User-Id': is missing: the id of the user on whose behalf the call is made",
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"fileMeta": "b"}, "body 'fileMeta': must be an object; got \"b\""),
        ({"fileMeta": []}, "body 'fileMeta': must be an object; got []"),
        ({"contentType": "one"}, "body 'contentType': must be one of 0, 1, 2, 3, 4, 5, 6, 10; got \"one\""),
        ({"source": -1}, "body 'source': must be from 0 to 255; got -1"),
        ({"type": []}, "body 'type': must be a whole number; got []"),
    ],
    ids=str,
)
def test_a_malformed_request_is_answered_in_the_envelope(
    client: Client, change: dict[str, Any], problem: str
) -> None:
    group_id = client.created("user-1")["id"]

    assert refused(post(client, documented(group_id) | change), 400) == expected.error("MOCK-PARAM", problem)


def test_header_and_body_problems_are_named_at_once(client: Client) -> None:
    entry = refused(post(client, {"contentType": 1}, None), 400)

    for name in ("body 'message'", "body 'groupId'", "header 'Of-User-Id'"):
        assert f"{name}: is missing" in entry["description"]


def test_a_missing_key_is_the_gateways_business_here_too(client: Client) -> None:
    del client.session.headers["Api-Key"]

    assert post(client, documented(1)).json() == {"message": "No API key found in request"}
