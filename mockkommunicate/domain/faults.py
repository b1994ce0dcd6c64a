"""Faults: which requests a rule strikes and when, and what then becomes of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any, NamedTuple

from mockkommunicate.domain import failures
from mockkommunicate.domain.matching import RequestMatcher
from mockkommunicate.domain.received import ABSENT, Received
from mockkommunicate.domain.replies import Reply
from mockkommunicate.domain.socket_kinds import SocketKind

LONGEST_DELAY_MS = 600_000
"""How long a request is kept waiting at most."""

SPOILING = frozenset({SocketKind.TRUNCATE, SocketKind.WRONG_LENGTH, SocketKind.DRIBBLE})
"""The kinds that spoil a true answer, so that the operation runs whatever the phase."""


class Phase(StrEnum):
    """Whether a fault comes before the operation, or after it has been done and committed."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True)
class Met:
    """The fault that a request meets.

    `id` is the text of the rule's number, or "header". It waits `delay_ms` before the operation, or before the answer
    where the phase is after. `reply` is answered instead of the operation's answer, `socket` says how an answer is
    spoilt; `runs` whether the operation runs.
    """

    id: str
    phase: Phase
    delay_ms: int
    reply: Reply | None
    socket: SocketKind | None
    runs: bool

    @property
    def kind(self) -> str:
        """What kind of fault it is: that of a connection, another answer, or only a late one."""
        if self.socket is not None:
            return self.socket.value
        return "latency" if self.reply is None else "answer"


@dataclass(frozen=True, kw_only=True)
class Uniform:
    """A delay that is anything between two bounds with equal chance; one that is fixed has equal bounds."""

    least: int
    most: int

    def draw(self, dice: Random) -> int:
        """Draw a delay in milliseconds."""
        return self.least + int(dice.random() * (self.most - self.least + 1))


@dataclass(frozen=True, kw_only=True)
class Lognormal:
    """A delay with a long tail: half of them are over the median."""

    median: int
    sigma: float

    def draw(self, dice: Random) -> int:
        """Draw a delay in milliseconds."""
        return min(LONGEST_DELAY_MS, round(dice.lognormvariate(math.log(self.median), self.sigma)))


Latency = Uniform | Lognormal


@dataclass(frozen=True, kw_only=True)
class Own:
    """An answer of the caller's own. A body that is text is sent as it is, ABSENT is none."""

    status: int
    body: Any = ABSENT
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Documented:
    """A failure in Kommunicate's words."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """A failure in the words of the gateway; `retry_after` in seconds."""

    status: int
    retry_after: int | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """An HTML error page."""

    status: int


Effect = Own | Documented | Gateway | Page | SocketKind


@dataclass(frozen=True, kw_only=True)
class When:
    """Which of the matching requests are struck: those that all of these say yes to. Times in milliseconds.

    The first `after` of them pass, then each `every`th is struck, with a `probability`, `times` times at most, not
    from the instant `until` on, and only those over a `limit` in a `window`, which begins with its first request.
    """

    times: int | None = None
    after: int = 0
    every: int = 1
    probability: float = 1.0
    until: int | None = None
    limit: int | None = None
    window: int = 0

    def is_awake(self, now: int) -> bool:
        """Tell whether a rule still counts and strikes."""
        return self.until is None or now < self.until


class Tally(NamedTuple):
    """What a rule has counted: requests seen, those struck, when the present window began, those seen in it."""

    seen: int = 0
    hits: int = 0
    window_at: int = 0
    window_seen: int = 0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A rule: which requests, when, and what becomes of them."""

    match: RequestMatcher
    when: When
    phase: Phase
    effect: Effect | None
    latency: Latency | None

    def sees(self, received: Received, *, now: int) -> bool:
        """Tell whether a request is one of those that count: it matches, the rule is awake, its failure is possible."""
        if not self.when.is_awake(now):
            return False
        if isinstance(self.effect, Documented) and self.effect.name not in failures.possible(
            received.operation
        ):
            return False
        return self.match.matches(received)


def count(when: When, tally: Tally, *, now: int) -> Tally:
    """Count one more request that a rule sees."""
    at, seen = tally.window_at, tally.window_seen
    if not tally.seen or not at <= now < at + when.window:
        at, seen = now, 0
    return tally._replace(seen=tally.seen + 1, window_at=at, window_seen=seen + 1)


def strikes(when: When, tally: Tally, *, dice: Random) -> bool:
    """Tell whether the request that was counted last is struck."""
    place = tally.seen - when.after
    return (
        (when.times is None or tally.hits < when.times)
        and place > 0
        and place % when.every == 0
        and (when.limit is None or tally.window_seen > when.limit)
        and dice.random() < when.probability
    )


def dice_of(seed: int, fault_id: int, seen: int) -> Random:
    """Make the dice for one request that a rule sees: the same for the same app's seed, whichever process throws them."""
    return Random(f"{seed}:{fault_id}:{seen}")  # noqa: S311 - meant to be repeatable


def runs(phase: Phase, effect: Effect | None) -> bool:
    """Tell whether an operation runs although its request is struck."""
    spoils = isinstance(effect, SocketKind) and effect in SPOILING
    return phase is Phase.AFTER or effect is None or spoils
