"""What the tests of scenarios share: an emulator without HTTP, and the rows that a scenario becomes."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mockkommunicate.operations import apps, scenarios
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.work import Work
from mockkommunicate.settings import Settings
from mockkommunicate.store import tables
from mockkommunicate.store.database import Database

NOW = 1_893_664_800_000
"""Thursday, the third of January 2030, 10:00 UTC."""

ORDER = {
    "users": "number",
    "conversations": "id",
    "members": "conversation_id, user_id",
    "messages": "conversation_id, number",
}

Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def emulating() -> Iterator[Emulator]:
    """An emulator on a temporary database."""
    database = Database(None, timeout=60)
    yield Emulator(Settings(), database)
    database.close()


def fill(
    emulator: Emulator,
    scenario: str | dict[str, Any],
    *,
    seed: int = 7,
    at: int = NOW,
    how: Callable[[Work, dict[str, Any]], None] = scenarios.apply,
) -> Rows:
    """Fill an app of its own from a scenario, by its name or as an object, and answer what it holds."""
    content = scenarios.load(scenario)
    text = scenario if isinstance(scenario, str) else json.dumps(scenario)
    app = apps.new(scenario=text, seed=seed, at=at, application_id=f"app-{secrets.token_hex(8)}")
    assert emulator._create(app, lambda work: how(work, content)) is not None
    return rows(emulator, app.application_id)


def rows(emulator: Emulator, application_id: str) -> Rows:
    """Answer what an app holds: its own row and those of each table, without its id and key."""
    with emulator.database.read() as connection:
        held = {
            name: [
                dict(zip(tables.metadata.tables[f"mock_{name}"].columns.keys(), row, strict=True))
                for row in connection.raw.execute(
                    f"SELECT * FROM mock_{name} WHERE application_id = ? ORDER BY {order}", [application_id]
                )
            ]
            for name, order in {"apps": "application_id", **ORDER}.items()
        }
    for row in (row for several in held.values() for row in several):
        del row["application_id"]
    del held["apps"][0]["api_key"]
    return held
