"""Teams: whose rules hold, among whom, and who may wait."""

from typing import Any

import pytest

from mockkommunicate.domain import teams
from mockkommunicate.domain.apps import AppSettings, RoutingSettings, Team
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.routing import Rule, Rules

STAFF = ("jane", "omar", "admin", "robot", "greeter")
APP = RoutingSettings(default_agent="admin", assign_new_conversations_to="robot", waiting_queue=True)


def settings(**own: object) -> AppSettings:
    return AppSettings(routing=APP, teams=(Team(team_id="55", agents=("omar", "jane"), own=own),))


def rules(team_id: str | None, *, is_new: bool = True, status: Status = Status.OPEN, **own: object) -> Rules:
    given = settings(**own)
    return teams.rules(given, teams.find(given, team_id), staff=STAFF, status=status, is_new=is_new)


def test_what_a_team_says_nothing_of_is_as_in_its_app() -> None:
    app = Rules(rule=Rule.AUTOMATIC, default_agent="admin", bot="robot", waiting_queue=True)

    assert (rules(None), rules("55"), rules("7")) == (app, app, app)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (
            {"rule": Rule.NOTIFY_EVERYBODY},
            Rules(rule=Rule.NOTIFY_EVERYBODY, default_agent="admin", bot="robot"),
        ),
        ({"default_agent": "jane"}, Rules(rule=Rule.AUTOMATIC, default_agent="jane", bot="robot")),
        ({"default_agent": None}, Rules(rule=Rule.AUTOMATIC, default_agent=None, bot="robot")),
        (
            {"assign_new_conversations_to": "greeter"},
            Rules(rule=Rule.AUTOMATIC, default_agent="admin", bot="greeter"),
        ),
        ({"assign_new_conversations_to": None}, Rules(rule=Rule.AUTOMATIC, default_agent="admin")),
    ],
    ids=str,
)
def test_what_a_team_has_of_its_own_goes_before_its_app(own: dict[str, Any], expected: Rules) -> None:
    given = settings(waiting_queue=False, **own)
    team = teams.find(given, "55")

    assert teams.rules(given, team, staff=STAFF, status=Status.OPEN, is_new=True) == expected


def test_who_is_not_there_is_neither_default_agent_nor_bot() -> None:
    gone = AppSettings(routing=RoutingSettings(default_agent="gone", assign_new_conversations_to="gone"))

    assert teams.rules(gone, None, staff=STAFF, status=Status.OPEN, is_new=True) == Rules(
        rule=Rule.AUTOMATIC, default_agent=None
    )


def test_only_what_is_new_goes_to_the_bot() -> None:
    assert (rules(None).bot, rules(None, is_new=False).bot) == ("robot", None)


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_only_what_counts_or_waits_may_wait(status: Status) -> None:
    may = {Status.INITIAL, Status.OPEN, Status.PROGRESS, Status.UNRESPONDED, Status.WAITING}

    assert rules("55", status=status).waiting_queue == (status in may)


def test_the_members_of_a_team_come_in_its_order_and_without_those_who_are_gone() -> None:
    team = Team(team_id="55", agents=("omar", "gone", "jane"))

    assert teams.members(team, ["jane", "omar", "admin"]) == ["omar", "jane"]
    assert teams.members(None, ["jane", "omar", "admin"]) == ["jane", "omar", "admin"]


@pytest.mark.parametrize(
    ("own", "of_app", "of_team"),
    [
        ({}, True, True),
        ({"waiting_queue": False}, True, False),
        ({"rule": Rule.NOTIFY_EVERYBODY}, True, False),
        ({"rule": Rule.NOTIFY_EVERYBODY, "waiting_queue": True}, True, False),
    ],
    ids=str,
)
def test_there_is_a_queue_where_it_is_on_and_the_rule_is_round_robin(
    own: dict[str, object], *, of_app: bool, of_team: bool
) -> None:
    given = settings(**own)

    found = (teams.has_queue(given, None), teams.has_queue(given, "unknown"), teams.has_queue(given, "55"))
    assert found == (of_app, of_app, of_team)
    assert teams.has_any_queue(given)


def test_a_team_alone_may_have_a_queue() -> None:
    alone = AppSettings(teams=(Team(team_id="55", agents=(), own={"waiting_queue": True}),))

    assert (teams.has_any_queue(alone), teams.has_queue(alone, None), teams.has_queue(alone, "55")) == (
        True, False, True,
    )  # fmt: skip
    assert not teams.has_any_queue(AppSettings())


def test_everybody_whom_rules_and_teams_need_is_named() -> None:
    given = settings(default_agent="jane", assign_new_conversations_to="greeter")

    assert teams.named(given) == {"admin", "robot", "omar", "jane", "greeter"}
