"""Moving an app's clock: whatever falls due on the way is sent in order of time, the clock standing where it is due."""

import json
import time
from collections.abc import Callable
from typing import Any

from mockkommunicate.domain import clock as wall_clock
from mockkommunicate.operations import clock, reactions
from mockkommunicate.operations.clock import Course
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound import sending
from mockkommunicate.outbound.sending import Sender
from mockkommunicate.store import claims
from mockkommunicate.store import deliveries as rows
from mockkommunicate.store.records import Delivery

Shown = dict[str, Any]

_PAUSE_S = 0.01
_MOST = 1_000
"""How many are claimed at once."""


def change(
    sender: Sender,
    application_id: str,
    shown: Callable[[Work], Shown],
    **changes: Any,  # noqa: ANN401
) -> Shown:
    """Change an app's clock as `clock.begin` says; answer how it is `shown` then, with what `ran` on the way.

    Each delivery is claimed in the transaction that moves the clock to it, so that nobody else sends it meanwhile.
    What others are sending already is waited for. Raises BadParameters and ControlError.
    """
    ran: list[Shown] = []
    claimed: list[Delivery] = []
    with sender.emulator.work_on(application_id) as work:
        course = clock.begin(work, **changes)
        last = work.app.last_delivery_id
        is_there = _go_on(work, course, claimed, last=last)
        answer = shown(work)
    while not is_there:
        if not claimed:
            time.sleep(_PAUSE_S)
        with sender.hold(claimed):
            while claimed:
                ran += _send(sender, claimed.pop(0), claimed)
        with sender.emulator.work_on(application_id) as work:
            is_there = _go_on(work, course, claimed, last=last)
            answer = shown(work)
    return {**answer, "ran": ran}


def _go_on(work: Work, course: Course, claimed: list[Delivery], *, last: int) -> bool:
    """Go on to the next time at which something is due, and claim that; tell whether the way has ended instead.

    Where others are sending something that was owed when the change began, it stays where it is.
    """
    wall = wall_clock.now_ms()
    ahead = claims.find_outlook(work.connection, work.app_id, wall=wall, now=work.now, last=last)
    if ahead.is_any_in_flight:
        return False
    due = ahead.first_due
    while due is None or not course.goes_over(due, now=work.clock.now()):
        if clock.end_leg(work, course):
            work.leading += rows.list_leaders(work.connection, work.app_id)
            return True
    clock.stop_at(work, course, due)
    claimed += _claim(work)
    return False


def _claim(work: Work) -> list[Delivery]:
    work.finish()
    return list(sending.claim(work.connection, work.app_id, most=_MOST))


def _send(sender: Sender, delivery: Delivery, claimed: list[Delivery]) -> list[Shown]:
    """Send one, and claim what that makes due, before others can; answer what ran."""
    outcome = sender.call(delivery)
    if outcome is None:
        return []
    with sender.emulator.work_on(delivery.application_id) as work:
        recorded = sender.record(work, delivery, outcome)
        if recorded is None:
            return []
        reactions.run(work)
        claimed += _claim(work)
        work.leading.clear()
    return [_ran(recorded)]


def _ran(delivery: Delivery) -> Shown:
    """Answer a delivery as a job that ran, at the time of its last attempt."""
    at = json.loads(delivery.attempts)[-1]["at"]
    return {"job": "delivery", "id": delivery.id, "kind": delivery.kind, "at": at, "state": delivery.state}
