"""Apps as rows: found by key or id, locked by whoever writes to them."""

from collections.abc import Sequence

from sqlalchemy import Connection, Select, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from mockkommunicate.store import tables
from mockkommunicate.store.tables import App

_apps = tables.apps
_by_id = _apps.select().where(_apps.c.application_id == bindparam("wanted"))
_by_key = _apps.select().where(_apps.c.api_key == bindparam("wanted"))
_all = _apps.select().order_by(_apps.c.created_at, _apps.c.application_id)
_count = select(func.count()).select_from(_apps)
_inserts = {
    name: module.insert(_apps).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}
_delete = _apps.delete().where(_apps.c.application_id == bindparam("wanted"))
_update = _apps.update().where(_apps.c.application_id == bindparam("wanted"))
_advance = _update.values(
    rotation=bindparam("rotation"),
    last_conversation_id=bindparam("last_conversation_id"),
    last_user_number=bindparam("last_user_number"),
    last_message_number=bindparam("last_message_number"),
)
_locking = {False: (_by_id, _by_key), True: (_by_id.with_for_update(), _by_key.with_for_update())}


def find(connection: Connection, application_id: str, *, lock: bool = False) -> App | None:
    """Find an app by its id; `lock` keeps every other writer of this app waiting until the end of the transaction."""
    return _one(connection, _locking[lock][0], application_id)


def find_by_key(connection: Connection, api_key: str, *, lock: bool = False) -> App | None:
    """Find an app by its API key; `lock` as in `find`."""
    return _one(connection, _locking[lock][1], api_key)


def _one(connection: Connection, statement: Select[tuple[object, ...]], wanted: str) -> App | None:
    row = connection.execute(statement, {"wanted": wanted}).one_or_none()
    return App._make(row) if row else None


def list_all(connection: Connection) -> Sequence[App]:
    """List every app, the oldest first."""
    return [App._make(row) for row in connection.execute(_all)]


def count(connection: Connection) -> int:
    """Count the apps."""
    return int(connection.scalar(_count) or 0)


def add_if_new(connection: Connection, app: App) -> bool:
    """Add an app unless its id or key is taken; tell whether it was added."""
    return connection.execute(_inserts[connection.dialect.name], app._asdict()).rowcount == 1


def advance(connection: Connection, app: App) -> None:
    """Write an app's sequences and rotation back."""
    values = {
        "wanted": app.application_id,
        "rotation": app.rotation,
        "last_conversation_id": app.last_conversation_id,
        "last_user_number": app.last_user_number,
        "last_message_number": app.last_message_number,
    }
    connection.execute(_advance, values)


def update(connection: Connection, application_id: str, **columns: object) -> None:
    """Change columns of an app."""
    connection.execute(_update.values(**columns), {"wanted": application_id})


def delete(connection: Connection, application_id: str) -> None:
    """Delete an app's own row."""
    connection.execute(_delete, {"wanted": application_id})


def delete_content(connection: Connection, application_id: str) -> dict[str, int]:
    """Delete everything in an app; answer how many rows of each kind there were."""
    removed = {}
    for table in tables.PER_APP:
        gone = connection.execute(table.delete().where(table.c.application_id == application_id))
        removed[table.name.removeprefix("mock_")] = gone.rowcount
    return removed
