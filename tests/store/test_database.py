"""The database: what it has lent is closed, too, when it ends."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from mockkommunicate.store.database import Database
from mockkommunicate.store.statements import Connection

LENDS: dict[str, Callable[[Database], AbstractContextManager[Connection]]] = {
    "reading": Database.read,
    "writing": Database.write,
}


@pytest.mark.parametrize("lend", LENDS.values(), ids=LENDS)
def test_a_connection_that_comes_back_after_the_end_is_closed(
    database_url: str, lend: Callable[[Database], AbstractContextManager[Connection]]
) -> None:
    database = Database(database_url, timeout=5)
    with lend(database) as connection:
        database.close()
        connection.raw.execute("SELECT 1")

    with pytest.raises(Exception, match="closed"):
        connection.raw.execute("SELECT 1")


def test_one_that_comes_back_before_is_lent_again(database_url: str) -> None:
    with contextlib.closing(Database(database_url, timeout=5)) as database:
        with database.write() as first:
            pass
        with database.write() as second:
            assert second.raw is first.raw
