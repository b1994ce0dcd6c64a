"""/_mock/apps/APP/settings."""

from typing import Any

import pytest

from mockkommunicate import App
from tests.client import ADMIN, Client
from tests.worlds import error

DEFAULTS: dict[str, Any] = {
    "routing": {
        "rule": "automatic",
        "defaultAgent": ADMIN,
        "assignNewConversationsTo": None,
        "waitingQueue": False,
        "reassignWhenAway": False,
    },
    "handlingLimit": None,
    "dialect": "documented",
    "initialStatus": 0,
    "takeOverFromBotDefault": False,
    "statusLabels": "sdk",
    "detailOfUnknownUsers": "omit",
    "removeBotOnHandoff": False,
    "webhook": {"url": None, "token": None},
    "deliveries": {"retries": [], "limit": 100_000, "webhookTimeoutMs": 5000, "botTimeoutMs": 60000},
    "journal": {"enabled": True, "limit": 100_000},
    "files": {"maxBytes": 25_000_000},
    "teams": [],
    "strict": False,
    "faultHeader": True,
}


def path(app: App) -> str:
    return f"/_mock/apps/{app.application_id}/settings"


def merged(changes: dict[str, Any]) -> dict[str, Any]:
    routing = {**DEFAULTS["routing"], **changes.get("routing", {})}
    journal = {**DEFAULTS["journal"], **changes.get("journal", {})}
    files = {**DEFAULTS["files"], **changes.get("files", {})}
    return {**DEFAULTS, **changes, "routing": routing, "journal": journal, "files": files}


def test_the_defaults_are_those_that_are_documented(app: App, client: Client) -> None:
    response = client.call("GET", path(app))

    assert response.json() == DEFAULTS
    assert list(response.json()) == list(DEFAULTS)


@pytest.mark.parametrize(
    "changes",
    [
        {"routing": {"rule": "notify_everybody"}},
        {"routing": {"defaultAgent": "jane"}},
        {"routing": {"defaultAgent": None}},
        {"routing": {"assignNewConversationsTo": "robot"}},
        {"routing": {"assignNewConversationsTo": "bot", "rule": "notify_everybody"}},
        {"routing": {"waitingQueue": True}},
        {"routing": {"reassignWhenAway": True}},
        {"handlingLimit": 5},
        {"handlingLimit": 0},
        {"dialect": "observed"},
        {"initialStatus": -1},
        {"takeOverFromBotDefault": True},
        {"statusLabels": "dashboard"},
        {"detailOfUnknownUsers": "error"},
        {"strict": True},
        {"faultHeader": False},
        {"journal": {"limit": 5}},
        {"files": {"maxBytes": 1}},
        {"files": {}},
        {"journal": {"enabled": False}, "strict": True},
        {"handlingLimit": 1, "dialect": "observed", "routing": {"defaultAgent": "jane"}},
        {},
        {"routing": {}},
    ],
    ids=str,
)
def test_a_change_is_merged_key_by_key_and_answered_whole(
    app: App, client: Client, changes: dict[str, Any]
) -> None:
    app.add_agent("jane")
    app.add_bot("robot")
    response = client.call("PATCH", path(app), json=changes)

    assert (response.status_code, response.json()) == (200, merged(changes))
    assert client.call("GET", path(app)).json() == merged(changes)


def test_changes_add_up(app: App) -> None:
    app.settings({"handlingLimit": 5})
    app.settings({"routing": {"rule": "notify_everybody"}})

    assert app.settings({"handlingLimit": None}) == merged({"routing": {"rule": "notify_everybody"}})


def test_settings_may_be_given_whole_as_they_are(app: App) -> None:
    assert app.settings(DEFAULTS) == DEFAULTS


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"routing": {"rule": "best"}}, "routing.rule"),
        ({"routing": {"rule": None}}, "routing.rule"),
        ({"routing": {"defaultAgent": "nobody"}}, "routing.defaultAgent"),
        ({"routing": {"defaultAgent": "bot"}}, "routing.defaultAgent"),
        ({"routing": {"defaultAgent": "carl"}}, "routing.defaultAgent"),
        ({"routing": {"assignNewConversationsTo": "nobody"}}, "routing.assignNewConversationsTo"),
        ({"routing": {"assignNewConversationsTo": ADMIN}}, "routing.assignNewConversationsTo"),
        ({"routing": []}, "routing"),
        ({"routing": {"Rule": "automatic"}}, "routing.Rule"),
        ({"routing": {"waitingQueue": "true"}}, "routing.waitingQueue"),
        ({"routing": {"waitingQueue": 1}}, "routing.waitingQueue"),
        ({"routing": {"reassignWhenAway": None}}, "routing.reassignWhenAway"),
        ({"handlingLimit": -1}, "handlingLimit"),
        ({"handlingLimit": 1.5}, "handlingLimit"),
        ({"handlingLimit": True}, "handlingLimit"),
        ({"handlingLimit": 2**31}, "handlingLimit"),
        ({"dialect": "other"}, "dialect"),
        ({"dialect": None}, "dialect"),
        ({"initialStatus": 8}, "initialStatus"),
        ({"initialStatus": None}, "initialStatus"),
        ({"takeOverFromBotDefault": "true"}, "takeOverFromBotDefault"),
        ({"takeOverFromBotDefault": None}, "takeOverFromBotDefault"),
        ({"strict": 0}, "strict"),
        ({"statusLabels": "german"}, "statusLabels"),
        ({"detailOfUnknownUsers": 1}, "detailOfUnknownUsers"),
        ({"handlinglimit": 1}, "handlinglimit"),
        ({"": 1}, ""),
    ],
    ids=str,
)
def test_a_wrong_setting_is_named_and_nothing_is_changed(
    app: App, client: Client, changes: dict[str, Any], name: str
) -> None:
    app.add_customer("carl")
    response = client.call("PATCH", path(app), json={"statusLabels": "dashboard", **changes})

    entry = error(response, 400)
    assert entry["code"] == "MOCK-PARAM"
    assert f"body '{name}': " in entry["message"] or not name
    assert app.settings() == DEFAULTS


def test_who_would_be_right_is_named(app: App, client: Client) -> None:
    app.add_agent("jane")
    response = client.call("PATCH", path(app), json={"routing": {"defaultAgent": "jame"}})

    assert error(response, 400)["message"] == (
        f"body 'routing.defaultAgent': must be an agent of this app ({ADMIN}, jane); got 'jame'; did you mean 'jane'?"
    )


def test_a_setting_that_is_nearly_known_is_pointed_out(app: App, client: Client) -> None:
    entry = error(client.call("PATCH", path(app), json={"handlinglimit": 1}), 400)

    assert entry["message"] == "body 'handlinglimit': is not known here; did you mean 'handlingLimit'?"
