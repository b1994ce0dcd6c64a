"""A database: reads in autocommit, writes in one transaction each, failures by their name."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import Engine

from mockkommunicate.domain.errors import StartError, StoreUnavailable
from mockkommunicate.store.engine import create_by_script, create_tables, make_engine
from mockkommunicate.store.line import Line
from mockkommunicate.store.statements import Connection


class Database:
    """An open database. `url` is a SQLAlchemy URL; None makes a temporary SQLite file that goes with `close`."""

    def __init__(self, url: str | None, *, timeout: float) -> None:
        """Open it, create what is missing; raise StartError when it cannot be opened or is of another schema."""
        self._owner = os.getpid()
        self._timeout = timeout
        self._readers = Line()
        self._writers = Line()
        self._engines: list[Engine] = []
        self._folder: str | None = None
        self._is_closed = False
        try:
            self._open(url)
        except BaseException:
            self.close()
            raise

    def _open(self, url: str | None) -> None:
        if url is None:
            # Not TemporaryDirectory: that removes the folder at the end of every process forked from this one, too.
            self._folder = tempfile.mkdtemp(prefix="mockkommunicate-")
            url = f"sqlite:///{self._folder}/state.db"
        self._engine = self._reading = self._make_engine(url)
        self._dialect = self._engine.dialect
        self.backend = self._dialect.name
        if self.backend != "sqlite":
            self._reading = self._make_engine(url, isolation_level="AUTOCOMMIT")
        try:
            with self._failures_named(), self._engine.connect() as connection:
                create_tables(connection)
        except StoreUnavailable as error:
            url = self._engine.url.render_as_string()
            raise StartError(f"database {url}: {error.description}") from error

    @property
    def conninfo(self) -> str:
        """The URL as PostgreSQL's own libraries read it."""
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def create(self, script: str, *, unless: str) -> None:
        """Run a script of PostgreSQL's that creates what others need, unless a table is there; once, whoever else starts."""
        with self._failures_named(), self._engine.connect() as connection:
            create_by_script(connection, script, unless=unless)

    def _make_engine(self, url: str, **options: Any) -> Engine:  # noqa: ANN401 - SQLAlchemy's own
        engine = make_engine(url, self._timeout, temporary=self._folder is not None, **options)
        self._engines.append(engine)
        return engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection in autocommit; raise StoreUnavailable when the database fails."""
        with self._failures_named(), self._one_by_one(self._readers), self._lent(self._reading) as raw:
            yield Connection(raw, self._dialect)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in one transaction, committed at the end, rolled back on any error.

        Raises StoreUnavailable when the database is locked, full or gone: then nothing was written.
        """
        with self._failures_named(), self._one_by_one(self._writers), self._transaction() as connection:
            yield connection

    @contextmanager
    def _one_by_one(self, line: Line) -> Iterator[None]:
        """Let the threads of this process into SQLite one after the other: together they only fight for the GIL."""
        if self.backend != "sqlite":
            yield
            return
        line.enter(self._timeout)
        try:
            yield
        finally:
            line.leave()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._lent(self._engine) as raw:
            try:
                if self.backend == "sqlite":
                    raw.execute("BEGIN IMMEDIATE")
                yield Connection(raw, self._dialect)
                raw.commit()
            except BaseException:
                raw.rollback()
                raise

    @contextmanager
    def _lent(self, engine: Engine) -> Iterator[Any]:
        """Lend a connection of the driver's; one that comes back after the end is closed, for nobody looks for it then."""
        pool = engine.pool
        pooled = pool.connect()
        try:
            yield pooled.dbapi_connection
        finally:
            pooled.close()
            if self._is_closed:
                pool.dispose()

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        """Turn a failure of the database itself into StoreUnavailable; a wrong statement of ours stays what it is."""
        driver: Any = self._dialect.dbapi
        ours = (driver.DataError, driver.IntegrityError, driver.NotSupportedError, driver.ProgrammingError)
        try:
            yield
        except (driver.Error, sqlalchemy.exc.TimeoutError, sqlalchemy.exc.DBAPIError) as error:
            cause = getattr(error, "orig", None) or error
            if isinstance(cause, ours):
                raise
            raise StoreUnavailable(str(cause).partition("\n")[0]) from error

    def leave_to_children(self) -> None:
        """Forget this process's connections before it forks: a child must open its own."""
        for engine in self._engines:
            engine.dispose()

    def close(self) -> None:
        """Close every connection and, in the process that opened it, remove a temporary file."""
        self._is_closed = True
        self.leave_to_children()
        if self._folder is not None and self._owner == os.getpid():
            shutil.rmtree(self._folder, ignore_errors=True)
