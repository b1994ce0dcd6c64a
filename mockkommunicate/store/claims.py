"""Claims on deliveries: one statement on either database, so that nobody gets what another has.

No app is locked for a claim. SQLite ignores FOR UPDATE SKIP LOCKED and does not need it: its writers come one by one.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, Text, bindparam, cast, func, or_, select

from mockkommunicate.store import tables
from mockkommunicate.store.records import Delivery
from mockkommunicate.store.statements import Command, Connection, Query
from mockkommunicate.store.text import escape


class Outlook(NamedTuple):
    """When the first delivery is due that nobody has claimed, and whether somebody has claimed another."""

    first_due: int | None
    is_any_in_flight: bool


_deliveries, _apps = tables.deliveries, tables.apps
_ours = (
    _deliveries.c.application_id == bindparam("app"),
    _deliveries.c.id == bindparam("wanted"),
    _deliveries.c.claimed_by == bindparam("token"),
)
_is_free = or_(_deliveries.c.claimed_until.is_(None), _deliveries.c.claimed_until < bindparam("wall"))
_leads = _deliveries.c.application_id == bindparam("app"), tables.is_pending, tables.leads


def _now(wall: Any) -> ColumnElement[int]:  # noqa: ANN401 - a parameter
    """Answer the time of an app's clock."""
    return func.coalesce(_apps.c.frozen_at, wall + _apps.c.clock_offset)


def _is_claimable(now: ColumnElement[int]) -> list[ColumnElement[bool]]:
    return [tables.is_pending, tables.leads, _is_free, _deliveries.c.due_at <= now]


def _listed(dialect: str) -> Any:  # noqa: ANN401 - a query of one column
    """Make the query that answers the texts of a JSON list."""
    if dialect == "sqlite":
        return select(func.json_each(bindparam("busy", type_=Text)).table_valued("value").c.value)
    return select(func.json_array_elements_text(cast(bindparam("busy", type_=Text), JSON)).column_valued())


def _claim(dialect: str, *, one: bool) -> Any:  # noqa: ANN401 - any statement
    """Make the statement that claims.

    It picks in a WITH, which PostgreSQL runs once: a query inside of IN it may run for each row, each time with a LIMIT.
    """
    now = select(_now(bindparam("wall"))).where(_apps.c.application_id == bindparam("app")).scalar_subquery()
    picked = (
        select(_deliveries.c.id)
        .where(
            _deliveries.c.application_id == bindparam("app"),
            *_is_claimable(now),
            cast(_deliveries.c.url, Text).not_in(_listed(dialect)),
            *([_deliveries.c.id == bindparam("only")] if one else []),
        )
        .order_by(_deliveries.c.due_at, _deliveries.c.place)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("claimable")
    )
    return (
        _deliveries.update()
        .where(_deliveries.c.application_id == bindparam("app"), _deliveries.c.id.in_(select(picked.c.id)))
        .values(claimed_by=bindparam("token"), claimed_until=bindparam("until"))
        .returning(*_deliveries.c)
    )


_CLAIM = {one: Query(partial(_claim, one=one), Delivery._make) for one in (False, True)}
_first_due = select(_deliveries.c.due_at).where(*_leads, _is_free).order_by(_deliveries.c.due_at).limit(1)
_in_flight = select(_deliveries.c.id).where(
    *_leads,
    _deliveries.c.due_at <= bindparam("now"),
    _deliveries.c.claimed_until >= bindparam("wall"),
    _deliveries.c.place <= bindparam("last"),
)
_OUTLOOK = Query(select(_first_due.scalar_subquery(), _in_flight.exists()), Outlook._make)
_APPS_DUE = Query(
    select(_deliveries.c.application_id)
    .distinct()
    .join_from(_deliveries, _apps, _apps.c.application_id == _deliveries.c.application_id)
    .where(*_is_claimable(_now(bindparam("wall")))),
    tuple,
)
_RENEW = Command(_deliveries.update().where(*_ours).values(claimed_until=bindparam("until")))
_RELEASE = Command(_deliveries.update().where(*_ours).values(claimed_by=None, claimed_until=None))


def claim(
    connection: Connection,
    application_id: str,
    *,
    token: str,
    wall: int,
    until: int,
    most: int,
    busy: Collection[str] = (),
    only: int | None = None,
) -> Sequence[Delivery]:
    """Claim under a token at most so many deliveries of an app that are due and go to no `busy` URL; answer them.

    They are in the order in which they are to be sent; `only` is the number of the one that is wanted. `wall` is the time of the wall clock, `until` the end of the lease.
    """
    urls = json.dumps([escape(url) for url in busy])
    values = {"app": application_id, "token": token, "wall": wall, "until": until, "most": most, "busy": urls}
    found = _CLAIM[only is not None].list(connection, values if only is None else {**values, "only": only})
    return sorted(found, key=lambda delivery: (delivery.due_at, delivery.place))


def find_outlook(connection: Connection, application_id: str, *, wall: int, now: int, last: int) -> Outlook:
    """Answer what lies ahead of an app, up to the place `last`, at one moment; `now` is the time of its clock."""
    values = {"app": application_id, "wall": wall, "now": now, "last": last}
    return _OUTLOOK.find(connection, values) or Outlook(None, is_any_in_flight=False)


def list_apps(connection: Connection, *, wall: int) -> list[str]:
    """List the apps that have something due which nobody has claimed."""
    return [str(row[0]) for row in _APPS_DUE.list(connection, {"wall": wall})]


def renew(connection: Connection, claimed: Iterable[Delivery], *, until: int) -> None:
    """Hold on to deliveries; a claim that is lost stays so."""
    _RENEW.run_each(connection, [{**_values(delivery), "until": until} for delivery in claimed])


def release(connection: Connection, delivery: Delivery) -> None:
    """Let a claimed delivery go to whoever is next."""
    _RELEASE.run(connection, _values(delivery))


def _values(delivery: Delivery) -> dict[str, Any]:
    return {"app": delivery.application_id, "wanted": delivery.id, "token": delivery.claimed_by}
