"""Deliveries: the calls that are owed to others, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import NamedTuple


class Kind(StrEnum):
    """Who is called: the app's webhook, or a bot."""

    WEBHOOK = "webhook"
    BOT = "bot"


class State(StrEnum):
    """What has become of a delivery.

    It failed where nobody wanted it tried again, is dead where every try was in vain, and was refused where the address
    must not be called.
    """

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one call: an answer, or an error that says why there is none; `refused` is one that was never made.

    `answer` is as much of the answer's body as is kept; whether there was more, says `truncated`.
    """

    duration: int = 0
    status: int | None = None
    answer: str = ""
    truncated: bool = False
    error: str | None = None
    refused: bool = False

    @property
    def is_success(self) -> bool:
        """Tell whether the receiver has taken it (inferred: any 2xx, as nothing is published)."""
        taken = self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
        return taken and self.error is None


class Fate(NamedTuple):
    """What becomes of a delivery after a call; one that stays pending is tried again after `delay` milliseconds."""

    state: State
    delay: int = 0


def fate(outcome: Outcome, *, tries: int, retries: Sequence[int]) -> Fate:
    """Decide what becomes of a delivery after so many tries, the last of which had this outcome.

    Nothing is published about when Kommunicate tries again (inferred: never); `retries` are the delays that a user wants.
    """
    if outcome.is_success:
        return Fate(State.SENT)
    if outcome.refused:
        return Fate(State.REFUSED)
    if tries <= len(retries):
        return Fate(State.PENDING, retries[tries - 1])
    return Fate(State.DEAD if retries else State.FAILED)


def lane(kind: Kind, conversation_id: int) -> str:
    """Name the lane of a delivery: those of one kind in one conversation go out in order, others do not wait for them."""
    return f"{kind}:{conversation_id}"
