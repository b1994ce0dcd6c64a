"""What a test must have before it sends a recorded request, so that the answer is the same: users, a conversation, a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from mockkommunicate.domain.conversations import LONGEST_NAME
from mockkommunicate.domain.received import ABSENT
from mockkommunicate.domain.replay_code import Code, call
from mockkommunicate.domain.replays import FILE_STATUSES, Recorded

ALREADY, ENGAGED = "already updated", "AGENT_IS_ALREADY_ENGAGED"

SOMEBODY = "somebody"
"""A member of the conversation that a test makes, whom no request means."""

THERE = {"admin@example.com": "admin", "bot": "bot"}
"""The users that every app of a test begins with."""

_CREATE = 'f"{kommunicate.url}/rest/ws/group/conversation"'
_ADD = {"customer": "add_customer", "bot": "add_bot", "agent": "add_agent", "admin": "add_agent"}
_NO_CONVERSATION = {"AL-G-01", "error", "MOCK-PARAM", "MOCK-BODY", "AL-MA-01", "MOCK-ROUTE"}
_NO_USERS = {"AL-U-01", *_NO_CONVERSATION}


@dataclass
class Given:
    """The lines of a test before its request, and the names under which they keep what they made."""

    lines: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=lambda: dict(THERE))
    conversation: Code | None = None
    file: bool = False
    link: bool = False

    def user(self, user_id: str | None, role: str, **details: Any) -> None:  # noqa: ANN401 - details of a user
        """Add a user, unless he is there in this role."""
        if not user_id or len(user_id) > LONGEST_NAME or user_id in self.known:
            return
        self.known[user_id] = role
        self.lines.append(call(f"kommunicate.{_ADD[role]}", user_id, **details))

    def create(self, **body: Any) -> None:  # noqa: ANN401 - fields of the body
        """Create a conversation."""
        given = {"groupName": "A question", "groupMemberList": [SOMEBODY], **body}
        made = call(
            "requests.post", Code(_CREATE), headers=Code("kommunicate.headers"), json=given, timeout=10
        )
        self.lines += [f"made = {made}", 'conversation = made.json()["response"]["id"]']
        self.conversation = Code("conversation")


def given(recorded: Recorded) -> Given:
    """Work out what a request needs; nothing is needed by one that was refused before anything was looked up."""
    made = Given()
    if not recorded.status or recorded.fault not in {None, "header"}:
        made.lines.append(_fault(recorded))
    elif prepare := _PREPARE.get(recorded.received.operation or ""):
        prepare(recorded, made)
    return made


def _fault(recorded: Recorded) -> str:
    """Let the request meet a fault that answers as that did which it met."""
    received = recorded.received
    where = {"method": received.method, "path": received.path}
    if not recorded.status:
        return call("kommunicate.fail", **where, socket="empty")
    answer = recorded.answer if recorded.answered is ABSENT else recorded.answered
    body = {"answer": answer} if recorded.answer else {}
    return call("kommunicate.fail", **where, status=recorded.status, **body)


def _create(recorded: Recorded, made: Given) -> None:
    if recorded.outcome == "AL-G-02":
        made.create(clientGroupId=recorded.field("clientGroupId"))


def _detail(recorded: Recorded, made: Given) -> None:
    answer = recorded.answered
    users = answer.get("response") if isinstance(answer, dict) else answer
    for user in users if isinstance(users, list) else ():
        names = ("displayName", "email", "phoneNumber")
        details = {name: user[name] for name in names if name in user}
        made.user(user["userId"], recorded.roles.get(user["userId"], "customer"), **details)


def _send(recorded: Recorded, made: Given) -> None:
    _conversation(recorded, made)
    sender = recorded.field("fromUserName")
    sender = sender if isinstance(sender, str) else recorded.actor
    if recorded.outcome not in _NO_USERS:
        made.user(sender, recorded.roles.get(sender or "", "customer"))


def _conversation(recorded: Recorded, made: Given, **metadata: str) -> None:
    """Create the conversation that the request is about, unless it was refused without one."""
    if recorded.outcome in _NO_CONVERSATION:
        return
    own = recorded.field("clientGroupId")
    is_meant = isinstance(own, str | int) and recorded.field("groupId") is None
    named = {"clientGroupId": str(own)} if is_meant else {}
    made.create(**named, **({"metadata": metadata} if metadata else {}))


def _status(recorded: Recorded, made: Given) -> None:
    wanted = recorded.parameter("status") or "0"
    other = "2" if wanted.strip() == "0" else "0"
    _conversation(recorded, made, CONVERSATION_STATUS=wanted if recorded.outcome == ALREADY else other)
    if recorded.outcome not in _NO_USERS:
        made.user(recorded.actor, recorded.roles.get(recorded.actor or "", "agent"))


def _assignee(recorded: Recorded, made: Given) -> None:
    assignee = recorded.parameter("assignee") or ""
    named = {"CONVERSATION_ASSIGNEE": assignee} if recorded.outcome == ALREADY else {}
    if recorded.outcome not in _NO_USERS:
        _add_assignee(recorded, made, assignee)
        made.user(recorded.actor, recorded.roles.get(recorded.actor or "", "agent"))
    _conversation(recorded, made, SKIP_ROUTING="true", **named)


def _add_assignee(recorded: Recorded, made: Given, assignee: str) -> None:
    full = {"limit": 0} if recorded.outcome == ENGAGED else {}
    if full and assignee in made.known:
        path = f"users/{assignee}"
        made.lines.append(call("kommunicate.control", "PATCH", path, {"handlingLimit": 0}))
    role = recorded.roles.get(assignee, "agent")
    made.user(assignee, "bot" if role == "bot" and not full else "agent", **full)


def _update(recorded: Recorded, made: Given) -> None:
    if recorded.outcome == "AL-UN-01":
        role = recorded.roles.get(recorded.actor or "", "agent")
        made.user(recorded.actor, "agent" if role == "customer" else role)
    elif recorded.outcome not in _NO_USERS:
        made.user(recorded.actor, "customer")


def _file(recorded: Recorded, made: Given) -> None:
    """Upload a file in the place of the one that was asked for, of the same size."""
    if recorded.status not in FILE_STATUSES:
        return
    told: Mapping[str, Any] = recorded.answered if isinstance(recorded.answered, dict) else {}
    content = Code(f'b"x" * {told.get("size", 3)}')
    kind = told.get("contentType", "text/plain")
    made.lines.append(f"file = {call('kommunicate.upload', 'file.bin', content, kind)}")
    made.file = True


def _signed(recorded: Recorded, made: Given) -> None:
    """Ask for the link that was good when the file was uploaded by it."""
    if recorded.status in {200, 422} or recorded.outcome in {"MOCK-PARAM", "MOCK-BODY"}:
        url = Code('f"{kommunicate.url}/rest/ws/aws/file/url"')
        made.lines.append(
            f"link = {call('requests.get', url, headers=Code('kommunicate.headers'), timeout=10)}.text"
        )
        made.link = True


_PREPARE: Mapping[str, Callable[[Recorded, Given], None]] = {
    "conversation.create": _create,
    "conversation.status": _status,
    "conversation.assignee": _assignee,
    "user.detail": _detail,
    "user.update": _update,
    "message.send": _send,
    "message.send_attachment": _send,
    "file.url": _file,
    "file.download": _file,
    "file.upload_signed": _signed,
}


def settings(recorded: Recorded) -> dict[str, Any]:
    """Answer the settings without which the answer would be another."""
    return dict(_settings(recorded))


def _settings(recorded: Recorded) -> Iterator[tuple[str, Any]]:
    operation, outcome = recorded.received.operation, recorded.outcome
    if operation == "user.detail" and recorded.status == HTTPStatus.OK:
        if isinstance(recorded.answered, dict) and outcome is None:
            yield "dialect", "observed"
        if outcome == "AL-U-01":
            yield "detailOfUnknownUsers", "error"
    if recorded.is_strict:
        yield "strict", True
    sizes = [part["size"] for _, part in recorded.parts or () if isinstance(part, Mapping)]
    if recorded.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and outcome == "MOCK-FILE" and sizes:
        yield "files", {"maxBytes": max(1, min(sizes) - 1)}
