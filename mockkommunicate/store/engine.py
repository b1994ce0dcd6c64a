"""Engines of SQLite and PostgreSQL that behave alike, and the tables created once."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from mockkommunicate.domain.errors import StartError
from mockkommunicate.store import tables

OLDEST_SQLITE = (3, 35, 0)
"""The first that knows RETURNING."""

_EXAMPLES = "try sqlite:///file.db or postgresql+psycopg://user:password@host/database"

_SCHEMA_LOCK = 5_666_501
"""The number of PostgreSQL's advisory lock under which the tables are created."""


def make_engine(url: str, timeout: float, *, temporary: bool, **options: Any) -> Engine:  # noqa: ANN401
    """Make an engine, not yet connected; raise StartError for a URL that cannot be one. `timeout` is in seconds."""
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
            parsed,
            pool_size=32,
            max_overflow=32,
            pool_timeout=timeout,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": max(2, int(timeout)),
                "options": f"-c lock_timeout={int(timeout * 1000)}",
            },
            **options,
        )
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
        url,
        connect_args={"timeout": timeout, "check_same_thread": False},
        pool_size=32,
        max_overflow=32,
        pool_timeout=timeout,
        pool_reset_on_return=None,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'OFF' if temporary else 'NORMAL'}")

    return engine


def create_tables(connection: sqlalchemy.Connection) -> None:
    """Create the tables under a lock, so that several replicas may start at once, and check the schema number."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
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
    connection.commit()


def create_by_script(connection: sqlalchemy.Connection, script: str, *, unless: str) -> None:
    """Run a script of PostgreSQL's under the lock under which the tables are created, unless a table is there."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")
    if connection.scalar(sqlalchemy.select(sqlalchemy.func.to_regclass(unless))) is None:
        raw: Any = connection.connection.dbapi_connection
        raw.execute(script)
    connection.commit()
