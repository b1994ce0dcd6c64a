"""What in a state contradicts itself, though each field alone is right: ids that name nobody, numbers used twice.

It reads the document as it came, wrong kinds and all, so that these problems are named together with all others.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import SENT
from mockkommunicate.domain.users import SYSTEM_BOT, Role
from mockkommunicate.wire import staffing

Problem = tuple[tuple[str | int, ...], str]
State = Mapping[str, Any]
Known = Mapping[str, Any]
"""Ids in the order of the document."""

_KEY_TIME = re.compile(r"[1-9][0-9]{0,17}\Z")
_COMPARED = 500
"""Among how many ids the nearest is looked for."""


def find(state: State) -> Iterator[Problem]:
    """Find the contradictions: the path of each, and what is wrong with it."""
    roles = {
        user_id: _text(user, "role")
        for _, user in _objects(state, "users")
        if (user_id := _text(user, "userId"))
    }
    former = dict.fromkeys(user_id for user_id in _list(state, "formerUsers") if isinstance(user_id, str))
    known = dict.fromkeys([*roles, *former])
    sequences = _object(state, "sequences")
    yield from _users(state, sequences, roles)
    yield from _rotation(("rotation",), _list(state, "rotation"), known)
    yield from _team_rotations(state, known)
    yield from _routing(state, roles)
    yield from _faults(state, sequences)
    yield from _conversations(state, sequences, roles, known)
    yield from _numbered(state, "files", "number", "file", {"file": 0, **sequences})
    yield from _repeated(state, "files", "id")


def _users(state: State, sequences: State, users: Known) -> Iterator[Problem]:
    yield from _repeated(state, "users", "userId")
    yield from _numbered(state, "users", "number", "user", sequences)
    if "users" in state and SYSTEM_BOT not in users:
        yield ("users",), f"must have the system user {SYSTEM_BOT!r}"
    yield from _bots(state)
    for index, user_id in enumerate(_list(state, "formerUsers")):
        if isinstance(user_id, str) and user_id in users:
            yield ("formerUsers", index), "is among the users, too"


def _bots(state: State) -> Iterator[Problem]:
    for index, user in _objects(state, "users"):
        if user.get("userId") == SYSTEM_BOT and _text(user, "role") != Role.BOT:
            yield ("users", index, "role"), f"must be bot: {SYSTEM_BOT!r} is the system user"
        if "bot" in user and _text(user, "role") in set(Role) - {Role.BOT}:
            yield ("users", index, "bot"), "must be left out: only a user with the role bot has it"


def _rotation(path: tuple[str, ...], rotation: list[Any], known: Known) -> Iterator[Problem]:
    taken: set[str] = set()
    for index, user_id in enumerate(rotation):
        if not isinstance(user_id, str):
            continue
        if user_id in taken:
            yield (*path, index), "stands here twice"
        elif user_id not in known:
            yield (*path, index), _nobody(user_id, known, "user nor former user")
        taken.add(user_id)


def _team_rotations(state: State, known: Known) -> Iterator[Problem]:
    rotations, settings = _object(state, "teamRotations"), _object(state, "settings")
    there = [team.get("teamId") for _, team in _objects(settings, "teams")]
    for team_id in rotations:
        if team_id not in map(str, there):
            yield ("teamRotations", team_id), "belongs to no team of the settings"
        yield from _rotation(("teamRotations", team_id), _list(rotations, team_id), known)


def _routing(state: State, roles: Known) -> Iterator[Problem]:
    agents = [user_id for user_id, role in roles.items() if role in {Role.ADMIN, Role.AGENT}]
    bots = [user_id for user_id, role in roles.items() if role == Role.BOT]
    for one in staffing.unknown(state.get("settings"), agents=agents, bots=bots):
        shown = ", ".join(one.known[:5]) or "there is none"
        yield ("settings", *one.path), f"must be {one.kind} among the users ({shown})"


def _faults(state: State, sequences: State) -> Iterator[Problem]:
    yield from _numbered(state, "faults", "id", "fault", sequences)


def _conversations(state: State, sequences: State, users: Known, known: Known) -> Iterator[Problem]:
    yield from _numbered(state, "conversations", "id", "conversation", sequences)
    yield from _repeated(state, "conversations", "clientGroupId")
    yield from _numbered(state, "conversations", "queueNumber", "queue", {"queue": 0} | dict(sequences))
    for index, conversation in _objects(state, "conversations"):
        for path, message in _conversation(conversation, users, known):
            yield ("conversations", index, *path), message


def _conversation(conversation: State, users: Known, known: Known) -> Iterator[Problem]:
    yield from _named(conversation, "assignee", users, "user")
    yield from _named(conversation, "adminId", known, "user nor former user")
    yield from _repeated(conversation, "members", "userId")
    yield from _queue(conversation)
    for index, member in _objects(conversation, "members"):
        for path, wrong in _named(member, "userId", users, "user"):
            yield ("members", index, *path), wrong
    for index, message in _objects(conversation, "messages"):
        for path, wrong in _named(message, "senderId", known, "user nor former user"):
            yield ("messages", index, *path), wrong
    yield from _in_order(conversation)


def _queue(conversation: State) -> Iterator[Problem]:
    """Check that who has a place in the queue waits, and is assigned to nobody."""
    if "queueNumber" not in conversation:
        return
    if _number(conversation, "status") != Status.WAITING:
        yield ("queueNumber",), f"must be left out: only the status {Status.WAITING.value} waits"
    elif "assignee" in conversation:
        yield ("queueNumber",), "must be left out: somebody is assigned"


def _in_order(conversation: State) -> Iterator[Problem]:
    """Check that each message has a higher number than the one before it, and a later key of the right form."""
    conversation_id = _number(conversation, "id")
    start = f"{SENT}-{conversation_id}-"
    last_number = last_time = 0
    for index, message in _objects(conversation, "messages"):
        number, key = _number(message, "number"), _text(message, "key")
        if number is not None and number <= last_number:
            yield ("messages", index, "number"), f"must be over {last_number}, the number before it"
        last_number = max(last_number, number or 0)
        if key is None or conversation_id is None:
            continue
        if not key.startswith(start) or not _KEY_TIME.match(key, len(start)):
            yield ("messages", index, "key"), f"must be {start} and milliseconds"
            continue
        time = int(key[len(start) :])
        if time <= last_time:
            yield ("messages", index, "key"), f"must be over {start}{last_time}, the key before it"
        last_time = max(last_time, time)


def _named(entry: State, name: str, known: Known, kind: str) -> Iterator[Problem]:
    user_id = _text(entry, name)
    if user_id is not None and user_id not in known:
        yield (name,), _nobody(user_id, known, kind)


def _nobody(user_id: str, known: Known, kind: str) -> str:
    nearest = difflib.get_close_matches(user_id, list(islice(known, _COMPARED)), n=1)
    return f"is no {kind}; did you mean {nearest[0]!r}?" if nearest else f"is no {kind} of this state"


def _repeated(entry: State, kind: str, name: str) -> Iterator[Problem]:
    """Find the values of a field that more than one entry of a list has."""
    taken: set[object] = set()
    for index, inner in _objects(entry, kind):
        value = inner.get(name)
        if not isinstance(value, str | int):
            continue
        if value in taken:
            yield (kind, index, name), "stands here twice"
        taken.add(value)


def _numbered(state: State, kind: str, name: str, sequence: str, sequences: State) -> Iterator[Problem]:
    """Find the numbers of a list that are used twice, and a sequence that has not come so far."""
    yield from _repeated(state, kind, name)
    numbers = [_number(entry, name) for _, entry in _objects(state, kind)]
    highest = max((number for number in numbers if number is not None), default=0)
    last = _number(sequences, sequence)
    if last is not None and last < highest:
        yield ("sequences", sequence), f"must be at least {highest}, the highest {name} in {kind}"


def _object(entry: State, name: str) -> dict[str, Any]:
    value = entry.get(name)
    return value if isinstance(value, dict) else {}


def _list(entry: State, name: str) -> list[Any]:
    value = entry.get(name)
    return value if isinstance(value, list) else []


def _objects(entry: State, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((index, inner) for index, inner in enumerate(_list(entry, name)) if isinstance(inner, dict))


def _text(entry: State, name: str) -> str | None:
    value = entry.get(name)
    return value if isinstance(value, str) else None


def _number(entry: State, name: str) -> int | None:
    value = entry.get(name)
    return value if type(value) is int else None
