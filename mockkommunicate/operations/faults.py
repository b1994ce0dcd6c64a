"""Faults: rules made, listed and deleted; and which of them strikes: a request, or a delivery."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from mockkommunicate.domain import failures, faults
from mockkommunicate.domain.chaos import Disturbance
from mockkommunicate.domain.errors import BadParameters, ControlError, Problem
from mockkommunicate.domain.faults import (
    Documented,
    Effect,
    Fault,
    Gateway,
    Met,
    Own,
    Page,
    Phase,
    Tally,
    When,
)
from mockkommunicate.domain.received import Received
from mockkommunicate.domain.replies import Reply
from mockkommunicate.domain.socket_kinds import SocketKind
from mockkommunicate.operations import failures as replies
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.wire import effects
from mockkommunicate.wire.fault_fields import one_of
from mockkommunicate.wire.faults import FaultRule
from mockkommunicate.wire.reading import short

HEADER = "X-Mock-Fault"
"""By which a client asks for a fault, and an answer tells the one it met."""

MOST = 1_000
MOST_TEXT = 1_000_000
"""How many rules an app may have, and how many characters of JSON they may be together."""

NONE = "[]"
"""How an app without rules keeps them."""

_rule = FaultRule()

Entry = dict[str, Any]
"""A rule as it is kept: its number, when it goes, what it has counted, and the rule as it was given."""

Rule = Fault | Disturbance
"""A rule for requests, or one for deliveries."""


class Struck(NamedTuple):
    """A rule that strikes, with its number, what it had counted by then, and the dice that were thrown for it."""

    id: int
    rule: Any
    tally: Tally
    dice: Random


def meet(work: Work, received: Received) -> Met | None:
    """Decide which fault a request meets, and count it: the first rule that strikes, or else none.

    The header X-Mock-Fault asks for one, which no rule counts, where the app's settings allow it; raises
    BadParameters when it asks for one that there is not. Every rule that a request matches counts it as seen.
    """
    asked = next((value for name, value in received.headers if name == HEADER), None)
    if asked is not None and work.settings.fault_header:
        return _asked_for(received.header_values[HEADER], work, received)
    struck = strike(work, lambda rule: isinstance(rule, Fault) and rule.sees(received, now=work.now))
    return None if struck is None else _met_by(struck, work, received)


def strike(work: Work, sees: Callable[[Rule], bool]) -> Struck | None:
    """Count what is seen by the rules that see it; answer the first of them that strikes."""
    if work.app.faults == NONE:
        return None
    entries = _entries(work)
    struck = None
    for entry in entries:
        found = _counted(entry, work, sees, free=struck is None)
        struck = struck or found
    work.app = work.app._replace(faults=dump(entries))
    return struck


def _counted(entry: Entry, work: Work, sees: Callable[[Rule], bool], *, free: bool) -> Struck | None:
    """Count what a rule sees; answer the rule if it strikes what is still `free`."""
    rule = _compiled(dump(entry["rule"]))
    if not sees(rule):
        return None
    tally = faults.count(rule.when, Tally(*entry["tally"]), now=work.now)
    dice = faults.dice_of(work.app.seed, entry["id"], tally.seen)
    struck = free and faults.strikes(rule.when, tally, dice=dice)
    entry["tally"] = tally._replace(hits=tally.hits + struck)
    return Struck(entry["id"], rule, tally, dice) if struck else None


def _met_by(struck: Struck, work: Work, received: Received) -> Met:
    """Answer what a request meets that a rule strikes."""
    fault = struck.rule
    return _met(
        str(struck.id),
        fault.effect,
        fault.phase,
        delay_ms=0 if fault.latency is None else fault.latency.draw(struck.dice),
        reply=_reply(fault.effect, work, received, _limits(fault.when, struck.tally, now=work.now)),
    )


def _asked_for(kind: str, work: Work, received: Received) -> Met:
    """Answer the fault that a client asks for by the header."""
    possible = failures.possible(received.operation)
    kinds = [*SocketKind, *possible, *map(str, failures.GATEWAY), effects.HTML]
    if kind not in kinds:
        message = f"{one_of(kind, kinds)}; got {short(kind)}"
        raise BadParameters([Problem("header", HEADER, message)])
    effect = effects.effect_of(kind)
    return _met("header", effect, Phase.BEFORE, delay_ms=0, reply=_reply(effect, work, received, {}))


def _met(fault_id: str, effect: Effect | None, phase: Phase, *, delay_ms: int, reply: Reply | None) -> Met:
    return Met(
        id=fault_id,
        phase=phase,
        delay_ms=delay_ms,
        reply=reply,
        socket=effect if isinstance(effect, SocketKind) else None,
        runs=faults.runs(phase, effect),
    )


def _limits(when: When, tally: Tally, *, now: int) -> Mapping[str, str]:
    """Answer the headers by which a rate limit tells what it is; none where there is no limit."""
    if when.limit is None:
        return {}
    left = tally.window_at + when.window - now
    return failures.limit_headers(limit=when.limit, window=when.window, left=left)


def _reply(effect: Effect | None, work: Work, received: Received, limits: Mapping[str, str]) -> Reply | None:
    match effect:
        case Own():
            return replies.own(effect)
        case Documented():
            return replies.documented(effect, received, now=work.now)
        case Gateway():
            return replies.gateway(effect, limits)
        case Page():
            return replies.page(effect)
    return None


def add(work: Work, fault: Rule, *, given: Mapping[str, Any], ttl: int | None = None) -> dict[str, Any]:
    """Add a rule, which goes `ttl` milliseconds from now; answer it as `list_all` does.

    Raises BadParameters when it would sleep from the start, ControlError when there are too many.
    """
    until = fault.when.until
    if until is not None and until <= work.now:
        message = f"must be after the present time of the app's clock, {work.now}; got {until}"
        raise BadParameters([Problem("body", "when.until", message)])
    number = work.app.last_fault_id + 1
    entry = {"id": number, "tally": Tally(), "rule": given}
    if ttl is not None:
        entry["expiresAt"] = work.now + ttl
    entries = [*_entries(work), entry]
    text = dump(entries)
    if len(entries) > MOST or len(text) > MOST_TEXT:
        raise _too_many(len(entries), len(text))
    work.app = work.app._replace(faults=text, last_fault_id=number)
    return _output(entry)


def list_all(work: Work) -> list[dict[str, Any]]:
    """List the rules in the order in which they are asked: each as it was given, with its number and its counts."""
    return [_output(entry) for entry in _entries(work)]


def delete(work: Work, fault_id: str) -> int:
    """Delete a rule; answer that it was one. Raises ControlError when there is none of this number."""
    entries = _entries(work)
    others = [entry for entry in entries if str(entry["id"]) != fault_id]
    if len(others) == len(entries):
        known = ", ".join(str(entry["id"]) for entry in entries[:10])
        more = ", ..." if len(entries) > 10 else ""  # noqa: PLR2004 - a line's worth
        hint = f"there are: {known}{more}" if entries else "there is none"
        raise ControlError("FAULT_NOT_FOUND", f"no fault {fault_id!r}", hint=hint, http_status=404)
    work.app = work.app._replace(faults=dump(others))
    return 1


def delete_all(work: Work) -> int:
    """Delete every rule; answer how many there were."""
    count = len(_entries(work))
    work.app = work.app._replace(faults=NONE)
    return count


def _entries(work: Work) -> list[Entry]:
    """List the rules whose time has not come."""
    entries = json.loads(work.app.faults)
    return [entry for entry in entries if "expiresAt" not in entry or work.now < entry["expiresAt"]]


def _output(entry: Entry) -> dict[str, Any]:
    tally = Tally(*entry["tally"])
    return {"id": entry["id"], "hits": tally.hits, "seen": tally.seen, **entry["rule"]}


def _too_many(count: int, characters: int) -> ControlError:
    message = (
        f"an app has at most {MOST} faults of {MOST_TEXT} characters of JSON together; "
        f"with this one there would be {count} of {characters}"
    )
    hint = "DELETE /_mock/apps/APP/faults/ID deletes one, ttlMs lets one go by itself"
    return ControlError("TOO_MANY_FAULTS", message, hint=hint, http_status=409)


@lru_cache(maxsize=1_000)
def _compiled(text: str) -> Rule:
    """Read a rule that was taken when it was made; the same text is read once."""
    fault: Rule = _rule.load(json.loads(text))["fault"]
    return fault
