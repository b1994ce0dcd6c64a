"""What Faker makes up: believable, as much as is asked for, and the same for the same seed."""

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.errors import ScenarioError
from mockkommunicate.operations import generated, scenarios
from mockkommunicate.operations.emulator import Emulator
from tests.operations.filled import NOW, Rows, emulating, fill

DAY = 86_400_000
AGENTS = [{"userId": name, "role": "agent"} for name in ("ada", "ben", "cleo")]
OPEN = {-1, 0, 1, 6}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator without HTTP."""
    with emulating() as emulator:
        yield emulator


def made_up(**wanted: Any) -> dict[str, Any]:
    """Make a scenario of three agents in which the rest is made up."""
    return {"users": AGENTS, "generate": {"customers": 10, **wanted}}


def by_conversation(held: Rows) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Answer each conversation with its messages."""
    return [
        (row, [message for message in held["messages"] if message["conversation_id"] == row["id"]])
        for row in held["conversations"]
    ]


@pytest.mark.parametrize(("conversations", "messages"), [(0, 5), (1, 0), (7, 3), (100, 100), (300, 1)])
def test_there_is_as_much_as_is_asked_for(emulator: Emulator, conversations: int, messages: int) -> None:
    held = fill(emulator, made_up(agents=2, conversations=conversations, messages=messages))

    assert len(held["conversations"]) == conversations
    assert len(held["messages"]) == conversations * messages
    assert Counter(user["role"] for user in held["users"]) == {"agent": 5, "bot": 1, "customer": 10}


def test_generated_agents_are_online_and_may_be_named(emulator: Emulator) -> None:
    document = {
        "settings": {"routing": {"defaultAgent": "agent-2@example.com"}},
        "conversations": [
            {
                "name": "a",
                "members": ["customer-1"],
                "assignee": "agent-1@example.com",
                "messages": [{"from": "customer-2", "message": "I am no member"}],
            }
        ],
        "generate": {"agents": 2, "customers": 2},
    }
    held = fill(emulator, document)
    agents = [user for user in held["users"] if user["role"] == "agent"]

    assert [user["user_id"] for user in agents] == ["agent-1@example.com", "agent-2@example.com"]
    assert {user["availability"] for user in agents} == {"online"}
    assert {user["email"] for user in agents} == {"agent-1@example.com", "agent-2@example.com"}
    assert all(user["display_name"] for user in agents)
    assert held["conversations"][0]["assignee"] == "agent-1@example.com"


def test_customers_have_names_and_addresses_of_their_own(emulator: Emulator) -> None:
    customers = fill(emulator, {"generate": {"customers": 300}})["users"][1:]

    assert len({user["email"] for user in customers}) == 300
    assert len({user["phone_number"] for user in customers}) == 300
    assert all(user["display_name"] and user["email"].endswith("@example.com") for user in customers)


@pytest.mark.parametrize("locale", ["de_DE", "ja_JP", "ar_AA", "ru_RU", "en_GB", "la"])
def test_people_have_names_of_the_locale(emulator: Emulator, locale: str) -> None:
    held = fill(emulator, made_up(locale=locale, conversations=3, messages=2))

    assert all(user["display_name"] for user in held["users"] if user["role"] == "customer")
    assert all(user["email"] for user in held["users"] if user["role"] == "customer")
    assert all(message["text"].strip() for message in held["messages"])


def test_a_locale_without_texts_of_its_own_has_those_of_its_language_or_english(emulator: Emulator) -> None:
    def said(locale: str) -> list[str]:
        held = fill(emulator, made_up(locale=locale, conversations=3))
        return [message["text"] for message in held["messages"]]

    assert said("en_GB") == said("sv_SE") == said("en_US")
    assert said("de_CH") in (said("de_DE"), said("de_AT"))


def test_conversations_begin_in_working_hours_in_order_and_end_before_now(emulator: Emulator) -> None:
    held = fill(emulator, made_up(conversations=200, messages=5))
    times = [row["created_at"] for row in held["conversations"]]
    moments = [datetime.fromtimestamp(moment / 1_000, UTC) for moment in times]

    assert times == sorted(times)
    assert all(9 <= moment.hour < 17 and moment.weekday() < 5 for moment in moments)
    assert max(message["created_at"] for message in held["messages"]) <= NOW
    assert times[-1] > NOW - DAY
    assert NOW - 9 * DAY < times[0] < NOW - 6 * DAY


@pytest.mark.parametrize(("days", "least", "most"), [(1, 0, 3), (10, 11, 16), (100, 135, 145)])
def test_conversations_are_spread_over_as_many_working_days_as_asked_for(
    emulator: Emulator, days: int, least: int, most: int
) -> None:
    held = fill(emulator, made_up(conversations=50, days=days))

    assert least <= (NOW - held["conversations"][0]["created_at"]) / DAY <= most


def test_customer_and_agent_write_in_turn_and_no_faster_than_people(emulator: Emulator) -> None:
    held = fill(emulator, made_up(conversations=60, messages=6))

    for row, messages in by_conversation(held):
        writers = [message["sender_id"] for message in messages]
        pauses = [later["created_at"] - former["created_at"] for former, later in pairwise(messages)]
        assert writers[0].startswith("customer-")
        assert all(5_000 <= pause <= 600_000 for pause in pauses)
        if row["status"] in {Status.WAITING, Status.SPAM}:
            assert len(set(writers)) == 1
        else:
            assert set(writers[1:5:2]) == {row["assignee"]}
        if row["status"] == Status.UNRESPONDED:
            assert writers[-1] == writers[0]


def test_recent_conversations_have_every_status_and_old_ones_are_done(emulator: Emulator) -> None:
    statuses = [row["status"] for row in fill(emulator, made_up(conversations=240))["conversations"]]

    assert set(statuses[-40:]) == set(Status) - {Status.INITIAL}
    assert set(statuses[:200]) == {Status.CLOSED, Status.SPAM, Status.DUPLICATE, Status.ARCHIVE}


@pytest.mark.parametrize("seed", range(5))
def test_every_agent_gets_as_many_as_the_others(emulator: Emulator, seed: int) -> None:
    held = fill(emulator, made_up(conversations=100), seed=seed)
    counts = Counter(row["assignee"] for row in held["conversations"])
    waiting = counts.pop(None)

    assert waiting == sum(row["status"] == Status.WAITING for row in held["conversations"])
    assert set(counts) == {"ada", "ben", "cleo"}
    assert max(counts.values()) - min(counts.values()) <= 1


def test_the_turn_goes_on_after_what_was_made_up(emulator: Emulator) -> None:
    held = fill(emulator, made_up(conversations=100))
    last = [row["assignee"] for row in held["conversations"] if row["assignee"]][-1]

    assert json.loads(held["apps"][0]["rotation"])[-1] == last


@pytest.mark.parametrize("limit", [0, 1, 2, 5])
def test_handling_limits_are_kept(emulator: Emulator, limit: int) -> None:
    document = {
        **made_up(conversations=200, agents=2),
        "settings": {"handlingLimit": limit, "routing": {"defaultAgent": "ada"}},
    }
    document["users"] = [*AGENTS[:2], {"userId": "cleo", "role": "agent", "handlingLimit": 3}]
    held = fill(emulator, document)
    opened = Counter(row["assignee"] for row in held["conversations"] if row["status"] in OPEN)

    assert all(opened[agent] <= (3 if agent == "cleo" else limit) for agent in opened)


def test_what_the_file_assigns_leaves_no_room_for_what_is_made_up(emulator: Emulator) -> None:
    named = {"name": "a", "members": ["customer-1"], "assignee": "ada"}
    document = {
        **made_up(conversations=60),
        "conversations": [named, named],
        "settings": {"handlingLimit": 2},
    }
    held = fill(emulator, document)

    assert Counter(row["assignee"] for row in held["conversations"])["ada"] == 2


def test_without_agents_nobody_is_assigned(emulator: Emulator) -> None:
    held = fill(emulator, {"generate": {"customers": 2, "conversations": 10}})

    assert {row["assignee"] for row in held["conversations"]} == {None}
    assert {message["sender_id"] for message in held["messages"]} == {"customer-1", "customer-2"}


def test_a_bot_for_new_conversations_answers_them(emulator: Emulator) -> None:
    document = made_up(conversations=20)
    document["users"] = [*AGENTS, {"userId": "robot", "role": "bot"}]
    document["settings"] = {"routing": {"assignNewConversationsTo": "robot"}}
    held = fill(emulator, document)

    assert {row["assignee"] for row in held["conversations"]} == {"robot", None}


# The same for the same seed.

LARGE = made_up(agents=2, conversations=50, messages=5)


def test_the_same_seed_at_the_same_time_makes_the_same(emulator: Emulator) -> None:
    assert fill(emulator, LARGE) == fill(emulator, LARGE)


def test_another_seed_makes_others(emulator: Emulator) -> None:
    one, other = (fill(emulator, LARGE, seed=seed) for seed in (1, 2))

    for kind, column in (("users", "display_name"), ("messages", "text"), ("conversations", "created_at")):
        assert [row[column] for row in one[kind]] != [row[column] for row in other[kind]]


def test_a_later_time_makes_the_same_later(emulator: Emulator) -> None:
    one, other = (fill(emulator, LARGE, at=NOW + weeks * 7 * DAY) for weeks in (0, 1))

    assert [row["text"] for row in one["messages"]] == [row["text"] for row in other["messages"]]
    assert [row["created_at"] + 7 * DAY for row in one["messages"]] == [
        row["created_at"] for row in other["messages"]
    ]


def test_what_others_draw_makes_no_difference(emulator: Emulator) -> None:
    from faker import Faker  # noqa: PLC0415 - as somebody's own test does

    before = fill(emulator, LARGE)
    random.seed(4)
    Faker.seed(4)
    Faker("en_US").name()
    random.seed(5)
    state = random.getstate()

    assert fill(emulator, LARGE) == before
    assert random.getstate() == state


def test_apps_that_are_filled_at_once_are_the_same() -> None:
    with emulating() as emulator, ThreadPoolExecutor(4) as pool:
        held = list(pool.map(lambda _: fill(emulator, LARGE), range(8)))

    assert all(one == held[0] for one in held)


DIGEST = """
import hashlib, json, random, sys
from tests.operations.filled import emulating, fill
random.seed(int(sys.argv[1]))
with emulating() as emulator:
    held = [fill(emulator, name) for name in json.loads(sys.argv[2])]
print(hashlib.sha256(json.dumps(held).encode()).hexdigest())
"""


def test_the_order_of_hashes_makes_no_difference(emulator: Emulator) -> None:
    names = json.dumps(["busy-day", "support-team", LARGE])
    root = Path(__file__).parents[2]
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST, str(seed), names],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in (1, 2)
    }
    here = json.dumps([fill(emulator, name) for name in json.loads(names)])

    assert digests == {hashlib.sha256(here.encode()).hexdigest()}


@pytest.mark.parametrize(("conversations", "messages"), [(100, 100), (10_000, 1)])
def test_ten_thousand_messages_are_filled_in_seconds(
    emulator: Emulator, conversations: int, messages: int
) -> None:
    begun = time.process_time()
    held = fill(emulator, made_up(customers=100, conversations=conversations, messages=messages))

    assert len(held["messages"]) == 10_000
    assert time.process_time() - begun < 8


# Refused.


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"customers": -1}, "generate.customers must be from 0 to 10000; got -1"),
        ({"agents": -1}, "generate.agents must be from 0 to 1000; got -1"),
        ({"agents": 1001}, "generate.agents must be from 0 to 1000"),
        ({"conversations": 1, "customers": 0}, "generate.customers must be at least 1"),
        ({"conversations": 10_001}, "generate.conversations must be from 0 to 10000"),
        ({"messages": 10_001}, "generate.messages must be from 0 to 10000"),
        ({"messages": "many"}, "generate.messages must be a whole number"),
        ({"days": 0}, "generate.days must be from 1 to 1000; got 0"),
        (
            {"conversations": 10_000, "messages": 11},
            "generate.messages must be fewer: 10000 conversations of 11 messages are 110000, and 100000 may be",
        ),
        (
            {"locale": "de-DE"},
            "generate.locale 'de-DE' is none of Faker's, such as en_US or de_DE; did you mean",
        ),
        ({"locale": "xx"}, "generate.locale 'xx' is none of Faker's"),
        ({"costumers": 3}, "generate.costumers is not known here; did you mean 'customers'?"),
    ],
)
def test_what_cannot_be_made_up_is_refused(wanted: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        scenarios.load_object(made_up(**wanted))

    assert said in str(refused.value)


@pytest.mark.parametrize("user_id", ["customer-3", "agent-1@example.com"])
def test_a_listed_user_who_is_made_up_too_is_refused(user_id: str) -> None:
    document = {"users": [{"userId": user_id, "role": "agent"}], "generate": {"customers": 3, "agents": 1}}
    with pytest.raises(ScenarioError, match=r"users\[0\]\.userId .* is generated too; name it otherwise"):
        scenarios.load_object(document)


def test_every_locale_that_is_listed_is_one() -> None:
    assert {"en_US", "de_DE", "ja_JP"} <= set(generated.locales())
    assert not generated.is_locale("en-US")
