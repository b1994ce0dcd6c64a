"""Deliveries: the calls that are owed to others, and what becomes of them."""

from enum import StrEnum


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


def lane(kind: Kind, conversation_id: int) -> str:
    """Name the lane of a delivery: those of one kind in one conversation go out in order, others do not wait for them."""
    return f"{kind}:{conversation_id}"
