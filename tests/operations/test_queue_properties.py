"""What holds of the waiting queue whatever happens: in order, nobody over his limit, nobody forgotten."""

import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mockkommunicate.domain import limits
from mockkommunicate.domain.conversations import Status
from mockkommunicate.operations import app_settings, apps, conversations, scenarios, users
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.lookup import get_conversation, get_user
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations as rows
from mockkommunicate.store import queue as queue_rows
from mockkommunicate.store import users as user_rows
from mockkommunicate.store.records import Conversation
from mockkommunicate.wire.settings import Settings
from tests.operations.filled import emulating

ADMIN = "admin@example.com"
AGENTS = ("jane", "omar", "lena")
TEAMS = {"55": ("jane", "omar"), "66": ("omar", "lena")}
SKIPS = {"SKIP_ROUTING": "true"}


class Deed(NamedTuple):
    """Something that is done; `which` chooses among the conversations there are."""

    kind: str
    which: int
    what: Any


def deeds(kind: str, what: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    return st.builds(Deed, st.just(kind), st.integers(0, 50), what)


AGENT = st.sampled_from(AGENTS)
LIMIT = st.none() | st.integers(0, 2)
DEEDS = st.one_of(
    deeds("create", st.sampled_from([{}, {}, {"KM_TEAM_ID": "55"}, {"KM_TEAM_ID": "66"}, {"KM_TEAM_ID": "7"}])),
    deeds("create", st.sampled_from([{"CONVERSATION_STATUS": "7"}, SKIPS, SKIPS | {"CONVERSATION_STATUS": "7"}])),
    deeds("status", st.sampled_from(Status)),
    deeds("assign", st.sampled_from((*AGENTS, ADMIN, "robot"))),
    deeds("availability", st.tuples(AGENT, st.sampled_from(["online", "away", "offline"]))),
    deeds("limit", st.tuples(AGENT, LIMIT)),
    deeds("settings", st.fixed_dictionaries({"handlingLimit": LIMIT})),
    deeds("settings", st.fixed_dictionaries({}, optional={"reassignWhenAway": st.booleans()}).map(lambda one: {"routing": one})),
)  # fmt: skip


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator without HTTP."""
    with emulating() as emulator:
        yield emulator


def make(emulator: Emulator) -> str:
    """Make an app with three agents, two teams, and the queue on."""
    app = apps.new(scenario="empty", seed=7, at=10**12, application_id=f"app-{secrets.token_hex(8)}")
    people: list[dict[str, Any]] = [
        {"user_id": name, "role": "agent", "handling_limit": 1} for name in AGENTS
    ]
    changes = {
        "routing": {"waitingQueue": True},
        "teams": [{"teamId": team_id, "agents": list(agents)} for team_id, agents in TEAMS.items()],
    }

    def fill(work: Work) -> None:
        everybody: list[dict[str, Any]] = [
            *people,
            {"user_id": "robot", "role": "bot"},
            {"user_id": ADMIN, "role": "admin", "availability": "away"},
        ]
        apps.fill(work, scenarios.load("empty"), users_too=everybody, settings=Settings().load(changes))

    assert emulator._create(app, fill) is not None
    return app.application_id


def do(work: Work, deed: Deed) -> int | None:
    """Do something; answer the conversation that it is done to."""
    if deed.kind == "settings":
        app_settings.change(work, Settings().load(deed.what))
    elif deed.kind in {"availability", "limit"}:
        user_id, value = deed.what
        column = "availability" if deed.kind == "availability" else "handling_limit"
        users.change(work, get_user(work, user_id), **{column: value})
    elif deed.kind == "create":
        return conversations.create(work, name="a", member_ids=["carl"], metadata=deed.what).conversation.id
    else:
        return do_to_one(work, deed)
    return None


def do_to_one(work: Work, deed: Deed) -> int | None:
    every = rows.list_page(work.connection, work.app_id, after=0, most=1_000)
    if not every:
        return None
    conversation = every[deed.which % len(every)]
    if deed.kind == "status":
        conversations.change_status(work, conversation, actor=get_user(work, ADMIN), status=deed.what)
    else:
        conversations.assign(work, conversation, actor_id=ADMIN, assignee_id=deed.what)
    return conversation.id


class Scene(NamedTuple):
    """What there is at one moment: who waits, by the queue he stands in, and the load and limit of each agent."""

    lines: dict[str | None, list[int]]
    loads: dict[str, int]
    rooms: dict[str, bool]
    limits: dict[str, int | None]


def look(work: Work) -> Scene:
    lines: dict[str | None, list[int]] = {}
    for waiting in queue_rows.list_all(work.connection, work.app_id):
        lines.setdefault(waiting.team_id if waiting.team_id in TEAMS else None, []).append(waiting.id)
    found = {user.user_id: user for user in user_rows.list_staff(work.connection, work.app_id)}
    agents = {name: found[name] for name in (*AGENTS, ADMIN)}
    of_app = work.settings.handling_limit
    allowed = {name: limits.effective(user.handling_limit, of_app=of_app) for name, user in agents.items()}
    loads = {name: len(rows.list_open(work.connection, work.app_id, name)) for name in agents}
    rooms = {
        name: user.availability == "online" and limits.has_room(loads[name], limit=allowed[name])
        for name, user in agents.items()
    }
    return Scene(lines, loads, rooms, allowed)


@settings(max_examples=100, deadline=None, phases=[Phase.generate])  # shrinking takes minutes
@given(todo=st.lists(DEEDS, min_size=15, max_size=40))
def test_the_queue_is_served_in_order_to_its_end_and_nobody_is_over_his_limit(
    emulator: Emulator, todo: list[Deed]
) -> None:
    application_id = make(emulator)
    crowd = [Deed("create", 0, {"KM_TEAM_ID": team} if team else {}) for team in (None, "55", "66") * 3]
    for deed in [*crowd, *todo]:
        with emulator.work_on(application_id) as work:
            before = look(work)
            touched = do(work, deed)
        with emulator.look_at(application_id) as work:
            after = look(work)
            every = rows.list_page(work.connection, work.app_id, after=0, most=1_000)

        check_order(before, after, touched)
        check_limits(before, after)
        check_nobody_is_forgotten(after)
        for conversation in every:
            check_standing(conversation)


def check_order(before: Scene, after: Scene, touched: int | None) -> None:
    """Whoever has gone stood before all who are left, and those are in the order that they were in."""
    for queue, line in before.lines.items():
        untouched = [one for one in line if one != touched]
        left = after.lines.get(queue, [])
        assert untouched[len(untouched) - len([one for one in untouched if one in left]) :] == [
            one for one in left if one in untouched
        ]


def check_limits(before: Scene, after: Scene) -> None:
    """Nobody has more than his limit, unless he had it before the limit was lowered."""
    for name, limit in after.limits.items():
        assert limit is None or after.loads[name] <= max(limit, before.loads[name]), name


def check_nobody_is_forgotten(after: Scene) -> None:
    """Nobody waits while somebody is online who has room and is of his team."""
    for queue, line in after.lines.items():
        free = [name for name in TEAMS.get(queue or "", (*AGENTS, ADMIN)) if after.rooms[name]]
        assert not (line and free), (line, free)


def check_standing(conversation: Conversation) -> None:
    """Whoever stands in the queue has the status of waiting, and nobody is assigned."""
    if conversation.queue_number is not None:
        assert (conversation.status, conversation.assignee) == (Status.WAITING, None)


def test_a_queue_that_is_turned_off_is_empty(emulator: Emulator) -> None:
    application_id = make(emulator)
    with emulator.work_on(application_id) as work:
        made = [conversations.create(work, name="a", member_ids=["carl"], metadata={}) for _ in range(5)]
    with emulator.work_on(application_id) as work:
        assert len(look(work).lines[None]) == 2
        app_settings.change(work, Settings().load({"routing": {"waitingQueue": False}}))
    with emulator.look_at(application_id) as work:
        last = get_conversation(work, conversation_id=made[-1].conversation.id)

        assert (look(work).lines, last.status, last.assignee) == ({}, Status.OPEN, ADMIN)
