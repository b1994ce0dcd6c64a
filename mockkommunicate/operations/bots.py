"""Bots: what becomes of their answers."""

from mockkommunicate.operations.work import Work
from mockkommunicate.store.records import Delivery


def take_reply(work: Work, delivery: Delivery, text: str) -> str | None:  # noqa: ARG001
    """Take what a bot answered to a delivery; None, or why it is of no use."""
    return None
