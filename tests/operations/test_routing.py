"""The table of docs/routing.md again, end to end over HTTP."""

from collections import Counter

import pytest

from mockkommunicate import App, MockKommunicate
from tests import routing_table
from tests.client import Client
from tests.routing_table import Row

LIMITS = {"none": None, "room": 2, "full": 1}
"""Jane's limit, who has one open conversation."""


def make(server: MockKommunicate, case: dict[str, str]) -> App:
    """Make the table's world: jane with one open conversation, omar, and an admin who is away."""
    app = server.create_app(
        users=[
            {"userId": "jane", "role": "agent", "availability": case["jane"], "handlingLimit": None},
            {
                "userId": "omar",
                "role": "agent",
                "availability": "online" if case["omar"] == "free" else "away",
            },
            {"userId": "admin", "role": "admin", "availability": "away"},
            {"userId": "robot", "role": "bot"},
            {"userId": "admin@example.com", "role": "customer"},
        ],
        settings={
            "routing": {
                "rule": case["rule"],
                "defaultAgent": _none(case["default agent"]),
                "assignNewConversationsTo": _none(case["bot"]),
                "waitingQueue": case["queue"] == "on",
            }
        },
    )
    client = Client(app.url, app.api_key)
    client.created("jane", metadata={"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "jane"})
    limit = {"handlingLimit": LIMITS[case["jane's limit"]]}
    client.call("PATCH", f"/_mock/apps/{app.application_id}/users/jane", json=limit).raise_for_status()
    return app


def _none(value: str) -> str | None:
    return None if value == "none" else value


@pytest.mark.parametrize("row", routing_table.ROWS, ids=str)
def test_a_conversation_is_routed_as_the_table_says(server: MockKommunicate, row: Row) -> None:
    for case in row.samples():
        app = make(server, case)
        metadata = {"SKIP_ROUTING": case["SKIP_ROUTING"]}
        if case["CONVERSATION_ASSIGNEE"] != "none":
            metadata["CONVERSATION_ASSIGNEE"] = case["CONVERSATION_ASSIGNEE"]

        group = Client(app.url, app.api_key).created("user-1", metadata=metadata)

        looked_at = app.conversation(group["id"])
        assert group["metadata"].get("CONVERSATION_ASSIGNEE") == row.assignee, case
        assert (looked_at["assignee"], looked_at["routing"]["outcome"]) == (row.assignee, row.outcome), case
        assert group["membersId"] == ["user-1", *row.joins, "bot"], case


@pytest.fixture
def team(app: App) -> App:
    """Three agents besides the admin, who is away."""
    for name in ("jane", "omar", "lena"):
        app.add_agent(name)
    set_user(app, "admin@example.com", availability="away")
    return app


def set_user(app: App, user_id: str, **changes: object) -> None:
    client = Client(app.url, app.api_key)
    client.call("PATCH", f"/_mock/apps/{app.application_id}/users/{user_id}", json=changes).raise_for_status()


def assignee(client: Client) -> str | None:
    found: str | None = client.created("user-1")["metadata"].get("CONVERSATION_ASSIGNEE")
    return found


def test_agents_are_served_in_order_of_creation_and_again(team: App, client: Client) -> None:  # noqa: ARG001
    assert [assignee(client) for _ in range(7)] == [*("jane", "omar", "lena") * 2, "jane"]


def test_who_was_away_is_served_first_when_he_is_back(team: App, client: Client) -> None:
    set_user(team, "jane", availability="away")
    while_away = [assignee(client) for _ in range(3)]
    set_user(team, "jane", availability="online")

    assert while_away == ["omar", "lena", "omar"]
    assert [assignee(client) for _ in range(4)] == ["jane", "lena", "omar", "jane"]


def test_who_comes_new_is_served_after_those_who_are_there(team: App, client: Client) -> None:
    first = assignee(client)
    team.add_agent("new")
    served = [assignee(client) for _ in range(4)]

    assert first == "jane"
    assert Counter(served) == {"jane": 1, "omar": 1, "lena": 1, "new": 1}


def test_who_is_deleted_gets_nothing_any_more(team: App, client: Client) -> None:
    client.call("DELETE", f"/_mock/apps/{team.application_id}/users/omar").raise_for_status()

    assert [assignee(client) for _ in range(4)] == ["jane", "lena", "jane", "lena"]


def test_round_robin_stops_at_each_agents_limit(team: App, client: Client) -> None:
    team.settings({"handlingLimit": 2})
    set_user(team, "omar", handlingLimit=1)
    set_user(team, "lena", handlingLimit=0)

    served = [assignee(client) for _ in range(5)]

    assert served == ["jane", "omar", "jane", "admin@example.com", "admin@example.com"]


def test_conversations_that_skip_routing_take_nobodys_turn(team: App, client: Client) -> None:  # noqa: ARG001
    first = assignee(client)
    client.created("user-1", metadata={"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "lena"})

    assert (first, assignee(client)) == ("jane", "omar")


def test_the_turn_is_kept_while_another_rule_is_set(team: App, client: Client) -> None:
    served = [assignee(client)]
    team.settings({"routing": {"rule": "notify_everybody"}})
    served.append(assignee(client))
    team.settings({"routing": {"rule": "automatic"}})
    served.append(assignee(client))

    assert served == ["jane", "admin@example.com", "omar"]


def test_why_somebody_was_skipped_can_be_looked_at(team: App, client: Client) -> None:
    set_user(team, "jane", availability="offline")
    set_user(team, "omar", handlingLimit=0)
    group_id = client.created("user-1")["id"]

    assert team.conversation(group_id)["routing"] == {
        "outcome": "round_robin",
        "assignee": "lena",
        "considered": [
            {"userId": "admin@example.com", "result": "away"},
            {"userId": "jane", "result": "offline"},
            {"userId": "omar", "result": "full"},
            {"userId": "lena", "result": "taken"},
        ],
    }
