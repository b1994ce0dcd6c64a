"""POST /_mock/apps/APP/reset."""

from typing import Any

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from tests import expected
from tests.client import ADMIN, Client, ok
from tests.expected import NOW
from tests.worlds import AT, World, error


def reset(client: Client, app: App, **body: Any) -> requests.Response:
    return client.call("POST", f"/_mock/apps/{app.application_id}/reset", json=body)


def test_a_reset_says_what_was_removed_and_what_is_there_now(app: App, client: Client) -> None:
    ok(client.send(client.created("carl", "dora")["id"], "carl"))
    seed = client.call("GET", f"/_mock/apps/{app.application_id}").json()["seed"]

    assert reset(client, app).json() == {
        "removed": {
            "messages": 1,
            "members": 4,
            "conversations": 1,
            "users": 4,
            "requests": 2,
            "deliveries": 0,
            "faults": 0,
        },
        "applicationId": app.application_id,
        "apiKey": app.api_key,
        "scenario": "empty",
        "seed": seed,
        "createdAtTime": NOW,
    }


def test_a_reset_needs_no_body(app: App, client: Client) -> None:
    assert client.call("POST", f"/_mock/apps/{app.application_id}/reset").status_code == 200


def test_after_a_reset_the_app_is_as_if_it_were_new(app: App, client: Client) -> None:
    app.add_agent("jane")
    first = client.created("carl", clientGroupId="order")
    app.settings({"dialect": "observed", "handlingLimit": 1, "routing": {"rule": "notify_everybody"}})
    ok(client.update("carl", displayName="Carl"))
    reset(client, app)

    assert app.conversations() == []
    assert client.detail("carl", "jane", ADMIN, "bot").json() == [expected.ADMIN, expected.BOT]
    assert client.created("carl", clientGroupId="order")["id"] == first["id"]
    assert app.settings()["handlingLimit"] is None


def test_the_turn_begins_anew_after_a_reset(client: Client, app: App) -> None:
    reset(client, app, scenario="support-team", seed=1)
    first = [client.created("carl")["metadata"]["CONVERSATION_ASSIGNEE"] for _ in range(2)]
    reset(client, app)

    assert [client.created("carl")["metadata"]["CONVERSATION_ASSIGNEE"] for _ in range(2)] == first


def test_a_reset_gives_the_state_of_the_beginning_back(server: MockKommunicate) -> None:
    world = World(server.url, scenario="support-team")
    before = world.state
    world.furnish()
    world.ok("POST", "/clock", {"advance": "P1D"})
    world.ok("POST", "/reset")

    assert world.state == before


def test_the_journal_and_the_faults_are_gone_after_a_reset(server: MockKommunicate) -> None:
    world = World(server.url).furnish()
    removed = world.ok("POST", "/reset")["removed"]

    assert (removed["faults"], removed["requests"]) == (1, 9)
    assert world.ok("GET", "/faults") == {"faults": []}
    assert world.ok("GET", "/requests") == {"requests": [], "dropped": 0}
    assert [world.client.detail(ADMIN).status_code for _ in range(2)] == [200, 200]
    assert [entry["id"] for entry in world.ok("GET", "/requests")["requests"]] == [1, 2]


@pytest.mark.parametrize("change", [{"resume": True}, {"set": 5}, {"advance": "P1D"}, {"freeze": True}])
def test_a_clock_that_stood_still_from_the_start_does_so_again(
    server: MockKommunicate, change: dict[str, Any]
) -> None:
    world = World(server.url)
    world.ok("POST", "/clock", change)
    world.ok("POST", "/reset")

    assert world.ok("GET", "/clock") == {"now": AT, "mode": "frozen"}


def test_a_clock_that_ran_from_the_start_runs_again_and_is_right(server: MockKommunicate) -> None:
    world = World(server.url, at=None)
    world.ok("POST", "/clock", {"freeze": AT})
    world.ok("POST", "/reset")

    assert world.ok("GET", "/clock") == {"now": NOW, "mode": "running"}
    assert world.document["clock"] == {"mode": "running", "offsetMs": 0}


def test_another_scenario_and_seed_can_be_taken_and_are_kept(app: App, client: Client) -> None:
    answer = reset(client, app, scenario="support-team", seed=9).json()
    names = [group["name"] for group in app.conversations()]
    again = reset(client, app).json()

    assert (answer["scenario"], answer["seed"]) == (again["scenario"], again["seed"]) == ("support-team", 9)
    assert [group["name"] for group in app.conversations()] == names
    assert again["removed"]["conversations"] == len(names)


def test_another_seed_alone_keeps_the_scenario(app: App, client: Client) -> None:
    reset(client, app, scenario="support-team", seed=9)
    names = [group["name"] for group in app.conversations()]

    assert reset(client, app, seed=10).json()["scenario"] == "support-team"
    assert [group["name"] for group in app.conversations()] != names


def test_id_key_and_time_of_creation_stay(app: App, client: Client) -> None:
    before = client.call("GET", f"/_mock/apps/{app.application_id}").json()
    reset(client, app, scenario="at-capacity")

    after = client.call("GET", f"/_mock/apps/{app.application_id}").json()
    assert after == {**before, "scenario": "at-capacity"}


@pytest.mark.parametrize(
    ("body", "code", "names"),
    [
        ({"scenario": "emty"}, "SCENARIO", "did you mean 'empty'?"),
        ({"scenario": "nowhere.yaml"}, "SCENARIO", "'nowhere.yaml'"),
        ({"scenario": ""}, "SCENARIO", "scenario ''"),
        ({"scenario": 1}, "MOCK-PARAM", "body 'scenario': "),
        ({"seed": -1}, "MOCK-PARAM", "body 'seed': "),
        ({"sead": 1}, "MOCK-PARAM", "did you mean 'seed'?"),
    ],
    ids=str,
)
def test_a_refused_reset_changes_nothing(
    app: App, client: Client, body: dict[str, Any], code: str, names: str
) -> None:
    group_id = client.created("carl")["id"]
    entry = error(reset(client, app, **body), 400)

    assert entry["code"] == code
    assert names in entry["message"]
    assert app.conversation(group_id)["assignee"] == ADMIN


def test_a_scenario_that_fails_to_load_keeps_the_content(app: App, client: Client, tmp_path: Any) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text("users: [{userId: a, role: boss}]")
    group_id = client.created("carl")["id"]

    assert error(reset(client, app, scenario=str(file)), 400)["code"] == "SCENARIO"
    assert app.conversation(group_id)["assignee"] == ADMIN
