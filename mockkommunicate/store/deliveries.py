"""Deliveries as rows: owed, listed, changed by whoever has locked their app."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from mockkommunicate.store import tables
from mockkommunicate.store.pages import Pages
from mockkommunicate.store.records import Delivery
from mockkommunicate.store.statements import Command, Connection, Query

_deliveries = tables.deliveries
_in_app = _deliveries.c.application_id == bindparam("app")
_one = _in_app, _deliveries.c.id == bindparam("wanted")
_in_lane = _in_app, tables.is_pending, _deliveries.c.lane == bindparam("lane")
_ADD = Command(_deliveries.insert())
_FIND = Query(_deliveries.select().where(*_one), Delivery._make)
_NEXT = Query(
    _deliveries.select().where(*_in_lane).order_by(_deliveries.c.place).limit(1),
    Delivery._make,
)
_LAST = Query(
    _deliveries.select().where(*_in_lane).order_by(_deliveries.c.place.desc()).limit(1),
    Delivery._make,
)
_PENDING = Query(select(func.count()).select_from(_deliveries).where(_in_app, tables.is_pending), tuple)
_ALL_PENDING = Query(select(func.count()).select_from(_deliveries).where(tables.is_pending), tuple)
_LEADERS = Query(
    _deliveries.select().where(_in_app, tables.is_pending, tables.leads).order_by(_deliveries.c.due_at),
    Delivery._make,
)
_CHANGING = ("place", "leads", "state", "due_at", "attempts", "tries", "claimed_by", "claimed_until")
_UPDATE = Command(
    _deliveries.update().where(*_one).values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_PUT_BACK = Command(
    _deliveries.update()
    .where(*_one, tables.is_pending, _deliveries.c.claimed_by.is_(None))
    .values({name: bindparam(f"new_{name}") for name in ("place", "leads", "due_at")})
)
_is_finished = ~tables.is_pending
_DELETE_OLD = Command(
    _deliveries.delete().where(_in_app, _is_finished, _deliveries.c.id <= bindparam("last"))
)
_DELETE_FINISHED = Command(_deliveries.delete().where(_in_app, _is_finished))
_DELETE_PENDING = Command(_deliveries.delete().where(_in_app, tables.is_pending))
_DELETE_ALL = Command(_deliveries.delete().where(_in_app))
_DELETE = Command(_deliveries.delete().where(*_one))

_FILTERS = {
    "after": _deliveries.c.id > bindparam("after"),
    "before": _deliveries.c.id < bindparam("before"),
    "until": _deliveries.c.id <= bindparam("until"),
    "since": _deliveries.c.place > bindparam("since"),
    "state": _deliveries.c.state == bindparam("state"),
    "kind": _deliveries.c.kind == bindparam("kind"),
    "conversation": _deliveries.c.conversation_id == bindparam("conversation"),
}
_PAGES = Pages(_deliveries, _FILTERS, Delivery._make)


def add(connection: Connection, delivery: Delivery) -> None:
    """Add a delivery."""
    _ADD.run(connection, delivery._asdict())


def find(connection: Connection, application_id: str, delivery_id: int) -> Delivery | None:
    """Find a delivery by its number."""
    return _FIND.find(connection, {"app": application_id, "wanted": delivery_id})


def find_next(connection: Connection, application_id: str, lane: str) -> Delivery | None:
    """Find what is owed next in a lane."""
    return _NEXT.find(connection, {"app": application_id, "lane": lane})


def find_last(connection: Connection, application_id: str, lane: str) -> Delivery | None:
    """Find what is owed last in a lane."""
    return _LAST.find(connection, {"app": application_id, "lane": lane})


def list_page(
    connection: Connection,
    application_id: str,
    filters: Mapping[str, Any],
    *,
    most: int,
    newest: bool = False,
) -> Sequence[Delivery]:
    """List at most so many deliveries, the oldest first, or the newest if asked.

    The filters are `after` and `before` a number, `until` one, `since` a place, `state`, `kind`, and the number of a `conversation`.
    """
    return _PAGES.list(connection, application_id, filters, most=most, newest=newest)


def list_leaders(connection: Connection, application_id: str) -> Sequence[Delivery]:
    """List what is owed next in each lane, by the time when it is due."""
    return _LEADERS.list(connection, {"app": application_id})


def count_pending(connection: Connection, application_id: str) -> int:
    """Count what is owed."""
    row = _PENDING.find(connection, {"app": application_id})
    return 0 if row is None else int(row[0])


def count_all_pending(connection: Connection) -> int:
    """Count what is owed in all apps."""
    row = _ALL_PENDING.find(connection, {})
    return 0 if row is None else int(row[0])


def update(connection: Connection, delivery: Delivery) -> None:
    """Write back what may change of a delivery."""
    changed = {f"new_{name}": getattr(delivery, name) for name in _CHANGING}
    _UPDATE.run(connection, {"app": delivery.application_id, "wanted": delivery.id, **changed})


def put_back(connection: Connection, delivery: Delivery) -> bool:
    """Write another place of a delivery, and when it is due, unless it is claimed; tell whether it was done."""
    changed = {f"new_{name}": getattr(delivery, name) for name in ("place", "leads", "due_at")}
    values = {"app": delivery.application_id, "wanted": delivery.id, **changed}
    return _PUT_BACK.run(connection, values) == 1


def delete(connection: Connection, application_id: str, delivery_id: int) -> int:
    """Delete a delivery."""
    return _DELETE.run(connection, {"app": application_id, "wanted": delivery_id})


def delete_old(connection: Connection, application_id: str, *, last: int) -> int:
    """Delete those that are finished up to a number; answer how many there were."""
    return _DELETE_OLD.run(connection, {"app": application_id, "last": last})


def delete_finished(connection: Connection, application_id: str) -> int:
    """Delete all that are finished; answer how many there were."""
    return _DELETE_FINISHED.run(connection, {"app": application_id})


def delete_pending(connection: Connection, application_id: str) -> int:
    """Delete what is owed; answer how much it was."""
    return _DELETE_PENDING.run(connection, {"app": application_id})


def delete_all(connection: Connection, application_id: str) -> int:
    """Delete every delivery of an app; answer how many there were."""
    return _DELETE_ALL.run(connection, {"app": application_id})
