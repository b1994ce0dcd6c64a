"""The waiting queue as rules: how a conversation stands, and what holds whatever happens at a desk."""

import pytest

from mockkommunicate.domain import queue
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.queue import Standing
from mockkommunicate.domain.routing import Decision, Outcome

ASSIGNEES = {Outcome.BOT, Outcome.NAMED, Outcome.ROUND_ROBIN, Outcome.DEFAULT_AGENT}


def stands(outcome: Outcome, status: Status, *, has_queue: bool = True) -> Standing:
    assignee = "jane" if outcome in ASSIGNEES else None
    return queue.standing(Decision(assignee=assignee, outcome=outcome), status, has_queue=has_queue)


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_whom_the_rules_send_to_the_queue_waits(status: Status) -> None:
    assert stands(Outcome.QUEUED, status) == Standing(status=Status.WAITING, waits=True)


@pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.QUEUED}, ids=str)
@pytest.mark.parametrize("status", set(Status) - {Status.WAITING}, ids=lambda status: status.name)
def test_any_other_keeps_its_status_and_does_not_wait(outcome: Outcome, status: Status) -> None:
    assert stands(outcome, status) == Standing(status=status, waits=False)


@pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.QUEUED}, ids=str)
def test_without_a_queue_the_status_of_waiting_is_one_like_others(outcome: Outcome) -> None:
    assert stands(outcome, Status.WAITING, has_queue=False) == Standing(status=Status.WAITING, waits=False)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.ROUND_ROBIN, Standing(status=Status.OPEN, waits=False)),
        (Outcome.NAMED, Standing(status=Status.WAITING, waits=False)),
        (Outcome.BOT, Standing(status=Status.WAITING, waits=False)),
        (Outcome.SKIPPED, Standing(status=Status.WAITING, waits=True)),
        (Outcome.NAMED_IS_FULL, Standing(status=Status.WAITING, waits=True)),
    ],
    ids=str,
)
def test_what_was_to_wait_waits_unless_somebody_has_it(outcome: Outcome, expected: Standing) -> None:
    assert stands(outcome, Status.WAITING) == expected
