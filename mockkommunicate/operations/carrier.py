"""Carrier: whoever sends what is owed. The emulator tells it of each transaction that owes something."""

from typing import Protocol

from mockkommunicate.operations.work import Work


class Carrier(Protocol):
    """Who hears of deliveries that have become the next of their lanes: those of `work.leading`."""

    def prepare(self, work: Work) -> None:
        """Hear of them in their transaction, which may be undone yet."""

    def wake(self, work: Work) -> None:
        """Hear of them once they are committed."""


class Nobody:
    """A carrier that sends nothing by itself."""

    def prepare(self, work: Work) -> None:
        """Do nothing."""

    def wake(self, work: Work) -> None:
        """Do nothing."""
