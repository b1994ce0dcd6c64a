"""When things in a scenario happened: never after the present, each after what came before it.

All times are milliseconds since 1970, all spans milliseconds. Working hours are those of UTC.
"""

from collections.abc import Sequence
from typing import Any

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

BETWEEN_MESSAGES = MINUTE
BETWEEN_CONVERSATIONS = 30 * MINUTE
WORKDAY = 8 * HOUR

_EVER = -(2**62)
_OPENS = 9 * HOUR
_WORKDAYS = 5
_MONDAY = 3
"""How many days the first of January 1970 is behind a Monday."""


def beginnings(conversations: Sequence[dict[str, Any]], *, now: int, before: int) -> list[int]:
    """Answer when each conversation began: as long `ago` as it says, else in order, half an hour apart, `before` a time.

    Where conversations that do say it leave less room than that, the others move together between them.
    """
    began = [0] * len(conversations)
    next_began = before
    bounds = _bounds(conversations, now)
    for index in range(len(conversations) - 1, -1, -1):
        conversation = conversations[index]
        if "ago" in conversation:
            began[index] = now - conversation["ago"]
        else:
            earliest, steps = bounds[index]
            step = min(_length(conversation), max(0, next_began - earliest) // steps)
            began[index] = min(next_began - step, now - said(conversation.get("messages", [])))
        next_began = min(next_began, began[index])
    return [max(0, time) for time in began]


def _bounds(conversations: Sequence[dict[str, Any]], now: int) -> list[tuple[int, int]]:
    """Answer for each conversation what it began after, if others before it say so, and how many share the time since."""
    bounds = []
    earliest, steps = _EVER, 1
    for conversation in conversations:
        if "ago" in conversation:
            earliest, steps = max(earliest, now - conversation["ago"]), 1
        else:
            steps += 1
        bounds.append((earliest, steps))
    return bounds


def _length(conversation: dict[str, Any]) -> int:
    """Answer how long after a conversation another may begin."""
    messages = conversation.get("messages", [])
    lasted: int = sum(message.get("after", BETWEEN_MESSAGES) for message in messages)
    return max(BETWEEN_CONVERSATIONS, lasted)


def arrivals(began: int, messages: Sequence[dict[str, Any]], *, now: int) -> list[int]:
    """Answer when each message came: as long `after` the one before as it says, else a minute, or less to be in time."""
    unsaid = sum("after" not in message for message in messages)
    left = max(0, now - began - said(messages))
    gap = min(BETWEEN_MESSAGES, left // unsaid) if unsaid else 0
    times = []
    time = began
    for message in messages:
        time = min(now, time + message.get("after", gap))
        times.append(time)
    return times


def said(messages: Sequence[dict[str, Any]]) -> int:
    """Answer how long the messages took that say how long after another they came."""
    return sum(message.get("after", 0) for message in messages)


def worked(time: int) -> int:
    """Answer how much working time lies between a fixed Monday morning and a time."""
    days, clock = divmod(time, DAY)
    weeks, weekday = divmod(days + _MONDAY, 7)
    done = min(max(0, clock - _OPENS), WORKDAY) if weekday < _WORKDAYS else 0
    return (weeks * _WORKDAYS + min(weekday, _WORKDAYS)) * WORKDAY + done


def at_work(done: int) -> int:
    """Answer the time at which so much working time is done: the inverse of `worked`, within working hours."""
    workdays, clock = divmod(done, WORKDAY)
    weeks, weekday = divmod(workdays, _WORKDAYS)
    return (weeks * 7 + weekday - _MONDAY) * DAY + _OPENS + clock
