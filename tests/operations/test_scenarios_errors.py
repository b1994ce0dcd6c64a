"""A faulty scenario is refused with every fault at once, and with the name that was probably meant."""

import copy
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockkommunicate.domain.errors import ScenarioError
from mockkommunicate.operations import scenarios
from mockkommunicate.operations.scenario_check import check_values
from mockkommunicate.wire import documents

PEOPLE = [
    {"userId": "ada@example.com", "role": "agent"},
    {"userId": "order-bot", "role": "bot"},
    {"userId": "carl", "role": "customer"},
]

SECTIONS = "there are description, settings, users, conversations, generate"


def told(**conversation: Any) -> dict[str, Any]:
    """Make a scenario of three people and one conversation."""
    return {"users": PEOPLE, "conversations": [{"name": "a", "members": ["carl"], **conversation}]}


def faults(document: object) -> list[str]:
    """List what is wrong with a document."""
    return [fault.told for fault in check_values(document)[1]]


NEAREST: dict[str, tuple[dict[str, Any], str]] = {
    "a section": ({"user": []}, "user is not known here; did you mean 'users'?"),
    "a section in capitals": ({"Users": []}, "Users is not known here; did you mean 'users'?"),
    "a field of a user": (
        {"users": [{"userId": "a", "role": "agent", "limit": 3}]},
        "users[0].limit is not known here; did you mean 'handlingLimit'?",
    ),
    "a field of a conversation": (
        told(assigne="ada@example.com"),
        "conversations[0].assigne is not known here; did you mean 'assignee'?",
    ),
    "a field of a message": (
        told(messages=[{"from": "carl", "mesage": "a", "metadata": {}}]),
        "conversations[0].messages[0].mesage is not known here; did you mean 'message'?",
    ),
    "a setting": (
        {"settings": {"handlinglimit": 3}},
        "settings.handlinglimit is not known here; did you mean 'handlingLimit'?",
    ),
    "a setting of routing": (
        {"settings": {"routing": {"defaultAgents": None}}},
        "settings.routing.defaultAgents is not known here; did you mean 'defaultAgent'?",
    ),
    "a count": (
        {"generate": {"message": 3}},
        "generate.message is not known here; did you mean 'messages'?",
    ),
    "a role": (
        {"users": [{"userId": "a", "role": "Agnet"}]},
        "users[0].role must be one of admin, agent, bot, customer; did you mean 'agent'?; got \"Agnet\"",
    ),
    "an availability": (
        {"users": [{"userId": "a", "role": "agent", "availability": "on-line"}]},
        "users[0].availability must be one of online, away, offline; did you mean 'online'?; got \"on-line\"",
    ),
    "a status": (
        told(status="Closed"),
        (
            "conversations[0].status must be one of initial, open, progress, closed, spam, duplicate, archive, "
            "unresponded, waiting; did you mean 'closed'?; got \"Closed\""
        ),
    ),
    "a rule": (
        {"settings": {"routing": {"rule": "notify-everybody"}}},
        (
            "settings.routing.rule must be one of automatic, notify_everybody; "
            "did you mean 'notify_everybody'?; got \"notify-everybody\""
        ),
    ),
    "an assignee": (
        told(assignee="ada@exmaple.com"),
        (
            "conversations[0].assignee must be an agent or bot of this scenario (ada@example.com, order-bot); "
            "got 'ada@exmaple.com'; did you mean 'ada@example.com'?"
        ),
    ),
    "an assignee who is a customer": (
        told(assignee="carl"),
        (
            "conversations[0].assignee must be an agent or bot of this scenario (ada@example.com, order-bot); "
            "got 'carl'"
        ),
    ),
    "a default agent": (
        {"users": PEOPLE, "settings": {"routing": {"defaultAgent": "ada"}}},
        (
            "settings.routing.defaultAgent must be an agent of this scenario (ada@example.com); "
            "got 'ada'; did you mean 'ada@example.com'?"
        ),
    ),
    "a bot": (
        {"users": PEOPLE, "settings": {"routing": {"assignNewConversationsTo": "orderbot"}}},
        (
            "settings.routing.assignNewConversationsTo must be a bot of this scenario (order-bot); "
            "got 'orderbot'; did you mean 'order-bot'?"
        ),
    ),
    "a sender": (
        told(messages=[{"from": "karl", "message": "a"}]),
        (
            "conversations[0].messages[0].from must be a member of a conversation, or a user of this scenario "
            "(carl, ada@example.com, order-bot, bot); got 'karl'; did you mean 'carl'?"
        ),
    ),
}


@pytest.mark.parametrize(("document", "said"), NEAREST.values(), ids=NEAREST)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(document: dict[str, Any], said: str) -> None:
    assert faults(document) == [said]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"xyz": 1}, f"xyz is not known here; {SECTIONS}"),
        (
            {"users": [{"userId": "a", "role": "x"}]},
            'users[0].role must be one of admin, agent, bot, customer; got "x"',
        ),
        (
            {"users": [{"userId": "a", "role": ["agent"]}]},
            'users[0].role must be a string; got ["agent"]',
        ),
        (
            {"settings": {"journal": {"size": 1}}},
            "settings.journal.size is not known here; there are enabled, limit",
        ),
        ({"users": {"a": 1}}, 'users must be a list of users; got {"a": 1}'),
        ({"users": None}, "users must be a list of users; got null"),
        ({"conversations": ["a"]}, 'conversations[0] must be an object; got "a"'),
        ({"generate": None}, "generate must be an object; got null"),
    ],
)
def test_a_name_that_is_near_to_none_gets_no_suggestion(document: dict[str, Any], said: str) -> None:
    assert faults(document) == [said]


def test_many_known_names_are_cut() -> None:
    people = [{"userId": f"agent-{index}", "role": "agent"} for index in range(30)]
    document = {
        "users": people,
        "conversations": [{"name": "a", "members": ["c"], "assignee": "x"}],
    }
    (fault,) = faults(document)

    assert "(agent-0, agent-1," in fault
    assert "agent-9, ... 30 in all)" in fault


@pytest.mark.parametrize("sender", ["bot", "carl", "ada@example.com", "fred", "customer-2"])
def test_a_member_or_any_user_may_be_the_sender(sender: str) -> None:
    said = [{"from": sender, "message": "a"}]
    document = {**told(members=["carl", "fred"], messages=said), "generate": {"customers": 2}}

    assert faults(document) == []


def test_faults_of_form_and_of_sense_are_named_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(
        "description: 3\n"
        "settings:\n"
        "  routing: {defaultAgent: nobody}\n"
        "users:\n"
        "  - {userId: ada, role: agent, handlingLimit: 1}\n"
        "  - {userId: ada, role: bott}\n"
        "conversations:\n"
        "  - {name: one, members: [carl], assignee: eda}\n"
        "  - {members: [carl], status: opened}\n"
        "  - name: three\n"
        "    members: [carl]\n"
        "    ago: PT1M\n"
        "    messages:\n"
        "      - {from: carll, after: PT2M, message: a}\n"
        "      - 7\n"
        "generate: {locale: en_UK, customer: 1}\n"
    )

    _, found = scenarios.check(str(file))

    assert [(fault.line, fault.column, fault.field) for fault in found] == [
        (1, 1, "description"),
        (3, 13, "settings.routing.defaultAgent"),
        (6, 6, "users[1].userId"),
        (6, 19, "users[1].role"),
        (8, 34, "conversations[0].assignee"),
        (9, 5, "conversations[1].name"),
        (9, 23, "conversations[1].status"),
        (14, 10, "conversations[2].messages[0].from"),
        (14, 23, "conversations[2].messages[0].after"),
        (15, 9, "conversations[2].messages[1]"),
        (16, 12, "generate.locale"),
        (16, 27, "generate.customer"),
    ]


def test_an_agent_of_unreadable_role_is_not_called_unknown_too() -> None:
    document = {**told(assignee="ada"), "users": [{"userId": "ada", "role": "agnt"}]}
    (fault,) = faults(document)

    assert fault.startswith("users[0].role")


def test_a_limit_that_the_rules_have_filled_is_seen() -> None:
    people = [{"userId": "ada", "role": "agent", "handlingLimit": 1}]
    by_rules = {"name": "a", "members": ["carl"]}
    named = {"name": "b", "members": ["carl"], "assignee": "ada"}

    assert faults({"users": people, "conversations": [by_rules, named]}) == [
        "conversations[1].assignee 'ada' is at his handling limit of 1"
    ]
    assert faults({"users": people, "conversations": [named, by_rules]}) == []


@pytest.mark.parametrize("status", ["closed", "spam", "duplicate", "archive", "waiting"])
def test_a_conversation_that_does_not_count_fills_no_limit(status: str) -> None:
    people = [{"userId": "ada", "role": "agent", "handlingLimit": 1}]
    named = {"name": "b", "members": ["carl"], "assignee": "ada"}
    document = {"users": people, "conversations": [{**named, "status": status}, named]}

    assert faults(document) == []
    assert len(faults({**document, "settings": {"handlingLimit": 0}})) == 0


def test_the_limit_of_the_settings_holds_for_who_has_none_of_his_own() -> None:
    named = {"name": "b", "members": ["carl"], "assignee": "ada@example.com"}
    document = {"users": PEOPLE, "conversations": [named], "settings": {"handlingLimit": 0}}

    assert faults(document) == ["conversations[0].assignee 'ada@example.com' is at his handling limit of 0"]


# Objects instead of files.


def test_an_object_is_loaded_as_a_file_of_the_same_content_is(tmp_path: Path) -> None:
    document = told(messages=[{"from": "carl", "message": "a"}], assignee=None)
    file = tmp_path / "same.json"
    file.write_text(json.dumps(document))

    from_file = scenarios.load(str(file))
    assert scenarios.load_object(document) == scenarios.load(document) == from_file
    assert scenarios.load(json.dumps(document)) == from_file


def test_an_object_that_is_loaded_is_not_changed() -> None:
    document = documents.read(scenarios.read_shipped("starter"), is_json=False).values
    before = copy.deepcopy(document)
    scenarios.load_object(document)

    assert document == before


def test_the_faults_of_an_object_name_their_paths() -> None:
    with pytest.raises(ScenarioError) as refused:
        scenarios.load_object({"users": [{"userId": "a"}], "extra": 1})

    assert str(refused.value) == (
        "scenario: users[0].role is missing: one of admin, agent, bot, customer; extra is not known here; "
        f"{SECTIONS}"
    )


@pytest.mark.parametrize("value", [[], None, 3, "text", True])
def test_an_object_must_be_one(value: Any) -> None:
    with pytest.raises(ScenarioError, match=r"^scenario: must be a mapping with users"):
        scenarios.load_object(value)


def test_the_faults_of_a_json_text_name_line_and_column() -> None:
    with pytest.raises(ScenarioError) as refused:
        scenarios.load('{"users": [],\n "extra": 1}')

    assert str(refused.value) == f"scenario: line 2, column 2: extra is not known here; {SECTIONS}"


@pytest.mark.parametrize("text", ['{"users": [', "{", "{}{}", '{"a": 1, "a": 2}'])
def test_a_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"scenario: line \d+, column \d+: "):
        scenarios.load(text)


# Whatever stands in it.

BASE = documents.read(scenarios.read_shipped("starter"), is_json=False).values
WRONG: list[object] = [
    *(None, True, 3, -1, 2.5, "", "x" * 300, "PT2H", [], [[]], [1], {}, {"a": 1}, [{}], [None], "open"),
    *(10**30, ["jane@example.com"], {"agents": []}, float("nan"), "\ud800", "0"),
]


def paths(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """List the paths of everything in a document."""
    yield path
    inner = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, entry in inner:
        yield from paths(entry, (*path, key))


def put(value: Any, path: tuple[Any, ...], other: object) -> Any:
    """Answer a document in which something else stands at a path."""
    if not path:
        return other
    changed = copy.copy(value)
    changed[path[0]] = put(value[path[0]], path[1:], other)
    return changed


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(list(paths(BASE))), st.sampled_from(WRONG)), min_size=1, max_size=3)
)
def test_no_value_anywhere_is_more_than_a_fault(changes: list[tuple[tuple[Any, ...], object]]) -> None:
    document = BASE
    for path, value in sorted(changes, key=lambda change: -len(change[0])):
        document = put(document, path, value)

    scenario, found = check_values(document)

    assert all(fault.message for fault in found)
    assert found or scenarios.count(scenario)


# Files.


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    for name, text in (("a.json", '{"users": []}'), ("a.yaml", "users: []\n")):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())

        assert scenarios.load(str(tmp_path / name))["users"] == []


def test_a_file_that_is_not_utf8_is_refused_with_the_position(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"users: []\ndescription: J\xf6rg\n")

    with pytest.raises(ScenarioError) as refused:
        scenarios.load(str(file))

    assert str(refused.value) == f"scenario {file}: line 2, column 15: byte 0xf6 is not UTF-8"


def test_a_file_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "changing.yaml"
    for name in ("one", "two"):
        file.write_text(f"description: {name}\n")
        os.utime(file, (1, 1))

        assert scenarios.load(str(file))["description"] == name


def test_a_path_is_relative_to_where_the_process_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.yaml").write_text("description: mine\n")
    monkeypatch.chdir(tmp_path)

    assert scenarios.load("mine.yaml")["description"] == "mine"
    assert scenarios.load("./mine.yaml")["description"] == "mine"


@pytest.mark.parametrize(
    "name", ["x" * 5_000 + ".yaml", "a\0b.yaml", "\ud800.yaml", "/dev/null", "a/" * 3_000]
)
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match="there is no such name"):
        scenarios.load(name)


def test_numbers_that_are_too_long_for_json_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "long.json"
    file.write_text('{"generate": {"customers": ' + "9" * 5_000 + "}}")

    with pytest.raises(ScenarioError, match="line 1, column 1: a number is too long"):
        scenarios.load(str(file))
