"""The journal is exact: no request is lost, none is there twice, however many come at once and wherever they are served."""

import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

import psycopg
import pytest
import requests

from mockkommunicate import App, MockKommunicate
from mockkommunicate.handle import call
from tests.client import ADMIN, Client
from tests.concurrency.crowd import CALLERS, PROCESSES, THREADS, Caller, Crowd, scaled
from tests.postgres import Postgres
from tests.served import Served

BURST = scaled(1_000)
SEND = "/rest/ws/message/v2/send"
NOON = 1_900_000_000_000


class Sent(NamedTuple):
    """What a caller was answered."""

    status: int
    text: str


def send_anything(caller: Caller, number: int) -> Sent:
    """Send a request of one of several kinds, marked with its number."""
    marked = {"params": {"n": number}}
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/rest/ws/group/conversation", {"json": {"groupName": "A", "groupMemberList": ["carl"]}}),
        ("POST", "/rest/ws/user/v2/detail", {"json": {"userIdList": ["carl", ADMIN]}}),
        ("POST", SEND, {"json": {"groupId": 7, "message": "Hello", "fromUserName": "carl"}}),
        ("POST", SEND, {"data": "{"}),
        ("GET", SEND, {}),
        ("GET", "/rest/ws/nothing", {}),
    ]
    method, path, options = kinds[number % len(kinds)]
    response = caller.call(method, path, **options, **marked)
    return Sent(response.status_code, response.text)


def send_with_a_wrong_key(caller: Caller, number: int) -> int:
    return caller.call("GET", SEND, params={"n": number}, headers={"Api-Key": "wrong"}).status_code


def journal(caller: Caller, **query: Any) -> list[dict[str, Any]]:
    """List the whole journal, page by page."""
    kept, after = [], 0
    while after is not None:
        page = caller.look("requests", limit=1_000, after=after, **query)
        kept += page["requests"]
        after = page.get("next")
    return kept


def marks(kept: Sequence[dict[str, Any]]) -> list[int]:
    return [int(entry["query"]["n"]) for entry in kept]


def test_of_a_burst_no_request_is_lost(crowd: Crowd, app: App, caller: Caller) -> None:
    sent = crowd.throw(send_anything, app, range(BURST))

    kept = journal(caller)
    assert [entry["id"] for entry in kept] == list(range(1, BURST + 1))
    assert sorted(marks(kept)) == list(range(BURST))
    by_mark = dict(zip(marks(kept), kept, strict=True))
    assert [by_mark[number]["status"] for number in range(BURST)] == [one.status for one in sent]
    assert [by_mark[number]["operation"] for number in range(2, BURST, 6)] == ["message.send"] * len(
        range(2, BURST, 6)
    )


def test_the_requests_of_each_caller_are_kept_in_his_order(crowd: Crowd, app: App, caller: Caller) -> None:
    crowd.throw(send_anything, app, range(BURST // 2))

    numbers = marks(journal(caller))
    for one in range(CALLERS):
        his = [number for number in numbers if _caller_of(number) == one]
        assert his == sorted(his)


def _caller_of(number: int) -> int:
    """Answer who of the crowd has done a thing."""
    return number % PROCESSES * THREADS + number // PROCESSES % THREADS


def test_of_too_many_exactly_the_oldest_are_dropped(crowd: Crowd, app: App, caller: Caller) -> None:
    limit = BURST // 4
    app.settings({"journal": {"limit": limit}})
    crowd.throw(send_anything, app, range(BURST))

    kept = journal(caller)
    assert [entry["id"] for entry in kept] == list(range(BURST - limit + 1, BURST + 1))
    assert caller.look("requests", limit=1)["dropped"] == BURST - limit


def test_what_is_deleted_amid_a_burst_and_what_is_left_are_all_there_was(
    crowd: Crowd, app: App, caller: Caller
) -> None:
    thrown = crowd.begin(send_anything, app, range(BURST // 2))
    deleted = 0
    while thrown.is_going_on:
        deleted += app.control("DELETE", "requests")["deleted"]
    thrown.results()

    assert deleted + len(journal(caller)) == BURST // 2


def test_a_journal_that_is_switched_off_stays_empty(crowd: Crowd, app: App, caller: Caller) -> None:
    app.settings({"journal": {"enabled": False}})
    crowd.throw(send_anything, app, range(BURST // 4))

    assert caller.look("requests") == {"requests": [], "dropped": 0}


def test_requests_of_no_app_are_all_kept_apart(crowd: Crowd, served: Served, app: App) -> None:
    before = call("GET", f"{served.url}/_mock/requests?last=1")["requests"]
    statuses = crowd.throw(send_with_a_wrong_key, app, range(BURST // 4))

    after = before[0]["id"] if before else 0
    kept = call("GET", f"{served.url}/_mock/requests?limit=10000&after={after}")["requests"]
    assert statuses == [401] * (BURST // 4)
    assert [entry["id"] for entry in kept] == list(range(after + 1, after + 1 + BURST // 4))
    assert sorted(marks(kept)) == list(range(BURST // 4))


def test_a_burst_in_one_app_leaves_no_trace_in_another(crowd: Crowd, served: Served, app: App) -> None:
    other = _made(served, seed=7, at=NOON)
    Caller(other).detail(ADMIN)
    before = _bytes(other)
    crowd.throw(send_anything, app, range(BURST // 4))

    assert _bytes(other) == before


def test_of_a_burst_everything_can_be_verified(crowd: Crowd, app: App, caller: Caller) -> None:
    sent = crowd.throw(send_anything, app, range(BURST // 2))

    expected = {"operation": "message.send", "body": {"message": "Hello"}}
    times = len(range(2, len(sent), 6))
    answer = app.control("POST", "requests/verify", {"request": expected, "times": times})
    assert answer == {"matched": True, "count": times, "nearest": []}
    assert len(
        caller.look("requests", operation="message.send", status=400, limit=10_000)["requests"]
    ) == len(range(3, len(sent), 6))


# The same calls in equal apps.


def test_equal_apps_answer_and_remember_equal_bytes_however_busy_a_third_is(served: Served, app: App) -> None:
    with _busy(app):
        told = [_lived(_made(served, seed=7, at=NOON)) for _ in range(2)]

    assert told[0] == told[1]
    assert len(app.requests()) > len(told[0])


@contextmanager
def _busy(app: App) -> Iterator[None]:
    """Let several callers send anything to an app, again and again."""
    stop = threading.Event()

    def hammer(caller: Caller) -> None:
        for number in count():
            send_anything(caller, number)
            if stop.is_set():
                return

    with ThreadPoolExecutor(THREADS) as threads:
        hammering = [threads.submit(hammer, Caller(app)) for _ in range(THREADS)]
        try:
            yield
        finally:
            stop.set()
        for one in hammering:
            one.result()


def _made(served: Served, **wanted: Any) -> App:
    made = call("POST", f"{served.url}/_mock/apps", wanted)
    return App(served.url, made["applicationId"], made["apiKey"])


def _bytes(app: App) -> bytes:
    url = f"{app.url}/_mock/apps/{app.application_id}/requests"
    return requests.get(url, params={"limit": 10_000}, timeout=60).content


def _lived(app: App) -> list[bytes]:
    """Do a series of things in an app; answer every answer and its journal, byte for byte."""
    caller = Caller(app)
    answers = []
    for step in range(6):
        created = caller.create(f"customer-{step}", clientGroupId=f"order-{step}", colour="red")
        group_id = created.json()["response"]["id"]
        answers += [
            created,
            caller.create("carl", clientGroupId=f"order-{step}"),
            caller.send(group_id, f"customer-{step}", message=str(step)),
            caller.status(group_id, step),
            caller.assign(group_id, "bot"),
            caller.detail(f"customer-{step}", "nobody"),
            caller.call("GET", "/rest/ws/nothing"),
            caller.call("POST", SEND, data=b"\xff"),
        ]
        app.control("POST", "clock", {"advance": "PT1M"})
    return [*(answer.content for answer in answers), _bytes(app)]


# Reads.


def test_a_read_is_kept_and_waits_for_no_writer_of_another_app(postgres: Postgres) -> None:
    url = postgres.create_database()
    with MockKommunicate(database=url) as server, psycopg.connect(url.replace("+psycopg", "")) as other:
        app = server.create_app()
        other.execute("SELECT * FROM mock_apps WHERE application_id = 'mock-app' FOR UPDATE")
        began = time.monotonic()
        response = Client(app.url, app.api_key).detail(ADMIN)
        took = time.monotonic() - began
        other.rollback()

        assert (response.status_code, took < 2) == (200, True)
        assert [entry["operation"] for entry in app.requests()] == ["user.detail"]


@pytest.fixture
def writer(served: Served) -> Iterator[None]:
    """Somebody who fills another app with much, again and again."""
    body = {"scenario": "support-team"}
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            name = f"busy-{secrets.token_hex(4)}"
            call("POST", f"{served.url}/_mock/apps", {**body, "applicationId": name})
            call("DELETE", f"{served.url}/_mock/apps/{name}")

    thread = threading.Thread(target=write)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.mark.usefixtures("writer")
def test_reads_are_kept_while_others_write(crowd: Crowd, app: App, caller: Caller) -> None:
    found = crowd.throw(look_at_the_admin, app, range(BURST // 10))

    assert found == [1] * (BURST // 10)
    assert len(journal(caller, operation="user.detail")) == BURST // 10


def look_at_the_admin(caller: Caller, _: int) -> int:
    return len(caller.detail(ADMIN).json())
