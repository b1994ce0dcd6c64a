"""What tests show is written down, and what is written down and not shown fails a run: real runs of pytest."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import recording
from tests.exercised import Claim
from tests.pytest_runs import Run, run

ROOT = Path(__file__).parents[1]
CONFTEST = 'pytest_plugins = ["tests.recording"]'
SOURCE = """
def patch(app, path, **query):
    headers = {**app.headers, "Of-User-Id": "admin@example.com"}
    return requests.patch(f"{app.url}/rest/ws/group/{path}/change", headers=headers, params=query, timeout=30)

def test_title(kommunicate):
    create(kommunicate, metadata={"KM_TAGS": "a"}, colour="red", imageUrl="x")

def test_refusal(kommunicate):
    headers = kommunicate.headers
    requests.post(f"{kommunicate.url}/rest/ws/group/conversation", headers=headers, json={"groupName": 7})

def test_status(kommunicate):
    group_id = create(kommunicate)
    assert patch(kommunicate, "status", groupId=group_id, status=2).json()["response"] == "updated"

def test_nothing_done(kommunicate):
    patch(kommunicate, "status", groupId=create(kommunicate), status=0, sendNotifyMessage="false")

def test_wrong_agent(kommunicate):
    patch(kommunicate, "assignee", groupId=create(kommunicate), assignee="nobody")

def test_spoiled(kommunicate):
    kommunicate.fail("user.update", gateway=429)
    headers = {**kommunicate.headers, "Of-User-Id": "customer-1"}
    requests.post(f"{kommunicate.url}/rest/ws/user/update", headers=headers, json={}, timeout=30)
"""
FAILING = """
def test_at_first(kommunicate):
    create(kommunicate, clientGroupId=1)
    raise ValueError
"""
MADE_UP = """
import requests
from hypothesis import given

def test_at_random(kommunicate):
    requests.get(f"{kommunicate.url}/rest/ws/group/waiting/list", headers=kommunicate.headers, timeout=30)
"""
TEST = "test_it.py::test_"
CREATED = ["header Api-Key", "body groupName", "body groupMemberList"]


def ran(folder: Path, *options: str, source: str = SOURCE, **more: Any) -> Run:
    more |= {"conftest__py": CONFTEST, "test_random__py": MADE_UP}
    return run(folder, source, *options, environment={"PYTHONPATH": str(ROOT)}, **more)


def begin(folder: Path, record: object) -> Path:
    path = folder / recording.RECORD
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def witness(record: dict[str, Any], *claim: str) -> str | None:
    """Answer the name of the test of a claim."""
    place: Any = record
    for part in claim:
        place = place.get(part, {})
    return str(place).removeprefix(TEST) if place else None


def test_a_run_of_all_writes_down_what_its_tests_show_and_the_next_finds_it_true(tmp_path: Path) -> None:
    path = begin(tmp_path, {})
    done = ran(tmp_path, "--record-fidelity", "-n1", source=SOURCE + FAILING, plugins=("xdist",))
    record = json.loads(path.read_text(encoding="utf-8"))

    assert (done.code, done.outcomes["test_at_first"]) == (1, "failed"), done.output
    assert set(record) == {"conversation.create", "conversation.status", "conversation.assignee"}
    create = record["conversation.create"]
    assert set(create) == {*CREATED, "operation", "body metadata", "body metadata.KM_TAGS", "body imageUrl"}
    assert witness(create, "body metadata.KM_TAGS", "behaviour") == "title"
    assert witness(create, "operation", "refusal MOCK-PARAM") == "refusal"
    refused = [place for place, axes in create.items() if "refusal" in axes]
    assert refused == ["body groupMemberList", "body groupName"]
    assert witness(record, "conversation.status", "query status", "behaviour") == "status"
    assert witness(record, "conversation.status", "query sendNotifyMessage") is None
    assert record["conversation.assignee"] == {
        "operation": {"refusal AL-U-01": f"{TEST}wrong_agent"},
        "query assignee": {"refusal": f"{TEST}wrong_agent"},
    }
    again = ran(tmp_path)
    assert (again.code, "exercised.json" in again.output) == (0, False), again.output


def test_what_is_claimed_and_not_shown_any_more_fails_a_run_of_all(tmp_path: Path) -> None:
    named = {"behaviour": f"{TEST}title", "refusal": f"{TEST}gone"}
    begin(tmp_path, {"conversation.create": {"body clientGroupId": named, "body groupName": named}})
    done = ran(tmp_path, "-n1", plugins=("xdist",))

    said = done.output.partition("exercised.json ==")[2].splitlines()[1:4]
    assert (done.code, set(done.outcomes.values())) == (1, {"passed"})
    assert said == [
        "conversation.create body clientGroupId behaviour: test_it.py::test_title does not show it",
        "test_it.py::test_gone is named and not there",
        "See docs/contributing.md, Fidelity, for how to renew it.",
    ]


def test_a_run_of_some_asks_only_for_what_ran_and_writes_nothing(tmp_path: Path) -> None:
    path = begin(tmp_path, {"conversation.create": {"body groupName": {"behaviour": f"{TEST}gone"}}})
    part, refused = ran(tmp_path, "test_it.py"), ran(tmp_path, "test_it.py", "--record-fidelity")

    assert (part.code, refused.code) == (0, 1)
    assert "the record was not written: it takes a run of the whole suite, to its end" in refused.output
    assert "test_gone" in path.read_text(encoding="utf-8")


EXAMPLES = "tests/contract/test_documented_examples.py::test_an_example_is_answered_as_its_contract_says"
EVERYTHING = (
    "conversations/create: Every documented parameter at once: "
    "the named assignee gets the conversation, no rule runs"
)


@pytest.mark.parametrize(
    ("claim", "ordered"),
    [
        (
            ("message.send", "body metadata.KM_ASSIGN_TO"),
            [
                "everywhere/bots: KM_ASSIGN_TO in a message that is sent hands over as well",
                "everywhere/bots: KM_ASSIGN_TO does nothing where no bot has the conversation",
            ],
        ),
        (
            ("conversation.create", "body metadata.KM_TEAM_ID"),
            [
                "conversations/create: KM_TEAM_ID: the rules of the team decide, among its agents",
                "conversations/create: A KM_TEAM_ID that no team has is kept, and the app's own rules decide",
            ],
        ),
        (
            ("message.send", "body metadata.skipBot"),
            [
                "everywhere/bots: A message with skipBot calls no bot",
                "messages/send: Metadata values are stored as strings",
                "everywhere/bots: KM_ASSIGN_TO with an agent's id hands over to this agent, and the bot says so",
            ],
        ),
        (
            ("conversation.create", "body clientGroupId"),
            [
                EVERYTHING,
                "conversations/create: clientGroupId as a string is answered as it came",
                "messages/send: clientGroupId alone is enough",
            ],
        ),
        (
            ("conversation.status", "query status"),
            [
                "conversations/status: The documented request closes a conversation, without a notify message",
                "conversations/status: The status is already that",
            ],
        ),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_of_the_examples_one_that_is_about_the_parameter_is_the_best(
    claim: tuple[str, str], ordered: list[str]
) -> None:
    tests = [f"{EXAMPLES}[sqlite-{example}]" for example in ordered]
    ranks = [recording.rank(Claim(*claim, "behaviour"), test) for test in tests]

    assert ranks == sorted(ranks)
    assert {*ordered} <= {*recording._examples()}


def test_an_example_of_its_own_contract_file_is_the_best_witness() -> None:
    claim = Claim("conversation.create", "body groupName", "behaviour")
    ordered = [
        f"{EXAMPLES}[sqlite-conversations/create: The documented request and nothing else]",
        f"{EXAMPLES}[sqlite-conversations/assignee: Wrong agent id]",
        f"{EXAMPLES}[postgresql-conversations/assignee: Wrong agent id]",
        "tests/api/test_create_conversation.py::test_b",
        "tests/test_a.py::test_a",
    ]

    assert sorted(sorted(ordered), key=lambda test: recording.rank(claim, test)) == ordered
