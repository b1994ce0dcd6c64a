"""/_mock/apps/APP/users."""

from typing import Any
from urllib.parse import quote

import pytest

from mockkommunicate import App
from tests import expected
from tests.client import ADMIN, Client, ok, refused
from tests.worlds import error

EVERYTHING = {
    "displayName": "Jane Agent",
    "email": "jane@work.example",
    "phoneNumber": "+49 30 1234",
    "imageLink": "http://image.url",
    "statusMessage": "Here",
    "metadata": {"team": "two"},
}


def path(app: App, user_id: str | None = None) -> str:
    base = f"/_mock/apps/{app.application_id}/users"
    return base if user_id is None else f"{base}/{quote(user_id, safe='')}"


def of_control(user: dict[str, Any], role: str, availability: str, **details: Any) -> dict[str, Any]:
    """The user object of the wire with what only the control API tells."""
    return {**user, "role": role, "availability": availability, **details}


def test_the_users_of_the_scenario_are_listed_in_order_of_creation(app: App, client: Client) -> None:
    app.add_agent("jane", limit=2, displayName="Jane")
    client.created("carl")

    assert client.call("GET", path(app)).json() == {
        "users": [
            of_control(expected.ADMIN, "admin", "online"),
            of_control(expected.BOT, "bot", "online"),
            of_control(expected.staff("jane", "Jane", 8), "agent", "online", handlingLimit=2),
            of_control(expected.user("carl"), "customer", "offline"),
        ]
    }


@pytest.mark.parametrize("role", ["admin", "agent", "bot", "customer"])
def test_a_user_of_every_role_can_be_added_with_everything(app: App, client: Client, role: str) -> None:
    given = {"userId": "jane", "role": role, "availability": "away", "handlingLimit": 3, **EVERYTHING}
    response = client.call("POST", path(app), json=given)

    assert response.status_code == 201
    assert {key: response.json()[key] for key in given} == given
    assert client.call("GET", path(app, "jane")).json() == response.json()
    role_type = {"customer": 3, "bot": 1}.get(role, 8)
    (wire,) = client.detail("jane").json()
    assert (wire["roleType"], wire["status"], wire["displayName"]) == (role_type, 2, "Jane Agent")
    assert not {"role", "availability", "handlingLimit"} & set(wire)


@pytest.mark.parametrize(
    ("role", "availability"),
    [("admin", "online"), ("agent", "online"), ("bot", "online"), ("customer", "offline")],
)
def test_staff_comes_online_and_customers_offline(
    app: App, client: Client, role: str, availability: str
) -> None:
    response = client.call("POST", path(app), json={"userId": "new", "role": role})

    assert response.json()["availability"] == availability


@pytest.mark.parametrize("role", ["admin", "agent"])
def test_an_agents_id_is_his_email_if_it_is_one(app: App, client: Client, role: str) -> None:
    one = client.call("POST", path(app), json={"userId": "jane@example.com", "role": role})
    other = client.call("POST", path(app), json={"userId": "jane", "role": role})

    assert one.json()["email"] == "jane@example.com"
    assert "email" not in other.json()


def test_the_list_comes_in_pages(app: App, client: Client) -> None:
    for number in range(5):
        app.add_customer(f"user-{number}")
    seen, after = [], 0
    while after is not None:
        page = client.call("GET", path(app), params={"limit": 3, "after": after}).json()
        assert len(page["users"]) <= 3
        seen += [user["userId"] for user in page["users"]]
        after = page.get("next")

    assert seen == [ADMIN, "bot", *(f"user-{number}" for number in range(5))]


def test_a_page_that_is_just_full_names_no_next(app: App, client: Client) -> None:
    assert "next" not in client.call("GET", path(app), params={"limit": 2}).json()


@pytest.mark.parametrize(
    "changes",
    [
        {"availability": "offline"},
        {"handlingLimit": 0},
        {"displayName": "Other"},
        {"role": "admin"},
        {"role": "customer"},
        {"deactivated": True},
        {"email": "other@example.com", "imageLink": "http://other"},
    ],
    ids=str,
)
def test_what_is_changed_is_changed_and_the_rest_stays(
    app: App, client: Client, changes: dict[str, Any]
) -> None:
    app.add_agent("jane", limit=3, **EVERYTHING)
    before = client.call("GET", path(app, "jane")).json()
    after = client.call("PATCH", path(app, "jane"), json=changes).json()

    follows = {"userName", "connected", "status", "active", "connectedClientCount", "roleType", "roleKey"}
    follows |= {"lastSeenAtTime"} if "availability" in changes else set()
    assert {key: after[key] for key in changes} == changes
    assert {key: value for key, value in after.items() if key not in follows | set(changes)} == {
        key: value for key, value in before.items() if key not in follows | set(changes)
    }
    assert client.call("GET", path(app, "jane")).json() == after


def test_metadata_is_merged(app: App, client: Client) -> None:
    app.add_agent("jane", metadata={"a": "1", "b": "2"})
    changed = client.call("PATCH", path(app, "jane"), json={"metadata": {"b": 3, "c": True}})

    assert changed.json()["metadata"] == {"a": "1", "b": "3", "c": "true"}


def test_null_takes_a_detail_or_a_limit_away(app: App, client: Client) -> None:
    app.add_agent("jane", limit=3, **EVERYTHING)
    nothing = dict.fromkeys(
        ("handlingLimit", "displayName", "email", "phoneNumber", "imageLink", "statusMessage")
    )
    after = client.call("PATCH", path(app, "jane"), json=nothing).json()

    assert not set(nothing) & set(after)


def test_an_empty_change_changes_nothing(app: App, client: Client) -> None:
    before = client.call("GET", path(app, ADMIN)).json()

    assert client.call("PATCH", path(app, ADMIN), json={}).json() == before


def test_a_role_that_changes_changes_what_somebody_may_do(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    before = refused(client.assign(group_id, "carl"))
    client.call("PATCH", path(app, "carl"), json={"role": "agent"})

    assert (before, ok(client.assign(group_id, "carl"))) == (expected.NO_USER, "updated")


def test_a_deleted_user_is_gone_out_of_his_conversations_and_what_he_wrote_stays(
    app: App, client: Client
) -> None:
    app.add_agent("jane")
    group_id = client.created("carl", metadata={"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "jane"})["id"]
    client.assign(group_id, ADMIN, sendNotifyMessage="false")
    client.assign(group_id, "jane", sendNotifyMessage="false")
    ok(client.send(group_id, "jane"))
    response = client.call("DELETE", path(app, "jane"))

    assert (response.status_code, response.json()) == (200, {"deleted": "jane"})
    assert error(client.call("GET", path(app, "jane")), 404)["code"] == "AL-U-01"
    assert client.detail("jane").json() == []
    group = app.conversation(group_id)
    assert (group["assignee"], sorted(group["membersId"])) == (None, [ADMIN, "bot", "carl"])
    assert app.messages(group_id) == [expected.message(group_id, "jane")]


@pytest.mark.parametrize("user_id", ["bot", ADMIN, "robot"])
def test_who_is_needed_cannot_be_deleted(app: App, client: Client, user_id: str) -> None:
    app.add_bot("robot")
    app.settings({"routing": {"assignNewConversationsTo": "robot"}})

    assert error(client.call("DELETE", path(app, user_id)), 409)["code"] == "USER_NEEDED"
    assert len(client.detail(user_id).json()) == 1


@pytest.mark.parametrize("role", ["agent", "customer", "admin"])
def test_the_system_user_stays_a_bot(app: App, client: Client, role: str) -> None:
    entry = error(client.call("PATCH", path(app, "bot"), json={"role": role}), 409)

    assert entry["code"] == "USER_NEEDED"
    assert client.detail("bot").json() == [expected.BOT]


@pytest.mark.parametrize("role", ["customer", "bot"])
def test_the_default_agent_stays_an_agent(app: App, client: Client, role: str) -> None:
    response = client.call("PATCH", path(app, ADMIN), json={"role": role})

    assert error(response, 409)["code"] == "USER_NEEDED"
    assert client.detail(ADMIN).json() == [expected.ADMIN]


def test_the_bot_for_new_conversations_stays_a_bot(app: App, client: Client) -> None:
    app.add_bot("robot")
    app.settings({"routing": {"assignNewConversationsTo": "robot"}})

    assert (
        error(client.call("PATCH", path(app, "robot"), json={"role": "agent"}), 409)["code"] == "USER_NEEDED"
    )


def test_an_id_that_is_taken_is_refused_and_nobody_changed(app: App, client: Client) -> None:
    response = client.call("POST", path(app), json={"userId": "bot", "role": "agent"})

    assert error(response, 409)["code"] == "USER_EXISTS"
    assert client.detail("bot").json() == [expected.BOT]


@pytest.mark.parametrize("user_id", ["a/b", "a b", "ü", "?x=1", "#", "%", "a%2Fb", "'", "\0", "😀"])
def test_a_user_of_any_id_can_be_reached(app: App, client: Client, user_id: str) -> None:
    app.add_customer(user_id)

    assert client.call("GET", path(app, user_id)).json()["userId"] == user_id
    assert client.call("PATCH", path(app, user_id), json={"displayName": "A"}).json()["displayName"] == "A"
    assert client.call("DELETE", path(app, user_id)).json() == {"deleted": user_id}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("user_id", ["nobody", "%00", "Bot"])
def test_an_unknown_user_is_not_found(app: App, client: Client, method: str, user_id: str) -> None:
    entry = error(client.call(method, f"{path(app)}/{user_id}", json={} if method == "PATCH" else None), 404)

    assert (entry["code"], entry["message"]) == ("AL-U-01", "user not found")
    assert "lists the users there are" in entry["hint"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"role": "boss"}, "role"),
    ({"role": None}, "role"),
    ({"availability": "busy"}, "availability"),
    ({"availability": None}, "availability"),
    ({"handlingLimit": -1}, "handlingLimit"),
    ({"handlingLimit": "many"}, "handlingLimit"),
    ({"handlingLimit": 2**31}, "handlingLimit"),
    ({"displayName": 1}, "displayName"),
    ({"deactivated": 1}, "deactivated"),
    ({"metadata": {"a": {}}}, "metadata.a"),
    ({"metadata": []}, "metadata"),
    ({"limit": 3}, "limit"),
    ({"webhook": {"url": "http://localhost"}}, "webhook"),
]


@pytest.mark.parametrize(("change", "name"), WRONG, ids=str)
def test_a_wrong_field_is_named_when_adding(
    app: App, client: Client, change: dict[str, Any], name: str
) -> None:
    response = client.call("POST", path(app), json={"userId": "jane", "role": "agent", **change})

    entry = error(response, 400)
    assert entry["code"] == "MOCK-PARAM"
    assert f"body '{name}': " in entry["message"]
    assert client.detail("jane").json() == []


@pytest.mark.parametrize(("change", "name"), [*WRONG, ({"userId": "other"}, "userId")], ids=str)
def test_a_wrong_field_is_named_when_changing_and_nothing_is_changed(
    app: App, client: Client, change: dict[str, Any], name: str
) -> None:
    app.add_agent("jane")
    before = client.call("GET", path(app, "jane")).json()
    response = client.call("PATCH", path(app, "jane"), json={"statusMessage": "Hello", **change})

    assert f"body '{name}': " in error(response, 400)["message"]
    assert client.call("GET", path(app, "jane")).json() == before


@pytest.mark.parametrize("user_id", ["", "x" * 257, 1, None])
def test_an_id_that_cannot_be_one_is_refused(app: App, client: Client, user_id: object) -> None:
    entry = error(client.call("POST", path(app), json={"userId": user_id, "role": "agent"}), 400)

    assert entry["code"] == "MOCK-PARAM"
    assert "body 'userId': " in entry["message"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=10001", "limit=x", "after=x", "after=-1", "page=2"]
)
def test_a_page_that_cannot_be_is_refused(app: App, client: Client, query: str) -> None:
    entry = error(client.call("GET", f"{path(app)}?{query}"), 400)

    assert entry["code"] == "MOCK-PARAM"
    assert f"query '{query.partition('=')[0]}': " in entry["message"]


def test_a_repeated_parameter_is_refused(app: App, client: Client) -> None:
    entry = error(client.call("GET", f"{path(app)}?limit=1&limit=1"), 400)

    assert entry["message"] == "query 'limit': is repeated; it may be given once"
