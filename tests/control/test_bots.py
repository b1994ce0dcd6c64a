"""How a bot answers, as the control API takes and shows it."""

from typing import Any

import pytest

from mockkommunicate import App, MockKommunicate
from tests.client import ADMIN, Client
from tests.worlds import World, error

HOOK = {"url": "http://127.0.0.1:1/bot", "headers": {"Authorization": "secret", "X-Number": 7}}
SHOWN = {"url": "http://127.0.0.1:1/bot", "headers": {"Authorization": "***", "X-Number": "***"}}
ECHO = {"kind": "echo"}
SCRIPT = {"kind": "scripted", "rules": [{"pattern": "a", "replies": [{"message": "b"}]}], "otherwise": []}


def users(app: App, user_id: str = "") -> str:
    return f"/_mock/apps/{app.application_id}/users{f'/{user_id}' if user_id else ''}"


def ways(user: dict[str, Any]) -> dict[str, Any]:
    """Answer how a user answers."""
    return {name: user[name] for name in ("webhook", "builtIn") if name in user}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"webhook": HOOK}, {"webhook": SHOWN}),
        ({"webhook": {"url": "https://example.com/bot"}}, {"webhook": {"url": "https://example.com/bot"}}),
        (
            {"webhook": {"url": "https://a/", "headers": {}}},
            {"webhook": {"url": "https://a/", "headers": {}}},
        ),
        ({"builtIn": ECHO}, {"builtIn": ECHO}),
        ({"builtIn": SCRIPT}, {"builtIn": SCRIPT}),
        ({"webhook": None, "builtIn": ECHO}, {"builtIn": ECHO}),
        ({"webhook": None}, {}),
        ({}, {}),
    ],
    ids=str,
)
def test_a_bot_is_shown_as_it_was_added(
    app: App, client: Client, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    added = client.call("POST", users(app), json={"userId": "robot", "role": "bot", **given})

    assert (added.status_code, ways(added.json())) == (201, shown)
    assert client.call("GET", users(app, "robot")).json() == added.json()
    assert client.call("GET", users(app)).json()["users"][-1] == added.json()
    assert ways(client.detail("robot").json()[0]) == {}


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"displayName": "Robot"}, {"webhook": SHOWN}),
        ({"builtIn": ECHO}, {"builtIn": ECHO}),
        ({"builtIn": None}, {"webhook": SHOWN}),
        ({"webhook": None}, {}),
        ({"webhook": None, "builtIn": None}, {}),
        ({"webhook": {"url": "http://b/"}}, {"webhook": {"url": "http://b/"}}),
    ],
    ids=str,
)
def test_a_way_takes_the_place_of_the_one_before(
    app: App, client: Client, changes: dict[str, Any], shown: dict[str, Any]
) -> None:
    client.call("POST", users(app), json={"userId": "robot", "role": "bot", "webhook": HOOK})
    changed = client.call("PATCH", users(app, "robot"), json=changes)

    assert (changed.status_code, ways(changed.json())) == (200, shown)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"webhook": "http://a"}, "webhook", "must be an object"),
    ({"webhook": {}}, "webhook.url", "is missing"),
    ({"webhook": {"url": "robot.example"}}, "webhook.url", "must be an http or https URL"),
    ({"webhook": {"url": "http://a", "header": {}}}, "webhook.header", "is not known here"),
    ({"webhook": {"url": "http://a", "headers": []}}, "webhook.headers", "must be an object of texts"),
    (
        {"webhook": {"url": "http://a", "headers": {"A b": "c"}}},
        "webhook.headers.A b",
        "must have a name of ASCII",
    ),
    (
        {"webhook": {"url": "http://a", "headers": {"A": "b\n"}}},
        "webhook.headers.A",
        "must be a text of one line",
    ),
    (
        {"webhook": {"url": "http://a", "headers": {"A": True}}},
        "webhook.headers.A",
        "must be a text of one line",
    ),
    (
        {"webhook": {"url": "http://a", "headers": {"Host": "b"}}},
        "webhook.headers.Host",
        "is written by the server",
    ),
    ({"webhook": HOOK, "builtIn": ECHO}, "builtIn", "must be left out beside webhook"),
    ({"builtIn": "echo"}, "builtIn", "must be an object"),
    ({"builtIn": {}}, "builtIn.kind", "is missing: one of echo, scripted"),
    ({"builtIn": {"kind": "parrot"}}, "builtIn.kind", "must be one of echo, scripted"),
    ({"builtIn": {"kind": "echo", "rules": []}}, "builtIn.rules", "must be left out: an echo has no script"),
    ({"builtIn": {"kind": "echo", "otherwise": []}}, "builtIn.otherwise", "must be left out"),
    ({"builtIn": {"kind": "scripted"}}, "builtIn.rules", "is missing: a list of rules"),
    ({"builtIn": {"kind": "scripted", "rules": {}}}, "builtIn.rules", "must be a list of rules"),
    ({"builtIn": {"kind": "scripted", "rules": [], "rule": []}}, "builtIn.rule", "is not known here"),
    ({"builtIn": {"kind": "scripted", "rules": [], "otherwise": {}}}, "builtIn.otherwise", "JSON array"),
    (
        {"builtIn": {"kind": "scripted", "rules": [], "otherwise": None}},
        "builtIn.otherwise",
        "must be a list",
    ),
]
RULES: list[tuple[Any, str, str]] = [
    ("a", "", "must be an object"),
    (None, "", "must be an object"),
    ({"pattern": "a"}, ".replies", "is missing: a list of messages"),
    ({"replies": []}, ".pattern", "must be given, or else event"),
    ({"pattern": "a", "event": "A", "replies": []}, ".pattern", "must be given, or else event"),
    ({"pattern": "(", "replies": []}, ".pattern", "is no regular expression: missing )"),
    ({"pattern": "", "replies": []}, ".pattern", "must have 1 to 500 characters"),
    ({"pattern": "a" * 501, "replies": []}, ".pattern", "must have 1 to 500 characters"),
    ({"pattern": 1, "replies": []}, ".pattern", "must be a string"),
    ({"event": "", "replies": []}, ".event", "must have 1 to 256 characters"),
    ({"event": "A", "replies": {"message": "a"}}, ".replies", "must be a JSON array of messages"),
    ({"event": "A", "replies": [{}]}, ".replies[0]", "has nothing to show"),
    ({"event": "A", "replies": [{"message": "a"}, "b"]}, ".replies[1]", "must be an object with a message"),
    ({"event": "A", "replies": [{"message": 1}]}, ".replies[0].message", "must be a string; got 1"),
    ({"event": "A", "replies": [{"message": "a"}] * 101}, ".replies", "must have at most 100 messages"),
    ({"event": "A", "reply": [], "replies": []}, ".reply", "is not known here"),
]
WRONG += [
    (
        {"builtIn": {"kind": "scripted", "rules": [{"event": "B", "replies": []}, rule]}},
        f"builtIn.rules[1]{path}",
        why,
    )
    for rule, path, why in RULES
]
WRONG.append(
    (
        {"builtIn": {"kind": "scripted", "rules": [{"event": "A", "replies": []}] * 1_001}},
        "builtIn.rules",
        "must have at most 1000 rules",
    )
)


@pytest.mark.parametrize(
    ("given", "name", "why"), WRONG, ids=[f"{name} {why}"[:60] for _, name, why in WRONG]
)
def test_a_wrong_way_is_refused_by_name(
    app: App, client: Client, given: dict[str, Any], name: str, why: str
) -> None:
    added = error(client.call("POST", users(app), json={"userId": "robot", "role": "bot", **given}), 400)
    changed = error(client.call("PATCH", users(app, "bot"), json=given), 400)

    for entry in (added, changed):
        assert entry["code"] == "MOCK-PARAM"
        assert f"body '{name}': {why}" in entry["message"] or (
            f"body '{name}': " in entry["message"] and why in entry["message"]
        )
    assert "robot" not in [user.id for user in app.users()]
    assert ways(client.call("GET", users(app, "bot")).json()) == {}


@pytest.mark.parametrize("role", ["admin", "agent", "customer"])
@pytest.mark.parametrize(("way", "given"), [("webhook", HOOK), ("builtIn", ECHO)])
def test_only_a_bot_answers(app: App, client: Client, role: str, way: str, given: Any) -> None:
    added = client.call("POST", users(app), json={"userId": "jane", "role": role, way: given})
    app.add_agent("omar")
    changed = client.call("PATCH", users(app, "omar"), json={"role": role, way: given})

    assert (
        f"body '{way}': must be left out: only a user with the role bot has it"
        in error(added, 400)["message"]
    )
    assert (
        f"body '{way}': must be null: only a user with the role bot has it" in error(changed, 400)["message"]
    )
    assert [user.id for user in app.users()] == [ADMIN, "bot", "omar"]


def test_a_bot_that_answers_stays_a_bot_until_it_answers_no_more(app: App, client: Client) -> None:
    app.add_bot("robot", built_in="echo")
    refused = error(client.call("PATCH", users(app, "robot"), json={"role": "agent"}), 400)
    changed = client.call("PATCH", users(app, "robot"), json={"role": "agent", "builtIn": None})

    assert "body 'builtIn': must be null" in refused["message"]
    assert (changed.status_code, changed.json()["role"], ways(changed.json())) == (200, "agent", {})


def test_an_agent_may_become_a_bot_that_answers(app: App, client: Client) -> None:
    app.add_agent("jane")
    changed = client.call("PATCH", users(app, "jane"), json={"role": "bot", "builtIn": ECHO})

    assert ways(changed.json()) == {"builtIn": ECHO}


def test_bots_come_with_an_app_too(server: MockKommunicate) -> None:
    world = World(server.url, users=[{"userId": "robot", "role": "bot", "webhook": HOOK}])
    fork = world.fork(users=[{"userId": "robot", "role": "bot", "builtIn": ECHO}])

    assert ways(world.ok("GET", "/users/robot")) == {"webhook": SHOWN}
    assert ways(world.fork().ok("GET", "/users/robot")) == {"webhook": SHOWN}
    assert ways(fork.ok("GET", "/users/robot")) == {"builtIn": ECHO}


def test_a_fork_cannot_make_an_agent_of_a_bot_that_answers(server: MockKommunicate) -> None:
    world = World(server.url, users=[{"userId": "robot", "role": "bot", "webhook": HOOK}])
    wanted = {"from": world.id, "users": [{"userId": "robot", "role": "agent"}]}

    assert "must be null" in error(world.client.call("POST", "/_mock/apps", json=wanted), 400)["message"]


def test_a_state_holds_the_bots_whole(server: MockKommunicate) -> None:
    built_in = {"userId": "script", "role": "bot", "builtIn": SCRIPT}
    world = World(server.url, users=[{"userId": "robot", "role": "bot", "webhook": HOOK}, built_in])
    other = World(server.url)
    other.put(world.state)

    found = {user["userId"]: user.get("bot") for user in world.document["users"]}
    whole = {**HOOK, "headers": {"Authorization": "secret", "X-Number": "7"}}
    assert found == {ADMIN: None, "bot": None, "robot": {"webhook": whole}, "script": {"builtIn": SCRIPT}}
    assert other.state == world.state


@pytest.mark.parametrize(
    ("role", "bot", "names"),
    [
        ("bot", {}, ["users[2].bot"]),
        ("bot", None, ["users[2].bot"]),
        ("bot", {"webhook": HOOK, "builtIn": ECHO}, ["users[2].bot"]),
        ("bot", {"webhook": {"url": "a"}}, ["users[2].bot.webhook.url"]),
        ("bot", {"builtIn": {"kind": "scripted"}}, ["users[2].bot.builtIn.rules"]),
        ("bot", {"hook": {}}, ["users[2].bot.hook"]),
        ("agent", {"builtIn": ECHO}, ["users[2].bot"]),
    ],
    ids=str,
)
def test_a_state_with_a_wrong_bot_is_refused_by_name(
    server: MockKommunicate, role: str, bot: Any, names: list[str]
) -> None:
    world = World(server.url, users=[{"userId": "robot", "role": "bot"}])
    document = world.document
    document["users"][2] |= {"role": role, "bot": bot}
    before = world.state

    message = error(world.put(document), 400)["message"]
    for name in names:
        assert f"body '{name}': " in message
    assert world.state == before
