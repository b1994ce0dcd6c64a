"""/_mock/apps/APP/clock: an app's time is frozen, set, advanced and let go on, and everything in the app obeys it."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockkommunicate import App, MockKommunicate
from mockkommunicate.domain.clock import LATEST_MS
from tests import expected
from tests.client import ADMIN, Client, ok, refused
from tests.expected import NOW
from tests.served import Served
from tests.worlds import BAD_PARAMETER, error

NOON = 1_900_000_000_000
HOUR = 3_600_000
NEW_YEAR = 1_893_456_000_000
CREATE = "/rest/ws/group/conversation"


def path(app: App) -> str:
    return f"/_mock/apps/{app.application_id}/clock"


def look(app: App) -> dict[str, Any]:
    return dict(requests.get(f"{app.url}{path(app)}", timeout=60).json())


def change(app: App, **changes: Any) -> dict[str, Any]:
    response = requests.post(f"{app.url}{path(app)}", json=changes, timeout=60)
    assert response.status_code == 200, response.text
    return dict(response.json())


def frozen(now: int) -> dict[str, Any]:
    return {"now": now, "mode": "frozen"}


class About:
    """Equals a time that a running clock shows soon after another."""

    def __init__(self, time_ms: int) -> None:
        self.time_ms = time_ms

    def __eq__(self, other: object) -> bool:
        return type(other) is int and self.time_ms <= other < self.time_ms + 60_000

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<about {self.time_ms}>"


# What it shows.


def test_a_new_apps_clock_shows_the_present_time(app: App) -> None:
    assert look(app) == {"now": NOW, "mode": "running"}


def test_an_app_may_be_made_with_a_clock_that_stands_still(server: MockKommunicate) -> None:
    assert look(server.create_app(at="2030-01-01")) == frozen(NEW_YEAR)


def test_frozen_it_stands_still_where_it_was(app: App) -> None:
    answer = change(app, freeze=True)
    time.sleep(0.02)

    assert answer == {"now": NOW, "mode": "frozen", "ran": []}
    assert look(app) == frozen(answer["now"])


INSTANTS: list[tuple[Any, int]] = [
    (NOON, NOON),
    (str(NOON), NOON),
    (0, 0),
    (1, 1),
    (LATEST_MS, LATEST_MS),
    ("2030-01-01", NEW_YEAR),
    ("2030-01-01T00:00:00", NEW_YEAR),
    ("2030-01-01T00:00:00Z", NEW_YEAR),
    ("2030-01-01T02:00:00+02:00", NEW_YEAR),
    ("2029-12-31T19:00:00-05:00", NEW_YEAR),
    ("2030-01-01 00:00:00.1239", NEW_YEAR + 123),
]


@pytest.mark.parametrize(("instant", "now"), INSTANTS, ids=str)
def test_it_can_be_frozen_at_an_instant(app: App, instant: Any, now: int) -> None:
    assert change(app, freeze=instant) == frozen(now) | {"ran": []}
    assert look(app) == frozen(now)


@pytest.mark.parametrize(("instant", "now"), INSTANTS, ids=str)
def test_a_frozen_clock_that_is_set_stands_still_there(app: App, instant: Any, now: int) -> None:
    change(app, freeze=NOON)

    assert change(app, set=instant) == frozen(now) | {"ran": []}


def test_a_running_clock_that_is_set_goes_on_from_there(app: App) -> None:
    answer = change(app, set=NOON)
    time.sleep(0.05)

    assert answer == {"now": About(NOON), "mode": "running", "ran": []}
    assert look(app)["now"] >= NOON + 50


DURATIONS: list[tuple[Any, int]] = [
    (0, 0),
    (1, 1),
    ("1500", 1_500),
    (HOUR, HOUR),
    ("PT1H", HOUR),
    ("PT0.5S", 500),
    ("P1D", 24 * HOUR),
    ("P1W", 7 * 24 * HOUR),
    ("P1DT1H30M", 25 * HOUR + HOUR // 2),
]


@pytest.mark.parametrize(("duration", "by"), DURATIONS, ids=str)
def test_it_can_be_advanced(app: App, duration: Any, by: int) -> None:
    change(app, freeze=NOON)

    assert change(app, advance=duration) == frozen(NOON + by) | {"ran": []}


def test_a_running_clock_that_is_advanced_goes_on(app: App) -> None:
    before = look(app)["now"]

    assert change(app, advance="PT1H") == {"now": About(before + HOUR), "mode": "running", "ran": []}


def test_it_goes_on_from_where_it_stood(app: App) -> None:
    change(app, freeze=NOON)

    assert change(app, resume=True) == {"now": About(NOON), "mode": "running", "ran": []}


def test_a_clock_that_goes_may_be_told_to_go_on(app: App) -> None:
    assert change(app, resume=True) == {"now": NOW, "mode": "running", "ran": []}


COMBINED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"freeze": NOON, "advance": HOUR}, frozen(NOON + HOUR)),
    ({"freeze": True, "advance": 1}, frozen(6)),
    ({"set": NOON, "advance": HOUR}, frozen(NOON + HOUR)),
    ({"set": NOON, "resume": True}, {"now": About(NOON), "mode": "running"}),
    ({"advance": HOUR, "resume": True}, {"now": About(HOUR + 5), "mode": "running"}),
    ({"set": NOON, "advance": HOUR, "resume": True}, {"now": About(NOON + HOUR), "mode": "running"}),
]


@pytest.mark.parametrize(("changes", "shows"), COMBINED, ids=str)
def test_several_changes_are_made_in_their_order(
    app: App, changes: dict[str, Any], shows: dict[str, Any]
) -> None:
    change(app, freeze=5)

    assert change(app, **changes) == shows | {"ran": []}


PAGE = Path(__file__).parents[2] / "docs" / "clock.md"


@pytest.mark.parametrize(
    "example", re.findall(r"^\|.*`(\{[^`]*\})` \|", PAGE.read_text("utf-8"), re.MULTILINE)
)
def test_what_is_documented_can_be_done(app: App, example: str) -> None:
    assert change(app, **json.loads(example))["ran"] == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, NOON), steps=st.lists(st.integers(0, 10**9), max_size=4))
def test_advances_add_up(app: App, at: int, steps: list[int]) -> None:
    change(app, freeze=at)
    for step in steps:
        change(app, advance=step)

    assert look(app) == frozen(at + sum(steps))


# What cannot be.

BAD: list[tuple[Any, str]] = [
    ({}, "must name at least one of freeze, set, advance, resume"),
    ({"freeze": True, "set": NOON}, "body 'set': cannot be given together with freeze"),
    ({"freeze": NOON, "resume": True}, "body 'resume': cannot be given together with freeze"),
    ({"freeze": False}, "body 'freeze': must be true, or an instant"),
    ({"freeze": None}, "body 'freeze': must be "),
    ({"freeze": -1}, "body 'freeze': must be an instant from the year 1970 to 9999"),
    ({"freeze": LATEST_MS + 1}, "body 'freeze': must be an instant from the year 1970 to 9999"),
    ({"freeze": 1.5}, "body 'freeze': must be true, or an instant"),
    ({"freeze": "tomorrow"}, "body 'freeze': must be true, or an instant"),
    ({"freeze": "2030-02-30"}, "body 'freeze': must be true, or an instant"),
    ({"freeze": "1969-12-31T23:59:59Z"}, "body 'freeze': must be an instant from the year 1970 to 9999"),
    ({"freeze": "9999-12-31T23:59:59-01:00"}, "body 'freeze': must be an instant from the year 1970 to 9999"),
    ({"freeze": []}, "body 'freeze': must be true, or an instant"),
    ({"freeze": "2" * 100}, "body 'freeze': must be "),
    ({"set": True}, "body 'set': must be an instant"),
    ({"set": "12:00"}, "body 'set': must be an instant"),
    ({"set": None}, "body 'set': must be an instant"),
    ({"advance": -1}, "body 'advance': must be a duration from 0 to"),
    ({"advance": "-PT1H"}, "body 'advance': must be a duration from 0 to"),
    ({"advance": "P1M"}, "body 'advance': must be a duration without months and years"),
    ({"advance": "P1Y"}, "body 'advance': must be a duration without months and years"),
    ({"advance": "1 hour"}, "body 'advance': must be a duration: milliseconds, or ISO 8601"),
    ({"advance": "PT"}, "body 'advance': must be a duration: milliseconds, or ISO 8601"),
    ({"advance": 1.5}, "body 'advance': must be a duration: milliseconds, or ISO 8601"),
    ({"advance": True}, "body 'advance': must be a duration: milliseconds, or ISO 8601"),
    ({"advance": None}, "body 'advance': must be a duration"),
    ({"advance": LATEST_MS}, "body 'advance': leads to"),
    ({"set": LATEST_MS, "advance": 1}, f"body 'advance': leads to {LATEST_MS + 1}, beyond the year 9999"),
    ({"resume": False}, "body 'resume': must be true; leave it out otherwise"),
    ({"resume": 1}, "body 'resume': must be true"),
    ({"resume": None}, "body 'resume': must be true"),
    ({"freze": True}, "body 'freze': is not known here; did you mean 'freeze'?"),
    ({"advance": HOUR, "mode": "frozen"}, "body 'mode': is not known here"),
    ({"set": "x", "advance": "y", "rseume": 1}, "body 'advance': "),
]


@pytest.mark.parametrize(("changes", "message"), BAD, ids=str)
def test_what_cannot_be_is_refused_by_name_and_nothing_is_done(
    app: App, client: Client, changes: Any, message: str
) -> None:
    change(app, freeze=NOON)
    refusal = error(client.call("POST", path(app), json=changes), 400)

    assert refusal["code"] == BAD_PARAMETER
    assert message in refusal["message"]
    assert look(app) == frozen(NOON)


def test_all_that_is_wrong_is_named_at_once(app: App, client: Client) -> None:
    refusal = error(client.call("POST", path(app), json={"set": "x", "advance": "y", "rseume": 1}), 400)

    assert [name in refusal["message"] for name in ("'set'", "'advance'", "'rseume'")] == [True] * 3


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"PT1H"'])
def test_a_change_that_is_no_object_is_refused(app: App, client: Client, body: str) -> None:
    assert error(client.call("POST", path(app), data=body), 400)["code"] in {BAD_PARAMETER, "MOCK-BODY"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_app_that_there_is_not_has_no_clock(client: Client, method: str) -> None:
    response = client.call(method, "/_mock/apps/nobody/clock", json={"freeze": True})

    assert error(response, 404)["code"] == "APP_NOT_FOUND"


# Everything obeys it.


@pytest.fixture
def still(server: MockKommunicate) -> App:
    """An app whose clock stands still."""
    return server.create_app(at=NOON)


@pytest.fixture
def client(app: App, request: pytest.FixtureRequest) -> Client:
    """A client of the app that stands still, where the test has one."""
    used = request.getfixturevalue("still") if "still" in request.fixturenames else app
    return Client(used.url, used.api_key)


def times(value: Any) -> set[int]:
    """List everything in a JSON value that looks like a time."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return {time for one in inner for time in times(one)}
    return {value} if isinstance(value, int) and value > 10**11 else set()


ANSWERS: dict[str, Callable[[Client, int], requests.Response]] = {
    "conversation.create": lambda client, _: client.create("dora"),
    "message.send": lambda client, group_id: client.send(group_id, "carl"),
    "message.send_attachment": lambda client, group_id: client.attach(group_id),
    "conversation.status": lambda client, group_id: client.status(group_id, 2),
    "conversation.assignee": lambda client, group_id: client.assign(group_id, "bot"),
    "conversation.waiting_list": lambda client, _: client.waiting(),
    "user.update": lambda client, _: client.update("carl", displayName="Carl"),
    "user.detail": lambda client, _: client.detail("carl", ADMIN, "bot"),
    "file.upload_image": lambda client, _: client.upload(),
    "file.upload_signed": lambda client, _: client.call(
        "POST", "/rest/ws/aws/file/url", files={"files[]": ("a.txt", b"abc")}
    ),
    "an application error": lambda client, _: client.send(7, "carl"),
    "a wrong parameter": lambda client, _: client.call("POST", CREATE, json={}),
    "a body that cannot be read": lambda client, _: client.call("POST", CREATE, data="{"),
    "a wrong method": lambda client, _: client.call("GET", CREATE),
    "an unknown path": lambda client, _: client.call("GET", "/rest/ws/nothing"),
    "a neighbour": lambda client, _: client.call("GET", "/rest/ws/group/list"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_every_time_in_an_answer_is_the_apps(
    still: App, client: Client, answer: Callable[[Client, int], requests.Response]
) -> None:
    group_id = client.created("carl")["id"]
    change(still, set=NOON + HOUR)
    response = answer(client, group_id)

    found = times(response.json() if response.text != "error" else None)
    assert found <= {NOON, NOON + HOUR}
    if "generatedAt" in response.text:
        assert response.json()["generatedAt"] == NOON + HOUR


def test_every_time_in_what_is_stored_is_the_apps(still: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    client.send(group_id, "carl")
    client.status(group_id, 2)
    client.update("carl", displayName="Carl")

    stored = [dict(still.conversation(group_id)), [dict(one) for one in still.messages(group_id)]]
    stored += [[dict(user) for user in still.users()], still.state()]
    assert times(json.loads(json.dumps(stored))) == {NOON}


def test_who_is_made_and_who_speaks_later_is_seen_later(still: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    change(still, advance=HOUR)
    client.send(group_id, "carl")
    client.created("dora")
    change(still, advance=HOUR)
    carl, dora = client.detail("carl", "dora").json()

    assert (carl["createdAtTime"], carl["lastSeenAtTime"]) == (NOON, NOON + HOUR)
    assert (dora["createdAtTime"], dora["lastSeenAtTime"]) == (NOON + HOUR, NOON + HOUR)


def test_a_conversation_that_changes_is_updated_at_the_apps_time(still: App, client: Client) -> None:
    client.created("carl")
    second = client.created("dora")["id"]
    change(still, advance=HOUR)
    ok(client.status(second, 2))

    updated = [conversation["updatedAtTime"] for conversation in still.conversations()]
    assert updated == [NOON, NOON + HOUR]


@pytest.mark.parametrize(
    "moves",
    [[{}, {}, {}], [{"set": 5}, {"set": NOON}, {"set": 5}], [{"advance": 1}, {"advance": 0}, {"set": NOON - 10}]],
    ids=["stands still", "leaps", "steps"],
)  # fmt: skip
def test_message_keys_ascend_and_are_never_the_same_whatever_the_clock_does(
    still: App, client: Client, moves: list[dict[str, Any]]
) -> None:
    group_id = client.created("carl")["id"]
    keys = []
    for move in moves:
        if move:
            change(still, **move)
        keys += [ok(client.send(group_id, "carl"))["messageKey"] for _ in range(2)]

    numbers = [int(key.rpartition("-")[2]) for key in keys]
    assert numbers == sorted(set(numbers))
    assert [message["key"] for message in still.messages(group_id)] == keys


@pytest.mark.usefixtures("still")
def test_a_message_is_created_at_the_apps_time_whatever_its_key(client: Client) -> None:
    group_id = client.created("carl")["id"]
    answers = [ok(client.send(group_id, "carl")) for _ in range(2)]

    assert [answer["createdAt"] for answer in answers] == [NOON, NOON]
    assert [answer["messageKey"] for answer in answers] == [
        f"5-{group_id}-{NOON}",
        f"5-{group_id}-{NOON + 1}",
    ]


def test_the_journal_is_written_in_the_apps_time(still: App, client: Client) -> None:
    client.detail(ADMIN)
    change(still, advance="P1D")
    client.detail(ADMIN)

    kept = requests.get(f"{still.url}/_mock/apps/{still.application_id}/requests", timeout=60).json()
    assert [(one["at"], one["durationMs"]) for one in kept["requests"]] == [(NOON, 0), (NOON + 24 * HOUR, 0)]


def test_a_clock_that_goes_on_makes_later_times(still: App, client: Client) -> None:
    change(still, resume=True)
    first = client.create("carl").json()["generatedAt"]
    time.sleep(0.05)
    second = refused_at(client.send(7, "carl"))

    assert first == About(NOON)
    assert second == About(first + 50)


def refused_at(response: requests.Response) -> int:
    assert refused(response) == expected.NO_GROUP
    return int(response.json()["generatedAt"])


def test_a_reset_sets_the_clock_as_it_was_made(server: MockKommunicate, still: App) -> None:
    running = server.create_app()
    for app in (running, still):
        change(app, freeze=5)
        app.reset()

    assert look(running) == {"now": NOW, "mode": "running"}
    assert look(still) == frozen(NOON)


def test_the_clocks_of_other_apps_stay_as_they_are(server: MockKommunicate, app: App, still: App) -> None:
    other = server.create_app(at=NOON + 1)
    change(still, advance="P1W")
    change(other, resume=True)

    assert look(app) == {"now": NOW, "mode": "running"}
    assert look(still) == frozen(NOON + 7 * 24 * HOUR)


def test_what_has_no_app_has_the_wall_clocks_time(server: MockKommunicate, still: App) -> None:
    requests.get(f"{server.url}/rest/ws/x", timeout=60)
    kept = requests.get(f"{server.url}/_mock/requests?last=1", timeout=60).json()["requests"]

    assert kept[0]["at"] == NOW
    assert look(still) == frozen(NOON)


# Under several workers.


def test_a_change_is_seen_by_every_worker_before_it_is_answered(database_url: str) -> None:
    with Served("--database", database_url, "--workers", "2") as served:
        app = served.app
        for step in range(20):
            change(app, freeze=NOON + step)
            # Each call has a connection of its own, which any worker may take.
            shown = [look(app)["now"] for _ in range(4)]
            made = [
                requests.post(f"{app.url}{CREATE}", json={}, headers=app.headers, timeout=60)
                for _ in range(4)
            ]

            assert shown == [NOON + step] * 4
            assert [answer.json()["generatedAt"] for answer in made] == [NOON + step] * 4
