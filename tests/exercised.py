"""What one answered request shows of the emulator: claims, each an operation, a place in it and an axis."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Response, current_app, request

from mockkommunicate.api import auth, receiving
from mockkommunicate.api.endpoint import Endpoint
from mockkommunicate.control import contracts
from mockkommunicate.domain.received import Received
from mockkommunicate.operations.faults import HEADER
from mockkommunicate.store import users
from mockkommunicate.wire import parameters
from mockkommunicate.wire.envelope import Wrap
from mockkommunicate.wire.parameters import Parameter
from mockkommunicate.wire.unread import classify

ITSELF = "operation"
DRIVEN = "driven-by "
"""How the User-Agent begins of a client that is not ours; its name and version follow."""

ENGAGED = "AGENT_IS_ALREADY_ENGAGED"
"""A refusal that comes as a success (documented)."""

UNCHANGED = "already updated"
"""A success in which nothing was done (documented): it shows nothing of what was sent."""

_NAMED = re.compile(r"(?:^|; )(body|query|header) '([^']*)'")
_ACTOR = ("header Of-User-Id", "query ofUserId")
_FILE = ("body file", "body files[]")
_OF_CODE: dict[str, tuple[str, ...]] = {
    "401": ("header Api-Key", "query apiKey"),
    "AL-G-01": ("body groupId", "body clientGroupId", "query groupId"),
    "AL-G-02": ("body clientGroupId",),
    "AL-U-01": ("body fromUserName", *_ACTOR, "body userIdList", "body phoneNumberList", "body emailIds"),
    "AL-UN-01": _ACTOR,
    ENGAGED: ("query assignee",),
    "MALICIOUS_CONTENT": _FILE,
    "403": ("query signature",),
    "404": ("path blob_key", "query key"),
    "413": _FILE,
}
"""What a refusal is of that does not name it: the first of these that was sent."""


class Claim(NamedTuple):
    """Something shown: of an operation, the operation itself or a place in it, on an axis."""

    operation: str
    place: str
    axis: str


def claims(described: Endpoint, response: Response) -> Iterator[Claim]:
    """List what the present request and its answer show; nothing, if a fault has spoiled it or nothing was done."""
    if HEADER in response.headers or _said(response) == UNCHANGED:
        return
    taken = _taken(described.operation)
    sent = _sent(taken, described, receiving.receive(described.operation))
    code = _code(described, response)
    if code is None:
        yield from (Claim(described.operation, place, "behaviour") for place in (ITSELF, *sent))
        yield from _driven(described.operation, sent)
        return
    yield Claim(described.operation, ITSELF, f"refusal {code}")
    for place in _refused(code, response, sent, taken):
        yield Claim(described.operation, place, "refusal")


def _driven(operation: str, sent: list[str]) -> Iterator[Claim]:
    """List what a client of somebody else has sent of its own accord: its test adds the headers."""
    agent = request.headers.get("User-Agent", "")
    if agent.startswith(DRIVEN):
        axis = f"driven by {agent.removeprefix(DRIVEN)}"
        own = [place for place in sent if not place.startswith("header ")]
        yield from (Claim(operation, place, axis) for place in (ITSELF, *own))


@lru_cache
def _taken(operation: str) -> dict[str, Parameter]:
    (described, path) = next(
        (contract, path) for path, _, contract in contracts.emulated() if contract.operation == operation
    )
    return {one.place: one for one in parameters.of(described, path)}


def _sent(taken: dict[str, Parameter], described: Endpoint, received: Received) -> list[str]:
    """List the parameters that were sent: not those that could be read and were not, for another stood for them."""
    idle = {_place(one.where, one.name) for one in classify(received, described)}
    given = _given(received)
    return [
        name
        for name, one in taken.items()
        if (place := _place(one.where, one.name)) in given and not (one.is_read and place in idle)
    ]


def _given(received: Received) -> set[str]:
    body = received.json if isinstance(received.json, dict) else {}
    metadata = body.get("metadata")
    keys = metadata if isinstance(metadata, dict) else {}
    return {
        *(_place("body", name) for name, value in body.items() if value is not None),
        *(_place("body", f"metadata.{key}") for key, value in keys.items() if value is not None),
        *(_place("query", name) for name, _ in received.query),
        *(_place("header", name) for name, _ in received.headers),
        *(_place("path", name) for name in request.view_args or ()),
    }


def _place(where: str, name: str) -> str:
    """Name a place; a header's name may be in any case."""
    return f"{where} {name.lower() if where == 'header' else name}"


def _code(described: Endpoint, response: Response) -> str | None:
    """Name the refusal that an answer is; None for a success."""
    if response.status_code == 401:
        return "401"
    body = _body(response)
    if _said(response) == ENGAGED:
        return ENGAGED
    if isinstance(body, dict) and "errorResponse" in body:
        return str(body["errorResponse"][0]["errorCode"])
    if isinstance(body, dict) and "errorCode" in body:
        return str(body["errorCode"])
    if body == "error" and described.wrap is Wrap.NEVER:
        return "error"
    return None if response.status_code < 400 else str(response.status_code)


def _said(response: Response) -> object:
    body = _body(response)
    return body.get("response") if isinstance(body, dict) else None


def _body(response: Response) -> Any:
    if response.mimetype == "application/json":
        return json.loads(response.get_data())
    return response.get_data(as_text=True) if response.mimetype == "text/plain" else None


def _refused(code: str, response: Response, sent: list[str], taken: dict[str, Parameter]) -> list[str]:
    """Name what a refusal is of: what its description names, or what its code means."""
    if code == "MOCK-PARAM":
        description = _body(response)["errorResponse"][0]["description"]
        found = (_nearest(f"{where} {name}", taken) for where, name in _NAMED.findall(description))
        return [place for place in found if place is not None]
    if code == "AL-U-01" and "query assignee" in sent and _is_known(request.headers.get("Of-User-Id")):
        return ["query assignee"]
    if code == "MOCK-FILE":
        code = str(response.status_code)
    if code == "401" and not {*_OF_CODE["401"]} & {*sent}:
        return ["header Api-Key"]
    return [place for place in _OF_CODE.get(code, ()) if place in sent][:1]


def _nearest(place: str, taken: dict[str, Parameter]) -> str | None:
    """Answer the parameter that holds what was named: `groupMemberList` for an entry of it."""
    while place not in taken and "." in place:
        place = place.rpartition(".")[0]
    return place if place in taken else None


def _is_known(user_id: str | None) -> bool:
    emulator = current_app.extensions["mockkommunicate"]
    with emulator.look(auth.api_key(emulator)) as work:
        return user_id is not None and users.find(work.connection, work.app_id, user_id) is not None
