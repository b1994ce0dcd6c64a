"""POST /rest/ws/user/update."""

from typing import Any

import pytest

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, ok, refused

PATH = "/rest/ws/user/update"
DETAILS = {
    "email": "carl@example.com",
    "displayName": "Carl Customer",
    "imageLink": "http://image.url",
    "phoneNumber": "+49 30 1234",
    "statusMessage": "On holiday",
}


@pytest.fixture
def carl(app: App) -> str:
    """A customer of whom nothing is known but his id."""
    app.add_customer("carl")
    return "carl"


def detail(client: Client, user_id: str) -> Any:
    (user,) = client.detail(user_id).json()
    return user


def test_the_documented_request_answers_success(client: Client, carl: str) -> None:
    response = client.update(
        carl,
        email="user email",
        displayName="user display name",
        imageLink="User profile image url",
        metadata={"key-1": "value-1"},
    )

    assert ok(response) == "success"
    assert detail(client, carl) == expected.user(
        carl,
        email="user email",
        userName="user display name",
        displayName="user display name",
        imageLink="User profile image url",
        metadata={"key-1": "value-1"},
    )


def test_every_detail_can_be_updated(client: Client, carl: str) -> None:
    ok(client.update(carl, **DETAILS))

    assert detail(client, carl) == expected.user(carl, userName="Carl Customer", **DETAILS)


@pytest.mark.parametrize("field", DETAILS)
def test_what_is_not_given_stays_as_it_is(client: Client, carl: str, field: str) -> None:
    ok(client.update(carl, **DETAILS, metadata={"a": "b"}))
    ok(client.update(carl, **{field: "new"}))

    after = {**DETAILS, field: "new"}
    assert detail(client, carl) == expected.user(
        carl, userName=after["displayName"], **after, metadata={"a": "b"}
    )


@pytest.mark.parametrize("body", [{}, dict.fromkeys([*DETAILS, "metadata"]), {"metadata": {}}], ids=str)
def test_a_body_without_anything_succeeds_and_changes_nothing(
    client: Client, carl: str, body: dict[str, Any]
) -> None:
    ok(client.update(carl, **DETAILS, metadata={"a": "b"}))
    before = detail(client, carl)

    assert ok(client.update(carl, **body)) == "success"
    assert detail(client, carl) == before


def test_an_empty_text_is_a_value(client: Client, carl: str) -> None:
    ok(client.update(carl, **DETAILS))
    ok(client.update(carl, displayName="", email=""))

    after = detail(client, carl)
    assert (after["displayName"], after["userName"], after["email"]) == ("", "", "")


def test_metadata_is_merged_key_by_key_as_strings(client: Client, carl: str) -> None:
    ok(client.update(carl, metadata={"plan": "gold", "visits": 3, "vip": True}))
    ok(client.update(carl, metadata={"visits": 4, "vip": "", "new": 0.5}))

    assert detail(client, carl)["metadata"] == {"plan": "gold", "visits": "4", "vip": "", "new": "0.5"}


def test_a_user_whom_a_conversation_made_can_be_updated(client: Client) -> None:
    client.created("user-1")

    assert ok(client.update("user-1", displayName="User One")) == "success"


def test_somebody_else_stays_as_he_is(app: App, client: Client, carl: str) -> None:
    app.add_customer("dora", displayName="Dora")
    ok(client.update(carl, displayName="Carl"))

    assert detail(client, "dora")["displayName"] == "Dora"


def test_the_new_email_and_phone_number_can_be_looked_up(client: Client, carl: str) -> None:
    ok(client.update(carl, **DETAILS))
    body = {"emailIds": ["carl@example.com"], "phoneNumberList": ["+49 30 1234"]}

    found = client.call("POST", "/rest/ws/user/v2/detail", json=body).json()
    assert [user["userId"] for user in found] == [carl]


@pytest.mark.parametrize("query", ["elasticUpdate=true&allowEmail=true", "userId=somebody", "a=1&a=2"])
def test_query_parameters_of_the_sdks_are_ignored(client: Client, carl: str, query: str) -> None:
    headers = {"Of-User-Id": carl}

    assert ok(client.call("POST", f"{PATH}?{query}", json={"displayName": "C"}, headers=headers)) == "success"


# Whom it is about.


@pytest.mark.parametrize(
    ("user_id", "header"),
    [
        ("carl@example.com", "carl@example.com"),
        ("carl@example.com", "carl%40example.com"),
        ("Jörg ✓", "J%C3%B6rg%20%E2%9C%93"),
        ("a+b", "a+b"),
        ("50%", "50%25"),
    ],
)
def test_percent_escapes_in_the_header_are_decoded(
    app: App, client: Client, user_id: str, header: str
) -> None:
    app.add_customer(user_id)
    ok(client.update(header, displayName="Found"))

    assert detail(client, user_id)["displayName"] == "Found"


def test_raw_utf8_in_the_header_is_read_as_such(app: App, client: Client) -> None:
    app.add_customer("Jörg")
    headers: Any = {"Of-User-Id": "Jörg".encode()}
    ok(client.call("POST", PATH, json={"displayName": "Found"}, headers=headers))

    assert detail(client, "Jörg")["displayName"] == "Found"


def test_the_query_may_name_the_user(client: Client, carl: str) -> None:
    ok(client.call("POST", f"{PATH}?ofUserId={carl}", json={"displayName": "Carl"}))

    assert detail(client, carl)["displayName"] == "Carl"


def test_the_header_goes_before_the_query(app: App, client: Client, carl: str) -> None:
    app.add_customer("dora")
    headers = {"Of-User-Id": carl}
    ok(client.call("POST", f"{PATH}?ofUserId=dora", json={"displayName": "Carl"}, headers=headers))

    assert detail(client, carl)["displayName"] == "Carl"
    assert "displayName" not in detail(client, "dora")


@pytest.mark.parametrize("user_id", ["nobody", "", "Carl", "carl "])
def test_an_unknown_user_is_not_found_and_not_created(client: Client, carl: str, user_id: str) -> None:
    assert refused(client.update(user_id, displayName="Nobody")) == expected.NO_USER
    assert client.detail("nobody").json() == []
    assert detail(client, carl) == expected.user(carl)


@pytest.mark.parametrize("user_id", [ADMIN, "jane", "robot", "bot"])
def test_agents_and_bots_cannot_be_updated(app: App, client: Client, user_id: str) -> None:
    app.add_agent("jane")
    app.add_bot("robot")
    before = detail(client, user_id)

    assert refused(client.update(user_id, displayName="Somebody")) == expected.error(
        "AL-UN-01", "unauthorized user", "Unable to process"
    )
    assert detail(client, user_id) == before


def test_without_a_user_the_header_is_named(client: Client) -> None:
    assert refused(client.update(None, displayName="Carl"), 400) == expected.error(
        "MOCK-PARAM", "header 'Of-User-Id': is missing: the id of the user on whose behalf the call is made"
    )


# What is wrong with it.


@pytest.mark.parametrize("field", DETAILS)
@pytest.mark.parametrize(("value", "got"), [(1, "1"), (True, "true"), (["a"], '["a"]'), ({}, "{}")])
def test_a_detail_that_is_no_string_is_refused(
    client: Client, carl: str, field: str, value: object, got: str
) -> None:
    assert refused(client.update(carl, **{field: value}), 400) == expected.error(
        "MOCK-PARAM", f"body '{field}': must be a string; got {got}"
    )


@pytest.mark.parametrize("value", ["a", 1, [], True])
def test_metadata_that_is_no_object_is_refused(client: Client, carl: str, value: object) -> None:
    entry = refused(client.update(carl, metadata=value), 400)

    assert entry["errorCode"] == "MOCK-PARAM"
    assert entry["description"].startswith("body 'metadata': must be an object of strings; got ")


def test_metadata_that_was_not_stringified_is_refused(client: Client, carl: str) -> None:
    entry = refused(client.update(carl, metadata={"address": {"city": "Berlin"}, "tags": [], "ok": 1}), 400)

    for name in ("metadata.address", "metadata.tags"):
        assert f"body '{name}': must be a string: stringify objects and arrays" in entry["description"]
    assert "metadata.ok" not in entry["description"]


def test_a_refused_update_changes_nothing_at_all(client: Client, carl: str) -> None:
    refused(client.update(carl, displayName="Carl", email=1), 400)

    assert detail(client, carl) == expected.user(carl)


def test_every_problem_is_named_at_once(client: Client) -> None:
    entry = refused(client.update(None, email=1, displayName=[], metadata=2), 400)

    for name in ("body 'email'", "body 'displayName'", "body 'metadata'", "header 'Of-User-Id'"):
        assert f"{name}: " in entry["description"]
