"""The four operations that are measured, as requests to an app's content."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from benchmarks import content
from benchmarks.calls import Connection, Request
from benchmarks.content import Content
from benchmarks.servers import Running

T = TypeVar("T")

_USERS = 5


@dataclass(frozen=True)
class Operation:
    """An operation: the request number n of a row of requests, none of which undoes what another needs."""

    name: str
    title: str
    writes: bool
    request: Callable[[Content, int], Request]


def _create(app: Content, number: int) -> Request:
    """Create a conversation with a customer who exists, the default agent by routing, and the system user."""
    body = {"groupName": "A question", "groupMemberList": [_nth(app.customers, number)]}
    return Request("POST", "/rest/ws/group/conversation", json.dumps(body), _headers(app), '"groupUsers"')


def _send(app: Content, number: int) -> Request:
    """Send a message of the customer to his conversation."""
    body = {
        "groupId": _nth(app.conversations, number),
        "message": "Hello, I have a question.",
        "fromUserName": _nth(app.customers, number),
    }
    return Request("POST", "/rest/ws/message/v2/send", json.dumps(body), _headers(app), '"messageKey"')


def _detail(app: Content, number: int) -> Request:
    """Get the detail of five customers from all over the app."""
    apart = len(app.customers) // _USERS
    user_ids = [_nth(app.customers, number + apart * index) for index in range(_USERS)]
    body = json.dumps({"userIdList": user_ids})
    return Request("POST", "/rest/ws/user/v2/detail", body, _headers(app), '"userId"')


def _assign(app: Content, number: int) -> Request:
    """Assign a conversation to the first agent, in the next pass over all of them to the second, and so on."""
    passes = number // len(app.conversations)
    query = {
        "groupId": _nth(app.conversations, number),
        "assignee": content.AGENTS[passes % len(content.AGENTS)],
    }
    path = f"/rest/ws/group/assignee/change?{urlencode(query)}"
    headers = {**_headers(app), "Of-User-Id": content.AGENTS[0]}
    return Request("PATCH", path, "", headers, '"updated"')


OPERATIONS = (
    Operation("create", "create conversation", writes=True, request=_create),
    Operation("send", "send message", writes=True, request=_send),
    Operation("detail", "user detail of 5 users", writes=False, request=_detail),
    Operation("assign", "change assignee", writes=True, request=_assign),
)


def answer_sizes(server: Running) -> Mapping[str, int]:
    """Answer how many bytes the emulator answers to each operation."""
    app = content.make(server, conversations=100)
    connection = Connection(server.url)
    sizes = {each.name: len(connection.send(each.request(app, 0)).body) for each in OPERATIONS}
    connection.close()
    return sizes


def _nth(items: list[T], number: int) -> T:
    return items[number % len(items)]


def _headers(app: Content) -> dict[str, str]:
    return {"Api-Key": app.api_key, "Content-Type": "application/json"}
