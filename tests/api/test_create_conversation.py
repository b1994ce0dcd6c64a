"""POST /rest/ws/group/conversation."""

from typing import Any

import pytest

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, ok, refused

PATH = "/rest/ws/group/conversation"


def test_a_conversation_is_answered_as_a_whole_group_object(client: Client) -> None:
    group = ok(client.create("user-1"))

    users = [expected.user("user-1"), expected.ADMIN, expected.BOT]
    assert group == expected.group(group["id"], users)


def test_the_fields_come_in_the_order_of_captured_bodies(client: Client) -> None:
    assert list(client.created("user-1")) == [
        *(
            "id",
            "clientGroupId",
            "name",
            "adminName",
            "adminId",
            "memberUserKeys",
            "membersName",
            "membersId",
        ),
        *("removedMembersId", "users", "unreadCount", "type", "createdAtTime", "updatedAtTime", "userCount"),
        *("groupUsers", "childKeys", "childClientGroupIds", "metadata"),
    ]


def test_the_documented_request_creates_a_conversation(client: Client) -> None:
    body = b"""{
  "groupName": " group name", 
  "groupMemberList":["user-id-to-be-added-in-conversation"]
}"""  # noqa: W291 - as it is documented
    group = ok(client.call("POST", PATH, data=body, headers={"Content-Type": "application/json"}))

    assert group["name"] == " group name"
    assert group["membersId"] == ["user-id-to-be-added-in-conversation", ADMIN, "bot"]


def test_a_new_id_becomes_a_customer(client: Client) -> None:
    assert client.detail("user-1").json() == []
    client.created("user-1")

    assert client.detail("user-1").json() == [expected.user("user-1")]


def test_members_keep_the_order_of_the_request_and_come_once(client: Client) -> None:
    group = client.created("zoe", "adam", "zoe", "bot", "adam")

    assert group["membersId"] == ["zoe", "adam", "bot", ADMIN]
    assert group["userCount"] == 4


def test_members_who_exist_keep_their_role(app: App, client: Client) -> None:
    app.add_agent("jane", availability="away")
    app.add_bot("robot")
    app.add_customer("carl", displayName="Carl")

    group = client.created("jane", "robot", "carl", "new")

    roles = {member["userId"]: member["role"] for member in group["groupUsers"]}
    assert roles == {"jane": 1, "robot": 2, "carl": 3, "new": 3, ADMIN: 1, "bot": 2}


def test_the_system_user_is_a_member_whoever_else_is(app: App, client: Client) -> None:
    app.add_bot("robot")
    metadata = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "robot"}

    assert client.created("robot", metadata=metadata)["membersId"] == ["robot", "bot"]


def test_the_admin_is_the_assigned_agent(app: App, client: Client) -> None:
    app.add_agent("jane")
    metadata = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "jane"}

    group = client.created("user-1", "jane", metadata=metadata)

    assert (group["adminId"], group["adminName"]) == ("jane", "jane")


def test_without_an_assigned_agent_the_super_admin_is_the_admin(client: Client) -> None:
    assert client.created("user-1", metadata={"SKIP_ROUTING": True})["adminId"] == ADMIN


def test_creating_writes_no_message(app: App, client: Client) -> None:
    assert app.messages(client.created("user-1")["id"]) == []


def test_what_was_answered_can_be_read_at_once(app: App, client: Client) -> None:
    group = client.created("user-1")

    looked_at = app.conversation(group["id"])
    assert looked_at["metadata"] == group["metadata"]
    assert sorted(looked_at["membersId"]) == sorted(group["membersId"])
    assert (looked_at["status"], looked_at["assignee"]) == (0, ADMIN)
    assert looked_at["routing"] == {
        "outcome": "round_robin",
        "assignee": ADMIN,
        "considered": [{"userId": ADMIN, "result": "taken"}],
    }


def test_ids_rise_by_one_and_have_eight_digits(client: Client) -> None:
    ids = [client.created("user-1")["id"] for _ in range(3)]

    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert len(str(ids[0])) == 8


# The client group id.


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("order-1042", "order-1042"),
        ("497", "497"),
        (497, "497"),
        (-1, "-1"),
        (0, "0"),
        (2**63, "9223372036854775808"),
        (" ", " "),
        ("0497", "0497"),
        ("x" * 256, "x" * 256),
        ("Bestellung №1 ✓", "Bestellung №1 ✓"),
    ],
)
def test_a_client_group_id_is_a_number_or_a_string_and_answered_as_a_string(
    client: Client, given: object, answered: str
) -> None:
    assert client.created("user-1", clientGroupId=given)["clientGroupId"] == answered


@pytest.mark.parametrize("again", ["497", 497])
def test_a_used_client_group_id_is_refused(client: Client, again: object) -> None:
    client.created("user-1", clientGroupId=497)

    assert refused(client.create("user-1", clientGroupId=again)) == expected.error(
        "AL-G-02", "group already exists"
    )


def test_client_group_ids_are_compared_exactly(client: Client) -> None:
    client.created("user-1", clientGroupId="Order")

    assert client.created("user-1", clientGroupId="order")["clientGroupId"] == "order"


def test_a_refused_conversation_leaves_nothing_behind(app: App, client: Client) -> None:
    app.add_agent("jane")
    first = client.created("user-1", clientGroupId="a")
    refused(client.create("somebody-new", clientGroupId="a"))
    second = client.created("user-1")

    assert client.detail("somebody-new").json() == []
    assert [first["adminId"], second["adminId"]] == [ADMIN, "jane"]
    assert [group["id"] for group in app.conversations()] == [first["id"], first["id"] + 1]


def test_an_id_that_somebody_took_as_a_client_group_id_is_passed_over(client: Client) -> None:
    first = client.created("user-1")
    client.created("user-1", clientGroupId=first["id"] + 2)

    third = client.created("user-1")

    assert (third["id"], third["clientGroupId"]) == (first["id"] + 3, str(first["id"] + 3))


def test_the_default_client_group_id_of_another_is_taken_too(client: Client) -> None:
    first = client.created("user-1")

    assert refused(client.create("user-1", clientGroupId=first["id"]))["errorCode"] == "AL-G-02"


# The metadata.


def test_metadata_of_any_key_is_stored_as_strings(app: App, client: Client) -> None:
    metadata = {
        "KM_CONVERSATION_TITLE": "Order",
        "vip": True,
        "no": False,
        "number": 300,
        "fraction": 1.5,
        "empty": "",
        "": "no key",
        "KM_CHAT_CONTEXT": '{"kmUserLocale":"de"}',
    }
    stored = {
        "KM_CONVERSATION_TITLE": "Order",
        "vip": "true",
        "no": "false",
        "number": "300",
        "fraction": "1.5",
        "empty": "",
        "": "no key",
        "KM_CHAT_CONTEXT": '{"kmUserLocale":"de"}',
        "CONVERSATION_ASSIGNEE": ADMIN,
        "CONVERSATION_STATUS": "0",
    }
    group = client.created("user-1", metadata=metadata)

    assert group["metadata"] == stored
    assert app.conversation(group["id"])["metadata"] == stored


def test_null_in_metadata_is_absent(client: Client) -> None:
    assert "gone" not in client.created("user-1", metadata={"gone": None})["metadata"]


def test_null_fields_are_absent(client: Client) -> None:
    group = client.created("user-1", clientGroupId=None, metadata=None)

    assert group["clientGroupId"] == str(group["id"])


@pytest.mark.parametrize("value", [True, "true", "TRUE", "True"])
def test_skip_routing_assigns_the_assignee_given(app: App, client: Client, value: object) -> None:
    app.add_agent("jane", availability="offline")
    metadata = {"SKIP_ROUTING": value, "CONVERSATION_ASSIGNEE": "jane"}

    group = client.created("user-1", "jane", metadata=metadata)

    assert group["membersId"] == ["user-1", "jane", "bot"]
    assert group["metadata"] == {
        "SKIP_ROUTING": value if isinstance(value, str) else "true",
        "CONVERSATION_ASSIGNEE": "jane",
        "CONVERSATION_STATUS": "0",
    }


@pytest.mark.parametrize("value", [False, "false", "", "yes", 1, "1", None])
def test_anything_but_true_lets_the_rules_decide(client: Client, value: object) -> None:
    metadata = {"SKIP_ROUTING": value, "CONVERSATION_ASSIGNEE": "somebody"}

    assert client.created("user-1", metadata=metadata)["metadata"]["CONVERSATION_ASSIGNEE"] == ADMIN


@pytest.mark.parametrize("assignee", [{}, {"CONVERSATION_ASSIGNEE": ""}, {"CONVERSATION_ASSIGNEE": None}])
def test_skip_routing_without_an_assignee_assigns_nobody(client: Client, assignee: dict[str, Any]) -> None:
    group = client.created("user-1", metadata={"SKIP_ROUTING": True} | assignee)

    assert group["membersId"] == ["user-1", "bot"]
    assert group["metadata"] == {"SKIP_ROUTING": "true", "CONVERSATION_STATUS": "0"}


def test_an_assignee_who_is_no_member_is_stored_and_does_not_become_one(client: Client) -> None:
    metadata = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "somebody"}

    group = client.created("user-1", metadata=metadata)

    assert group["metadata"]["CONVERSATION_ASSIGNEE"] == "somebody"
    assert group["membersId"] == ["user-1", "bot"]


@pytest.mark.parametrize("status", [-1, 0, 1, 2, 3, 4, 5, 6, 7])
def test_the_initial_status_is_a_setting(app: App, client: Client, status: int) -> None:
    app.settings({"initialStatus": status})

    assert client.created("user-1")["metadata"]["CONVERSATION_STATUS"] == str(status)


def test_a_status_in_the_metadata_is_obeyed(app: App, client: Client) -> None:
    group = client.created("user-1", metadata={"CONVERSATION_STATUS": -1})

    assert app.conversation(group["id"])["status"] == -1


def test_a_status_that_is_none_is_refused(client: Client) -> None:
    assert refused(client.create("user-1", metadata={"CONVERSATION_STATUS": 8}), 400) == expected.error(
        "MOCK-PARAM",
        "body 'metadata.CONVERSATION_STATUS': must be one of -1, 0, 1, 2, 3, 4, 5, 6, 7; got 8",
    )


# What is refused.


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"groupName": None}, "body 'groupName': is missing: a string"),
        ({"groupName": 1}, "body 'groupName': must be a string; got 1"),
        ({"groupName": ["a"]}, "body 'groupName': must be a string; got [\"a\"]"),
        (
            {"groupMemberList": None},
            "body 'groupMemberList': is missing: a list of at least one user id",
        ),
        ({"groupMemberList": []}, "body 'groupMemberList': must have at least one user id; got []"),
        ({"groupMemberList": "a"}, "body 'groupMemberList': must be a list of user ids; got \"a\""),
        ({"groupMemberList": {}}, "body 'groupMemberList': must be a list of user ids; got {}"),
        ({"groupMemberList": ["a", 1]}, "body 'groupMemberList[1]': must be a string; got 1"),
        ({"groupMemberList": [["a"]]}, "body 'groupMemberList[0]': must be a string; got [\"a\"]"),
        ({"groupMemberList": [""]}, "body 'groupMemberList[0]': must have 1 to 256 characters; got \"\""),
        ({"clientGroupId": 1.5}, "body 'clientGroupId': must be a whole number or a string; got 1.5"),
        ({"clientGroupId": True}, "body 'clientGroupId': must be a whole number or a string; got true"),
        ({"clientGroupId": ["a"]}, "body 'clientGroupId': must be a whole number or a string; got [\"a\"]"),
        ({"clientGroupId": ""}, "body 'clientGroupId': must have 1 to 256 characters; got \"\""),
        ({"metadata": "a"}, "body 'metadata': must be an object of strings; got \"a\""),
        ({"metadata": []}, "body 'metadata': must be an object of strings; got []"),
        (
            {"metadata": {"payload": [{"a": 1}]}},
            (
                "body 'metadata.payload': must be a string: stringify objects and arrays (JSON in a string); "
                'got [{"a": 1}]'
            ),
        ),
        (
            {"metadata": {"context": {}}},
            "body 'metadata.context': must be a string: stringify objects and arrays (JSON in a string); got {}",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_field_is_named_with_what_came_and_what_would_be_right(
    app: App, client: Client, change: dict[str, Any], problem: str
) -> None:
    body = {"groupName": "A question", "groupMemberList": ["user-1"], **change}

    assert refused(client.call("POST", PATH, json=body), 400) == expected.error("MOCK-PARAM", problem)
    assert app.conversations() == []


def test_null_for_a_member_is_no_user_id(client: Client) -> None:
    entry = refused(client.create("a", groupMemberList=["a", None]), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith("body 'groupMemberList[1]': ")


@pytest.mark.parametrize("field", ["groupMemberList", "clientGroupId"])
def test_an_id_of_more_than_256_characters_is_refused_and_not_cut(client: Client, field: str) -> None:
    value = "x" * 257
    entry = refused(client.create("a", **{field: [value] if field == "groupMemberList" else value}), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert field in entry["description"]
    assert "must have 1 to 256 characters" in entry["description"]


def test_every_problem_is_named_at_once(client: Client) -> None:
    body = {"groupMemberList": [1, ""], "clientGroupId": {}, "metadata": {"a": [], "b": {}}}

    entry = refused(client.call("POST", PATH, json=body), 400)

    for name in (
        *("groupName", "groupMemberList[0]", "groupMemberList[1]", "clientGroupId"),
        *("metadata.a", "metadata.b"),
    ):
        assert f"body '{name}': " in entry["description"]
    assert entry["description"].count("body '") == 6
