"""An agent is never over his handling limit, whatever is thrown at him at once."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from mockkommunicate import App
from tests.client import ok
from tests.concurrency.crowd import CALLERS, Caller, Crowd, Thrown, scaled

BOB = "bob@example.com"
CAROL = "carol@example.com"
LIMIT = 7
OPEN = {-1, 0, 1, 6}
ASKED = scaled(4) * CALLERS
ENGAGED = "AGENT_IS_ALREADY_ENGAGED"


class Deed(NamedTuple):
    """Something to be done, and the conversation that it is done to."""

    kind: str
    conversation_id: int = 0


def naming(assignee: str | None, status: int = 0) -> dict[str, Any]:
    """Answer the metadata of a creation that skips the rules."""
    named = {} if assignee is None else {"CONVERSATION_ASSIGNEE": assignee}
    return {"SKIP_ROUTING": "true", "CONVERSATION_STATUS": str(status), **named}


DEEDS: dict[str, Callable[[Caller, int], Any]] = {
    "assign": lambda caller, conversation_id: ok(caller.assign(conversation_id, BOB)),
    "route": lambda caller, _: caller.created()["metadata"].get("CONVERSATION_ASSIGNEE"),
    "name": lambda caller, _: caller.created(metadata=naming(BOB))["metadata"].get("CONVERSATION_ASSIGNEE"),
    "reopen": lambda caller, conversation_id: ok(caller.status(conversation_id, 0)),
    "close": lambda caller, conversation_id: ok(caller.status(conversation_id, 2)),
}


def do(caller: Caller, deed: Deed) -> Any:
    return DEEDS[deed.kind](caller, deed.conversation_id)


def make(caller: Caller, metadata: dict[str, Any]) -> int:
    return int(caller.created(metadata=metadata)["id"])


@pytest.fixture
def app(app: App) -> App:
    """An app with one agent who has a limit, and one who has none."""
    app.add_agent(BOB, limit=LIMIT)
    app.add_agent(CAROL)
    return app


def load(app: App) -> int:
    """Count the conversations that count against Bob's limit; one look is one statement, so it sees one moment."""
    return sum(conversation["status"] in OPEN for conversation in app.conversations(assignee=BOB))


def watched(app: App, thrown: Thrown[Any]) -> list[Any]:
    """Look at Bob's load until the crowd is through; answer the crowd's results."""
    while thrown.is_going_on:
        assert load(app) <= LIMIT
    return thrown.results()


def test_assignee_changes_never_take_an_agent_over_his_limit(crowd: Crowd, app: App) -> None:
    unassigned = crowd.throw(make, app, [naming(None)] * ASKED)

    answers = watched(app, crowd.begin(do, app, [Deed("assign", number) for number in unassigned]))

    assert (answers.count("updated"), answers.count(ENGAGED)) == (LIMIT, ASKED - LIMIT)
    assert load(app) == LIMIT


def test_routed_conversations_never_take_an_agent_over_his_limit(crowd: Crowd, app: App) -> None:
    assignees = watched(app, crowd.begin(do, app, [Deed("route")] * ASKED))

    assert (assignees.count(BOB), assignees.count(CAROL)) == (LIMIT, ASKED - LIMIT)
    assert load(app) == LIMIT


def test_conversations_that_name_an_agent_never_take_him_over_his_limit(crowd: Crowd, app: App) -> None:
    assignees = watched(app, crowd.begin(do, app, [Deed("name")] * ASKED))

    assert (assignees.count(BOB), assignees.count(None)) == (LIMIT, ASKED - LIMIT)
    assert load(app) == LIMIT


def test_conversations_that_open_again_never_take_an_agent_over_his_limit(crowd: Crowd, app: App) -> None:
    closed = crowd.throw(make, app, [naming(BOB, status=2)] * ASKED)

    answers = watched(app, crowd.begin(do, app, [Deed("reopen", number) for number in closed]))

    assert answers == ["updated"] * ASKED
    assert load(app) == LIMIT
    assert len(app.conversations(status=0)) == ASKED


def test_everything_at_once_never_takes_an_agent_over_his_limit(crowd: Crowd, app: App) -> None:
    unassigned = crowd.throw(make, app, [naming(None)] * ASKED)
    closed = crowd.throw(make, app, [naming(BOB, status=2)] * ASKED)
    deeds = [
        deed
        for number, closed_number in zip(unassigned, closed, strict=True)
        for deed in (
            Deed("assign", number), Deed("reopen", closed_number), Deed("route"), Deed("name"),
            Deed("close", closed_number), Deed("close", number), Deed("reopen", number),
        )
    ]  # fmt: skip

    watched(app, crowd.begin(do, app, deeds))

    assert load(app) <= LIMIT
