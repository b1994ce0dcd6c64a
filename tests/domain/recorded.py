"""Requests of all seven operations, made up as clients send them, and mutated as people mistake them."""

import copy
import json
import random
import string
from collections.abc import Callable, Iterator
from typing import Any

from mockkommunicate.domain.matching import RequestMatcher
from mockkommunicate.domain.received import Received

Made = dict[str, Any]
"""A request as it is made up: method, path, query, headers, body."""

WORDS = [
    "please",
    "help",
    "order",
    "invoice",
    "refund",
    "account",
    "where",
    "my",
    "is",
    "the",
    "not",
    "late",
    "thanks",
    "parcel",
    "card",
    "today",
]
AGENTS = ["jane@example.com", "omar@example.com", "admin@example.com", "li.wei@example.org"]


def request(method: str, path: str, *, query: Any = None, headers: Any = None, body: Any = None) -> Made:
    return {
        "method": method,
        "path": path,
        "query": query or {},
        "headers": headers or {},
        "body": body or {},
    }


def say(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words))


def customers(rng: random.Random, most: int) -> list[str]:
    return [f"customer-{rng.randrange(60)}" for _ in range(rng.randint(1, most))]


def conversation(rng: random.Random) -> str:
    return str(11_320_550 + rng.randrange(60))


def create(rng: random.Random) -> Made:
    metadata = {
        "SKIP_ROUTING": "true",
        "CONVERSATION_ASSIGNEE": rng.choice(AGENTS),
        "plan": rng.choice(WORDS),
    }
    body = {"groupName": say(rng, 3), "groupMemberList": customers(rng, 3)}
    return request(
        "POST", "/rest/ws/group/conversation", body=body | rng.choice([{}, {"metadata": metadata}])
    )


def detail(rng: random.Random) -> Made:
    return request("POST", "/rest/ws/user/v2/detail", body={"userIdList": customers(rng, 5)})


def send(rng: random.Random) -> Made:
    body = {
        "groupId": conversation(rng),
        "message": say(rng, rng.randint(2, 12)),
        "fromUserName": rng.choice(AGENTS),
    }
    payload = json.dumps([{"title": say(rng, 1), "message": say(rng, 3)}])
    metadata = {"contentType": "300", "templateId": str(rng.randrange(13)), "payload": payload}
    return request("POST", "/rest/ws/message/v2/send", body=body | rng.choice([{}, {"metadata": metadata}]))


def attach(rng: random.Random) -> Made:
    file = {"name": f"{say(rng, 1)}.png", "size": rng.randrange(1_000, 999_999), "contentType": "image/png"}
    body = {
        "type": 5,
        "contentType": 1,
        "message": say(rng, 4),
        "groupId": conversation(rng),
        "fileMeta": file,
    }
    return request("POST", "/rest/ws/message/send", headers={"Of-User-Id": rng.choice(AGENTS)}, body=body)


def status(rng: random.Random) -> Made:
    query = {
        "groupId": conversation(rng),
        "status": str(rng.choice([0, 2, 3, 6])),
        "sendNotifyMessage": flag(rng),
    }
    return request(
        "PATCH", "/rest/ws/group/status/change", query=query, headers={"Of-User-Id": rng.choice(AGENTS)}
    )


def assign(rng: random.Random) -> Made:
    query = {"groupId": conversation(rng), "assignee": rng.choice(AGENTS), "takeOverFromBot": flag(rng)}
    return request(
        "PATCH", "/rest/ws/group/assignee/change", query=query, headers={"Of-User-Id": rng.choice(AGENTS)}
    )


def update(rng: random.Random) -> Made:
    body = {
        "email": f"{say(rng, 1)}{rng.randrange(99)}@example.net",
        "displayName": say(rng, 2),
        "metadata": {"key-1": say(rng, 1)},
    }
    return request("POST", "/rest/ws/user/update", headers={"Of-User-Id": customers(rng, 1)[0]}, body=body)


def flag(rng: random.Random) -> str:
    return rng.choice(["true", "false"])


MAKERS = {
    make(random.Random(0))["path"]: make for make in (create, detail, send, attach, status, assign, update)
}


def places(container: Any) -> Iterator[tuple[Any, Any]]:
    """List every plain value as its container and key."""
    for key, value in container.items() if isinstance(container, dict) else enumerate(container):
        if isinstance(value, dict | list):
            yield from places(value)
        else:
            yield container, key


def somewhere(rng: random.Random, made: Made) -> tuple[Any, Any]:
    return rng.choice([place for part in ("query", "headers", "body") for place in places(made[part])])


def misspelt(rng: random.Random, text: str) -> str:
    at, letter = rng.randrange(len(text)), rng.choice(string.ascii_lowercase)
    swapped = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return rng.choice([text[:at] + text[at + 1 :], text[:at] + letter + text[at:], swapped])


def change_a_value(rng: random.Random, made: Made) -> None:
    container, key = somewhere(rng, made)
    value = container[key]
    if isinstance(value, int) or value.isdecimal():
        container[key] = type(value)(int(value) + rng.choice([1, 7, 100]))
    else:
        container[key] = misspelt(rng, value)


def drop_a_field(rng: random.Random, made: Made) -> None:
    container, key = somewhere(rng, made)
    del container[key]


def rename_a_key(rng: random.Random, made: Made) -> None:
    container, key = somewhere(rng, made)
    if isinstance(key, str):
        container[rng.choice([key.swapcase(), misspelt(rng, key), f"{key}s"])] = container.pop(key)


def change_a_type(rng: random.Random, made: Made) -> None:
    container, key = somewhere(rng, made)
    value = container[key]
    container[key] = str(value) if isinstance(value, int) else int(value) if value.isdecimal() else [value]


def change_the_method(rng: random.Random, made: Made) -> None:
    made["method"] = rng.choice(["GET", "PUT", "DELETE", "PATCH", "POST"])


def change_the_path(rng: random.Random, made: Made) -> None:
    parts = made["path"].split("/")
    at = rng.randrange(3, len(parts))
    parts[at] = rng.choice(["status", "assignee", "v3", misspelt(rng, parts[at])])
    made["path"] = "/".join(parts)


MUTATIONS: list[Callable[[random.Random, Made], None]] = [
    change_a_value,
    change_a_value,
    drop_a_field,
    rename_a_key,
    change_a_type,
    change_the_method,
    change_the_path,
]


def mutated(rng: random.Random, made: Made, most: int) -> Made:
    made = copy.deepcopy(made)
    for mutate in rng.sample(MUTATIONS, rng.randint(1, most)):
        if any(list(places(made[part])) for part in ("query", "headers", "body")):
            mutate(rng, made)
    return made


def varied(rng: random.Random, made: Made) -> Made:
    """Make a request that is another in a few fields only."""
    other, made = MAKERS[made["path"]](rng), copy.deepcopy(made)
    for part in ("query", "headers", "body"):
        for key in sorted(set(other[part]) & set(made[part])):
            if rng.random() < 0.5:
                made[part][key] = other[part][key]
    return made


def record(rng: random.Random, number: int, *, alike: float) -> list[Made]:
    """Make up requests, no two of them equal; so many of them are alike, being another in a few fields."""
    made: list[Made] = []
    while len(made) < number:
        new = (
            varied(rng, rng.choice(made))
            if made and rng.random() < alike
            else rng.choice([*MAKERS.values()])(rng)
        )
        made += [] if new in made else [new]
    return made


def received(made: Made) -> Received:
    """Receive a request as a server does, with the headers that every client sends."""
    headers = {"Content-Type": "application/json", "Api-Key": "***", "Accept": "*/*", **made["headers"]}
    query = tuple((key, str(value)) for key, value in made["query"].items())
    body = json.dumps(made["body"]) if made["body"] else ""
    return Received(
        method=made["method"], path=made["path"], query=query, headers=tuple(headers.items()), body=body
    )


def expect(made: Made) -> RequestMatcher:
    """Expect exactly such a request, and of the headers only its own."""
    return RequestMatcher(**{part: value for part, value in made.items() if value})
