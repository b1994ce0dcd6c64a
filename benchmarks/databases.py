"""A new database for each server, of the kind that was asked for."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from sqlalchemy.engine import URL, make_url


@contextmanager
def new(like: str | None) -> Iterator[str | None]:
    """Give the URL of an empty database beside that of `like`, gone afterwards; None stays None (embedded)."""
    if like is None:
        yield None
        return
    url = make_url(like)
    name = f"benchmark_{secrets.token_hex(4)}"
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "").resolve().with_name(f"{name}.db")
        try:
            yield f"sqlite:///{path}"
        finally:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
        return
    _administer(url, f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


def is_sqlite(url: str) -> bool:
    """Tell whether a URL is one of SQLite."""
    return make_url(url).get_backend_name() == "sqlite"


def _administer(url: URL, statement: str) -> None:
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
