"""Deliveries as rows."""

from sqlalchemy import bindparam, select

from mockkommunicate.domain.deliveries import State
from mockkommunicate.store import tables
from mockkommunicate.store.records import Delivery
from mockkommunicate.store.statements import Command, Connection, Query

_deliveries = tables.deliveries
_in_app = _deliveries.c.application_id == bindparam("app")
_ADD = Command(_deliveries.insert())
_LEADER = Query(
    select(_deliveries.c.id)
    .where(_in_app, _deliveries.c.lane == bindparam("lane"), _deliveries.c.state == bindparam("pending"))
    .limit(1),
    tuple,
)


def add(connection: Connection, delivery: Delivery) -> None:
    """Add a delivery."""
    _ADD.run(connection, delivery._asdict())


def is_lane_free(connection: Connection, application_id: str, lane: str) -> bool:
    """Tell whether nothing is owed in a lane."""
    values = {"app": application_id, "lane": lane, "pending": State.PENDING.value}
    return _LEADER.find(connection, values) is None
