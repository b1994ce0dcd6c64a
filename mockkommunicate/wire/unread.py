"""Classify what a request holds: everything that has no effect is named, with what was probably meant.

It is worked out from the request and from what its operation takes, so that serving pays nothing for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Literal, Protocol

from marshmallow import Schema, fields

from mockkommunicate.domain.received import Received
from mockkommunicate.domain.unread import SLIP, Unread, fold, misspelt, nearest
from mockkommunicate.wire import attested
from mockkommunicate.wire.envelope import Answer

OWN_HEADERS = ("Api-Key", "Of-User-Id", "X-Mock-Fault", "Content-Type")
MOST = 1_000
"""How many names of a body, its metadata or a query are looked at: nobody reads a longer report."""

_OWN = frozenset(name.lower() for name in OWN_HEADERS)
_KEY, _ACTOR, _SENDER = "apiKey", "ofUserId", "fromUserName"


class UnreadOutput(Answer):
    """One thing that nobody read."""

    where = fields.String()
    name = fields.String()
    kind = fields.String(data_key="class")
    nearest = fields.String()


class Contract(Protocol):
    """What an operation takes; `actor` is "required", "optional" where the body may name the sender, or None."""

    @property
    def operation(self) -> str: ...
    @property
    def body(self) -> Schema | None: ...
    @property
    def query(self) -> Schema | None: ...
    @property
    def actor(self) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What is known of the body or the query: names read here, names read elsewhere, names that only clients know."""

    where: Literal["body", "query"]
    read: tuple[str, ...]
    elsewhere: Mapping[str, str]
    attested: tuple[str, ...]
    keys: tuple[str, ...] = ()

    def judge(self, name: str) -> Unread:
        """Say of a name that is not read here whether it is known, and what was meant."""
        if name in self.attested:
            return Unread(self.where, name, "ignored")
        if name in self.elsewhere:
            return Unread(self.where, name, "ignored", self.elsewhere[name])
        return Unread(self.where, name, "unknown", self._meant(name))

    def _meant(self, name: str) -> str | None:
        """Answer what a name was meant to be: a slip, another word for it, a key of the metadata, or what is like it."""
        read_anywhere = (*self.read, *self.elsewhere)
        meant = nearest(name, read_anywhere, at_least=SLIP) or _called(name, read_anywhere)
        if meant is None and (key := misspelt(name, self.keys)) is not None:
            return f"metadata.{key}"
        meant = meant or nearest(name, (*self.read, *self.attested, *self.elsewhere))
        return meant and self.elsewhere.get(meant, meant)


def _called(name: str, known: tuple[str, ...]) -> str | None:
    folded = fold(name)
    return next((one for one in known if folded in attested.OTHER_WORDS.get(one, ())), None)


def classify(received: Received, contract: Contract | None) -> list[Unread]:
    """List what had no effect, of the body, the query and the headers; of the headers only where no route fits.

    A body that is no JSON object, and values that are refused, are what the answer speaks of.
    """
    headers = {name.lower(): name for name, _ in received.headers}
    if contract is None:
        return list(_of_headers(headers, acts=True))
    body = received.json if isinstance(received.json, dict) else {}
    acts = contract.actor is not None and (contract.actor != "optional" or body.get(_SENDER) is None)
    idle = {_KEY} if "api-key" in headers else set()
    idle |= {_ACTOR} if not acts or "of-user-id" in headers else set()
    return [
        *_of_body(contract, body),
        *_of_query(contract, received, idle),
        *_of_headers(headers, acts=acts),
    ]


def names(schema: Schema | None) -> tuple[str, ...]:
    """List the names that a schema reads, as they are on the wire."""
    return () if schema is None else tuple(field.data_key or name for name, field in schema.fields.items())


def _of_body(contract: Contract, body: Mapping[str, Any]) -> Iterator[Unread]:
    read = names(contract.body)
    place = _Place(
        where="body",
        read=read,
        elsewhere={name: f"query {name}" for name in names(contract.query)}
        | ({_ACTOR: "header Of-User-Id"} if contract.actor is not None else {})
        | {_KEY: "header Api-Key"},
        attested=attested.FIELDS.get(contract.operation, ()),
        keys=tuple(key for key in attested.METADATA.get(contract.operation, ()) if key not in read),
    )
    beaten = {"clientGroupId"} if "groupId" in read and body.get("groupId") is not None else set()
    for name, value in islice(body.items(), MOST):
        if name not in read:
            yield place.judge(name)
        elif value is None or name in beaten:
            yield Unread("body", name, "ignored")
        elif name == "metadata" and isinstance(value, dict):
            yield from _of_metadata(contract.operation, value)


def _of_metadata(operation: str, metadata: Mapping[str, Any]) -> Iterator[Unread]:
    """List keys that are nearly one with a meaning, and those without effect; any other is the caller's own."""
    keys = attested.METADATA.get(operation, ())
    idle = _idle_keys(metadata) if operation == "conversation.create" else set()
    for key, value in islice(metadata.items(), MOST):
        meant = None if key in attested.LEGAL_KEYS else misspelt(key, keys)
        if meant is not None:
            yield Unread("body", f"metadata.{key}", "unknown", f"metadata.{meant}")
        elif value is None or key in idle:
            yield Unread("body", f"metadata.{key}", "ignored")


def _idle_keys(metadata: Mapping[str, Any]) -> set[str]:
    """Answer which routing keys are not obeyed: an assignee is named only where the rules are skipped (documented)."""
    word = str(metadata.get("SKIP_ROUTING")).lower()
    if word == "true":
        return set()
    return {"CONVERSATION_ASSIGNEE"} if word == "false" else {"CONVERSATION_ASSIGNEE", "SKIP_ROUTING"}


def _of_query(contract: Contract, received: Received, idle: set[str]) -> Iterator[Unread]:
    """List parameters; of those that every operation may have, `idle` names the ones that a header stands for."""
    everywhere = (_KEY,) if contract.actor is None else (_KEY, _ACTOR)
    place = _Place(
        where="query",
        read=(*names(contract.query), *everywhere),
        elsewhere={name: f"body {name}" for name in names(contract.body)},
        attested=(*attested.FIELDS.get(contract.operation, ()), _ACTOR),
    )
    for name in islice(dict.fromkeys(name for name, _ in received.query), MOST):
        if name in idle:
            yield Unread("query", name, "ignored")
        elif name not in place.read:
            yield place.judge(name)


def _of_headers(given: Mapping[str, str], *, acts: bool) -> Iterator[Unread]:
    """List headers that are nearly one of ours, and credentials that nobody checks; any other is ordinary HTTP."""
    for lower, name in given.items():
        if lower in attested.CREDENTIALS or (lower == "of-user-id" and not acts):
            yield Unread("header", name, "ignored")
        elif lower not in _OWN and (meant := _header_meant(lower)) is not None:
            yield Unread("header", name, "unknown", meant)


@lru_cache(maxsize=1_024)
def _header_meant(lower: str) -> str | None:
    """Answer which header of ours a header nearly is, an X- at its front more or less."""
    forms = (lower, lower.removeprefix("x-"), f"x-{lower}")
    return next(filter(None, (misspelt(form, OWN_HEADERS) for form in forms)), None)
