"""GET /rest/ws/group/waiting/list."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockkommunicate import App, MockKommunicate
from mockkommunicate.domain.conversations import Status
from mockkommunicate.operations import app_settings, conversations, queue, reactions, users
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.lookup import get_user
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.settings import Settings
from tests import expected
from tests.client import ADMIN, Client, ok, refused
from tests.operations.filled import emulating

PATH = "/rest/ws/group/waiting/list"


@pytest.fixture
def full(app: App, client: Client) -> list[int]:
    """Three conversations that wait, the second of which names a team."""
    app.control("PATCH", f"users/{ADMIN}", {"availability": "away"})
    app.settings({"routing": {"waitingQueue": True}})
    named: list[dict[str, Any]] = [{}, {"KM_TEAM_ID": "55"}, {}]
    return [int(client.created("user-1", metadata=metadata)["id"]) for metadata in named]


def test_the_answer_is_an_envelope_with_numbers(client: Client, full: list[int]) -> None:
    response = client.waiting()

    assert ok(response) == full
    assert response.headers["Content-Type"] == "application/json"
    assert (
        response.text
        == f'{{"status":"success","generatedAt":{response.json()["generatedAt"]},"response":[{",".join(map(str, full))}]}}'
    )


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, {}),
        ({"Content-Type": "application/json"}, {}),
        ({"Of-User-Id": "nobody", "X-Authorization": "token"}, {}),
        ({}, {"unknown": "1"}),
    ],
    ids=str,
)
def test_nothing_but_the_key_is_needed(
    client: Client, full: list[int], headers: dict[str, str], query: dict[str, str]
) -> None:
    assert ok(client.waiting(params=query, headers=headers)) == full


@pytest.mark.parametrize(
    "team", ["55", " 55", "056", "unknown", "x" * 256, "🦆", "'; DROP TABLE", "5%", "null"]
)
def test_a_team_lists_those_who_name_it_to_the_letter(client: Client, full: list[int], team: str) -> None:
    assert ok(client.waiting(team)) == (full[1:2] if team == "55" else [])


@pytest.mark.parametrize(
    ("query", "description"),
    [
        ("?teamId=", "query 'teamId': must have 1 to 256 characters; got \"\""),
        (f"?teamId={'7' * 257}", f"query 'teamId': must have 1 to 256 characters; got \"{'7' * 76}..."),
        ("?teamId=1&teamId=1", "query 'teamId': is repeated; it may be given once"),
    ],
)
def test_a_team_that_none_can_be_is_refused(client: Client, query: str, description: str) -> None:
    assert refused(client.call("GET", f"{PATH}{query}"), 400) == expected.error("MOCK-PARAM", description)


def test_where_unknown_input_is_refused_a_misspelt_parameter_is(app: App, client: Client) -> None:
    app.settings({"strict": True})

    assert refused(client.waiting(params={"teamID": "1"}), 400) == expected.error(
        "MOCK-PARAM", "query 'teamID': is not known here; did you mean 'teamId'?"
    )


def test_it_is_in_the_journal(app: App, client: Client) -> None:
    client.waiting("55")
    (entry,) = app.requests(operation="conversation.waiting_list")

    assert (entry.method, entry.path, entry.query, entry.status) == ("GET", PATH, {"teamId": "55"}, 200)


def test_an_app_does_not_see_who_waits_in_another(server: MockKommunicate, full: list[int]) -> None:
    other = server.create_app(settings={"routing": {"waitingQueue": True}})

    assert full
    assert ok(Client(other.url, other.api_key).waiting()) == []


def test_asking_changes_nothing(app: App, client: Client, full: list[int]) -> None:
    before = app.state()

    assert [ok(client.waiting()) for _ in range(2)] == [full, full]
    assert app.state() == before


# What it costs, in statements; and that none of them reads what is done.


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator without HTTP."""
    with emulating() as emulator:
        yield emulator


def counted(work: Work, act: Callable[[], object]) -> int:
    """Count the statements that something runs, reactions included."""
    run: list[str] = []
    work.connection.raw.set_trace_callback(run.append)
    try:
        act()
        reactions.run(work)
    finally:
        work.connection.raw.set_trace_callback(None)
    return len(run)


def create(work: Work, **metadata: str) -> Any:
    return conversations.create(work, name="a", member_ids=["carl"], metadata=metadata).conversation


def close(work: Work) -> Callable[[], object]:
    conversation, actor = create(work), get_user(work, ADMIN)
    reactions.run(work)
    return lambda: conversations.change_status(
        work, conversation, actor=actor, status=Status.CLOSED, notify=False
    )


def test_neither_a_queue_nor_a_team_costs_creating_a_conversation_a_statement(emulator: Emulator) -> None:
    app = emulator.create_app(scenario="empty")
    assert app is not None
    with emulator.work_on(app.application_id) as work:
        create(work)
        plain = counted(work, lambda: create(work))
        changes = {"routing": {"waitingQueue": True}, "teams": [{"teamId": "55", "agents": [ADMIN]}]}
        app_settings.change(work, Settings().load(changes))

        assert counted(work, lambda: create(work)) == plain
        assert counted(work, lambda: create(work, KM_TEAM_ID="55")) == plain


def test_an_empty_queue_costs_who_makes_room_one_statement_and_no_queue_none(emulator: Emulator) -> None:
    app = emulator.create_app(scenario="empty")
    assert app is not None
    with emulator.work_on(app.application_id) as work:
        without = counted(work, close(work))
        app_settings.change(work, Settings().load({"routing": {"waitingQueue": True}}))

        assert (without, counted(work, close(work))) == (1, 2)


def test_the_list_and_whoever_is_next_are_read_from_an_index_of_those_who_wait(emulator: Emulator) -> None:
    app = emulator.create_app(scenario="waiting-room")
    assert app is not None
    with emulator.work_on(app.application_id) as work:
        run: list[str] = []
        work.connection.raw.set_trace_callback(run.append)
        queue.waiting(work, "103785933")
        users.change(work, get_user(work, "jane@example.com"), handling_limit=2)
        reactions.run(work)
        work.connection.raw.set_trace_callback(None)
        asked = [statement for statement in run if "queue_number IS NOT NULL" in statement]
        plans = [
            " ".join(row[3] for row in work.connection.raw.execute(f"EXPLAIN QUERY PLAN {statement}"))
            for statement in asked
        ]

    assert len(plans) >= 2
    assert all("USING INDEX mock_conversations_waiting" in plan for plan in plans), plans
    assert not any("TEMP B-TREE" in plan or "SCAN" in plan for plan in plans), plans
