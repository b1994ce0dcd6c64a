"""Acting as the other party: as if it were done over the emulated API, and what only the control API can do."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockkommunicate import App, ControlFailed, MockKommunicate
from tests.client import ADMIN, Client, ok
from tests.receivers import Receiver
from tests.worlds import World, error

REPLY = [
    {"message": "Hello", "metadata": {"payload": [{"title": "Größe"}]}},
    {"message": "A colleague comes", "metadata": {"KM_ASSIGN_TO": ""}},
]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything."""
    with Receiver(lambda _: (200, b"[]")) as receiver:
        yield receiver


class Desk(World):
    """An app, each time the same: a webhook, agents, and a conversation of a bot and one of an agent."""

    def __init__(self, url: str, receiver_url: str) -> None:
        super().__init__(url, settings={"webhook": {"url": receiver_url}})
        self.ok("POST", "/users", {"userId": "jane", "role": "agent", "displayName": "Jane"})
        self.ok("POST", "/users", {"userId": "robot", "role": "bot", "webhook": {"url": receiver_url}})
        self.ok("PATCH", "/settings", {"routing": {"assignNewConversationsTo": "robot"}})
        self.bot_has = int(self.client.created("carl", "jane")["id"])
        named = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "jane"}
        self.jane_has = int(self.client.created("carl", "jane", metadata=named)["id"])
        self.ok("POST", "/settle", {"timeoutMs": 60_000})


@pytest.fixture
def begun(server: MockKommunicate, receiver: Receiver) -> Callable[[], Desk]:
    """How to make such an app."""
    return lambda: Desk(server.url, receiver.url)


def settled(world: Desk) -> tuple[str, list[Any]]:
    """Answer the exported state and all that was owed, without what differs from app to app."""
    answer = world.ok("POST", "/settle", {"timeoutMs": 60_000})
    state = world.state
    listed = world.ok("GET", "/deliveries")["deliveries"]
    assert answer["settled"]
    owed = [
        {name: entry[name] for name in ("id", "kind", "conversation", "payload", "state")} for entry in listed
    ]
    return state, [str(entry).replace(world.id, "APP") for entry in owed]


def act(world: World, group_id: int, kind: str, user_id: str, **body: Any) -> None:
    world.ok("POST", f"/conversations/{group_id}/{kind}", {"from": user_id, **body})


PAIRS: dict[str, tuple[Callable[[Desk], Any], Callable[[Desk], Any]]] = {
    "a customer writes to a bot": (
        lambda w: ok(w.client.send(w.bot_has, "carl", message="Hi", metadata={"a": True})),
        lambda w: act(w, w.bot_has, "messages", "carl", message="Hi", metadata={"a": True}),
    ),
    "a customer writes to an agent": (
        lambda w: ok(w.client.send(w.jane_has, "carl")),
        lambda w: act(w, w.jane_has, "messages", "carl", message="Hello"),
    ),
    "a customer sends a file": (
        lambda w: w.client.attach(w.bot_has, "carl"),
        lambda w: act(
            w, w.bot_has, "messages", "carl", message="A file", contentType=1, fileMeta={"blobKey": "b"}
        ),
    ),
    "a customer hands over": (
        lambda w: ok(w.client.send(w.bot_has, "carl", metadata={"KM_ASSIGN_TO": "jane"})),
        lambda w: act(w, w.bot_has, "messages", "carl", message="Hello", metadata={"KM_ASSIGN_TO": "jane"}),
    ),
    "an agent replies": (
        lambda w: ok(w.client.send(w.jane_has, "jane", message="Yes?")),
        lambda w: act(w, w.jane_has, "messages", "jane", message="Yes?"),
    ),
    "an agent takes over": (
        lambda w: ok(w.client.assign(w.bot_has, "jane", "jane", takeOverFromBot=True)),
        lambda w: act(w, w.bot_has, "assignee", "jane", assignee="jane", takeOverFromBot=True),
    ),
    "an agent assigns without a word": (
        lambda w: ok(w.client.assign(w.jane_has, ADMIN, "jane", sendNotifyMessage=False)),
        lambda w: act(w, w.jane_has, "assignee", "jane", assignee=ADMIN, sendNotifyMessage=False),
    ),
    "an agent resolves": (
        lambda w: ok(w.client.status(w.jane_has, 2, "jane")),
        lambda w: act(w, w.jane_has, "status", "jane", status=2),
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_acting_is_as_good_as_calling_the_api(begun: Callable[[], Desk], pair: str) -> None:
    by_api, acting = begun(), begun()
    before = settled(by_api)
    PAIRS[pair][0](by_api)
    PAIRS[pair][1](acting)

    after = settled(by_api)
    assert settled(acting) == after
    assert after != before


def test_a_reply_is_as_good_as_a_webhooks_answer(begun: Callable[[], Desk], receiver: Receiver) -> None:
    by_webhook, acting = begun(), begun()
    answers = iter([REPLY])
    receiver.answer = lambda got: (
        (200, json.dumps(next(answers, [])).encode()) if "botId" in got.json else (200, b"")
    )
    for world in (by_webhook, acting):
        ok(world.client.send(world.bot_has, "carl"))
        world.ok("POST", "/settle", {"timeoutMs": 60_000})
    act(acting, acting.bot_has, "reply", "robot", reply=REPLY)

    assert settled(acting) == settled(by_webhook)
    assert len(by_webhook.document["conversations"][0]["messages"]) == 4


# What only the control API can do.


@pytest.fixture
def world(begun: Callable[[], Desk]) -> Desk:
    """One of these apps."""
    return begun()


def unread(world: Desk, group_id: int, user_id: str) -> tuple[int, int]:
    """Answer what a member has not read, here and everywhere."""
    members = world.ok("GET", f"/conversations/{group_id}")["groupUsers"]
    (here,) = [member["unreadCount"] for member in members if member["userId"] == user_id]
    return here, world.ok("GET", f"/users/{user_id}")["unreadCount"]


def test_who_reads_has_read(world: Desk) -> None:
    for group_id, count in ((world.jane_has, 2), (world.bot_has, 3)):
        for _ in range(count):
            world.client.send(group_id, "jane", metadata={"skipBot": True})
    world.ok("POST", "/clock", {"advance": 1_000})

    assert unread(world, world.jane_has, "carl") == (2, 5)
    assert world.ok("POST", f"/conversations/{world.jane_has}/read", {"from": "carl"}) == {"read": 2}
    assert unread(world, world.jane_has, "carl") == (0, 3)
    assert unread(world, world.bot_has, "carl") == (3, 3)
    assert world.ok("POST", f"/conversations/{world.jane_has}/read", {"from": "carl"}) == {"read": 0}
    assert world.ok("GET", "/users/carl")["lastSeenAtTime"] == 1_700_000_001_000


@pytest.mark.parametrize(
    ("user_id", "status", "code"), [("nobody", 404, "AL-U-01"), (ADMIN, 409, "NOT_A_MEMBER")]
)
def test_who_is_no_member_reads_nothing(world: Desk, user_id: str, status: int, code: str) -> None:
    response = world.control("POST", f"/conversations/{world.jane_has}/read", json={"from": user_id})

    assert error(response, status)["code"] == code


def test_who_has_left_reads_nothing(world: Desk) -> None:
    act(world, world.bot_has, "assignee", "jane", assignee="jane", takeOverFromBot=True)
    response = world.control("POST", f"/conversations/{world.bot_has}/read", json={"from": "robot"})

    assert error(response, 409)["message"] == f"'robot' is no member of the conversation {world.bot_has}"


@pytest.mark.parametrize(
    ("steps", "seen", "logged_in", "connected"),
    [
        (["online"], 1, 1, True),
        (["online", "away"], 2, 1, False),
        (["online", "offline", "online"], 3, 3, True),
        (["online", "online"], 1, 1, True),
        (["offline"], 0, 0, False),
    ],
)
def test_who_comes_and_goes_is_seen(
    world: Desk, *, steps: list[str], seen: int, logged_in: int, connected: bool
) -> None:
    for availability in steps:
        world.ok("POST", "/clock", {"advance": 1_000})
        world.ok("PATCH", "/users/carl", {"availability": availability})

    (detail,) = world.client.detail("carl").json()
    began = 1_700_000_000_000
    assert detail["lastSeenAtTime"] == began + 1_000 * seen
    assert detail["lastLoggedInAtTime"] == began + 1_000 * logged_in
    assert (detail["connected"], detail["connectedClientCount"]) == (connected, int(connected))


def test_a_bots_reply_answers_its_messages(world: Desk) -> None:
    answer = world.ok("POST", f"/conversations/{world.bot_has}/reply", {"from": "robot", "reply": REPLY})

    assert [message["message"] for message in answer["messages"]] == ["Hello", "A colleague comes"]
    assert answer["messages"] == world.ok("GET", f"/conversations/{world.bot_has}/messages")["messages"][:2]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"from": "nobody", "reply": []}, 404, "user not found"),
        ({"from": "jane", "reply": []}, 409, "'jane' has the role 'agent'"),
        ({"from": "robot"}, 400, "body 'reply': is missing: a list of messages"),
        ({"from": "robot", "reply": {}}, 400, "body 'reply': must be a JSON array of messages"),
        ({"from": "robot", "reply": [{"message": "a"}, {}]}, 400, "body 'reply[1]': has nothing to show"),
        ({"from": "robot", "reply": [], "replies": []}, 400, "body 'replies': is not known here"),
        ({"reply": []}, 400, "body 'from': "),
    ],
    ids=str,
)
def test_a_reply_that_is_none_is_refused(world: Desk, body: Any, status: int, message: str) -> None:
    before = world.state
    response = world.control("POST", f"/conversations/{world.bot_has}/reply", json=body)

    assert message in error(response, status)["message"]
    assert world.state == before


def test_a_bot_that_has_left_answers_no_more(world: Desk) -> None:
    act(world, world.bot_has, "assignee", "jane", assignee="jane", takeOverFromBot=True)
    before = world.state
    body = {"from": "robot", "reply": REPLY}
    entry = error(world.control("POST", f"/conversations/{world.bot_has}/reply", json=body), 409)

    assert (entry["code"], entry["message"]) == ("USELESS_REPLY", "the bot 'robot' has left the conversation")
    assert world.state == before


@pytest.mark.parametrize("kind", ["read", "reply"])
def test_an_unknown_conversation_is_not_found(world: Desk, kind: str) -> None:
    body: dict[str, Any] = {"from": "robot"} | ({"reply": []} if kind == "reply" else {})

    assert error(world.control("POST", f"/conversations/1/{kind}", json=body), 404)["code"] == "AL-G-01"


# In Python.


@pytest.fixture
def group_id(app: App, client: Client) -> int:
    """A conversation of a bot with carl."""
    app.add_bot("robot")
    app.add_agent("jane@example.com", displayName="Jane")
    app.settings({"routing": {"assignNewConversationsTo": "robot"}})
    return int(client.created("carl")["id"])


def texts(app: App, group_id: int) -> list[tuple[str, str | None]]:
    return [(message.sender, message.text) for message in app.messages(group_id)]


def test_the_handle_acts_as_a_customer(app: App, group_id: int) -> None:
    carl = app.act_as("carl")
    app.act_as("jane@example.com").writes(group_id, "Hello")
    said = carl.writes(app.conversation(group_id), "Hi", metadata={"order": 7})
    sent = carl.writes(group_id, content_type=1, file_meta={"name": "a"})

    assert (said.sender, said.text, said.metadata) == ("carl", "Hi", {"order": "7"})
    assert (sent.content_type, sent["fileMeta"]) == (1, {"name": "a"})
    assert (carl.reads(group_id), carl.reads(group_id)) == (1, 0)
    assert (carl.goes("online").availability, carl.goes("offline").availability) == ("online", "offline")
    assert repr(carl) == "<Actor carl>"


def test_the_handle_acts_as_an_agent(app: App, group_id: int) -> None:
    jane = app.act_as("jane@example.com")

    assert jane.takes_over(app.conversation(group_id)) == "updated"
    assert app.conversation(group_id)["removedMembersId"] == ["robot"]
    assert jane.assigns(group_id, "jane@example.com") == "already updated"
    assert jane.resolves(group_id) == "updated"
    assert jane.changes_status(group_id, 0, notify=False) == "updated"
    assert jane.assigns(group_id, ADMIN, notify=False, take_over_from_bot=False) == "updated"
    assert jane.goes("away").availability == "away"
    assert [text for _, text in texts(app, group_id)] == ["Assigned to Jane", "Status changed to closed"]
    assert (app.conversation(group_id).assignee, app.conversation(group_id).status) == (ADMIN, 0)


def test_the_handle_acts_as_a_bot(app: App, group_id: int) -> None:
    robot = app.act_as("robot")
    first, second = robot.replies(group_id, REPLY)

    assert (first.metadata, second.metadata) == (
        {"payload": '[{"title":"Größe"}]'},
        {"KM_ASSIGN_TO": ""},
    )
    assert app.conversation(group_id).assignee == ADMIN


def test_the_handle_is_told_why_nothing_was_done(app: App, group_id: int) -> None:
    with pytest.raises(ControlFailed, match="is no member of the conversation"):
        app.act_as(ADMIN).reads(group_id)
    with pytest.raises(ControlFailed, match="only a bot answers as a webhook does"):
        app.act_as("carl").replies(group_id, [{"message": "a"}])
    with pytest.raises(ControlFailed, match="user not found"):
        app.act_as("a/b").goes("online")
