"""Conversations: their statuses, the labels of these, and the range of their ids."""

from enum import IntEnum

SUPPORT_GROUP = 10
"""The group type of a conversation."""

LARGEST_ID = 2**31 - 1
"""Official clients hold a conversation's id in a signed 32-bit integer."""

LONGEST_NAME = 256
"""The widget refuses a longer clientGroupId; we hold every id to it, so that each fits into an index."""


class Status(IntEnum):
    """What CONVERSATION_STATUS may be (documented: 0, 2, 3; the others observed in the official clients)."""

    INITIAL = -1
    OPEN = 0
    PROGRESS = 1
    CLOSED = 2
    SPAM = 3
    DUPLICATE = 4
    ARCHIVE = 5
    UNRESPONDED = 6
    WAITING = 7


SDK_LABELS = {status: status.name.capitalize() for status in Status} | {Status.CLOSED: "closed"}
DASHBOARD_LABELS = SDK_LABELS | {Status.CLOSED: "Resolved", Status.SPAM: "Spam/Irrelevant"}


def label(status: Status, *, labels: str) -> str:
    """Name a status as the notify message does: `labels` is "sdk" or "dashboard", which disagree (inferred)."""
    return (DASHBOARD_LABELS if labels == "dashboard" else SDK_LABELS)[status]


def first_id(seed: int) -> int:
    """Answer the id before an app's first conversation: eight digits, as the real ones have, from the app's seed."""
    return 10_000_000 + (seed * 2_654_435_761) % 80_000_000
