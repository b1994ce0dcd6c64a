"""Faults are counted exactly, whichever worker serves a request."""

import pytest

from mockkommunicate import App
from mockkommunicate.handle import call
from tests.client import ADMIN
from tests.concurrency.crowd import CALLERS, Caller, Crowd, scaled

CALLS = scaled(4) * CALLERS
TEAPOT = 418


def ask(caller: Caller, user_id: str) -> int:
    return caller.detail(user_id).status_code


def send(caller: Caller, conversation_id: int) -> int:
    return caller.send(conversation_id).status_code


def fail(app: App, operation: str, **when: object) -> None:
    rule = {"match": {"operation": operation}, "when": when, "do": {"status": TEAPOT}}
    call("POST", f"{app.url}/_mock/apps/{app.application_id}/faults", rule)


def counts(app: App) -> tuple[int, int]:
    (fault,) = call("GET", f"{app.url}/_mock/apps/{app.application_id}/faults")["faults"]
    return fault["seen"], fault["hits"]


@pytest.mark.parametrize(
    ("when", "hits"),
    [
        ({"times": 7}, 7),
        ({"after": 5}, CALLS - 5),
        ({"every": 4}, CALLS // 4),
        ({"limit": 9, "window": "PT1H"}, CALLS - 9),
    ],
    ids=str,
)
def test_as_many_are_struck_as_the_rule_says(
    app: App, crowd: Crowd, when: dict[str, object], hits: int
) -> None:
    fail(app, "user.detail", **when)
    statuses = crowd.throw(ask, app, [ADMIN] * CALLS)

    assert statuses.count(TEAPOT) == hits
    assert counts(app) == (CALLS, hits)


def test_a_limit_lets_no_more_through_though_they_are_refused_behind_it(app: App, crowd: Crowd) -> None:
    fail(app, "message.send", limit=9, window="PT1H")
    statuses = crowd.throw(send, app, [1] * CALLS)

    assert statuses.count(TEAPOT) == CALLS - 9
    assert counts(app) == (CALLS, CALLS - 9)


def test_every_worker_knows_a_rule_as_soon_as_it_is_made_and_forgets_it_as_soon_as_it_is_gone(
    app: App,
) -> None:
    path = f"{app.url}/_mock/apps/{app.application_id}/faults"
    for _ in range(5):
        fail(app, "user.detail")
        struck = {ask(Caller(app), ADMIN) for _ in range(10)}
        call("DELETE", path)

        assert struck == {TEAPOT}
        assert {ask(Caller(app), ADMIN) for _ in range(10)} == {200}


def test_the_same_seed_strikes_the_same_requests_under_several_workers(app: App, caller: Caller) -> None:
    series = []
    for _ in range(2):
        call("POST", f"{app.url}/_mock/apps/{app.application_id}/reset", {"seed": 3})
        fail(app, "user.detail", probability=0.5)
        series.append([ask(caller, ADMIN) for _ in range(30)])

    assert series[0] == series[1]
    assert set(series[0]) == {200, TEAPOT}
