"""The waiting queue is served in order and to its end, whatever many callers do at once; nobody is over his limit."""

from collections import Counter
from typing import Any, NamedTuple

import pytest

from mockkommunicate import App
from mockkommunicate.handle.results import Conversation
from tests.client import ADMIN, ok
from tests.concurrency.crowd import CALLERS, Caller, Crowd, Thrown, scaled

LIMITS = {"ada@example.com": 1, "ben@example.com": 2, "cleo@example.com": 3}
OPEN, CLOSED, WAITING = 0, 2, 7
ASKED = scaled(3) * CALLERS
ROOM = sum(LIMITS.values())


class Deed(NamedTuple):
    """Something to be done, and to whom."""

    kind: str
    agent: str = ""


@pytest.fixture
def app(app: App) -> App:
    """An app with the queue on and three agents, who have limits; its admin is offline."""
    for agent, limit in LIMITS.items():
        app.add_agent(agent, limit=limit)
    app.settings({"routing": {"waitingQueue": True}})
    return app


def do(caller: Caller, deed: Deed) -> str:
    """Create a conversation, finish one of an agent, or let him go or come."""
    if deed.kind == "create":
        return str(caller.created()["metadata"]["CONVERSATION_STATUS"])
    if deed.kind == "finish":
        return finish(caller, deed.agent)
    path = f"/_mock/apps/{caller.app.application_id}/users/{deed.agent}"
    return str(caller.call("PATCH", path, json={"availability": deed.kind}).json()["availability"])


def finish(caller: Caller, agent: str) -> str:
    """Close a conversation of an agent; another caller may have closed it already."""
    found = caller.look("conversations", assignee=agent, status=OPEN, limit=1)["conversations"]
    return str(ok(caller.status(found[0]["id"], CLOSED))) if found else "nothing to do"


def deeds(*kinds: str) -> list[Deed]:
    """Make as many of each kind, one kind after the other in turn, spread over the agents."""
    agents = [*LIMITS] * ASKED
    return [Deed(kind, agents[number]) for number in range(ASKED) for kind in kinds]


def check(every: list[Conversation], *, in_order: bool) -> None:
    """Check what holds at any moment; the statuses and assignees of one look are those of one statement."""
    loads = Counter(one.assignee for one in every if one.status == OPEN)
    waiting = [one.id for one in every if one.status == WAITING]
    assert all(loads[agent] <= limit for agent, limit in LIMITS.items()), loads
    assert {one.assignee for one in every if one.status == WAITING} <= {None}
    if in_order and waiting:
        assert loads == LIMITS, (loads, waiting)
        assert min(waiting) > max(one.id for one in every if one.assignee), waiting


def watched(app: App, thrown: Thrown[Any], *, in_order: bool) -> list[Any]:
    """Look at the app until the crowd is through; answer the crowd's results."""
    while thrown.is_going_on:
        check(app.conversations(), in_order=in_order)
    return thrown.results()


def drain(crowd: Crowd, app: App) -> None:
    """Let the crowd finish conversations until nobody waits and nothing is open."""
    while app.waiting() or app.conversations(status=OPEN):
        watched(app, crowd.begin(do, app, deeds("finish")), in_order=False)


def test_as_many_are_served_as_there_is_room_and_the_others_stand_in_order(crowd: Crowd, app: App) -> None:
    statuses = watched(app, crowd.begin(do, app, deeds("create")), in_order=True)

    every = [one.id for one in app.conversations()]
    assert Counter(statuses) == {"0": ROOM, "7": ASKED - ROOM}
    assert app.waiting() == every[ROOM:]


def test_room_that_many_make_at_once_is_given_first_come_first_served(crowd: Crowd, app: App) -> None:
    crowd.throw(do, app, deeds("create"))
    results = watched(app, crowd.begin(do, app, deeds("finish")), in_order=True)

    closed = results.count("updated")
    every = app.conversations()
    assert len([one for one in every if one.status == CLOSED]) == closed
    assert app.waiting() == [one.id for one in every][closed + ROOM :]


def test_nobody_is_forgotten_while_some_come_and_others_are_served(crowd: Crowd, app: App) -> None:
    watched(app, crowd.begin(do, app, deeds("create", "finish")), in_order=True)
    drain(crowd, app)

    every = app.conversations()
    assert len(every) == ASKED
    assert {(one.status, one.assignee in LIMITS) for one in every} == {(CLOSED, True)}
    assert all(len([m for m in app.messages(one.id) if "KM_ASSIGN" in m.metadata]) <= 1 for one in every)


def test_nobody_is_forgotten_while_agents_go_and_come(crowd: Crowd, app: App) -> None:
    app.settings({"routing": {"reassignWhenAway": True}})
    watched(app, crowd.begin(do, app, deeds("create", "away", "finish", "online")), in_order=False)
    for agent in LIMITS:
        app.control("PATCH", f"users/{agent}", {"availability": "online"})
    every = app.conversations()
    loads = Counter(one.assignee for one in every if one.status == OPEN)

    assert not app.waiting() or loads == LIMITS
    assert {one.assignee for one in every if one.status == OPEN} <= {*LIMITS}
    drain(crowd, app)
    assert {one.status for one in app.conversations()} == {CLOSED}


def test_teams_are_served_side_by_side(crowd: Crowd, app: App, caller: Caller) -> None:
    agents = list(LIMITS)
    app.settings({"teams": [{"teamId": "1", "agents": agents[:2]}, {"teamId": "2", "agents": agents[1:]}]})
    made = crowd.throw(ask, app, ["1", "2"] * (ASKED // 2))
    watched(app, crowd.begin(do, app, deeds("finish")), in_order=False)
    drain(crowd, app)

    for team in ("1", "2"):
        assert ok(caller.waiting(team)) == []
    served = {one.id: one for one in app.conversations()}
    assert sorted(served) == sorted(conversation_id for conversation_id, _ in made)
    assert all(served[one].assignee in (agents[:2] if team == "1" else agents[1:]) for one, team in made)
    assert ADMIN not in {one.assignee for one in served.values()}


def ask(caller: Caller, team: str) -> tuple[int, str]:
    return int(caller.created(metadata={"KM_TEAM_ID": team})["id"]), team
