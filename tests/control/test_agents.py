"""/_mock/apps/APP/agents: how much each agent has to do, and whose turn is next."""

from typing import Any

from mockkommunicate import App
from tests.client import ADMIN, Client


def agents(app: App) -> tuple[list[dict[str, Any]], list[str]]:
    answer = app.control("GET", "agents")
    return answer["agents"], answer["rotation"]


def test_an_agent_is_shown_with_his_conversations_and_limits(app: App, client: Client) -> None:
    app.add_agent("jane@example.com", limit=1, displayName="Jane")
    app.settings({"handlingLimit": 9})
    for _ in range(3):
        client.created("carl")

    assert agents(app)[0] == [
        {
            "userId": ADMIN,
            "displayName": "Super Admin",
            "role": "admin",
            "availability": "online",
            "open": 2,
            "limit": 9,
        },
        {
            "userId": "jane@example.com",
            "displayName": "Jane",
            "role": "agent",
            "availability": "online",
            "handlingLimit": 1,
            "open": 1,
            "limit": 1,
            "skipped": "full",
        },
    ]


def test_closed_conversations_do_not_count_and_who_is_away_is_skipped(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    client.status(group_id, 2)
    app.control("PATCH", f"users/{ADMIN}", {"availability": "away"})
    (admin,) = agents(app)[0]

    assert (admin["open"], admin["skipped"]) == (0, "away")


def test_the_rotation_says_who_gets_the_next_conversation(app: App, client: Client) -> None:
    app.add_agent("jane@example.com")
    app.add_bot("robot")
    assert agents(app)[1] == [ADMIN, "jane@example.com"]

    client.created("carl")

    assert agents(app)[1] == ["jane@example.com", ADMIN]
    assert client.created("carl")["metadata"]["CONVERSATION_ASSIGNEE"] == "jane@example.com"
