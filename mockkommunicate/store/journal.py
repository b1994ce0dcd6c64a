"""The journal as rows: the requests received and the answers given."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func

from mockkommunicate.store import tables
from mockkommunicate.store.pages import Pages
from mockkommunicate.store.records import Request
from mockkommunicate.store.statements import Command, Connection, Query

_requests = tables.requests
_in_app = _requests.c.application_id == bindparam("app")
_ADD = Command(_requests.insert())
_FIND = Query(_requests.select().where(_in_app, _requests.c.id == bindparam("wanted")), Request._make)
_DELETE = Command(
    _requests.delete().where(
        _in_app, _requests.c.id >= bindparam("first"), _requests.c.id <= bindparam("last")
    )
)
_DELETE_ALL = Command(_requests.delete().where(_in_app))

_FILTERS = {
    "after": _requests.c.id > bindparam("after"),
    "before": _requests.c.id < bindparam("before"),
    "method": func.upper(_requests.c.method) == bindparam("method"),
    "path": _requests.c.path == bindparam("path"),
    "operation": _requests.c.operation == bindparam("operation"),
    "status": _requests.c.status == bindparam("status"),
    "since": _requests.c.at >= bindparam("since"),
    "unmatched": _requests.c.operation.is_(None) == bindparam("unmatched"),
}
_PAGES = Pages(_requests, _FILTERS, Request._make)


def add(connection: Connection, request: Request) -> None:
    """Add a request and its answer."""
    _ADD.run(connection, request._asdict())


def find(connection: Connection, application_id: str, request_id: int) -> Request | None:
    """Find a request by its number."""
    return _FIND.find(connection, {"app": application_id, "wanted": request_id})


def list_page(
    connection: Connection,
    application_id: str,
    filters: Mapping[str, Any],
    *,
    most: int,
    newest: bool = False,
) -> Sequence[Request]:
    """List at most so many requests, the oldest first, or the newest if asked.

    The filters are `after` and `before` a number, `method` in capitals, `path`, `operation`, `status`, `since` a time,
    and whether it is `unmatched` by any operation.
    """
    return _PAGES.list(connection, application_id, filters, most=most, newest=newest)


def delete(connection: Connection, application_id: str, *, first: int, last: int) -> int:
    """Delete the requests from one number to another; answer how many there were."""
    return _DELETE.run(connection, {"app": application_id, "first": first, "last": last})


def delete_all(connection: Connection, application_id: str) -> int:
    """Delete every request of an app; answer how many there were."""
    return _DELETE_ALL.run(connection, {"app": application_id})
