"""/_mock/apps, and that two apps never see each other."""

import secrets
from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests import expected
from tests.client import ADMIN, Client, ok, refused
from tests.expected import NOW, Like
from tests.worlds import AT, World, error


@pytest.fixture
def control(server: MockKommunicate) -> Client:
    """A client of the control API, which needs no key."""
    client = Client(server.url, "")
    del client.session.headers["Api-Key"]
    return client


def create(control: Client, **body: Any) -> requests.Response:
    return control.call("POST", "/_mock/apps", json=body)


def test_an_app_needs_nothing_to_be_created(control: Client) -> None:
    response = create(control)

    assert response.status_code == 201
    assert response.json() == {
        "applicationId": Like("app-[0-9a-f]{16}"),
        "apiKey": Like("key-[0-9a-f]{32}"),
        "scenario": "empty",
        "seed": response.json()["seed"],
        "createdAtTime": NOW,
    }
    assert Client(control.url, response.json()["apiKey"]).detail(ADMIN).json() == [expected.ADMIN]


def test_a_body_is_not_needed_either(control: Client) -> None:
    assert control.call("POST", "/_mock/apps").status_code == 201


def test_everything_can_be_given(control: Client) -> None:
    name = f"shop.{secrets.token_hex(4)}_1-x"
    response = create(
        control,
        applicationId=name,
        apiKey=f"secret-{name}",
        scenario="support-team",
        seed=7,
        settings={"dialect": "observed", "handlingLimit": 3},
        users=[{"userId": "mia", "role": "agent", "displayName": "Mia"}],
    )

    assert response.json() == {
        "applicationId": name,
        "apiKey": f"secret-{name}",
        "scenario": "support-team",
        "seed": 7,
        "createdAtTime": NOW,
    }
    (mia,) = ok(Client(control.url, f"secret-{name}").detail("mia"))
    assert mia == expected.staff("mia", "Mia", 8)
    assert App(control.url, name, "").settings()["handlingLimit"] == 3


def test_an_app_can_be_looked_at(control: Client) -> None:
    made = create(control).json()

    assert control.call("GET", f"/_mock/apps/{made['applicationId']}").json() == made


def test_the_default_app_is_called_default_too(control: Client) -> None:
    default = control.call("GET", "/_mock/apps/default").json()

    assert default == {
        "applicationId": "mock-app",
        "apiKey": "mock-api-key",
        "scenario": "empty",
        "seed": 0,
        "createdAtTime": default["createdAtTime"],
    }
    assert control.call("GET", "/_mock/apps/mock-app").json() == default


def test_apps_are_listed_the_oldest_first(control: Client) -> None:
    made = [create(control).json() for _ in range(3)]
    listed = control.call("GET", "/_mock/apps").json()

    assert list(listed) == ["apps"]
    assert [app["createdAtTime"] for app in listed["apps"]] == sorted(
        app["createdAtTime"] for app in listed["apps"]
    )
    assert all(app in listed["apps"] for app in made)


def test_users_given_change_those_of_the_scenario(control: Client) -> None:
    users = [{"userId": ADMIN, "role": "admin", "availability": "away"}]
    made = create(control, users=users).json()

    assert Client(control.url, made["apiKey"]).detail(ADMIN).json() == [
        {**expected.ADMIN, "connected": False, "status": 2, "connectedClientCount": 0}
    ]


def test_the_same_seed_makes_the_same_world(control: Client) -> None:
    one, other = (create(control, scenario="support-team", seed=5).json() for _ in range(2))
    worlds = [App(control.url, made["applicationId"], "").conversations() for made in (one, other)]

    kept = ("id", "name", "membersId", "assignee", "status", "clientGroupId")
    assert [[group[key] for key in kept] for group in worlds[0]] == [
        [group[key] for key in kept] for group in worlds[1]
    ]


def test_another_seed_makes_another_world(control: Client) -> None:
    one, other = (create(control, scenario="support-team", seed=seed).json() for seed in (5, 6))
    names = [
        [group["name"] for group in App(control.url, made["applicationId"], "").conversations()]
        for made in (one, other)
    ]

    assert names[0] != names[1]


def test_a_deleted_app_is_gone_and_says_what_was_removed(control: Client) -> None:
    made = create(control).json()
    client = Client(control.url, made["apiKey"])
    ok(client.send(client.created("user-1")["id"], "user-1"))
    control.call("PUT", f"/_mock/apps/{made['applicationId']}/snapshots/it")
    path = f"/_mock/apps/{made['applicationId']}"
    response = control.call("DELETE", path)

    assert response.json() == {
        "deleted": made["applicationId"],
        "removed": {
            "messages": 1,
            "members": 3,
            "conversations": 1,
            "users": 3,
            "requests": 2,
            "deliveries": 0,
            "snapshots": 1,
        },
    }
    assert error(control.call("GET", path), 404)["code"] == "APP_NOT_FOUND"
    assert client.detail(ADMIN).status_code == 401


def test_a_deleted_apps_id_and_key_can_be_used_again_and_nothing_is_left(control: Client) -> None:
    made = create(control).json()
    again = {"applicationId": made["applicationId"], "apiKey": made["apiKey"]}
    client = Client(control.url, made["apiKey"])
    client.created("user-1")
    control.call("DELETE", f"/_mock/apps/{made['applicationId']}")

    assert create(control, **again).status_code == 201
    assert client.detail("user-1").json() == []


@pytest.mark.parametrize("at", [AT, str(AT), "2023-11-14T22:13:20Z", "2023-11-14T22:13:20"])
def test_an_apps_clock_can_stand_still_from_the_start(control: Client, at: object) -> None:
    made = create(control, at=at).json()
    path = f"/_mock/apps/{made['applicationId']}"

    assert made["createdAtTime"] == AT
    assert control.call("GET", f"{path}/clock").json() == {"now": AT, "mode": "frozen"}
    (admin,) = Client(control.url, made["apiKey"]).detail(ADMIN).json()
    assert (admin["createdAtTime"], admin["lastSeenAtTime"]) == (AT, AT)


def test_what_a_scenario_tells_happened_before_the_instant_at_which_the_clock_stands(control: Client) -> None:
    document = World(control.url, scenario="support-team").document
    times = [conversation["createdAtTime"] for conversation in document["conversations"]]
    sent = [message["createdAtTime"] for told in document["conversations"] for message in told["messages"]]

    assert len(times) > 5
    assert len(sent) > 5
    assert max(*times, *sent) < AT


def test_an_app_made_at_an_instant_is_the_same_each_time(control: Client) -> None:
    first, second = (World(control.url, scenario="support-team", seed=5).state for _ in range(2))

    assert first == second


# What is refused.


@pytest.mark.parametrize("field", ["applicationId", "apiKey"])
def test_a_taken_id_or_key_is_refused(control: Client, field: str) -> None:
    made = create(control).json()

    assert error(create(control, **{field: made[field]}), 409) == {
        "code": "APP_EXISTS",
        "message": "the applicationId or the apiKey is taken",
        "hint": "leave both out to have them made up, or delete the other app",
    }


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"applicationId": ""}, "applicationId"),
        ({"applicationId": "a/b"}, "applicationId"),
        ({"applicationId": "ä"}, "applicationId"),
        ({"applicationId": ".a"}, "applicationId"),
        ({"applicationId": "a\n"}, "applicationId"),
        ({"applicationId": "a" * 101}, "applicationId"),
        ({"applicationId": "default"}, "applicationId"),
        ({"applicationId": 1}, "applicationId"),
        ({"apiKey": ""}, "apiKey"),
        ({"apiKey": "a b"}, "apiKey"),
        ({"apiKey": "ä"}, "apiKey"),
        ({"apiKey": "a\n"}, "apiKey"),
        ({"apiKey": "a" * 201}, "apiKey"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": 2**53 + 1}, "seed"),
        ({"scenario": 1}, "scenario"),
        ({"settings": {"routing": {"rule": "best"}}}, "settings.routing.rule"),
        ({"settings": {"unknown": 1}}, "settings.unknown"),
        ({"settings": []}, "settings"),
        ({"at": "soon"}, "at"),
        ({"at": -1}, "at"),
        ({"at": 253_402_300_800_000}, "at"),
        ({"at": "2030-02-30"}, "at"),
        ({"at": None}, "at"),
        ({"users": {}}, "users"),
        ({"users": [{"userId": "a"}]}, "users[0].role"),
        ({"users": [{"userId": "a", "role": "boss"}]}, "users[0].role"),
        ({"users": [{"userId": "a", "role": "bot"}, {"role": "bot"}]}, "users[1].userId"),
        ({"users": [{"userId": "a", "role": "agent", "handlinglimit": 1}]}, "users[0].handlinglimit"),
        ({"unknown": 1}, "unknown"),
    ],
    ids=str,
)
def test_a_wrong_field_is_named(control: Client, body: dict[str, Any], name: str) -> None:
    before = len(control.call("GET", "/_mock/apps").json()["apps"])
    entry = error(create(control, **body), 400)

    assert entry["code"] == "MOCK-PARAM"
    assert f"body '{name}': " in entry["message"]
    assert len(control.call("GET", "/_mock/apps").json()["apps"]) == before


def test_an_unknown_field_is_refused_with_the_nearest_that_is_known(control: Client) -> None:
    assert error(create(control, aplicationId="a"), 400)["message"] == (
        "body 'aplicationId': is not known here; did you mean 'applicationId'?"
    )


def test_every_problem_is_named_at_once(control: Client) -> None:
    message = error(create(control, seed=-1, apiKey="a b", nonsense=1), 400)["message"]

    for name in ("seed", "apiKey", "nonsense"):
        assert f"body '{name}': " in message


@pytest.mark.parametrize("body", [b"[]", b"not JSON", b"\xff", b"null"])
def test_a_body_that_is_no_object_is_refused(control: Client, body: bytes) -> None:
    assert error(control.call("POST", "/_mock/apps", data=body), 400)["code"] == "MOCK-BODY"


def test_a_misspelt_scenario_is_refused_with_the_nearest(control: Client) -> None:
    entry = error(create(control, scenario="suport-team"), 400)

    assert entry["code"] == "SCENARIO"
    assert entry["message"].startswith("scenario 'suport-team': did you mean 'support-team'?")
    for name in control.call("GET", "/_mock/info").json()["scenarios"]:
        assert name in entry["message"]


def test_settings_that_name_nobody_of_the_app_are_refused_and_no_app_is_left(control: Client) -> None:
    name = f"app-{secrets.token_hex(4)}"
    settings = {"routing": {"defaultAgent": "nobody"}}

    assert error(create(control, applicationId=name, settings=settings), 400)["code"] == "MOCK-PARAM"
    assert control.call("GET", f"/_mock/apps/{name}").status_code == 404


@pytest.mark.parametrize("name", ["nobody", "%00", "%FF", "a%20b", "😀", "x" * 2_000])
def test_an_unknown_app_is_not_found_and_some_that_there_are_named(control: Client, name: str) -> None:
    for method, rest in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/settings"),
        ("GET", "/users"),
        ("POST", "/reset"),
    ):
        entry = error(control.call(method, f"/_mock/apps/{name}{rest}"), 404)

        assert entry["code"] == "APP_NOT_FOUND"
        assert entry["hint"].startswith("there are: ")


def test_past_the_bound_apps_are_refused_until_one_is_deleted() -> None:
    with MockKommunicate(max_apps=2) as server:
        control = Client(server.url, "")
        made = create(control).json()
        over = error(create(control), 503)
        control.call("DELETE", f"/_mock/apps/{made['applicationId']}")

        assert over["code"] == "MOCK-APPS"
        assert "there are 2 apps already" in over["message"]
        assert create(control).status_code == 201


# Two apps never see each other.


@pytest.fixture
def worlds(server: MockKommunicate) -> tuple[App, App]:
    """Two apps of the same scenario and seed."""
    return server.create_app(seed=1), server.create_app(seed=1)


def test_each_app_has_its_own_ids_and_sequence(worlds: tuple[App, App]) -> None:
    one, other = (Client(app.url, app.api_key) for app in worlds)
    first = [one.created("user-1")["id"] for _ in range(3)]

    assert other.created("user-1")["id"] == first[0]
    assert one.created("user-1")["id"] == first[2] + 1


def test_apps_with_seeds_of_their_own_have_other_ids(server: MockKommunicate) -> None:
    apps = [server.create_app(seed=seed) for seed in (1, 2)]

    assert len({Client(app.url, app.api_key).created("user-1")["id"] for app in apps}) == 2


def test_the_same_user_id_is_somebody_else_in_another_app(worlds: tuple[App, App]) -> None:
    one, other = (Client(app.url, app.api_key) for app in worlds)
    for client, name in ((one, "One"), (other, "Other")):
        client.created("carl")
        ok(client.update("carl", displayName=name, metadata={"in": name}))

    assert one.detail("carl").json() == [
        expected.user("carl", userName="One", displayName="One", metadata={"in": "One"})
    ]
    assert other.detail("carl").json()[0]["displayName"] == "Other"


def test_the_same_client_group_id_is_another_conversation_in_another_app(worlds: tuple[App, App]) -> None:
    one, other = (Client(app.url, app.api_key) for app in worlds)
    for client, name in ((one, "One"), (other, "Other")):
        client.created("carl", clientGroupId="order", groupName=name)
        ok(client.send(None, "carl", clientGroupId="order", message=name))

    for app, name in zip(worlds, ("One", "Other"), strict=True):
        (group,) = app.conversations()
        assert (group["name"], [message["message"] for message in app.messages(group["id"])]) == (
            name,
            [name],
        )


def test_the_same_conversation_id_is_another_conversation_in_another_app(worlds: tuple[App, App]) -> None:
    one, other = (Client(app.url, app.api_key) for app in worlds)
    group_id = one.created("carl")["id"]
    other.created("dora")
    ok(other.status(group_id, 2))

    assert worlds[0].conversation(group_id)["status"] == 0
    assert worlds[0].messages(group_id) == []
    assert worlds[1].conversation(group_id)["status"] == 2


def test_what_another_app_has_does_not_exist(worlds: tuple[App, App]) -> None:
    one, other = (Client(app.url, app.api_key) for app in worlds)
    worlds[0].add_agent("jane")
    one.created("carl")
    group_id = one.created("carl", clientGroupId="order")["id"]
    other.created("dora")

    assert other.detail("carl", "jane").json() == []
    assert refused(other.send(group_id, ADMIN)) == expected.NO_GROUP
    assert refused(other.send(None, ADMIN, clientGroupId="order")) == expected.NO_GROUP
    assert refused(other.status(group_id, 2)) == expected.NO_GROUP
    assert refused(other.assign(group_id - 1, "jane")) == expected.NO_USER
    assert refused(other.update("carl", displayName="C")) == expected.NO_USER


def test_settings_turns_and_limits_are_each_apps_own(worlds: tuple[App, App]) -> None:
    one, other = (Client(app.url, app.api_key) for app in worlds)
    for app in worlds:
        app.add_agent("jane")
    worlds[0].settings({"handlingLimit": 1, "dialect": "observed"})
    served = [one.created("carl")["adminId"] for _ in range(2)]

    assert served == [ADMIN, "jane"]
    assert [other.created("carl")["adminId"] for _ in range(3)] == [ADMIN, "jane", ADMIN]
    assert isinstance(other.detail("carl").json(), list)


def test_resetting_and_deleting_one_leaves_the_other(worlds: tuple[App, App]) -> None:
    one, other = (Client(app.url, app.api_key) for app in worlds)
    for client in (one, other):
        ok(client.send(client.created("carl")["id"], "carl"))
    before = worlds[1].conversations()
    worlds[0].reset()
    worlds[0].delete()

    assert worlds[1].conversations() == before
    assert len(worlds[1].messages(before[0]["id"])) == 1


INLINE = {
    "users": [{"userId": "jane", "role": "agent"}, {"userId": "carl", "role": "customer"}],
    "conversations": [
        {"name": "Help", "members": ["carl"], "messages": [{"from": "carl", "message": "Hello"}]}
    ],
}


def test_an_app_may_bring_its_scenario_along(control: Client) -> None:
    made = create(control, scenario=INLINE).json()
    app = App(control.url, made["applicationId"], made["apiKey"])

    assert made["scenario"] == INLINE
    assert [(conversation.name, conversation.assignee) for conversation in app.conversations()] == [
        ("Help", "jane")
    ]


def test_a_scenario_that_came_along_is_put_in_again_at_a_reset(control: Client) -> None:
    made = create(control, scenario=INLINE).json()
    app = App(control.url, made["applicationId"], made["apiKey"])
    app.add_agent("bob")
    app.reset()

    assert [user.id for user in app.users()] == ["jane", "carl", "bot"]


@pytest.mark.parametrize(
    ("scenario", "problem"),
    [
        ({"users": [{"userId": "jane", "role": "agnet"}]}, "users[0].role"),
        ({"user": []}, "user is not known here; did you mean 'users'?"),
        ([], "must be a scenario's name, its file, or an object that is one"),
        (None, "must be a scenario's name, its file, or an object that is one"),
    ],
    ids=str,
)
def test_a_wrong_scenario_that_came_along_is_refused_by_name(
    control: Client, scenario: object, problem: str
) -> None:
    assert problem in error(create(control, scenario=scenario), 400)["message"]
