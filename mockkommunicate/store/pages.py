"""Pages: the rows of an app in order of their numbers, with any of a table's filters."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Table, bindparam

from mockkommunicate.store.statements import Connection, Query

Record = TypeVar("Record")


class Pages(Generic[Record]):
    """Lists rows of a table that has an `id`; the value of each filter is a `bindparam` of its name."""

    def __init__(
        self,
        table: Table,
        filters: Mapping[str, ColumnElement[bool]],
        record: Callable[[Iterable[Any]], Record],
    ) -> None:
        self._table = table
        self._filters = filters
        self._record = record
        self._made: dict[tuple[tuple[str, ...], bool], Query[Record]] = {}

    def list(
        self,
        connection: Connection,
        application_id: str,
        filters: Mapping[str, Any],
        *,
        most: int,
        newest: bool = False,
    ) -> list[Record]:
        """List at most so many rows of an app, the oldest first, or the newest if asked."""
        asked = tuple(filters), newest
        if asked not in self._made:
            self._made[asked] = self._make(*asked)
        values = {"app": application_id, "most": most, **filters}
        return self._made[asked].list(connection, values)

    def _make(self, names: tuple[str, ...], newest: bool) -> Query[Record]:  # noqa: FBT001 - a part of the key
        """Make the statement with the filters that are asked for."""
        columns = self._table.c
        where = [columns.application_id == bindparam("app"), *(self._filters[name] for name in names)]
        order = columns.id.desc() if newest else columns.id
        return Query(
            self._table.select().where(*where).order_by(order).limit(bindparam("most")), self._record
        )
