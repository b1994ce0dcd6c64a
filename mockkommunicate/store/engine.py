"""Open a database: SQLite and PostgreSQL made to behave alike, and the tables created once.

Reads run in autocommit. A write is one transaction; on SQLite the writers of this process wait in line for it, because
SQLite's own busy handler polls and starves, and only other processes meet its timeout.
"""

import os
import sqlite3
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from mockkommunicate.domain.errors import StartError, StoreUnavailable
from mockkommunicate.store import tables

OLDEST_SQLITE = (3, 35, 0)
"""The first that knows RETURNING."""

_EXAMPLES = "try sqlite:///file.db or postgresql+psycopg://user:password@host/database"

_SCHEMA_LOCK = 5_666_501
"""The number of PostgreSQL's advisory lock under which the tables are created."""


class Line:
    """A lock that serves its waiters first come, first served."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def enter(self, timeout: float) -> None:
        """Wait for the turn; raise StoreUnavailable after `timeout` seconds."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                raise StoreUnavailable(f"other writers held it for {timeout:g} seconds")

    def leave(self) -> None:
        """Give the turn to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class Database:
    """An open database. `url` is a SQLAlchemy URL; None makes a temporary SQLite file that goes with `close`."""

    def __init__(self, url: str | None, *, timeout: float) -> None:
        """Open it, create what is missing; raise StartError when it cannot be opened or is of another schema."""
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if url is None:
            self._folder = tempfile.TemporaryDirectory(prefix="mockkommunicate-")
            url = f"sqlite:///{self._folder.name}/state.db"
        self._owner = os.getpid()
        self._timeout = timeout
        self._line = Line()
        self._engine = _engine(url, timeout, temporary=self._folder is not None)
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self.backend = self._engine.dialect.name
        try:
            with self.write() as connection:
                _create_tables(connection)
        except StoreUnavailable as error:
            raise StartError(
                f"database {self._engine.url.render_as_string()}: {error.description}"
            ) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection in autocommit; raise StoreUnavailable when the database fails."""
        with _failures_named(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in one transaction, committed at the end, rolled back on any error.

        Raises StoreUnavailable when the database is locked, full or gone: then nothing was written.
        """
        with _failures_named():
            if self.backend != "sqlite":
                with self._engine.begin() as connection:
                    yield connection
                return
            self._line.enter(self._timeout)
            try:
                with self._engine.connect() as connection:
                    _raw(connection).execute("BEGIN IMMEDIATE")
                    yield connection
                    connection.commit()
            finally:
                self._line.leave()

    def leave_to_children(self) -> None:
        """Forget this process's connections before it forks: a child must open its own."""
        self._engine.dispose()

    def close(self) -> None:
        """Close every connection and, in the process that opened it, remove a temporary file."""
        self._engine.dispose()
        if self._folder is not None and self._owner == os.getpid():
            self._folder.cleanup()


def _engine(url: str, timeout: float, *, temporary: bool) -> Engine:
    try:
        parsed = make_url(url)
    except (sqlalchemy.exc.ArgumentError, ValueError) as error:
        raise StartError(f"database: this is no URL; {_EXAMPLES}") from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, timeout, temporary=temporary)
    if parsed.get_backend_name() != "postgresql":
        raise StartError(f"database: {parsed.get_backend_name()} is not supported; {_EXAMPLES}")
    try:
        return sqlalchemy.create_engine(
            parsed, pool_size=32, max_overflow=32, pool_timeout=timeout, pool_pre_ping=True,
            connect_args={"connect_timeout": max(2, int(timeout))},
        )  # fmt: skip
    except (sqlalchemy.exc.NoSuchModuleError, ImportError) as error:
        hint = "install the extra: pip install 'mockkommunicate[postgres]'"
        raise StartError(f"database {parsed.render_as_string()}: {error}; {hint}") from error


def _sqlite(url: sqlalchemy.URL, timeout: float, *, temporary: bool) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StartError(f"SQLite {sqlite3.sqlite_version} is too old; 3.35 or newer is needed")
    if url.database in {None, "", ":memory:"}:
        raise StartError(
            "database: SQLite in memory cannot be shared by threads; leave --database out instead"
        )
    if not Path(str(url.database)).parent.is_dir():
        raise StartError(f"database: there is no folder {Path(str(url.database)).parent}")
    engine = sqlalchemy.create_engine(
        url, connect_args={"timeout": timeout, "check_same_thread": False}, pool_size=32, max_overflow=32
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'OFF' if temporary else 'NORMAL'}")

    return engine


def _raw(connection: Connection) -> Any:  # noqa: ANN401 - the driver's own connection
    return connection.connection.dbapi_connection


@contextmanager
def _failures_named() -> Iterator[None]:
    """Turn every failure of the database itself into StoreUnavailable; a wrong statement of ours stays what it is."""
    try:
        yield
    except (sqlite3.DatabaseError, sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError) as error:
        if isinstance(error, _OUR_FAULT):
            raise
        cause = getattr(error, "orig", None) or error
        raise StoreUnavailable(str(cause).partition("\n")[0]) from error


_OUR_FAULT = (
    sqlalchemy.exc.DataError,
    sqlalchemy.exc.IntegrityError,
    sqlalchemy.exc.NotSupportedError,
    sqlalchemy.exc.ProgrammingError,
)


def _create_tables(connection: Connection) -> None:
    """Create the tables under a lock, so that several replicas may start at once, and check the schema number."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")
    tables.metadata.create_all(connection, tables=[tables.schema])
    numbers = list(connection.scalars(tables.schema.select()))
    if not numbers:
        tables.metadata.create_all(connection)
        connection.execute(tables.schema.insert().values(number=tables.SCHEMA_NUMBER))
    elif numbers != [tables.SCHEMA_NUMBER]:
        raise StartError(
            f"database {connection.engine.url.render_as_string()} has schema {numbers[0]}, this version needs "
            f"{tables.SCHEMA_NUMBER}; start with another database or remove this one"
        )
