"""Inline: nothing is sent until somebody asks for it, by settling or by moving the clock."""

from mockkommunicate.operations.carrier import Nobody


class Inline(Nobody):
    """Sends nothing by itself."""

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def close(self, grace: float) -> None:
        """Do nothing."""
