"""Statements: written in SQLAlchemy Core, compiled once for each dialect, run by the driver itself.

A statement that goes through SQLAlchemy's own execution costs some five times what SQLite needs for it, and a request
runs seven or more; `docs/decisions/0002-compiled-statements.md` has the figures.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, Table
from sqlalchemy.types import TypeEngine

from mockkommunicate.store.text import AnyText, escape, unescape

Record = TypeVar("Record")
Process = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection of the driver's, and the dialect that it speaks."""

    raw: Any
    dialect: Dialect


@dataclass(frozen=True, slots=True)
class _Compiled:
    """SQL text, and what becomes of parameters and columns on the way in and out."""

    sql: str
    constants: Mapping[str, Any]
    in_order: Callable[[Mapping[str, Any]], Sequence[Any] | Mapping[str, Any]]
    inward: tuple[tuple[str, Process], ...]
    outward: tuple[tuple[int, Process], ...]

    def parameters(self, values: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        """Answer the parameters as the driver takes them."""
        given = {**self.constants, **values}
        for name, process in self.inward:
            given[name] = process(given[name])
        return self.in_order(given)


class _Statement:
    """A statement that is run again and again.

    `clause` is a statement of SQLAlchemy's, or makes one for the name of a dialect; each value that it is run with
    is a `bindparam` in it, or a column of an insert.
    """

    def __init__(self, clause: Any) -> None:  # noqa: ANN401 - any statement
        self._clause = clause
        self._compiled: dict[str, _Compiled] = {}

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compile(self._clause, dialect)
        return compiled


class Query(_Statement, Generic[Record]):
    """A statement that answers rows; `record` makes a record of a row's columns."""

    def __init__(self, clause: Any, record: Callable[[Iterable[Any]], Record]) -> None:  # noqa: ANN401
        super().__init__(clause)
        self._record = record

    def find(self, connection: Connection, values: Mapping[str, Any]) -> Record | None:
        """Answer the first row, or None."""
        compiled = self._for(connection.dialect)
        row = connection.raw.execute(compiled.sql, compiled.parameters(values)).fetchone()
        return None if row is None else self._made(compiled, row)

    def list(self, connection: Connection, values: Mapping[str, Any]) -> list[Record]:
        """Answer every row."""
        compiled = self._for(connection.dialect)
        rows = connection.raw.execute(compiled.sql, compiled.parameters(values)).fetchall()
        return [self._made(compiled, row) for row in rows]

    def _made(self, compiled: _Compiled, row: Sequence[Any]) -> Record:
        columns = list(row)
        for index, process in compiled.outward:
            columns[index] = process(columns[index])
        return self._record(columns)


class Command(_Statement):
    """A statement that changes rows."""

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it; answer how many rows it touched."""
        compiled = self._for(connection.dialect)
        return int(connection.raw.execute(compiled.sql, compiled.parameters(values)).rowcount)

    def run_each(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it for each row of values."""
        compiled = self._for(connection.dialect)
        if parameters := [compiled.parameters(values) for values in rows]:
            connection.raw.cursor().executemany(compiled.sql, parameters)


def insert_if_new(table: Table, **instead: Any) -> Callable[[str], Any]:  # noqa: ANN401 - column values
    """Make an insert that, where a key is taken, changes columns `instead`, or nothing; in each dialect's words."""

    def insert(dialect: str) -> Any:  # noqa: ANN401 - a dialect's own insert; each is imported only if it is used
        statement = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
        if not instead:
            return statement.on_conflict_do_nothing()
        return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=instead)

    return insert


def _compile(clause: Any, dialect: Dialect) -> _Compiled:  # noqa: ANN401 - any statement
    if callable(clause):
        clause = clause(dialect.name)
    compiled = clause.compile(dialect=dialect)
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    inward = [(name, _inward(bind.type, dialect)) for name, bind in binds.items()]
    # A query has the first, what an UPDATE returns is in the second.
    columns: Any = getattr(clause, "selected_columns", None) or getattr(clause, "exported_columns", ())
    outward = [(index, _outward(column.type, dialect)) for index, column in enumerate(columns)]
    return _Compiled(
        sql=str(compiled),
        constants={name: bind.effective_value for name, bind in binds.items() if not bind.required},
        in_order=_in_order(compiled.positiontup) if compiled.positional else lambda values: values,
        inward=tuple((name, process) for name, process in inward if process is not None),
        outward=tuple((index, process) for index, process in outward if process is not None),
    )


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """Answer what a type does to a parameter; our own without SQLAlchemy's wrapping, which is the dearer half of it."""
    return escape if isinstance(kind, AnyText) else kind.dialect_impl(dialect).bind_processor(dialect)


def _outward(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """Answer what a type does to a column's value."""
    if isinstance(kind, AnyText):
        return unescape
    return kind.dialect_impl(dialect).result_processor(dialect, None)
