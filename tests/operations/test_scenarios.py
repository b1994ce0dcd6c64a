"""Scenarios: the shipped ones, and files of one's own."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from mockkommunicate import App, MockKommunicate
from mockkommunicate.domain.errors import ScenarioError
from mockkommunicate.operations import scenarios
from tests import expected
from tests.client import ADMIN, Client, ok

NAMES = [
    "after-hours",
    "at-capacity",
    "bot-first",
    "busy-day",
    "empty",
    "long-history",
    "starter",
    "support-team",
    "waiting-room",
]
TEAM = ["jane@example.com", "omar@example.com", "lena@example.com"]


def users(app: App) -> dict[str, dict[str, Any]]:
    client = Client(app.url, app.api_key)
    listed = client.call("GET", f"/_mock/apps/{app.application_id}/users").json()["users"]
    return {user["userId"]: user for user in listed}


def test_the_shipped_scenarios_are_known_by_name() -> None:
    assert scenarios.names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_loads_and_says_what_it_is(name: str) -> None:
    assert scenarios.load(name)["description"]


def test_empty_holds_the_super_admin_and_the_system_user(server: MockKommunicate) -> None:
    app = server.create_app(scenario="empty")

    assert {user_id: (user["role"], user["availability"]) for user_id, user in users(app).items()} == {
        ADMIN: ("admin", "online"),
        "bot": ("bot", "online"),
    }
    assert app.settings()["routing"]["defaultAgent"] == ADMIN
    assert app.conversations() == []


def test_support_team_is_three_agents_bots_and_twenty_customers(server: MockKommunicate) -> None:
    app = server.create_app(scenario="support-team")
    people = users(app)

    assert Counter(user["role"] for user in people.values()) == {
        "admin": 1,
        "agent": 3,
        "bot": 2,
        "customer": 20,
    }
    assert [user_id for user_id, user in people.items() if user["role"] == "agent"] == TEAM
    for number in range(1, 21):
        customer = people[f"customer-{number}"]
        assert customer["displayName"]
        assert "@" in customer["email"]


def test_support_team_has_conversations_in_every_status(server: MockKommunicate) -> None:
    app = server.create_app(scenario="support-team")
    conversations = app.conversations()

    assert {group["status"] for group in conversations} == {-1, 0, 1, 2, 3, 4, 5, 6, 7}
    assert {group["assignee"] for group in conversations} == {*TEAM, ADMIN, "order-bot", None}
    assert all(group["assignee"] is None for group in conversations if group["status"] == 7)
    assert all(group["metadata"]["CONVERSATION_STATUS"] == str(group["status"]) for group in conversations)


def test_support_team_has_messages_that_were_written_before_now_and_in_order(server: MockKommunicate) -> None:
    app = server.create_app(scenario="support-team")
    for group in app.conversations():
        messages = app.messages(group["id"])

        assert bool(messages) == (group["status"] != -1)
        times = [group["createdAtTime"], *(message["createdAtTime"] for message in messages)]
        assert times == sorted(times)
        assert times[-1] <= time.time() * 1_000


def test_support_team_goes_on_as_any_app_does(server: MockKommunicate) -> None:
    app = server.create_app(scenario="support-team")
    client = Client(app.url, app.api_key)
    served = [client.created("carl")["metadata"]["CONVERSATION_ASSIGNEE"] for _ in range(3)]

    assert served == TEAM


def test_at_capacity_has_no_room(server: MockKommunicate) -> None:
    app = server.create_app(scenario="at-capacity")
    client = Client(app.url, app.api_key)
    group = client.created("carl")

    assert group["metadata"]["CONVERSATION_ASSIGNEE"] == ADMIN
    for agent in ("jane@example.com", "omar@example.com"):
        assert ok(client.assign(group["id"], agent)) == "AGENT_IS_ALREADY_ENGAGED"
    assert Counter(group["assignee"] for group in app.conversations()) == {
        "jane@example.com": 2,
        "omar@example.com": 1,
        ADMIN: 1,
    }


def test_waiting_room_is_served_in_order(server: MockKommunicate) -> None:
    app = server.create_app(scenario="waiting-room")
    client = Client(app.url, app.api_key)
    names = {one.id: one.name for one in app.conversations()}
    sales = ["A discount", "A second shop"]
    assert [names[one] for one in ok(client.waiting("103785933"))] == sales
    assert [names[one] for one in app.waiting()] == [
        "A discount", "A missing invoice", "A second shop", "A change of address",
    ]  # fmt: skip

    (busy,) = app.conversations(assignee="lena@example.com")
    ok(client.status(busy.id, 2))

    assert [names[one] for one in app.waiting()] == [*sales, "A change of address"]
    assert app.conversations(assignee="lena@example.com", status=0)[0].name == "A missing invoice"


def test_bot_first_answers_itself_until_an_agent_takes_over(server: MockKommunicate) -> None:
    app = server.create_app(scenario="bot-first")
    client = Client(app.url, app.api_key)
    group = client.created("carl")

    assert group["metadata"]["CONVERSATION_ASSIGNEE"] == "order-bot"
    assert ok(client.assign(group["id"], "jane@example.com")) == "updated"
    assert "order-bot" not in app.conversation(group["id"])["membersId"]
    assert [one["assignee"] for one in app.conversations()] == [
        *("order-bot", "jane@example.com", "order-bot", "jane@example.com")
    ]


def test_after_hours_everything_goes_to_the_default_agent(server: MockKommunicate) -> None:
    app = server.create_app(scenario="after-hours")
    group = Client(app.url, app.api_key).created("carl")

    assert group["metadata"]["CONVERSATION_ASSIGNEE"] == ADMIN
    assert {user["availability"] for user in users(app).values() if user["role"] == "agent"} == {
        "away",
        "offline",
    }


def test_busy_day_keeps_the_handling_limits_and_has_room(server: MockKommunicate) -> None:
    app = server.create_app(scenario="busy-day")
    agents = [user_id for user_id, user in users(app).items() if user["role"] == "agent"]
    opened = Counter(group["assignee"] for group in app.conversations() if group["status"] in {-1, 0, 1, 6})

    assert len(agents) == 5
    assert all(opened[agent] < 8 for agent in agents)
    assert Client(app.url, app.api_key).created("carl")["metadata"]["CONVERSATION_ASSIGNEE"] in agents


def test_long_history_has_ten_thousand_messages(server: MockKommunicate) -> None:
    app = server.create_app(scenario="long-history")
    groups = app.conversations()

    assert len(groups) == 100
    assert len(app.messages(groups[0]["id"])) == len(app.messages(groups[-1]["id"])) == 100
    keys = [message["key"] for message in app.messages(groups[0]["id"])]
    assert len(set(keys)) == 100


@pytest.mark.parametrize("name", NAMES)
def test_the_ids_of_a_scenario_follow_from_its_seed(server: MockKommunicate, name: str) -> None:
    one, other = (server.create_app(scenario=name, seed=4) for _ in range(2))

    assert [group["id"] for group in one.conversations()] == [group["id"] for group in other.conversations()]
    assert list(users(one)) == list(users(other))


# Files of one's own.

OWN: dict[str, Any] = {
    "description": "A shop",
    "settings": {"handlingLimit": 2, "routing": {"defaultAgent": "mia", "assignNewConversationsTo": "robot"}},
    "users": [
        {"userId": "mia", "role": "agent", "displayName": "Mia", "availability": "away"},
        {"userId": "robot", "role": "bot"},
        {"userId": "carl", "role": "customer", "metadata": {"plan": "gold", "vip": True}},
    ],
    "conversations": [
        {
            "name": "An order",
            "members": ["carl", "dora"],
            "clientGroupId": 1042,
            "assignee": "mia",
            "status": "progress",
            "metadata": {"KM_TAGS": "order"},
            "messages": [
                {"from": "carl", "message": "Where is it?"},
                {"from": "mia", "message": "", "contentType": 1, "fileMeta": {"blobKey": "b"}},
            ],
        },
        {"name": "By the rules", "members": ["carl"]},
        {"name": "Nobody's", "members": ["carl"], "assignee": None},
    ],
}

AS_YAML = """\
# A shop.
description: A shop
settings:
  handlingLimit: 2
  routing: {defaultAgent: mia, assignNewConversationsTo: robot}
users:
  - {userId: mia, role: agent, displayName: Mia, availability: away}
  - {userId: robot, role: bot}
  - userId: carl
    role: customer
    metadata: {plan: gold, vip: true}
conversations:
  - name: An order
    members: [carl, dora]
    clientGroupId: 1042
    assignee: mia
    status: progress
    metadata: {KM_TAGS: order}
    messages:
      - {from: carl, message: "Where is it?"}
      - {from: mia, message: "", contentType: 1, fileMeta: {blobKey: b}}
  - {name: By the rules, members: [carl]}
  - {name: Nobody's, members: [carl], assignee: null}
"""

FORMS = {
    "scenario.yaml": AS_YAML,
    "scenario.yml": AS_YAML,
    "with spaces ü.yaml": AS_YAML,
    "scenario.json": json.dumps(OWN),
    "indented.json": json.dumps(OWN, indent=2),
    "tabs.json": json.dumps(OWN, indent="\t"),
    "crlf.yaml": AS_YAML.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_file_of_ones_own_is_put_in(server: MockKommunicate, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(FORMS[name], encoding="utf-8", newline="")
    app = server.create_app(scenario=str(file))

    people = users(app)
    assert {user_id: user["role"] for user_id, user in people.items()} == {
        "mia": "agent",
        "robot": "bot",
        "bot": "bot",
        "carl": "customer",
        "dora": "customer",
    }
    assert people["carl"]["metadata"] == {"plan": "gold", "vip": "true"}
    order, by_rules, nobodys = app.conversations()
    assert (order["name"], order["clientGroupId"], order["assignee"]) == ("An order", "1042", "mia")
    assert (order["status"], order["metadata"]["KM_TAGS"]) == (1, "order")
    assert sorted(order["membersId"]) == ["bot", "carl", "dora"]
    assert (by_rules["assignee"], nobodys["assignee"], nobodys["name"]) == ("robot", None, "Nobody's")
    assert [(message["from"], message["message"]) for message in app.messages(order["id"])] == [
        ("carl", "Where is it?"),
        ("mia", ""),
    ]


def test_the_system_user_is_there_even_if_a_file_forgets_him(server: MockKommunicate, tmp_path: Path) -> None:
    file = tmp_path / "nobody.yaml"
    file.write_text("users: []\n")
    app = server.create_app(scenario=str(file))
    group = Client(app.url, app.api_key).created("carl")

    assert {member["userId"]: member["role"] for member in group["groupUsers"]} == {"carl": 3, "bot": 2}


def test_an_empty_file_is_an_empty_world(server: MockKommunicate, tmp_path: Path) -> None:
    file = tmp_path / "nothing.yaml"
    file.write_text("")

    assert server.create_app(scenario=str(file)).conversations() == []


def test_plain_words_mean_what_they_mean_in_json(server: MockKommunicate, tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("users: [{userId: no, role: customer, displayName: 2024-01-01, phoneNumber: 0049}]\n")
    app = server.create_app(scenario=str(file))

    user = users(app)["no"]
    assert (user["displayName"], user["phoneNumber"]) == ("2024-01-01", "0049")


# Faulty files.

USER = "users: [{userId: a, role: agent}]\n"

FAULTY = {
    # name: (the file, where it is faulty, what the message says)
    "yaml syntax": ("users:\n  - {userId: a, role: agent\n", (3, 1), "expected ',' or '}'"),
    "a tab": ("users:\n\t- a\n", (2, 1), "'\\t'"),
    "a control character": ("description: ok\nusers: a\x01b\n", (2, 9), "special characters are not allowed"),
    "an unknown field": ("description: ok\nuser: []\n", (2, 1), "user is not known here"),
    "an unknown field within": (
        "users:\n  - userId: a\n    role: agent\n    limit: 3\n",
        (4, 5),
        "users[0].limit is not known here",
    ),
    "a wrong type": ("users:\n  - userId: a\n    role: 3\n", (3, 5), "users[0].role must be a string; got 3"),
    "a wrong word": (
        "users:\n  - {userId: a, role: boss}\n",
        (2, 17),
        'users[0].role must be one of admin, agent, bot, customer; got "boss"',
    ),
    "a missing field": ("users:\n  - {role: agent}\n", (2, 5), "users[0].userId is missing"),
    "a list for a mapping": ("- a\n- b\n", (1, 1), "must be a mapping"),
    "a word for a mapping": ("hello\n", (1, 1), "must be a mapping"),
    "a mapping for a list": ("users: {a: b}\n", (1, 1), "users "),
    "a status that is none": (
        f"{USER}conversations:\n  - name: a\n    members: [b]\n    status: done\n",
        (5, 5),
        "conversations[0].status must be one of initial, open, progress, closed",
    ),
    "no members": (
        f"{USER}conversations:\n  - name: a\n    members: []\n",
        (4, 5),
        "conversations[0].members must name somebody",
    ),
    "metadata that is not stringified": (
        f"{USER}conversations:\n  - name: a\n    members: [b]\n    metadata:\n      tags: [x]\n",
        (6, 7),
        "conversations[0].metadata.tags must be a string",
    ),
    "an unknown assignee": (
        f"{USER}conversations:\n  - name: a\n    members: [b]\n    assignee: jane\n",
        (5, 5),
        "conversations[0].assignee must be an agent or bot of this scenario (a)",
    ),
    "an unknown default agent": (
        f"{USER}settings:\n  routing:\n    defaultAgent: jane\n",
        (4, 5),
        "settings.routing.defaultAgent must be an agent of this scenario (a)",
    ),
    "a default agent who is a bot": (
        "settings:\n  routing: {defaultAgent: b}\nusers:\n  - {userId: b, role: bot}\n",
        (2, 13),
        "settings.routing.defaultAgent must be an agent of this scenario",
    ),
    "an unknown bot": (
        f"{USER}settings:\n  routing:\n    assignNewConversationsTo: a\n",
        (4, 5),
        "settings.routing.assignNewConversationsTo must be a bot of this scenario (there is none)",
    ),
    "a user twice": (
        "users:\n  - {userId: a, role: agent}\n  - {userId: a, role: bot}\n",
        (3, 6),
        "users[1].userId 'a' stands here twice",
    ),
    "a user who is generated too": (
        "generate: {customers: 3}\nusers:\n  - {userId: customer-3, role: customer}\n",
        (3, 6),
        "users[0].userId 'customer-3' is generated too",
    ),
    "a system user who is no bot": (
        "users:\n  - {userId: bot, role: agent}\n",
        (2, 19),
        "users[0].role must be bot",
    ),
    "a client group id twice": (
        (
            "conversations:\n  - {name: a, members: [b], clientGroupId: 7}\n"
            '  - {name: a, members: [b], clientGroupId: "7"}\n'
        ),
        (3, 29),
        "conversations[1].clientGroupId '7' stands here twice",
    ),
    "a key twice": ("description: a\nusers: []\ndescription: b\n", (3, 1), "'description' stands here twice"),
    "an alias": (
        "users:\n  - &one {userId: a, role: agent}\n  - *one\n",
        (3, 5),
        "aliases are not allowed here",
    ),
    "a merge of an alias": ("users:\n  - &one {role: bot}\n  - {<<: *one, userId: b}\n", (3, 10), "aliases"),
    "a tag": (
        "generate: {customers: !!int abc}\n",
        (1, 23),
        "the tag 'tag:yaml.org,2002:int' is not allowed here",
    ),
    "a python tag": ("users: !!python/object/apply:os.getcwd []\n", (1, 8), "the tag"),
    "a key that is no word": ("? [a]\n: b\n", (1, 3), "a key must be a word"),
    "two documents": ("users: []\n---\nusers: []\n", (2, 1), "another document"),
    "a locale that Faker does not know": (
        "generate:\n  customers: 1\n  locale: xx\n",
        (3, 3),
        "generate.locale 'xx' is none of Faker's",
    ),
    "conversations that nobody began": (
        "generate:\n  conversations: 3\n",
        (1, 1),
        "generate.customers must be at least 1",
    ),
    "too many customers": (
        "generate: {customers: 10001}\n",
        (1, 12),
        "generate.customers must be from 0 to 10000",
    ),
    "a number of many digits": (
        "generate: {customers: " + "9" * 5_000 + "}\n",
        (1, 12),
        "generate.customers must be",
    ),
    "deep nesting": ("[" * 5_000, (1, 1), "nested"),
}


def refusal(file: Path, text: str | bytes) -> str:
    """Write a file and answer, behind its own name, why it is refused as a scenario."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as refused:
        scenarios.load(str(file))
    message = str(refused.value)
    assert message.startswith(f"scenario {file}: "), message
    assert "\n" not in message
    return message.removeprefix(f"scenario {file}: ")


@pytest.mark.parametrize(("text", "position", "said"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_file_is_refused_with_position_and_what_would_be_right(
    tmp_path: Path, text: str, position: tuple[int, int], said: str
) -> None:
    message = refusal(tmp_path / "faulty.yaml", text)

    assert message.startswith(f"line {position[0]}, column {position[1]}: ")
    assert said in message


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ('{\n  "users": [\n}', (3, 1), "Expecting value"),
        ('{"users": []\n "a": 1}', (2, 2), "Expecting ',' delimiter"),
        (
            '{\n  "users": [\n    {"userId": "a", "role": "boss"}\n  ]\n}',
            (3, 21),
            "users[0].role must be one of",
        ),
        (
            '{\n\t"users": [\n\t\t{"userId": "a", "role": "boss"}\n\t]\n}',
            (3, 19),
            "users[0].role must be one of",
        ),
        ('{"description": "a",\n "description": "b"}', (2, 2), "'description' stands here twice"),
        ('{"generate":\n {"customers": NaN}}', (2, 3), "generate.customers must be a whole number"),
        ("users: []", (1, 1), "Expecting value"),
        ("", (1, 1), "Expecting value"),
        ("[]", (1, 1), "must be a mapping"),
        ("[" * 100_000, (1, 1), "nested"),
    ],
)
def test_a_faulty_json_file_is_refused_with_its_position(
    tmp_path: Path, text: str, position: tuple[int, int], said: str
) -> None:
    message = refusal(tmp_path / "faulty.json", text)

    assert message.startswith(f"line {position[0]}, column {position[1]}: ")
    assert said in message


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    text = "users:\n  - {userId: a, role: boss}\n  - {userId: b, role: agent, handlingLimit: -1}\nextra: 1\n"
    message = refusal(tmp_path / "faulty.yaml", text)

    for part in (
        "line 2, column 17: users[0].role",
        "line 3, column 30: users[1].handlingLimit",
        "line 4, column 1: extra",
    ):
        assert part in message


def test_a_file_that_is_not_utf8_is_refused_by_name(tmp_path: Path) -> None:
    assert "utf-8" in refusal(tmp_path / "latin.yaml", b"description: J\xf6rg\n").lower()


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_a_missing_file_is_refused_by_name(tmp_path: Path, suffix: str) -> None:
    name = str(tmp_path / f"missing{suffix}")
    with pytest.raises(ScenarioError) as refused:
        scenarios.load(name)

    assert str(refused.value) == (
        f"scenario {name!r}: there is no such name ({', '.join(NAMES)}), nor such a .yaml or .json file"
    )


@pytest.mark.parametrize("name", ["README.md", "support-team.txt", ".", "/", "..", "", "support-team/", "*"])
def test_what_is_no_scenario_is_refused_by_name(name: str) -> None:
    with pytest.raises(ScenarioError, match="scenario"):
        scenarios.load(name)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [("emty", "empty"), ("supportteam", "support-team"), ("at_capacity", "at-capacity")],
)
def test_a_misspelt_name_is_refused_with_the_one_that_was_meant(misspelt: str, meant: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        scenarios.load(misspelt)

    assert str(refused.value) == (
        f"scenario {misspelt!r}: did you mean {meant!r}? there is no such name "
        f"({', '.join(NAMES)}), nor such a .yaml or .json file"
    )


def test_a_folder_with_the_name_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(ScenarioError):
        scenarios.load(str(tmp_path / "folder.yaml"))


def test_a_server_with_a_faulty_scenario_does_not_start(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text("users: 1\n")
    with pytest.raises(ScenarioError, match="line 1, column 1: users"):
        MockKommunicate(scenario=str(file)).start()


def test_the_app_of_a_faulty_scenario_is_not_left_behind(server: MockKommunicate, tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text("users: 1\n")
    client = Client(server.url, "")
    client.call("POST", "/_mock/apps", json={"applicationId": "left-behind", "scenario": str(file)})

    assert client.call("GET", "/_mock/apps/left-behind").status_code == 404


def test_a_named_assignee_over_his_limit_is_no_silent_nobody(tmp_path: Path) -> None:
    file = tmp_path / "over.yaml"
    file.write_text(
        "users: [{userId: a, role: agent, handlingLimit: 1}]\n"
        "conversations:\n"
        "  - {name: one, members: [c], assignee: a}\n"
        "  - {name: two, members: [c], assignee: a}\n"
    )
    with pytest.raises(ScenarioError, match=r"line 4, column 31: conversations\[1\]\.assignee"):
        scenarios.load(str(file))


def test_the_default_app_is_filled_from_the_servers_scenario() -> None:
    with MockKommunicate(scenario="at-capacity") as server:
        assert len(server.default_app.conversations()) == 3
        assert Client(server.url, "mock-api-key").detail("bot").json() == [
            {**expected.BOT, "createdAtTime": mock.ANY}
        ]
