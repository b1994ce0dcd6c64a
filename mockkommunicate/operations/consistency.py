"""What in a scenario contradicts itself, though each field alone may be right.

It reads the document as it came, for what is wrong in one place shall not hide what is wrong in another; whatever has
not the form that it must have is passed over here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError

from mockkommunicate.domain import teams
from mockkommunicate.domain.apps import AppSettings
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.routing import Outcome
from mockkommunicate.domain.suggestions import hint, listed
from mockkommunicate.domain.users import SYSTEM_BOT, Availability, Role
from mockkommunicate.operations import generated, pace, stories
from mockkommunicate.operations.desk import Desk, Staff
from mockkommunicate.wire import settings as wire
from mockkommunicate.wire import staffing
from mockkommunicate.wire.fields import StringMetadata, whole_number
from mockkommunicate.wire.scenarios import milliseconds
from mockkommunicate.wire.settings import Settings

_MOST_PEOPLE = 10_000

Found = Iterator[tuple[str, str]]


def check(document: Mapping[str, Any]) -> Found:
    """Find the contradictions of a document, each with its path."""
    people = _People(document)
    yield from _users(document, people)
    yield from _routing(document, people)
    for path, conversation in _objects(document, "conversations"):
        yield from _conversation(path, conversation, people)
    yield from _client_group_ids(document)
    yield from _locale(people.wanted)


class _People:
    """Who a scenario knows: those it lists, those that are made up, and those that a conversation names."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.wanted = _wanted(document)
        self.made_up: dict[str, str] = dict.fromkeys(generated.agent_ids(self.wanted), Role.AGENT)
        self.made_up |= dict.fromkeys(generated.customer_ids(self.wanted), Role.CUSTOMER)
        self.roles = dict(self.made_up)
        for _, user in _objects(document, "users"):
            if isinstance(user.get("userId"), str):
                self.roles[user["userId"]] = str(user.get("role"))
        self.agents = self._known(Role.ADMIN, Role.AGENT)
        self.bots = self._known(Role.BOT)
        self.staff = self._known(Role.ADMIN, Role.AGENT, Role.BOT)
        self.named = dict.fromkeys([*self.roles, SYSTEM_BOT])
        for _, conversation in _objects(document, "conversations"):
            self.named |= dict.fromkeys(_texts(conversation.get("members")))

    def _known(self, *roles: Role) -> list[str]:
        """List those with one of the roles, and those whose role cannot be read."""
        return [user_id for user_id, role in self.roles.items() if role in roles or role not in set(Role)]


def _users(document: Mapping[str, Any], people: _People) -> Found:
    taken = dict.fromkeys(people.made_up, "is generated too; name it otherwise")
    for path, user in _objects(document, "users"):
        user_id = user.get("userId")
        if not isinstance(user_id, str):
            continue
        if user_id in taken:
            yield f"{path}.userId", f"{user_id!r} {taken[user_id]}"
        if user_id == SYSTEM_BOT and str(user.get("role")) in set(Role) - {Role.BOT}:
            yield f"{path}.role", f"must be bot: {SYSTEM_BOT!r} is the system user"
        taken[user_id] = "stands here twice"


def _routing(document: Mapping[str, Any], people: _People) -> Found:
    for one in staffing.unknown(document.get("settings"), agents=people.agents, bots=people.bots):
        yield f"settings.{one.field}", _must_be(one.kind, one.named, one.known)


def _conversation(path: str, conversation: Mapping[str, Any], people: _People) -> Found:
    assignee = conversation.get("assignee")
    if isinstance(assignee, str) and assignee not in people.staff:
        yield f"{path}.assignee", _must_be("an agent or bot", assignee, people.staff)
    yield from _messages(path, conversation, people)


def _messages(path: str, conversation: Mapping[str, Any], people: _People) -> Found:
    """Find senders whom nobody knows, and the message that is the first to come after the present."""
    lasted, ago = 0, milliseconds(conversation.get("ago"))
    for inside, message in _objects(conversation, "messages"):
        sender = message.get("from")
        if isinstance(sender, str) and sender not in people.named:
            known = list(dict.fromkeys([*_texts(conversation.get("members")), *people.named]))
            yield f"{path}.{inside}.from", _must_be("a member of a conversation, or a user", sender, known)
        before = lasted
        lasted += milliseconds(message.get("after")) or 0
        if ago is not None and before <= ago < lasted:
            seconds = (lasted - ago) / pace.SECOND
            yield (
                f"{path}.{inside}.after",
                f"is {seconds:g} seconds after the present: the conversation began later",
            )


def _client_group_ids(document: Mapping[str, Any]) -> Found:
    taken: set[str] = set()
    for path, conversation in _objects(document, "conversations"):
        given = conversation.get("clientGroupId")
        number = whole_number(given)
        text = given if isinstance(given, str) else None if number is None else str(number)
        if text in taken:
            yield f"{path}.clientGroupId", f"{text!r} stands here twice"
        taken |= set() if text is None else {text}


def _locale(wanted: Mapping[str, Any] | None) -> Found:
    locale = None if wanted is None else wanted["locale"]
    if isinstance(locale, str) and not generated.is_locale(locale):
        near = hint(locale, generated.locales())
        yield "generate.locale", f"{locale!r} is none of Faker's, such as en_US or de_DE{near}"


def check_limits(document: Mapping[str, Any]) -> Found:
    """Find assignees who are at their handling limit; users and settings of the document must be right."""
    settings = wire.merge(AppSettings(), Settings().load(document.get("settings") or {}))
    desk = Desk(_staff(document), settings)
    for number, (path, conversation) in enumerate(_objects(document, "conversations")):
        status, metadata = _routed(conversation)
        if status is None:
            continue
        decision, standing = desk.decide(metadata, status)
        desk.count(decision.assignee, after=standing.status)
        if standing.waits:
            desk.wait(number, metadata.get(teams.TEAM_KEY))
        list(desk.pull())
        if decision.outcome is Outcome.NAMED_IS_FULL and "assignee" in conversation:
            limit = desk.limit(conversation["assignee"])
            yield f"{path}.assignee", f"{conversation['assignee']!r} is at his handling limit of {limit}"


def _routed(conversation: Mapping[str, Any]) -> tuple[Status | None, dict[str, str]]:
    """Answer what routing asks of a conversation; no status where it cannot be read."""
    try:
        metadata = StringMetadata().deserialize(conversation.get("metadata", {}))
        status = stories.status_of(conversation)
    except (ValidationError, AttributeError, KeyError):
        return None, {}
    if not isinstance(conversation.get("assignee"), str | None):
        return None, {}
    return status, stories.metadata_of({**conversation, "metadata": metadata})


def _staff(document: Mapping[str, Any]) -> Iterator[Staff]:
    """Answer the agents and bots in order: those listed, then those made up."""
    for _, user in _objects(document, "users"):
        availability = Availability(user.get("availability", Availability.ONLINE))
        limit = whole_number(user.get("handlingLimit"))
        if user["role"] != Role.CUSTOMER:
            yield Staff(user["userId"], Role(user["role"]), availability, limit)
    for user_id in generated.agent_ids(_wanted(document)):
        yield Staff(user_id, Role.AGENT, Availability.ONLINE, None)


def _wanted(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """Answer how many people are to be made up, nobody where it cannot be read."""
    given = document.get("generate")
    if not isinstance(given, Mapping):
        return None
    counts = {name: whole_number(given.get(name)) or 0 for name in ("agents", "customers")}
    right = {name: count if 0 <= count <= _MOST_PEOPLE else 0 for name, count in counts.items()}
    return {"locale": given.get("locale"), **right}


def _must_be(kind: str, named: str, known: Sequence[str]) -> str:
    return f"must be {kind} of this scenario ({listed(known)}); got {named!r}{hint(named, known)}"


def _objects(values: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Answer the objects in a list, each with its path."""
    entries = values.get(name)
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, Mapping):
            yield f"{name}[{index}]", entry


def _texts(value: object) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []
