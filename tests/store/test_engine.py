"""The database itself: opened, created, locked, full, gone and back."""

import contextlib
import multiprocessing
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
import requests
import sqlalchemy
from hypothesis import HealthCheck, example, given, settings
from sqlalchemy import event
from sqlalchemy.pool import Pool

from mockkommunicate import App, MockKommunicate
from mockkommunicate.domain.errors import StartError, StoreUnavailable
from mockkommunicate.store import tables
from mockkommunicate.store.database import Database
from mockkommunicate.store.text import AnyText
from tests import strategies
from tests.client import ADMIN, Client, ok, refused
from tests.postgres import Postgres, running, wait_until

TIMEOUT_S = 1.0
"""How long the servers of these tests wait for their database."""

IN_GOOD_TIME_S = 8
"""How long an answer may take while the database is away."""


def execute(url: str, statement: str) -> Any:
    """Run one statement past the emulator, and answer its rows."""
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        result = connection.exec_driver_sql(statement)
        rows = result.fetchall() if result.returns_rows else []
    engine.dispose()
    return rows


# Opening and creating.


def test_a_new_database_gets_its_tables_and_the_schema_number(database_url: str) -> None:
    Database(database_url, timeout=TIMEOUT_S).close()

    engine = sqlalchemy.create_engine(database_url)
    names = set(sqlalchemy.inspect(engine).get_table_names())
    engine.dispose()
    assert names == set(tables.metadata.tables)
    assert all(name.startswith("mock_") for name in names)
    assert execute(database_url, "SELECT number FROM mock_schema") == [(tables.SCHEMA_NUMBER,)]


def test_a_database_that_has_its_tables_is_opened_as_it_is(database_url: str) -> None:
    with MockKommunicate(database=database_url) as server:
        group_id = Client(server.url, "mock-api-key").created("carl")["id"]
    with MockKommunicate(database=database_url) as server:
        assert server.default_app.conversation(group_id)["assignee"] == ADMIN


@pytest.mark.parametrize("number", [0, tables.SCHEMA_NUMBER + 1, 999])
def test_a_database_of_another_schema_is_refused_with_both_numbers(database_url: str, number: int) -> None:
    Database(database_url, timeout=TIMEOUT_S).close()
    execute(database_url, f"UPDATE mock_schema SET number = {number}")
    with pytest.raises(StartError) as refusal:
        Database(database_url, timeout=TIMEOUT_S)

    assert f"has schema {number}, this version needs {tables.SCHEMA_NUMBER}" in str(refusal.value)
    assert "another database" in str(refusal.value)


def test_other_tables_in_the_database_are_left_alone(database_url: str) -> None:
    execute(database_url, "CREATE TABLE customers (name TEXT)")
    execute(database_url, "INSERT INTO customers VALUES ('carl')")
    with MockKommunicate(database=database_url) as server:
        server.default_app.reset()

    assert execute(database_url, "SELECT name FROM customers") == [("carl",)]


def _open(url: str, start: float, outcomes: Any) -> None:
    time.sleep(max(0.0, start - time.time()))
    try:
        Database(url, timeout=30).close()
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test shall say it
        outcomes.put(repr(error))
    else:
        outcomes.put("opened")


def test_several_processes_may_create_the_tables_at_once(database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    outcomes = context.Queue()
    start = time.time() + 3
    processes = [context.Process(target=_open, args=(database_url, start, outcomes)) for _ in range(6)]
    for process in processes:
        process.start()
    said = [outcomes.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()

    assert said == ["opened"] * 6
    assert execute(database_url, "SELECT number FROM mock_schema") == [(tables.SCHEMA_NUMBER,)]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "no URL"),
        ("mysql://localhost/a", "mysql"),
        ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),
        ("sqlite:////nowhere/at/all/file.db", "there is no folder /nowhere/at/all"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/nothing", "127.0.0.1"),
    ],
)
def test_a_database_that_cannot_be_opened_is_refused_in_one_line(url: str, said: str) -> None:
    with pytest.raises(StartError) as refusal:
        Database(url, timeout=TIMEOUT_S)

    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_bytes(b"Dear Sir or Madam, " * 100)
    with pytest.raises(StartError, match="file is not a database"):
        Database(f"sqlite:///{file}", timeout=TIMEOUT_S)

    assert file.read_bytes() == b"Dear Sir or Madam, " * 100


# One transaction, or nothing.


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database of the test's own."""
    opened = Database(database_url, timeout=TIMEOUT_S)
    yield opened
    opened.close()


def numbers(database: Database) -> list[int]:
    with database.read() as connection:
        rows = connection.raw.execute("SELECT number FROM mock_schema ORDER BY number").fetchall()
    return [row[0] for row in rows]


def fail_in_the_middle(database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), database.write() as connection:
        connection.raw.execute("INSERT INTO mock_schema VALUES (1001)")
        raise ZeroDivisionError


def test_a_write_is_kept_when_it_ends(database: Database) -> None:
    with database.write() as connection:
        connection.raw.execute("INSERT INTO mock_schema VALUES (1001)")

    assert 1001 in numbers(database)


def test_a_write_that_fails_in_the_middle_leaves_nothing(database: Database) -> None:
    fail_in_the_middle(database)

    assert 1001 not in numbers(database)


def test_after_a_write_that_failed_the_next_one_goes_on(database: Database) -> None:
    for _ in range(100):
        fail_in_the_middle(database)
    with database.write() as connection:
        connection.raw.execute("INSERT INTO mock_schema VALUES (1002)")

    assert numbers(database)[-1] == 1002


def test_what_is_not_yet_written_is_not_read(database: Database) -> None:
    with database.write() as connection:
        connection.raw.execute("INSERT INTO mock_schema VALUES (1001)")
        during = numbers(database)

    assert (1001 in during, 1001 in numbers(database)) == (False, True)


# Any text.


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=strategies.TEXTS)
@example(text="\x1b")
@example(text='\x1b"\\u0000"')
@example(text="\x1b\0")
@example(text="\ude00\ud83d")
def test_any_text_comes_back_from_the_database_as_it_went_in(
    any_text: Callable[[str], str], text: str
) -> None:
    assert ascii(any_text(text)) == ascii(text)


@pytest.fixture
def any_text(database_url: str) -> Iterator[Callable[[str], str]]:
    """A way through a column of the type AnyText."""
    engine = sqlalchemy.create_engine(database_url)
    table = sqlalchemy.Table("texts", sqlalchemy.MetaData(), sqlalchemy.Column("text", AnyText))
    table.create(engine)

    def through(text: str) -> str:
        with engine.begin() as connection:
            connection.execute(table.delete())
            connection.execute(table.insert().values(text=text))
            return str(connection.scalar(sqlalchemy.select(table.c.text)))

    yield through
    engine.dispose()


# Locked, full, gone.


def unavailable(response: requests.Response) -> str:
    """Answer what a 503 says about the database; fail on anything else."""
    entry = refused(response, 503)
    assert (entry["errorCode"], entry["displayMessage"]) == ("MOCK-STORE", "unable to process")
    start = "the database did not answer, nothing was written: "
    assert entry["description"].startswith(start)
    assert response.elapsed.total_seconds() < IN_GOOD_TIME_S
    return entry["description"].removeprefix(start)


@pytest.fixture
def locked_out(tmp_path: Path) -> Iterator[tuple[MockKommunicate, sqlite3.Connection]]:
    """A server on a SQLite file, and somebody else's connection to that file."""
    file = tmp_path / "state.db"
    with MockKommunicate(database=f"sqlite:///{file}", store_timeout=TIMEOUT_S) as server:
        other = sqlite3.connect(file, isolation_level=None)
        yield server, other
        other.close()


def test_a_locked_database_is_503_and_recovers_by_itself(
    locked_out: tuple[MockKommunicate, sqlite3.Connection],
) -> None:
    server, other = locked_out
    client = Client(server.url, "mock-api-key")
    group_id = client.created("carl")["id"]
    other.execute("BEGIN IMMEDIATE")

    assert unavailable(client.send(group_id, "carl")) == "database is locked"
    assert unavailable(client.create("dora")) == "database is locked"
    other.execute("ROLLBACK")
    assert ok(client.send(group_id, "carl"))["messageKey"]
    assert len(server.default_app.messages(group_id)) == 1
    assert client.detail("dora").json() == []


def test_while_it_is_locked_the_control_api_goes_on_reading(
    locked_out: tuple[MockKommunicate, sqlite3.Connection],
) -> None:
    server, other = locked_out
    made = Client(server.url, "mock-api-key").created("carl")
    other.execute("BEGIN IMMEDIATE")

    assert sorted(server.default_app.conversation(made["id"]).members) == sorted(made["membersId"])
    assert requests.get(f"{server.url}/_mock/readyz", timeout=20).status_code == 200


def test_while_it_is_locked_many_writers_each_hear_503_in_good_time(
    locked_out: tuple[MockKommunicate, sqlite3.Connection],
) -> None:
    server, other = locked_out
    other.execute("BEGIN IMMEDIATE")
    heard: list[requests.Response] = []
    writers = [
        threading.Thread(target=lambda: heard.append(Client(server.url, "mock-api-key").create("carl")))
        for _ in range(8)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [response.status_code for response in heard] == [503] * 8
    assert max(response.elapsed.total_seconds() for response in heard) < IN_GOOD_TIME_S


def test_the_control_api_says_503_in_its_own_form(
    locked_out: tuple[MockKommunicate, sqlite3.Connection],
) -> None:
    server, other = locked_out
    other.execute("BEGIN IMMEDIATE")
    response = requests.post(f"{server.url}/_mock/apps", timeout=20)

    assert response.status_code == 503
    assert response.json()["error"]["code"] == "MOCK-STORE"


class Disk:
    """How many pages SQLite's files may have; it holds a file that has more to what it has."""

    def __init__(self) -> None:
        self.pages = 2**30

    def limit(self, connection: object, *_: object) -> None:
        """Hold a connection to it."""
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA max_page_count={self.pages}")


@pytest.fixture
def disk() -> Iterator[Disk]:
    """The disk of every SQLite file of this process."""
    made = Disk()
    event.listen(Pool, "checkout", made.limit)
    yield made
    event.remove(Pool, "checkout", made.limit)


def test_a_full_disk_is_503_with_nothing_half_written_and_recovers(tmp_path: Path, disk: Disk) -> None:
    with MockKommunicate(database=f"sqlite:///{tmp_path / 'state.db'}") as server:
        client = Client(server.url, "mock-api-key")
        group_id = client.created("carl")["id"]
        before = client.detail(ADMIN).json()
        disk.pages = 1
        response = client.send(group_id, "carl", message="x" * 200_000)

        assert unavailable(response) == "database or disk is full"
        assert server.default_app.messages(group_id) == []
        assert client.detail(ADMIN).json() == before
        disk.pages = 2**30
        assert ok(client.send(group_id, "carl", message="x" * 200_000))["messageKey"]


@pytest.fixture
def postgres_of_its_own() -> Iterator[Postgres]:
    """A PostgreSQL that the test may stop."""
    with running() as server:
        yield server


def test_a_database_that_goes_away_is_503_and_recovers_when_it_is_back(
    postgres_of_its_own: Postgres,
) -> None:
    postgres = postgres_of_its_own
    with MockKommunicate(database=postgres.create_database(), store_timeout=TIMEOUT_S) as server:
        client = Client(server.url, "mock-api-key")
        group_id = client.created("carl")["id"]
        ok(client.send(group_id, "carl"))
        postgres.stop()
        try:
            said = [
                unavailable(client.send(group_id, "carl")),
                unavailable(client.detail("carl")),
                unavailable(client.create("dora")),
            ]
            ready = requests.get(f"{server.url}/_mock/readyz", timeout=20)
            alive = requests.get(f"{server.url}/_mock/livez", timeout=20)
        finally:
            postgres.start()

        assert all(said)
        assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
        assert alive.status_code == 200
        wait_until(lambda: client.detail("carl").status_code == 200)
        assert client.detail("dora").json() == []
        assert len(server.default_app.messages(group_id)) == 1
        assert ok(client.send(group_id, "carl"))["messageKey"]


class Writers:
    """Threads that send messages until told to stop, and remember which were answered and which refused."""

    COUNT = 4

    def __init__(self, url: str, group_id: int) -> None:
        self.answered: list[str] = []
        self.refused: list[str] = []
        self._url, self._group_id = url, group_id
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write) for _ in range(self.COUNT)]

    def _write(self) -> None:
        client = Client(self._url, "mock-api-key")
        while not self._stop.is_set():
            response = client.send(self._group_id, "carl")
            if response.status_code == 200:
                self.answered.append(ok(response)["messageKey"])
            else:
                self.refused.append(unavailable(response))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_what_was_answered_before_the_database_went_away_is_there_afterwards(
    postgres_of_its_own: Postgres,
) -> None:
    postgres = postgres_of_its_own
    with MockKommunicate(database=postgres.create_database(), store_timeout=TIMEOUT_S) as server:
        group_id = Client(server.url, "mock-api-key").created("carl")["id"]
        with Writers(server.url, group_id) as writers:
            wait_until(lambda: len(writers.answered) > 50)
            postgres.stop()
            wait_until(lambda: len(writers.refused) > 4)
            postgres.start()
            before = len(writers.answered)
            wait_until(lambda: len(writers.answered) > before + 50)

        keys = [message["key"] for message in server.default_app.messages(group_id)]
        assert set(writers.answered) <= set(keys)
        assert len(keys) == len(set(keys)) <= len(writers.answered) + writers.COUNT


def test_a_row_that_somebody_else_locks_is_503_and_recovers(postgres: Postgres) -> None:
    url = postgres.create_database()
    with (
        MockKommunicate(database=url, store_timeout=TIMEOUT_S) as server,
        psycopg.connect(url.replace("+psycopg", "")) as other,
    ):
        client = Client(server.url, "mock-api-key")
        other.execute("SELECT * FROM mock_apps FOR UPDATE")
        body = {"groupName": "A question", "groupMemberList": ["carl"]}
        headers = server.default_app.headers
        url = f"{server.url}/rest/ws/group/conversation"
        try:
            assert unavailable(requests.post(url, json=body, headers=headers, timeout=IN_GOOD_TIME_S))
        finally:
            other.rollback()

        assert client.created("carl")["membersId"] == ["carl", ADMIN, "bot"]


def test_an_app_that_is_busy_does_not_hold_up_another(postgres: Postgres) -> None:
    url = postgres.create_database()
    with MockKommunicate(database=url) as server, psycopg.connect(url.replace("+psycopg", "")) as other:
        app: App = server.create_app()
        other.execute("SELECT * FROM mock_apps WHERE application_id = 'mock-app' FOR UPDATE")

        assert Client(app.url, app.api_key).created("carl")["membersId"] == ["carl", ADMIN, "bot"]
        other.rollback()


def test_store_unavailable_names_its_reason() -> None:
    error = StoreUnavailable("disk on fire")

    assert (error.code, error.http_status) == ("MOCK-STORE", 503)
    assert str(error) == "the database did not answer, nothing was written: disk on fire"
