"""What counts against a handling limit, and who has room."""

from mockkommunicate.domain.conversations import Status

OPEN = (Status.INITIAL, Status.OPEN, Status.PROGRESS, Status.UNRESPONDED)
"""The statuses that count: the open list of the dashboard (inferred)."""


def effective(own: int | None, *, of_app: int | None) -> int | None:
    """Answer the limit that holds for an agent: his own, else the app's, else none (None)."""
    return of_app if own is None else own


def has_room(open_conversations: int, *, limit: int | None) -> bool:
    """Tell whether one more open conversation fits under the limit."""
    return limit is None or open_conversations < limit


def takes_up_room(before: Status, after: Status) -> bool:
    """Tell whether a change of status makes a conversation count that did not count."""
    return before not in OPEN and after in OPEN


def makes_room(before: Status, after: Status) -> bool:
    """Tell whether a change of status makes a conversation count no longer that counted."""
    return takes_up_room(after, before)
