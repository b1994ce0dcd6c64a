"""GET and PUT /_mock/apps/APP/state: an app as one JSON document, out and in."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockkommunicate import MockKommunicate
from tests import strategies
from tests.client import ADMIN, Client, ok
from tests.control.test_settings import DEFAULTS
from tests.random_calls import CALLS, Calls, perform
from tests.worlds import AT, BAD_PARAMETER, World, error

ON_A_SERVER = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def world(server: MockKommunicate) -> World:
    """An app with the seed 7, whose clock stands still."""
    return World(server.url)


@pytest.fixture(scope="module")
def furnished_once(server: MockKommunicate) -> World:
    """An app with something of everything in it."""
    return World(server.url).furnish()


@pytest.fixture(scope="module")
def furnished_state(furnished_once: World) -> str:
    """Its state."""
    return furnished_once.state


@pytest.fixture
def furnished(furnished_once: World) -> World:
    """Such an app of the test's own."""
    return furnished_once.fork()


def staff(user_id: str, number: int, **details: Any) -> dict[str, Any]:
    times = dict.fromkeys(("createdAtTime", "lastLoggedInAtTime", "lastSeenAtTime"), AT)
    common = {"availability": "online", "deactivated": False, "metadata": {}, "unreadCount": 0}
    return {"userId": user_id, "number": number, **common, **times, **details}


NEW = {
    "format": 1,
    "scenario": "empty",
    "seed": 7,
    "settings": DEFAULTS,
    "rotation": [],
    "sequences": {"conversation": 31_050_327, "user": 2, "fault": 0},
    "clock": {"mode": "frozen", "now": AT, "startsAt": AT},
    "faults": [],
    "users": [
        staff(ADMIN, 1, role="admin", displayName="Super Admin", email=ADMIN),
        staff("bot", 2, role="bot", displayName="Bot"),
    ],
    "formerUsers": [],
    "conversations": [],
}


# Out.


def test_the_state_of_a_new_app_is_all_that_makes_it_what_it_is(world: World) -> None:
    assert world.document == NEW


def test_a_conversation_comes_with_its_members_and_messages(world: World) -> None:
    group_id = world.client.created("carl", metadata={"order": 300}, clientGroupId="order")["id"]
    ok(world.client.send(group_id, "carl", metadata={"a": "b"}))
    (conversation,) = world.document["conversations"]

    assert conversation == {
        "id": group_id,
        "clientGroupId": "order",
        "name": "A question",
        "adminId": ADMIN,
        "assignee": ADMIN,
        "status": 0,
        "metadata": {"order": "300"},
        "routing": {
            "outcome": "round_robin",
            "assignee": ADMIN,
            "considered": [{"userId": ADMIN, "result": "taken"}],
        },
        "createdAtTime": AT,
        "updatedAtTime": AT,
        "members": [
            {"userId": ADMIN, "role": 1, "unreadCount": 1, "removed": False},
            {"userId": "bot", "role": 2, "unreadCount": 1, "removed": False},
            {"userId": "carl", "role": 3, "unreadCount": 0, "removed": False},
        ],
        "messages": [
            {
                "number": 1,
                "key": f"5-{group_id}-{AT}",
                "senderId": "carl",
                "message": "Hello",
                "contentType": 0,
                "type": 5,
                "source": 4,
                "metadata": {"a": "b"},
                "createdAtTime": AT,
            }
        ],
    }


def test_it_is_laid_out_to_diff_well(furnished: World) -> None:
    response = furnished.control("GET", "/state")

    assert response.headers["Content-Type"] == "application/json"
    assert response.text == json.dumps(response.json(), indent=2, sort_keys=True) + "\n"


def test_one_message_more_changes_the_lines_of_that_message_only(world: World) -> None:
    group_id = world.client.created("carl")["id"]
    ok(world.client.send(group_id, "carl", message="One"))
    before = world.state.splitlines()
    ok(world.client.send(group_id, "carl", message="Two", metadata={"BADGE_COUNT": "false"}))
    after = world.state.splitlines()

    assert len(after) == len(before) + 13
    assert [line for line in before if line not in after] == []


def test_it_names_neither_the_app_nor_its_key(furnished: World) -> None:
    assert furnished.id not in furnished.state
    assert furnished.made["apiKey"] not in furnished.state


def test_the_default_app_has_one_too(world: World) -> None:
    assert world.client.call("GET", "/_mock/apps/default/state").json()["scenario"] == "empty"


def test_equal_calls_on_equal_apps_give_equal_bytes(server: MockKommunicate) -> None:
    first, second = (World(server.url, scenario="support-team").furnish() for _ in range(2))

    assert first.state == second.state


def test_another_seed_gives_another_state(server: MockKommunicate) -> None:
    assert World(server.url, seed=1).state != World(server.url, seed=2).state


def test_looking_changes_nothing(furnished: World) -> None:
    before = furnished.state
    for path in ("", "/settings", "/users", "/conversations", "/snapshots", "/faults", "/clock", "/requests"):
        furnished.ok("GET", path)

    assert furnished.state == before


def test_it_is_as_it_was_at_one_moment_while_others_write(world: World) -> None:
    group_id = world.client.created("carl")["id"]
    stop = threading.Event()

    def write() -> None:
        client = Client(world.url, world.made["apiKey"])
        while not stop.is_set():
            ok(client.send(group_id, "carl"))

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    seen = [world.document for _ in range(20)]
    stop.set()
    for writer in writers:
        writer.join()

    for document in seen:
        (conversation,) = document["conversations"]
        unread = {member["userId"]: member["unreadCount"] for member in conversation["members"]}
        users = {user["userId"]: user["unreadCount"] for user in document["users"]}
        assert unread["bot"] == users["bot"] == len(conversation["messages"])


# In.


def test_an_import_says_what_was_put_in(world: World, furnished: World) -> None:
    assert world.put(furnished.state).json() == {
        "imported": {"messages": 5, "members": 8, "conversations": 2, "users": 7, "files": 2, "faults": 1}
    }


def test_an_imported_state_comes_out_as_it_went_in(world: World, furnished: World) -> None:
    world.client.created("somebody-else")
    world.put(furnished.state)

    assert world.state == furnished.state


def test_id_key_time_of_creation_journal_and_snapshots_stay(world: World, furnished: World) -> None:
    world.client.created("carl")
    world.ok("PUT", "/snapshots/before")
    kept = [world.ok("GET", path) for path in ("", "/requests", "/snapshots")]
    world.put(furnished.state)

    assert [world.ok("GET", path) for path in ("", "/requests", "/snapshots")] == kept


def test_scenario_and_seed_are_those_of_the_state(server: MockKommunicate, world: World) -> None:
    world.put(World(server.url, scenario="support-team", seed=5).state)

    assert (world.ok("GET")["scenario"], world.ok("GET")["seed"]) == ("support-team", 5)
    assert world.ok("POST", "/reset")["scenario"] == "support-team"


def test_an_app_goes_on_from_an_imported_state_as_the_other_would(world: World, furnished: World) -> None:
    world.put(furnished.state)
    for app in (world, furnished):
        app.ok("POST", "/clock", {"advance": "PT1H"})
        group = app.client.created("carl", "nina")
        ok(app.client.send(group["id"], "nina"))
        ok(app.client.send(None, "carl", clientGroupId="order"))
        app.client.detail(ADMIN)
        ok(app.client.assign(group["id"], "jane"))

    assert world.state == furnished.state


def test_a_faults_counts_are_imported(world: World, furnished: World) -> None:
    world.put(furnished.state)

    assert [world.client.detail(ADMIN).status_code for _ in range(2)] == [503, 200]


def test_a_frozen_clock_is_imported_as_it_stands(world: World, server: MockKommunicate) -> None:
    world.put(World(server.url, at="2030-01-31T12:00:00Z").state)

    assert world.ok("GET", "/clock") == {"now": 1_896_091_200_000, "mode": "frozen"}


def test_a_running_clock_is_imported_as_far_ahead_as_it_is(world: World, server: MockKommunicate) -> None:
    ahead = World(server.url, at=None)
    ahead.ok("POST", "/clock", {"advance": "P1D"})
    assert ahead.document["clock"] == {"mode": "running", "offsetMs": 86_400_000}
    world.put(ahead.state)

    now = [app.ok("GET", "/clock") for app in (ahead, world)]
    assert [clock["mode"] for clock in now] == ["running"] * 2
    assert 0 <= now[1]["now"] - now[0]["now"] < 10_000


def test_who_was_deleted_is_named_where_he_is_missing(world: World, furnished: World) -> None:
    assert furnished.document["formerUsers"] == ["leaver"]
    world.put({**furnished.document, "faults": []})

    assert world.client.detail("leaver").json() == []
    messages = world.ok("GET", f"/conversations/{furnished.document['conversations'][0]['id']}/messages")
    assert [message["from"] for message in messages["messages"]] == ["carl", "leaver", ADMIN, ADMIN]


def test_settings_that_are_left_out_have_their_defaults(world: World) -> None:
    world.put({**NEW, "settings": {"dialect": "observed"}})

    assert world.document["settings"] == {
        **DEFAULTS,
        "dialect": "observed",
        "routing": {**DEFAULTS["routing"], "defaultAgent": None},
    }


def test_the_order_of_users_conversations_and_members_does_not_matter(world: World, furnished: World) -> None:
    document = furnished.document
    document["users"].reverse()
    document["conversations"].reverse()
    document["conversations"][0]["members"].reverse()
    world.put(document)

    assert world.state == furnished.state


def test_a_state_of_one_kind_of_database_goes_into_the_other(furnished: World) -> None:
    with MockKommunicate() as other:
        world = World(other.url)
        world.put(furnished.state)

        assert world.state == furnished.state


def test_json_that_is_nested_deeply_comes_back(world: World) -> None:
    nested = f"{'[' * 90}{']' * 90}"
    data = f'{{"groupId": {world.client.created("carl")["id"]}, "fileMeta": {{"nested": {nested}}}}}'
    headers = {"Of-User-Id": "carl"}
    assert world.client.call("POST", "/rest/ws/message/send", data=data, headers=headers).ok
    state = world.state

    assert world.put(state).status_code == 200
    assert world.state == state


@ON_A_SERVER
@given(text=strategies.TEXTS, metadata=strategies.METADATA, file_meta=strategies.JSON)
def test_any_text_comes_back(world: World, text: str, metadata: dict[str, str], file_meta: Any) -> None:
    group_id = world.client.created("carl")["id"]
    name = f"1{text}"[:256]
    body = {"message": text, "metadata": metadata, "fileMeta": {"any": file_meta}, "clientGroupId": group_id}
    world.client.attach(group_id, "carl", **{**body, "clientGroupId": None})
    world.client.created(name, groupName=text, metadata=metadata)
    state = world.state
    world.put(state)

    assert world.state == state


@ON_A_SERVER
@given(calls=CALLS)
def test_whatever_was_done_comes_back_as_the_same_bytes(server: MockKommunicate, calls: Calls) -> None:
    one, other = World(server.url), World(server.url, at=None)
    for call in calls:
        perform(one, call)
    imported = other.put(one.state)

    assert imported.status_code == 200, imported.text
    assert other.state == one.state


# What is refused.


def at(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Make a change of a document at a path such as `users[0].role`; `...` takes it out."""
    *parents, last = [
        int(step) if step.isdigit() else step for step in path.replace("]", "").replace("[", ".").split(".")
    ]

    def change(document: Any) -> None:
        for step in parents:
            document = document[step]
        if value is ...:
            del document[last]
        else:
            document[last] = value

    return change


QUEUED = [
    (
        "conversations[3].status > conversations[3].queueNumber",
        0,
        "must be left out: only the status 7 waits",
    ),
    ("conversations[3].assignee > conversations[3].queueNumber", "jane@example.com", "somebody is assigned"),
    ("conversations[4].queueNumber", 1, "stands here twice"),
    ("conversations[3].queueNumber", 0, "must be from 1"),
    ("conversations[3].queueNumber", "1", "must be a whole number"),
    ("sequences.queue", 3, "must be at least 4, the highest queueNumber in conversations"),
    ("sequences.queue", ..., "must be at least 4, the highest queueNumber in conversations"),
    ("sequences.queue", 0, "must be from 1"),
    (
        "settings.teams[0].agents[0]",
        "jane",
        "must be an agent among the users (admin@example.com, jane@example.com",
    ),
    ("settings.teams[0].agents > settings.teams[0].agents[1]", ["jane@example.com"] * 2, "stands here twice"),
    ("settings.teams[0].defaultAgent", "bot", "must be an agent among the users"),
    ("settings.teams[0].agent", [], "is unknown; did you mean 'agents'?"),
    ("settings.teams[0].teamId", ..., "is missing: the team's id"),
    ("settings.teams", {}, "must be a list"),
    ("teamRotations", {}, "must be left out where no team has had a turn"),
    ("teamRotations", [], "must be an object"),
    ("teamRotations > teamRotations.7", {"7": []}, "belongs to no team of the settings"),
    ("teamRotations > teamRotations.103785933", {"103785933": "jane"}, "must be a list of user ids"),
    ("teamRotations > teamRotations.103785933", {"103785933": [7]}, "must be a list of user ids"),
    (
        "teamRotations > teamRotations.103785933[0]",
        {"103785933": ["jane@exmple.com"]},
        "is no user nor former user; did you mean 'jane@example.com'?",
    ),
]


@pytest.mark.parametrize(
    ("path", "value", "said"), QUEUED, ids=[f"{path} {value}" for path, value, _ in QUEUED]
)
def test_what_is_wrong_with_a_queue_or_a_team_is_named_by_its_path(
    server: MockKommunicate, world: World, path: str, value: Any, said: str
) -> None:
    before, document = world.state, World(server.url, scenario="waiting-room").document
    changed, _, named = path.partition(" > ")
    at(changed, value)(document)
    message = error(world.put(document), 400)["message"]
    problems = re.findall(rf"body '{re.escape(named or changed)}': (.*?)(?:; body |$)", message)

    assert [said in problem for problem in problems] == [True], message
    assert world.state == before


def test_a_queue_and_teams_come_back_and_go_on(server: MockKommunicate, world: World) -> None:
    room = World(server.url, scenario="waiting-room")
    world.put(room.state)

    assert world.state == room.state
    assert world.document["teamRotations"] == {"103785933": ["jane@example.com", "omar@example.com"]}
    for one in (room, world):
        (busy,) = one.ok("GET", "/conversations?assignee=omar@example.com")["conversations"]
        ok(one.client.status(busy["id"], 2))
        one.client.created("carl", metadata={"KM_TEAM_ID": "103785933"})
    assert world.state == room.state
    assert len(ok(world.client.waiting("103785933"))) == 2


def test_a_document_from_before_there_were_queues_and_teams_is_taken_in(world: World) -> None:
    document = World(world.url, scenario="waiting-room").document
    document["settings"] = {"routing": {"defaultAgent": ADMIN}}
    del document["teamRotations"], document["sequences"]["queue"]
    for conversation in document["conversations"]:
        conversation.pop("queueNumber", None)
    world.put(document)

    again = world.document
    assert {**again, "settings": document["settings"]} == document
    assert ok(world.client.waiting()) == []


SECOND = "conversations[1]"
WRONG = [
    ("format", ..., "is missing: 1"),
    ("format", 2, "is newer than this version of mockkommunicate reads; it must be 1; got 2"),
    ("format", 0, "must be 1; got 0"),
    ("format", "1", 'must be a whole number; got "1"'),
    ("format", True, "must be a whole number; got true"),
    ("formt", 1, "is unknown; did you mean 'format'?"),
    ("scenario", ..., "is missing: a string"),
    ("scenario", None, "must be a string"),
    ("seed", -1, "must be from 0 to"),
    ("seed", 1.0, "must be a whole number"),
    ("settings", [], "must be an object"),
    ("settings.dialekt", "observed", "is unknown; did you mean 'dialect'?"),
    ("settings.routing.rulee", "automatic", "is unknown; did you mean 'rule'?"),
    ("settings.routing.rule", "best", "must be one of automatic, notify_everybody"),
    ("settings.routing.defaultAgent", "carl", "must be an agent among the users (admin@example.com, jane)"),
    ("settings.routing.defaultAgent", "nobody", "must be an agent among the users"),
    ("settings.routing.assignNewConversationsTo", "jane", "must be a bot among the users (bot, robot)"),
    ("rotation > rotation[1]", ["jane", "jane"], "stands here twice"),
    ("rotation > rotation[0]", ["jnae"], "is no user nor former user; did you mean 'jane'?"),
    ("rotation", "jane", "must be a list"),
    ("sequences", ..., "is missing: an object"),
    ("sequences.conversation", 31_050_328, "must be at least 31050329, the highest id in conversations"),
    ("sequences.user", 7, "must be at least 8, the highest number in users"),
    ("sequences.fault", 0, "must be at least 1, the highest id in faults"),
    ("sequences.message", 1, "is unknown: it may be"),
    ("clock > clock.offsetMs", {"mode": "running"}, "is missing: a running clock has it"),
    (
        "clock > clock.offsetMs",
        {"mode": "frozen", "now": AT, "offsetMs": 0},
        "must be left out: a frozen clock has none",
    ),
    ("clock.mode", "stopped", "must be one of running, frozen"),
    ("clock.now", "2030-01-01", "must be a whole number"),
    ("faults[0].rule.match.operation", "message.sent", "message.send"),
    ("faults[0].rule.wehn", {}, "is unknown; did you mean 'when'?"),
    ("faults[0].rule", ..., "is missing: an object"),
    ("faults[0].tally.seen", -1, "must be from 0"),
    ("faults[0].id", 0, "must be from 1"),
    ("users", {}, "must be a list"),
    ("users[0]", None, "must be an object"),
    ("users[1] > users", ..., "must have the system user 'bot'"),
    ("users[1].role", "customer", "must be bot: 'bot' is the system user"),
    ("users[0].role", "boss", "must be one of admin, agent, bot, customer"),
    ("users[0].userId", "", "must have 1 to 256 characters"),
    ("users[2].userId", "bot", "stands here twice"),
    ("users[2].number", 1, "stands here twice"),
    ("users[0].availability", "gone", "must be one of online, away, offline"),
    ("users[0].handlingLimit", None, "must be a whole number"),
    ("users[0].deactivated", 0, "must be true or false"),
    ("users[0].metadata > users[0].metadata.a", {"a": 1}, "must be a string"),
    ("users[0].metadata", None, "must be an object"),
    ("users[0].createdAtTime", 2**60, "must be from"),
    ("users[0].naem", "Jane", "is unknown"),
    ("formerUsers > formerUsers[0]", ["carl"], "is among the users, too"),
    ("formerUsers > conversations[0].messages[1].senderId", [], "is no user nor former user"),
    ("conversations[0].id", 0, "must be from 1"),
    (f"{SECOND}.id", 31_050_328, "stands here twice"),
    (f"{SECOND}.clientGroupId", "order", "stands here twice"),
    (f"{SECOND}.assignee", "leaver", "is no user"),
    (f"{SECOND}.assignee", None, "must be a string"),
    (f"{SECOND}.adminId", "jan", "is no user nor former user; did you mean 'jane'?"),
    (f"{SECOND}.status", 8, "must be one of -1, 0, 1"),
    (f"{SECOND}.routing", "x", "must be an object"),
    (f"{SECOND}.members[0].userId", "leaver", "is no user"),
    (f"{SECOND}.members[0].userId > {SECOND}.members[1].userId", "emil", "stands here twice"),
    (f"{SECOND}.members[0].role", 4, "must be one of 1, 2, 3"),
    (f"{SECOND}.members[0].removed", "false", "must be true or false"),
    (f"{SECOND}.members", ..., "is missing: a list"),
    ("conversations[0].messages[1].number", 1, "must be over 1, the number before it"),
    ("conversations[0].messages[0].key", "first", "must be 5-31050328- and milliseconds"),
    ("conversations[0].messages[0].key", f"5-31050329-{AT}", "must be 5-31050328- and milliseconds"),
    ("conversations[0].messages[1].key", f"5-31050328-{AT}", "the key before it"),
    ("conversations[0].messages[0].senderId", "cral", "is no user nor former user; did you mean 'carl'?"),
    ("conversations[0].messages[0].senderid", "carl", "is unknown; did you mean 'senderId'?"),
    ("conversations[0].messages[0].contentType", 7, "must be one of 0, 1, 2"),
    ("conversations[0].messages[0].message", 1, "must be a string"),
    (
        "conversations[0].messages[0].metadata > conversations[0].messages[0].metadata.a",
        {"a": {}},
        "must be a string",
    ),
    ("conversations[0].messages[2].fileMeta", [], "must be an object"),
    ("conversations[0].messages[0].createdAtTime", ..., "is missing: a whole number"),
    ("conversations[0].messages[1].findings", [], "must not be empty: leave it out"),
    ("conversations[0].messages[1].findings[0].severity", "fatal", "must be one of error, warning"),
    (
        "conversations[0].messages[1].findings[0].evidence",
        "seen",
        "must be one of documented, observed, inferred",
    ),
    ("conversations[0].messages[1].findings[0].pth", "x", "is unknown; did you mean 'path'?"),
]


@pytest.mark.parametrize(
    ("path", "value", "said"), WRONG, ids=[f"{path} {value}" for path, value, _ in WRONG]
)
def test_what_is_wrong_is_named_by_its_path_and_nothing_is_done(
    world: World, furnished_state: str, path: str, value: Any, said: str
) -> None:
    before = world.state
    document = json.loads(furnished_state)
    changed, _, named = path.partition(" > ")
    at(changed, value)(document)
    entry = error(world.put(document), 400)
    (problem,) = re.findall(rf"body '{re.escape(named or changed)}': (.*?)(?:; body |$)", entry["message"])

    assert entry["code"] == BAD_PARAMETER
    assert said in problem
    assert world.state == before


def test_every_problem_is_named_at_once_whatever_its_kind(world: World, furnished_state: str) -> None:
    document = json.loads(furnished_state)
    for change in (at("formt", 1), at("seed", "x"), at("users[0].role", "boss"), at("rotation", ["nobody"])):
        change(document)
    at("conversations[0].messages[0].senderId", "crowd")(document)
    message = error(world.put(document), 400)["message"]

    assert message.split("; body ") == [
        "body 'seed': must be a whole number; got \"x\"",
        "'users[0].role': must be one of admin, agent, bot, customer; got \"boss\"",
        "'formt': is unknown; did you mean 'format'?; got 1",
        "'rotation[0]': is no user nor former user of this state; got \"nobody\"",
        "'settings.routing.defaultAgent': must be an agent among the users (jane); got \"admin@example.com\"",
        "'conversations[0].messages[0].senderId': is no user nor former user of this state; got \"crowd\"",
    ]


def test_of_very_many_problems_the_first_hundred_are_named(world: World, furnished_state: str) -> None:
    document = json.loads(furnished_state)
    document["rotation"] = [f"nobody-{index}" for index in range(5_000)]
    message = error(world.put(document), 400)["message"]

    assert message.count("body 'rotation[") == 100
    assert "body: only the first 100 of the problems are named" in message


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", BAD_PARAMETER),
        (b"{}", BAD_PARAMETER),
        (b"[]", "MOCK-BODY"),
        (b"null", "MOCK-BODY"),
        (b'{"format": 1', "MOCK-BODY"),
        (b"\xff", "MOCK-BODY"),
        (b"[" * 100_000, "MOCK-BODY"),
    ],
    ids=lambda body: str(body)[:20],
)
def test_what_is_no_state_is_refused(world: World, body: bytes, code: str) -> None:
    before = world.state

    assert error(world.control("PUT", "/state", data=body), 400)["code"] == code
    assert world.state == before


def test_half_a_state_is_refused(world: World, furnished_state: str) -> None:
    before = world.state

    assert error(world.put(furnished_state[:5_000]), 400)["code"] == "MOCK-BODY"
    assert world.state == before


def places(document: Any) -> Iterator[tuple[Any, Any]]:
    """List every place in a document: the object or list, and the name or index in it."""
    keys = list(document) if isinstance(document, dict) else range(len(document))
    for key in keys:
        yield document, key
        if isinstance(document[key], dict | list):
            yield from places(document[key])


@settings(ON_A_SERVER, max_examples=100)
@given(value=strategies.JSON, data=st.data())
def test_anything_at_any_place_is_taken_or_refused_and_never_fails(
    world: World, furnished_state: str, value: Any, data: Any
) -> None:
    document = json.loads(furnished_state)
    container, key = data.draw(st.sampled_from(list(places(document))))
    container[key] = value
    before = world.state
    response = world.put(document)

    assert response.status_code in {200, 400}, response.text
    if response.status_code == 400:
        assert world.state == before
    else:
        again = world.state
        assert world.put(again).status_code == 200
        assert world.state == again


def test_a_state_over_the_limit_of_bodies_is_refused() -> None:
    with MockKommunicate(max_body=2_000) as server:
        world = World(server.url)
        before = world.state

        assert error(world.put(before + " " * 2_000), 413)["message"] == "the body has more than 2000 bytes"
        assert world.state == before


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_of_an_app_that_there_is_not_there_is_no_state(world: World, method: str) -> None:
    entry = error(world.client.call(method, "/_mock/apps/mock-ap/state", data=world.state), 404)

    assert entry["code"] == "APP_NOT_FOUND"
    assert entry["hint"].startswith("there are: ")
    assert entry["hint"].endswith("; did you mean 'mock-app'?")


def test_the_state_in_the_documentation_is_one(world: World) -> None:
    page = (Path(__file__).parents[2] / "docs" / "state.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```json\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert world.put(example).json()["imported"]["messages"] == 1

    document = world.document
    assert {**document, "settings": {"routing": {"defaultAgent": "jane"}}} == json.loads(example)
    assert world.client.created("carl")["metadata"]["CONVERSATION_ASSIGNEE"] == "jane"
