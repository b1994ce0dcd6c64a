"""Parameters that every operation takes, that are only kept, and that are known and have no effect."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client, ok

FREE = {"id", "clientGroupId", "key", "createdAtTime", "updatedAtTime", "name", "groupId", "metadata"}
"""What differs between two conversations or messages that are alike."""

SENDING = ["message.send", "message.send_attachment"]
WRONG = {
    "contentType": "300",
    "templateId": "3",
    "payload": json.dumps([{"name": "Go"}]),
    "formData": "none",
    "formAction": "nowhere",
    "requestType": "xml",
    "KM_AUTO_SUGGESTION": "none",
    "KM_FIELD": "none",
}


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """An emulator; none of this depends on the database."""
    with MockKommunicate() as running:
        yield running


@pytest.fixture(scope="module")
def effects(server: MockKommunicate) -> dict[tuple[str, str], list[str]]:
    """The parameters by operation and effect, as the fidelity page has them."""
    told = requests.get(f"{server.url}/_mock/fidelity", timeout=60).json()["operations"]
    return {
        (one["operation"], effect): [
            entry["name"] for entry in one["parameters"] if entry["effect"] == effect
        ]
        for one in told
        for effect in ("read", "kept", "ignored")
    }


class Sending:
    """An app with a conversation, and a way to send to it."""

    def __init__(self, app: App, client: Client, operation: str) -> None:
        self.app, self.id = app, int(client.created("carl")["id"])
        call = {
            "message.send": partial(client.send, self.id, "carl"),
            "message.send_attachment": partial(client.attach, self.id, "carl"),
        }
        self._call = call[operation]

    def sends(self, **body: Any) -> dict[str, Any]:
        """Send; answer the message as it is kept."""
        response = self._call(**body)
        assert "messageKey" in response.text, response.text
        return {**self.app.messages(self.id)[-1]}


@pytest.fixture(params=SENDING)
def sending(app: App, client: Client, request: pytest.FixtureRequest) -> Sending:
    """A way to send, of either operation that does."""
    return Sending(app, client, request.param)


def alike(value: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name not in FREE}


def test_every_operation_takes_the_key_in_the_query(app: App, client: Client) -> None:
    conversation, file = client.created("carl")["id"], client.uploaded()
    key = {"apiKey": client.session.headers.pop("Api-Key")}
    actor = {"headers": {"Of-User-Id": ADMIN}}
    text = {"message": "Hello", "groupId": conversation}
    form = {"files": {"file": ("a.txt", b"abc", "text/plain")}}
    change = {"groupId": conversation, **key}
    body = {"groupName": "A", "groupMemberList": ["carl"]}
    answers = [
        client.call("POST", "/rest/ws/group/conversation", params=key, json=body),
        client.call("POST", "/rest/ws/user/v2/detail", params=key, json={"userIdList": ["carl"]}),
        client.call("POST", "/rest/ws/message/v2/send", params=key, json={**text, "fromUserName": "carl"}),
        client.call("POST", "/rest/ws/message/send", params=key, json=text, **actor),
        client.call("PATCH", "/rest/ws/group/status/change", params={**change, "status": 2}, **actor),
        client.call("POST", "/rest/ws/user/update", params=key, json={}, headers={"Of-User-Id": "carl"}),
        client.call("PATCH", "/rest/ws/group/assignee/change", params={**change, "assignee": "bot"}, **actor),
        client.call("POST", "/rest/ws/upload/image", params=key, **form),
        client.call("POST", "/rest/ws/upload/file", params=key, **form),
        client.call("GET", "/rest/ws/file/url", params={"key": file["blobKey"], **key}),
        client.call("GET", f"/rest/ws/aws/file/{file['blobKey']}", params=key),
        client.call("GET", "/rest/ws/aws/file/url", params=key),
        client.call("POST", "/rest/ws/aws/file/url", params=key, files={"files[]": form["files"]["file"]}),
        client.call("GET", "/rest/ws/group/waiting/list", params=key),
    ]

    assert [answer.status_code for answer in answers] == [200] * 14
    assert not [answer.text for answer in answers if "errorCode" in answer.text or answer.text == "error"]
    assert len({request.operation for request in app.requests()}) == 14


def test_keys_of_a_conversation_that_only_clients_understand_are_kept_and_change_nothing(
    app: App, client: Client, effects: dict[tuple[str, str], list[str]]
) -> None:
    kept = _keys(effects["conversation.create", "kept"])
    plain, made = client.created("carl"), client.created("carl", metadata=kept)

    assert kept.items() <= made["metadata"].items()
    assert {name: made["metadata"][name] for name in made["metadata"] if name not in kept} == plain[
        "metadata"
    ]
    assert alike(made) == alike(plain)
    assert app.messages(made["id"]) == app.messages(plain["id"])


@pytest.mark.parametrize("operation", SENDING)
def test_keys_of_a_message_that_only_clients_understand_are_kept_and_change_nothing(
    app: App, client: Client, effects: dict[tuple[str, str], list[str]], operation: str
) -> None:
    kept = _keys(effects[operation, "kept"])
    sending = Sending(app, client, operation)
    before = app.conversation(sending.id)
    plain, sent = sending.sends(), sending.sends(metadata=kept)

    assert sent["metadata"] == kept
    assert alike(sent) == alike(plain)
    assert {**app.conversation(sending.id)}["metadata"] == {**before}["metadata"]


def test_a_key_of_a_user_that_only_clients_understand_is_kept(
    app: App, client: Client, effects: dict[tuple[str, str], list[str]]
) -> None:
    kept = _keys(effects["user.update", "kept"])
    app.add_customer("carl")
    ok(client.update("carl", metadata=kept))

    assert client.detail("carl").json()[0]["metadata"] == kept


@pytest.mark.parametrize("operation", SENDING)
def test_fields_of_a_message_that_clients_send_besides_change_nothing(
    app: App, client: Client, effects: dict[tuple[str, str], list[str]], operation: str
) -> None:
    sending = Sending(app, client, operation)
    plain, sent = sending.sends(), sending.sends(**dict.fromkeys(effects[operation, "ignored"], "1"))

    assert alike(sent) == alike(plain)


def test_fields_of_the_sibling_call_change_nothing_in_a_conversation(
    client: Client, effects: dict[tuple[str, str], list[str]]
) -> None:
    besides = dict.fromkeys(effects["conversation.create", "ignored"], "1")

    assert alike(client.created("carl", **besides)) == alike(client.created("carl"))


def test_what_is_wrong_with_each_key_of_a_rich_message_is_found(sending: Sending) -> None:
    found = sending.sends(metadata=WRONG)["findings"]

    told = {one["path"].partition("[")[0] for one in found}
    assert {"formData", "formAction", "requestType", "KM_AUTO_SUGGESTION", "KM_FIELD"} <= told


def test_a_template_that_is_none_is_found(sending: Sending) -> None:
    (found, *_) = sending.sends(metadata={"contentType": "300", "templateId": "99", "payload": "[]"})[
        "findings"
    ]

    assert (found["path"], found["severity"]) == ("templateId", "error")


def test_either_way_to_send_hands_a_bots_conversation_over(sending: Sending) -> None:
    app = sending.app
    app.add_bot("robot")
    app.add_bot("other")
    app.add_agent("jane")
    app.settings({"teams": [{"teamId": "sales", "agents": ["jane"], "defaultAgent": "jane"}]})
    assigned = []
    for metadata in (
        {"KM_ASSIGN_TO": "jane"},
        {"KM_ASSIGN_TO": "other", "event": '{"name": "BUY"}'},
        {"KM_ASSIGN_TEAM": "sales"},
    ):
        app.act_as(ADMIN).assigns(sending.id, "robot")
        sending.sends(metadata=metadata)
        assigned.append(app.conversation(sending.id).assignee)

    assert assigned == ["jane", "other", "jane"]


def test_either_way_to_send_can_ask_for_no_badge(client: Client, sending: Sending) -> None:
    sending.sends(metadata={"BADGE_COUNT": False})
    quiet = client.detail(ADMIN).json()[0]["unreadCount"]
    sending.sends(metadata={"BADGE_COUNT": True})

    assert (quiet, client.detail(ADMIN).json()[0]["unreadCount"]) == (0, 1)


def test_either_way_to_send_tells_a_bot_of_its_context(sending: Sending) -> None:
    app = sending.app
    app.add_bot("robot", webhook={"url": "http://127.0.0.1:9/bot"})
    app.act_as(ADMIN).assigns(sending.id, "robot")
    sending.sends(metadata={"KM_CHAT_CONTEXT": '{"shop": "Berlin"}', "formData": '{"size": "L"}'})
    context = app.deliveries()[-1]["payload"]["metadata"]["KM_CHAT_CONTEXT"]

    assert (context["shop"], context["formData"]) == ("Berlin", {"size": "L"})


def _keys(names: list[str]) -> dict[str, str]:
    return {name.removeprefix("metadata."): f"value {number}" for number, name in enumerate(names)}
