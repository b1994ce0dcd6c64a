"""The rules of routing as functions of values. The table is that of docs/routing.md."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain import routing
from mockkommunicate.domain.routing import Agent, Decision, Outcome, Rule, Rules
from mockkommunicate.domain.users import Availability
from tests import routing_table, strategies
from tests.routing_table import Row
from tests.strategies import available

LOADS: dict[str, tuple[int, int | None]] = {"none": (3, None), "room": (1, 2), "full": (2, 2)}
"""Open conversations and limit, for each value of the table's column."""

AUTOMATIC = Rules(rule=Rule.AUTOMATIC, default_agent="admin")


def online(user_id: str, *, open_conversations: int = 0, limit: int | None = None) -> Agent:
    return Agent(
        user_id=user_id,
        availability=Availability.ONLINE,
        open_conversations=open_conversations,
        limit=limit,
    )


def absent(user_id: str, availability: Availability = Availability.AWAY) -> Agent:
    return Agent(user_id=user_id, availability=availability)


def decide(case: dict[str, str]) -> Decision:
    """Ask the rules about one combination of the table's columns."""
    open_conversations, limit = LOADS[case["jane's limit"]]
    jane = Agent(
        user_id="jane",
        availability=Availability(case["jane"]),
        open_conversations=open_conversations,
        limit=limit,
    )
    omar = online("omar") if case["omar"] == "free" else absent("omar")
    if case["SKIP_ROUTING"] == "true":
        named = _none(case["CONVERSATION_ASSIGNEE"])
        return routing.name(named, full=named == "jane" and case["jane's limit"] == "full")
    rules = Rules(
        rule=Rule(case["rule"]),
        default_agent=_none(case["default agent"]),
        bot=_none(case["bot"]),
        waiting_queue=case["queue"] == "on",
    )
    return routing.route(rules, [jane, omar, absent("admin")], ())


def _none(value: str) -> str | None:
    return None if value == "none" else value


@pytest.mark.parametrize("row", routing_table.ROWS, ids=str)
def test_every_combination_of_a_row_is_decided_as_the_table_says(row: Row) -> None:
    for case in row.cases():
        decision = decide(case)

        assert (decision.assignee, decision.outcome, tuple(dict.fromkeys(decision.joins))) == (
            row.assignee,
            row.outcome,
            row.joins,
        ), case


def test_the_table_has_each_combination_in_exactly_one_row() -> None:
    for values in product(*routing_table.VALUES.values()):
        case = dict(zip(routing_table.VALUES, values, strict=True))

        assert len([row.number for row in routing_table.ROWS if row.matches(case)]) == 1, case


def test_the_table_names_every_outcome_that_creating_can_have() -> None:
    assert {row.outcome for row in routing_table.ROWS} == set(Outcome) - {
        Outcome.CHANGED,
        Outcome.HANDED_OVER,
    }


def test_a_table_with_an_unknown_value_is_not_read() -> None:
    page = routing_table.PAGE.read_text(encoding="utf-8")

    with pytest.raises(AssertionError, match="onlin"):
        routing_table.read(page.replace("| automatic | online |", "| automatic | onlin |"))


def test_round_robin_takes_the_first_and_puts_him_at_the_end() -> None:
    decision = routing.route(AUTOMATIC, available("jane", "omar", "lena"), ("jane", "omar", "lena"))

    assert decision == Decision(
        assignee="jane",
        outcome=Outcome.ROUND_ROBIN,
        joins=("jane",),
        rotation=("omar", "lena", "jane"),
        considered=(("jane", "taken"),),
    )


def test_round_robin_begins_in_order_of_creation() -> None:
    assert routing.route(AUTOMATIC, available("omar", "jane"), ()).assignee == "omar"


@pytest.mark.parametrize("availability", [Availability.AWAY, Availability.OFFLINE])
def test_round_robin_skips_an_agent_who_is_not_online_and_keeps_his_place(availability: Availability) -> None:
    agents = [absent("jane", availability), online("omar"), online("lena")]

    decision = routing.route(AUTOMATIC, agents, ("jane", "omar", "lena"))

    assert decision.assignee == "omar"
    assert decision.rotation == ("jane", "lena", "omar")
    assert decision.considered == (("jane", availability.value), ("omar", "taken"))


def test_round_robin_skips_an_agent_at_his_limit_and_keeps_his_place() -> None:
    agents = [online("jane", open_conversations=2, limit=2), online("omar")]

    decision = routing.route(AUTOMATIC, agents, ("jane", "omar"))

    assert decision.assignee == "omar"
    assert decision.rotation == ("jane", "omar")
    assert decision.considered == (("jane", "full"), ("omar", "taken"))


def test_an_agent_over_a_limit_that_was_lowered_is_skipped() -> None:
    agents = [online("jane", open_conversations=5, limit=2), online("omar")]

    assert routing.route(AUTOMATIC, agents, ()).assignee == "omar"


def test_an_agent_with_the_limit_zero_is_never_taken() -> None:
    assert routing.route(AUTOMATIC, [online("jane", limit=0)], ()).outcome == Outcome.DEFAULT_AGENT


def test_with_nobody_available_the_default_agent_is_assigned_and_the_turn_stays() -> None:
    agents = [absent("jane"), online("omar", open_conversations=1, limit=1)]

    decision = routing.route(AUTOMATIC, agents, ("omar", "jane"))

    assert decision == Decision(
        assignee="admin",
        outcome=Outcome.DEFAULT_AGENT,
        joins=("admin",),
        rotation=("omar", "jane"),
        considered=(("omar", "full"), ("jane", "away")),
    )


def test_with_a_waiting_queue_a_conversation_that_nobody_has_room_for_waits_and_the_turn_stays() -> None:
    rules = Rules(rule=Rule.AUTOMATIC, default_agent="admin", waiting_queue=True)
    agents = [absent("jane"), online("omar", open_conversations=1, limit=1)]

    decision = routing.route(rules, agents, ("omar", "jane"))

    assert decision == Decision(
        assignee=None,
        outcome=Outcome.QUEUED,
        rotation=("omar", "jane"),
        considered=(("omar", "full"), ("jane", "away")),
    )


def test_with_a_waiting_queue_and_no_agents_a_conversation_waits() -> None:
    rules = Rules(rule=Rule.AUTOMATIC, default_agent=None, waiting_queue=True)

    assert routing.route(rules, [], ()).outcome == Outcome.QUEUED


def test_a_decision_says_whose_rules_it_followed_and_that_it_was_waited_for() -> None:
    decision = Decision(assignee="jane", outcome=Outcome.ROUND_ROBIN, team_id="55")

    told = {"outcome": "round_robin", "assignee": "jane", "considered": [], "team": "55"}
    assert (decision.explained(), decision.explained(waited=True)) == (told, {**told, "waited": True})


def test_without_agents_and_default_agent_nobody_is_assigned() -> None:
    decision = routing.route(Rules(rule=Rule.AUTOMATIC, default_agent=None), [], ())

    assert decision == Decision(assignee=None, outcome=Outcome.NOBODY)


def test_a_rotation_of_other_agents_is_made_anew() -> None:
    decision = routing.route(AUTOMATIC, available("jane", "omar"), ("omar", "gone"))

    assert decision.assignee == "jane"
    assert decision.rotation == ("omar", "jane")


def test_the_bot_leaves_the_turn_as_it_is() -> None:
    rules = Rules(rule=Rule.AUTOMATIC, default_agent="admin", bot="robot")

    decision = routing.route(rules, available("jane", "omar"), ("omar", "jane"))

    assert decision == Decision(
        assignee="robot", outcome=Outcome.BOT, joins=("robot",), rotation=("omar", "jane")
    )


def test_notify_everybody_leaves_the_turn_as_it_is() -> None:
    rules = Rules(rule=Rule.NOTIFY_EVERYBODY, default_agent="admin")

    decision = routing.route(rules, available("jane", "omar"), ("omar", "jane"))

    assert decision.rotation == ("omar", "jane")


@pytest.mark.parametrize("named", [None, "", "jane"])
def test_naming_leaves_the_turn_as_it_is(named: str | None) -> None:
    assert routing.name(named, full=False, rotation=["omar", "jane"]).rotation == ("omar", "jane")


def test_naming_a_full_agent_says_why_nobody_is_assigned() -> None:
    assert routing.name("jane", full=True).explained() == {
        "outcome": "named_is_full",
        "assignee": None,
        "considered": [{"userId": "jane", "result": "full"}],
    }


def test_a_decision_explains_itself_in_json_values() -> None:
    decision = routing.route(AUTOMATIC, [absent("jane"), online("omar")], ())

    assert decision.explained() == {
        "outcome": "round_robin",
        "assignee": "omar",
        "considered": [{"userId": "jane", "result": "away"}, {"userId": "omar", "result": "taken"}],
    }


@given(st.lists(strategies.USER_IDS, min_size=1, max_size=6, unique=True), st.integers(1, 5))
def test_k_times_n_conversations_give_each_of_n_available_agents_k(user_ids: list[str], k: int) -> None:
    agents, rotation, taken = available(*user_ids), tuple[str, ...](), list[str | None]()
    for _ in range(k * len(user_ids)):
        decision = routing.route(AUTOMATIC, agents, rotation)
        rotation = decision.rotation
        taken.append(decision.assignee)

    assert Counter(taken) == dict.fromkeys(user_ids, k)
    assert taken[: len(user_ids)] == user_ids


@given(strategies.teams())
def test_the_same_inputs_give_the_same_decision(team: tuple[Rules, list[Agent], tuple[str, ...]]) -> None:
    assert routing.route(*team) == routing.route(*team)


@given(strategies.agents(), st.data())
def test_round_robin_never_takes_who_is_full_away_or_offline(
    agents: list[Agent], data: st.DataObject
) -> None:
    rotation = tuple(data.draw(st.permutations([agent.user_id for agent in agents])))

    decision = routing.route(AUTOMATIC, agents, rotation)

    can = [
        agent.user_id
        for agent in agents
        if agent.availability == Availability.ONLINE
        and (agent.limit is None or agent.open_conversations < agent.limit)
    ]
    first = next((user_id for user_id in rotation if user_id in can), None)
    assert (decision.outcome == Outcome.ROUND_ROBIN) == bool(can)
    assert decision.assignee == (first or "admin")


@given(strategies.agents(least=1), st.data())
def test_whoever_is_not_taken_keeps_his_place(agents: list[Agent], data: st.DataObject) -> None:
    rotation = tuple(data.draw(st.permutations([agent.user_id for agent in agents])))

    decision = routing.route(AUTOMATIC, agents, rotation)

    others = [user_id for user_id in rotation if user_id != decision.assignee]
    assert [user_id for user_id in decision.rotation if user_id != decision.assignee] == others
    assert sorted(decision.rotation) == sorted(rotation)


@given(strategies.teams())
def test_the_assignee_joins_and_the_rotation_holds_each_agent_once(
    team: tuple[Rules, list[Agent], tuple[str, ...]],
) -> None:
    rules, agents, _ = team

    decision = routing.route(*team)

    assert decision.assignee is None or decision.assignee in decision.joins
    if rules.rule is Rule.AUTOMATIC and rules.bot is None:
        assert sorted(decision.rotation) == sorted(agent.user_id for agent in agents)


@given(strategies.agents(least=2))
def test_every_available_agent_is_served_before_one_is_served_twice(agents: list[Agent]) -> None:
    can = [agent.user_id for agent in agents if agent.skipped is None]
    rotation = tuple[str, ...]()
    taken = []
    for _ in can:
        decision = routing.route(AUTOMATIC, agents, rotation)
        rotation = decision.rotation
        taken.append(decision.assignee)

    assert taken == can
