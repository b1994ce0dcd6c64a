"""One emulator under gunicorn on each kind of database, and a crowd to call it."""

from collections.abc import Iterator

import pytest

from mockkommunicate import App
from mockkommunicate.handle import call
from tests.concurrency.crowd import Caller, Crowd
from tests.served import Served

WORKERS = ("--workers", "2", "--threads", "8")


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Several processes of several callers each."""
    with Crowd() as crowd:
        yield crowd


@pytest.fixture(scope="session")
def served(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Two workers of eight threads on a named SQLite file or on PostgreSQL."""
    database = f"sqlite:///{tmp_path_factory.mktemp('served')}/state.db"
    if backend == "postgresql":
        database = request.getfixturevalue("postgres").create_database()
    with Served("--database", database, *WORKERS) as served:
        yield served


@pytest.fixture
def app(served: Served) -> App:
    """An app of the test's own, whose super admin is offline: he is an agent too, and would take his turn."""
    body = {"users": [{"userId": "admin@example.com", "role": "admin", "availability": "offline"}]}
    made = call("POST", f"{served.url}/_mock/apps", body)
    return App(served.url, made["applicationId"], made["apiKey"])


@pytest.fixture
def caller(app: App) -> Caller:
    """One caller of the test's own app."""
    return Caller(app)
