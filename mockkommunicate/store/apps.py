"""Apps as rows: found by key or id, locked by whoever writes to them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from mockkommunicate.store import tables
from mockkommunicate.store.records import App, Pulse
from mockkommunicate.store.statements import Command, Connection, Query, insert_if_new

_apps = tables.apps
_one = _apps.c.application_id == bindparam("wanted")
_by_id = _apps.select().where(_one)
_by_key = _apps.select().where(_apps.c.api_key == bindparam("wanted"))
_FIND = {False: Query(_by_id, App._make), True: Query(_by_id.with_for_update(), App._make)}
_FIND_BY_KEY = {False: Query(_by_key, App._make), True: Query(_by_key.with_for_update(), App._make)}
_pulse = [_apps.c[f"last_{name}_id"] for name in ("request", "delivery", "conversation")]
_FIND_PULSE = Query(select(_apps.c.changes, *_pulse).where(_one), Pulse._make)
_is_shown = _apps.c.hidden.is_(False)
_LIST = Query(_apps.select().where(_is_shown).order_by(_apps.c.created_at, _apps.c.application_id), App._make)
_COUNT = Query(select(func.count()).select_from(_apps).where(_is_shown), tuple)
_ADD = Command(insert_if_new(_apps))
_DELETE = Command(_apps.delete().where(_one))
_CHANGING = (
    "api_key",
    "scenario",
    "seed",
    "settings",
    "rotation",
    "last_conversation_id",
    "last_user_number",
    "last_file_number",
    "starts_at",
    "clock_offset",
    "frozen_at",
    "faults",
    "last_fault_id",
    "last_request_id",
    "dropped_requests",
    "last_delivery_id",
    "dropped_deliveries",
    "last_queue_number",
    "team_rotations",
    "changes",
)
_UPDATE = Command(_apps.update().where(_one).values({name: bindparam(f"new_{name}") for name in _CHANGING}))
COUNTERS = ("last_request_id", "dropped_requests", "last_delivery_id", "dropped_deliveries", "changes")
"""What every request may change: the numbers of the journal and of the deliveries, and the count of changes."""

_UPDATE_COUNTERS = Command(
    _apps.update().where(_one).values({name: bindparam(f"new_{name}") for name in COUNTERS})
)
_EMPTY = {
    table.name.removeprefix("mock_"): Command(
        table.delete().where(table.c.application_id == bindparam("wanted"))
    )
    for table in tables.PER_APP
}


def find(connection: Connection, application_id: str, *, lock: bool = False) -> App | None:
    """Find an app by its id; `lock` keeps every other writer of this app waiting until the end of the transaction."""
    return _FIND[lock].find(connection, {"wanted": application_id})


def find_by_key(connection: Connection, api_key: str, *, lock: bool = False) -> App | None:
    """Find an app by its API key; `lock` as in `find`."""
    return _FIND_BY_KEY[lock].find(connection, {"wanted": api_key})


def find_pulse(connection: Connection, application_id: str) -> Pulse | None:
    """Find what tells whether something in an app has changed."""
    return _FIND_PULSE.find(connection, {"wanted": application_id})


def list_all(connection: Connection) -> Sequence[App]:
    """List every app, the oldest first."""
    return _LIST.list(connection, {})


def count(connection: Connection) -> int:
    """Count the apps."""
    row = _COUNT.find(connection, {})
    return 0 if row is None else int(row[0])


def add_if_new(connection: Connection, app: App) -> bool:
    """Add an app unless its id or key is taken; tell whether it was added."""
    return _ADD.run(connection, app._asdict()) == 1


def update(connection: Connection, app: App) -> None:
    """Write back what may change of an app."""
    values = app._asdict()
    _UPDATE.run(
        connection, {"wanted": app.application_id, **{f"new_{name}": values[name] for name in _CHANGING}}
    )


def update_counters(connection: Connection, app: App) -> None:
    """Write back what every request may change."""
    values = {f"new_{name}": getattr(app, name) for name in COUNTERS}
    _UPDATE_COUNTERS.run(connection, {"wanted": app.application_id, **values})


def delete(connection: Connection, application_id: str) -> None:
    """Delete an app's own row."""
    _DELETE.run(connection, {"wanted": application_id})


def delete_content(connection: Connection, application_id: str) -> dict[str, int]:
    """Delete everything in an app; answer how many rows of each kind there were."""
    return {name: statement.run(connection, {"wanted": application_id}) for name, statement in _EMPTY.items()}
