"""The waiting queue: which conversations stand in it, and what status they then have.

Nothing is published of it but the setting, the status 7 and the list of those who wait (observed in the official
clients); all the rest is inferred. Whoever is in the queue has the status 7 and is assigned to nobody.
"""

from dataclasses import dataclass

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.routing import Decision, Outcome


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The status of a conversation, and whether it stands in the queue."""

    status: Status
    waits: bool


def standing(decision: Decision, status: Status, *, has_queue: bool) -> Standing:
    """Answer how a conversation stands that was created with a status and is decided upon.

    It waits if the rules found nobody, or if it was to have the status 7 and nobody is assigned; one that was to wait
    and for whom round robin finds somebody is open.
    """
    if decision.outcome is Outcome.QUEUED:
        return Standing(status=Status.WAITING, waits=True)
    if status is not Status.WAITING or not has_queue:
        return Standing(status=status, waits=False)
    if decision.outcome is Outcome.ROUND_ROBIN:
        return Standing(status=Status.OPEN, waits=False)
    return Standing(status=status, waits=decision.assignee is None)


ENTERED = Decision(assignee=None, outcome=Outcome.QUEUED)
"""What becomes of a conversation that somebody puts into the queue by its status."""
