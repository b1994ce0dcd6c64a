"""Chaos: which deliveries a rule is for, and what becomes of those that it strikes."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.domain.faults import When
from mockkommunicate.domain.matching import compare
from mockkommunicate.domain.received import ABSENT

WITHIN_MS = 1_000
"""How long a delivery is held back for the next one, unless a rule says otherwise."""

_BASIC = "Basic "
_WRONG = "-wrong"
_DAMAGE = "\ufffd"
"""What stands where a character could not be decoded."""


class Mishap(StrEnum):
    """What becomes of a delivery."""

    DUPLICATE = "duplicate"
    REORDER = "reorder"
    DELAY = "delay"
    DROP = "drop"
    CORRUPT = "corrupt"


class Part(StrEnum):
    """What of a delivery is corrupted: its token, its body, or the text of its message."""

    TOKEN = "token"  # noqa: S105 - a name, no secret
    BODY = "body"
    MESSAGE = "message"


@dataclass(frozen=True, kw_only=True)
class Deliver:
    """How a delivery goes out: with so many `copies`, held back or late by `ms` milliseconds, a `part` of it corrupted."""

    mishap: Mishap
    copies: int = 0
    ms: int = 0
    part: Part | None = None


class Owed(NamedTuple):
    """A delivery that is about to be owed, as rules see it; whether it `overtakes` one that is held back."""

    kind: Kind
    conversation_id: int
    url: str
    headers: Mapping[str, str]
    payload: Any
    overtakes: bool


@dataclass(frozen=True, kw_only=True)
class DeliveryMatcher:
    """What is expected of a delivery: its kind, or any where that is None. ABSENT expects nothing."""

    kind: Kind | None
    conversation: Any = ABSENT
    url: Any = ABSENT
    body: Any = ABSENT

    def matches(self, owed: Owed) -> bool:
        """Tell whether a delivery is as expected."""
        pairs = (self.conversation, owed.conversation_id), (self.url, owed.url), (self.body, owed.payload)
        return self.kind in {None, owed.kind} and not any(
            compare(expected, actual) for expected, actual in pairs if expected is not ABSENT
        )


@dataclass(frozen=True, kw_only=True)
class Disturbance:
    """A rule: which deliveries, when, and how they go out."""

    match: DeliveryMatcher
    when: When
    deliver: Deliver

    def sees(self, owed: Owed, *, now: int) -> bool:
        """Tell whether a delivery is one of those that count: it matches, the rule is awake, its mishap is possible."""
        return self.when.is_awake(now) and self.match.matches(owed) and _is_possible(self.deliver, owed)


def _is_possible(deliver: Deliver, owed: Owed) -> bool:
    """Tell whether a delivery can have a mishap: who overtakes is not put back too, who has no token loses none."""
    if deliver.mishap is Mishap.REORDER:
        return not owed.overtakes
    if deliver.part is Part.TOKEN:
        return bool(owed.headers)
    is_said = isinstance(owed.payload, dict) and isinstance(owed.payload.get("message"), str)
    return is_said or deliver.part is not Part.MESSAGE


def mark(rule_id: int, mishap: Mishap) -> str:
    """Write which rule struck a delivery, and how."""
    return json.dumps({"id": rule_id, "deliver": mishap})


def is_held(mark: str | None, *, due_at: int, now: int) -> bool:
    """Tell whether a delivery with a mark is held back for the next one, which puts it behind itself."""
    return due_at > now and mark is not None and json.loads(mark)["deliver"] == Mishap.REORDER


def corrupt_headers(text: str) -> str:
    """Make the token wrong in a JSON object of headers: they keep their form, so that only who compares finds out."""
    return json.dumps({name: _wrong(value) for name, value in json.loads(text).items()})


def _wrong(value: str) -> str:
    """Make a token another one; one in base64 stays in base64, for lenient decoders would pass over what is behind it."""
    try:
        token = base64.b64decode(value.removeprefix(_BASIC), validate=True)
    except binascii.Error:
        return value + _WRONG
    if not value.startswith(_BASIC):
        return value + _WRONG
    return _BASIC + base64.b64encode(token + _WRONG.encode()).decode()


def corrupt_body(text: str) -> str:
    """Cut a JSON object in its middle, so that it is none any more."""
    return text[: len(text) // 2]


def corrupt_message(text: str) -> str:
    """Damage the text of the message in a JSON object: a character that could not be decoded comes into its middle."""
    payload = json.loads(text)
    said = payload["message"]
    middle = len(said) // 2
    return json.dumps({**payload, "message": said[:middle] + _DAMAGE + said[middle:]}, separators=(",", ":"))
