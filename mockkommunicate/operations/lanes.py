"""Lanes: deliveries of one kind in one conversation go out one after the other, and exactly one of them leads."""

from mockkommunicate.domain import chaos
from mockkommunicate.operations.work import Work
from mockkommunicate.store import deliveries as rows
from mockkommunicate.store.records import Delivery


def enter(work: Work, delivery: Delivery) -> Delivery:
    """Answer a delivery as it stands in its lane: behind all others, but ahead of one that is held back for it."""
    last = rows.find_last(work.connection, work.app_id, delivery.lane)
    leads = last is None
    if last is not None and _is_held(work, last) and _put_back(work, last):
        leads = last.leads
    delivery = delivery._replace(leads=leads)
    if leads:
        work.leading.append(delivery)
    return delivery


def advance(work: Work, lane: str) -> None:
    """Let the next of a lane lead, now that its leader is gone."""
    follower = rows.find_next(work.connection, work.app_id, lane)
    if follower is not None:
        follower = follower._replace(leads=True)
        rows.update(work.connection, follower)
        work.leading.append(follower)


def holds(work: Work, lane: str) -> bool:
    """Tell whether the last delivery of a lane is held back for the next one."""
    last = rows.find_last(work.connection, work.app_id, lane)
    return last is not None and _is_held(work, last)


def _is_held(work: Work, last: Delivery) -> bool:
    """Tell it by the app's clock alone, so that it does not matter how far the sending has come."""
    return not last.tries and chaos.is_held(last.fault, due_at=last.due_at, now=work.now)


def _put_back(work: Work, held: Delivery) -> bool:
    """Put what is held back behind the next delivery, after which it is due at once; False if it is being sent by now.

    That cannot be before it is due. At that very moment another process may have claimed it, which locks no app.
    """
    behind = held._replace(place=work.next_delivery_id(), leads=False, due_at=work.now)
    if not rows.put_back(work.connection, behind):
        return False
    work.leading = [delivery for delivery in work.leading if delivery.id != held.id]
    return True
