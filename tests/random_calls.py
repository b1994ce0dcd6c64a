"""Calls at random on one app, as its clients and its tests make them."""

from collections.abc import Callable
from typing import Any

import requests
from hypothesis import strategies as st

from tests.pictures import picture
from tests.worlds import World

Call = tuple[str, int]
Calls = list[Call]
Made = Callable[[World, int], Any]


def _group(world: World, n: int) -> int:
    """Answer the id of one of the first conversations, which there may not be."""
    return int(world.document["sequences"]["conversation"]) - n % 4


def _control(method: str, path: str, body: Any = None) -> Made:
    return lambda world, n: world.control(method, path.format(n=n % 4), json=body)


def _upload_signed(world: World, n: int) -> None:
    where = world.client.call("GET", "/rest/ws/aws/file/url").text
    world.client.session.post(where, files={"files[]": (f"{n}.bin", bytes([n % 256]))}, timeout=60)


def _download(world: World, n: int) -> None:
    """Download one of the files, if there is any, by a signed URL, as from a page."""
    found = world.ok("GET", "/files")["files"]
    if not found:
        return
    signed = world.client.call("GET", "/rest/ws/file/url", params={"key": found[n % len(found)]["blobKey"]})
    if signed.ok:  # another caller may have deleted it meanwhile
        requests.get(signed.text, timeout=60)


def _recreate(world: World, n: int) -> None:
    """Delete the app and make another of the same id and key."""
    world.control("DELETE")
    given = {"applicationId": world.id, "apiKey": world.made["apiKey"], "seed": n}
    assert world.client.call("POST", "/_mock/apps", json=given).status_code == 201


def _fork(world: World, n: int) -> None:
    """Make a fork, do something in it, delete it."""
    fork = world.fork(seed=n)
    fork.client.created(f"user-{n}")
    fork.ok("POST", "/reset")
    fork.ok("DELETE")


def _import(world: World, n: int) -> None:
    """Import the app's own state with something changed in it."""
    document = world.document
    document["seed"] = n
    document["sequences"]["conversation"] += n
    assert world.put(document).status_code == 200


MADE: dict[str, Made] = {
    "create": lambda world, n: world.client.create(f"user-{n}", "user-1"),
    "create with an id": lambda world, n: world.client.create(f"user-{n}", clientGroupId=f"order-{n % 3}"),
    "create for nobody": lambda world, n: world.client.create(
        "user-1", metadata={"SKIP_ROUTING": True, "n": n}
    ),
    "create for a team": lambda world, n: world.client.create(
        "user-1", metadata={"KM_TEAM_ID": n % 3, "CONVERSATION_STATUS": n % 9 - 1}
    ),
    "hand to a team": lambda world, n: world.client.send(
        _group(world, n), metadata={"KM_ASSIGN_TEAM": n % 3}
    ),
    "list who waits": lambda world, n: world.client.waiting(str(n % 3)),
    "send": lambda world, n: world.client.send(_group(world, n), f"user-{n}"),
    "send of an agent": lambda world, n: world.client.send(_group(world, n), f"agent-{n % 3}"),
    "attach": lambda world, n: world.client.attach(_group(world, n), fileMeta={"n": n, "a": [n]}),
    "upload": lambda world, n: world.client.upload(f"{n}.txt", b"%d" % n),
    "upload a picture": lambda world, n: world.client.upload(
        f"{n}.png", picture(size=(1, n + 1)), "image/png"
    ),
    "upload in two steps": _upload_signed,
    "upload of what is no form": lambda world, n: world.client.call(
        "POST", "/rest/ws/upload/file", data=b"%d" % n
    ),
    "download": _download,
    "delete a file": _control("DELETE", "/files/{n}"),
    "status": lambda world, n: world.client.status(_group(world, n), n % 9 - 1),
    "assign": lambda world, n: world.client.assign(
        _group(world, n), f"agent-{n % 3}", takeOverFromBot="true"
    ),
    "update": lambda world, n: world.client.update(f"user-{n}", displayName=f"U{n}", metadata={"n": n}),
    "detail": lambda world, n: world.client.detail(f"user-{n}"),
    "no such route": lambda world, n: world.client.call("GET", f"/nowhere/{n}"),
    "add an agent": lambda world, n: world.control(
        "POST", "/users", json={"userId": f"agent-{n % 3}", "role": "agent", "handlingLimit": n % 4}
    ),
    "add a bot": lambda world, n: world.control(
        "POST", "/users", json={"userId": f"bot-{n % 2}", "role": "bot"}
    ),
    "send away": _control("PATCH", "/users/agent-{n}", {"availability": "away", "metadata": {"a": "b"}}),
    "demote": _control("PATCH", "/users/agent-{n}", {"role": "customer"}),
    "delete an agent": _control("DELETE", "/users/agent-{n}"),
    "delete a customer": lambda world, n: world.control("DELETE", f"/users/user-{n}"),
    "limit": _control("PATCH", "/settings", {"handlingLimit": 1, "statusLabels": "dashboard"}),
    "notify": _control("PATCH", "/settings", {"routing": {"rule": "notify_everybody"}}),
    "queue": _control(
        "PATCH",
        "/settings",
        {"routing": {"waitingQueue": True, "reassignWhenAway": True}, "handlingLimit": 1},
    ),
    "no queue": _control("PATCH", "/settings", {"routing": {"waitingQueue": False}}),
    "make a team": lambda world, n: world.control(
        "PATCH", "/settings", json={"teams": [{"teamId": n % 3, "agents": [f"agent-{n % 2}"]}]}
    ),
    "come back": _control("PATCH", "/users/agent-{n}", {"availability": "online"}),
    "bot first": _control("PATCH", "/settings", {"routing": {"assignNewConversationsTo": "bot-0"}}),
    "strict": _control("PATCH", "/settings", {"strict": True, "journal": {"enabled": False}}),
    "reset": _control("POST", "/reset"),
    "reset to a team": lambda world, n: world.ok("POST", "/reset", {"scenario": "at-capacity", "seed": n}),
    "reset to a queue": lambda world, n: world.ok("POST", "/reset", {"scenario": "waiting-room", "seed": n}),
    "recreate": _recreate,
    "import": _import,
    "snapshot": _control("PUT", "/snapshots/s{n}"),
    "restore": _control("POST", "/snapshots/s{n}/restore"),
    "delete a snapshot": _control("DELETE", "/snapshots/s{n}"),
    "fork": _fork,
    "freeze": _control("POST", "/clock", {"freeze": "2031-01-01T00:00:00Z"}),
    "advance": lambda world, n: world.control("POST", "/clock", json={"advance": n * 1_000}),
    "resume": _control("POST", "/clock", {"resume": True}),
    "fail": lambda world, n: world.control(
        "POST",
        "/faults",
        json={"match": {"operation": "user.detail"}, "when": {"times": n + 1}, "do": {"gateway": 503}},
    ),
    "fail for a while": _control(
        "POST", "/faults", {"match": {"method": "PATCH"}, "do": {"documented": "AL-G-01"}, "ttlMs": 5_000}
    ),
    "delete a fault": _control("DELETE", "/faults/{n}"),
    "forget requests": _control("DELETE", "/requests"),
}
"""Each call by its name; a number makes it another."""

CALLS: st.SearchStrategy[Calls] = st.lists(
    st.tuples(st.sampled_from(list(MADE)), st.integers(0, 9)), max_size=15
)


def perform(world: World, call: Call) -> None:
    """Make a call; it may be refused, and must not fail."""
    name, number = call
    response = MADE[name](world, number)
    assert getattr(response, "status_code", 200) < 500 or "Mock-Fault" in str(response.headers), response.text
