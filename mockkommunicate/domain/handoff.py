"""Hand-off: a message asks that the bot gives its conversation to somebody else, and what becomes of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_IN_A_ROW = 10
"""How often bots may hand a conversation on among themselves while nobody else writes: bots that pass it round stop."""


class Result(StrEnum):
    """What became of a hand-off; only with the first three has the conversation left the bot."""

    HANDED_OVER = "handed_over"
    QUEUED = "queued"
    NOBODY = "nobody"
    ALREADY = "already"
    UNKNOWN = "unknown"
    FULL = "full"
    TOO_MANY = "too_many"


@dataclass(frozen=True, kw_only=True)
class Handoff:
    """A hand-off that a message asked for: by which bot, to whom (blank for the rules), with which result.

    `in_a_row` counts the last ones without anybody else's message in between, `message` is the number of the last message
    before it.
    """

    by: str
    to: str
    result: Result
    in_a_row: int
    message: int

    def explained(self) -> dict[str, object]:
        """Answer it as JSON values, as it is kept with the conversation."""
        return {
            "by": self.by,
            "to": self.to,
            "result": self.result.value,
            "inARow": self.in_a_row,
            "message": self.message,
        }


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """The event with which another bot takes over, and its data (documented)."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


def target(metadata: Mapping[str, str]) -> str | None:
    """Answer to whom a message wants the conversation handed over: an id, blank for the rules, None for not at all.

    Documented; that white space is as good as nothing is observed in the old server.
    """
    to = metadata.get("KM_ASSIGN_TO")
    return "" if to is not None and not to.strip() else to


def trigger(metadata: Mapping[str, str]) -> Trigger | None:
    """Answer the event that comes with a hand-off, if one does: an object with a name, which metadata holds as text."""
    try:
        event = json.loads(metadata.get("event", "null"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or not isinstance(event.get("name"), str) or not event["name"]:
        return None
    data = event.get("data")
    return Trigger(name=event["name"], data=data if isinstance(data, dict) else {})


def again(kept: Mapping[str, Any] | None, *, others_wrote: bool) -> int:
    """Count the hand-offs in a row before this one; `kept` is the last one, as it was explained."""
    return 0 if kept is None or others_wrote else int(kept.get("inARow", 0))
