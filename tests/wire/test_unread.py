from typing import Any

import pytest

from mockkommunicate.wire import attested
from tests.wire.classified import CONTRACTS, unread


@pytest.mark.parametrize(
    ("operation", "body", "expected"),
    [
        (
            "conversation.create",
            {"groupMemberlist": ["a"]},
            ["unknown body groupMemberlist -> groupMemberList"],
        ),
        ("conversation.create", {"members": ["a"]}, ["unknown body members -> groupMemberList"]),
        (
            "conversation.create",
            {"SKIP_ROUTING": True},
            ["unknown body SKIP_ROUTING -> metadata.SKIP_ROUTING"],
        ),
        ("conversation.create", {"admin": "a", "type": 10}, ["ignored body admin", "ignored body type"]),
        (
            "conversation.create",
            {"groupId": 1, "clientGroupId": "a"},
            ["unknown body groupId -> clientGroupId"],
        ),
        ("conversation.create", {"groupName": None}, ["ignored body groupName"]),
        ("conversation.create", {"xyz": None}, ["unknown body xyz"]),
        ("message.send", {"fromUsername": "a"}, ["unknown body fromUsername -> fromUserName"]),
        ("message.send", {"skipBot": True}, ["unknown body skipBot -> metadata.skipBot"]),
        ("message.send", {"text": "Hi"}, ["unknown body text -> message"]),
        ("message.send", {"groupId": 1, "clientGroupId": "a"}, ["ignored body clientGroupId"]),
        ("message.send", {"groupId": None, "clientGroupId": "a"}, ["ignored body groupId"]),
        ("message.send", {"groupId": "", "clientGroupId": "a"}, ["ignored body clientGroupId"]),
        ("message.send", {"fileMeta": {"blobkey": 1, "x": None}, "contentType": 1}, []),
        (
            "message.send_attachment",
            {"fromUserName": "a"},
            ["unknown body fromUserName -> header Of-User-Id"],
        ),
        ("conversation.status", {"groupId": 1}, ["ignored body groupId -> query groupId"]),
        ("conversation.status", {"groupid": 1}, ["unknown body groupid -> query groupId"]),
        ("user.update", {"elasticUpdate": True}, ["ignored body elasticUpdate"]),
        ("user.update", {"userId": "a"}, ["unknown body userId -> header Of-User-Id"]),
        ("user.detail", {"apiKey": "a"}, ["ignored body apiKey -> header Api-Key"]),
        ("user.detail", {"userIdList": [None, "a"]}, []),
        ("user.detail", ["userIdLst"], []),
        ("user.detail", "userIdLst", []),
        (None, {"anything": 1}, []),
    ],
)
def test_a_field_of_the_body(operation: str | None, body: Any, expected: list[str]) -> None:
    assert unread(operation, body) == expected


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "a"}, []),
        ({"SKIP_ROUTING": "TRUE", "CONVERSATION_ASSIGNEE": "a"}, []),
        ({"SKIP_ROUTING": False, "CONVERSATION_ASSIGNEE": "a"}, ["ignored CONVERSATION_ASSIGNEE"]),
        ({"CONVERSATION_ASSIGNEE": "a"}, ["ignored CONVERSATION_ASSIGNEE"]),
        ({"SKIP_ROUTING": "yes"}, ["ignored SKIP_ROUTING"]),
        ({"SKIP_ROUTING": 1}, ["ignored SKIP_ROUTING"]),
        ({"SKIP_ROUTING": None}, ["ignored SKIP_ROUTING"]),
        (
            {"SKIP_ROUTNG": True, "CONVERSATION_ASSIGNEE": "a"},
            ["unknown SKIP_ROUTNG -> SKIP_ROUTING", "ignored CONVERSATION_ASSIGNEE"],
        ),
        ({"skip-routing": True}, ["unknown skip-routing -> SKIP_ROUTING"]),
        ({"conversationAssignee": "a"}, ["unknown conversationAssignee -> CONVERSATION_ASSIGNEE"]),
        ({"KM_TEAMID": "1", "KM_TAG": "a"}, ["unknown KM_TEAMID -> KM_TEAM_ID", "unknown KM_TAG -> KM_TAGS"]),
        ({"plan": None, "seats": 3}, ["ignored plan"]),
    ],
)
def test_a_key_of_a_conversations_metadata(metadata: dict[str, Any], expected: list[str]) -> None:
    found = unread("conversation.create", {"metadata": metadata})

    assert [line.replace("body metadata.", "").replace("metadata.", "") for line in found] == expected


@pytest.mark.parametrize("operation", sorted(attested.METADATA))
def test_a_metadata_key_that_means_something_or_is_the_callers_own_is_used(operation: str) -> None:
    own = """
    plan status state title tags team_id summary orderId order_id category2 category_id payload2 conversationTitle
    conversationStart conversationStatusAt CONVERSATION_ASSIGNEE_NAME CONVERSATION_ASSIGNEE_ID SKIP_ROUTING_RULES
    KM_CUSTOM KM_TEAM KM_ASSIGNEE chat_context welcome_text action event shown template content source language
    """
    metadata = dict.fromkeys([*sorted(attested.LEGAL_KEYS), *own.split()], "1") | {"SKIP_ROUTING": "true"}

    assert unread(operation, {"metadata": metadata}) == []


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("skip_bot", "skipBot"),
        ("skipBots", "skipBot"),
        ("KM_ASIGN_TO", "KM_ASSIGN_TO"),
        ("KM_ASSIGN_T", "KM_ASSIGN_TO"),
        ("Event", "event"),
        ("templateID", "templateId"),
        ("Category", "category"),
    ],
)
def test_a_misspelt_key_of_a_messages_metadata(key: str, meant: str) -> None:
    found = unread("message.send", {"metadata": {key: "1"}})

    assert found == [f"unknown body metadata.{key} -> metadata.{meant}"]


@pytest.mark.parametrize(
    ("operation", "body", "query", "headers", "expected"),
    [
        ("conversation.status", None, "groupId status sendNotifyMessage apiKey ofUserId", "", []),
        ("conversation.status", None, "groupID groupID", "", ["unknown query groupID -> groupId"]),
        ("conversation.status", None, "conversationId", "", ["unknown query conversationId -> groupId"]),
        ("conversation.status", None, "ofUserId", "Of-User-Id", ["ignored query ofUserId"]),
        ("conversation.status", None, "apiKey", "Api-Key", ["ignored query apiKey"]),
        ("conversation.status", None, "switchAssignee", "", ["unknown query switchAssignee"]),
        ("conversation.assignee", None, "switchAssignee", "", ["ignored query switchAssignee"]),
        ("conversation.assignee", None, "agentId", "", ["unknown query agentId -> assignee"]),
        ("conversation.waiting_list", None, "teamId apiKey", "", []),
        (
            "conversation.waiting_list",
            None,
            "teamID team",
            "",
            ["unknown query teamID -> teamId", "unknown query team -> teamId"],
        ),
        (
            "conversation.waiting_list",
            None,
            "ofUserId",
            "Of-User-Id",
            ["ignored query ofUserId", "ignored header Of-User-Id"],
        ),
        ("conversation.create", None, "ofUserId", "", ["ignored query ofUserId"]),
        ("conversation.create", None, "", "Of-User-Id", ["ignored header Of-User-Id"]),
        ("message.send", None, "groupId", "", ["ignored query groupId -> body groupId"]),
        ("message.send", {"fromUserName": "a"}, "ofUserId", "", ["ignored query ofUserId"]),
        ("message.send", {"fromUserName": "a"}, "", "Of-User-Id", ["ignored header Of-User-Id"]),
        ("message.send", {"fromUserName": None}, "", "Of-User-Id", ["ignored body fromUserName"]),
        ("message.send", {}, "ofUserId", "", []),
        ("user.detail", None, "Api-Key _", "", ["unknown query Api-Key -> apiKey", "unknown query _"]),
        (None, None, "anything ofUserId", "Of-User-Id", []),
    ],
)
def test_a_parameter_and_the_header_that_stands_for_it(
    operation: str | None, body: Any, query: str, headers: str, expected: list[str]
) -> None:
    assert unread(operation, body, query=query, headers=headers) == expected


@pytest.mark.parametrize("operation", [*CONTRACTS, None])
def test_the_headers_of_ordinary_http_are_not_listed(operation: str | None) -> None:
    ordinary = """
    Accept Accept-Encoding Accept-Language Connection Content-Length Content-Encoding Content-Language Cookie
    User-Agent Traceparent X-Request-Id X-Forwarded-For X-User-Id X-Correlation-Id Api-Version Origin Referer
    """

    assert unread(operation, headers=f"Api-Key Content-Type X-Mock-Fault {ordinary}") == []


@pytest.mark.parametrize(
    "header", ["Application-Key", "Apz-Token", "Apz-Appid", "X-Authorization", "Authorization"]
)
def test_credentials_of_other_clients_are_ignored(header: str) -> None:
    assert unread("user.update", headers=f"{header} Of-User-Id") == [f"ignored header {header}"]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("X-Api-Key", "Api-Key"),
        ("Apikey", "Api-Key"),
        ("Api-Keys", "Api-Key"),
        ("Of-Userid", "Of-User-Id"),
        ("Ofuserid", "Of-User-Id"),
        ("X-Of-User-Id", "Of-User-Id"),
        ("X-Mock-Faults", "X-Mock-Fault"),
        ("Mock-Fault", "X-Mock-Fault"),
        ("Contenttype", "Content-Type"),
    ],
)
def test_a_header_that_is_nearly_one_of_ours_is_unknown(header: str, meant: str) -> None:
    for operation in (*CONTRACTS, None):
        assert unread(operation, headers=header) == [f"unknown header {header} -> {meant}"]
