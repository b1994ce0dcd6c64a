"""Faults met by requests of the emulated API: which, when, before or after the operation, late."""

import time
from typing import Any

import pytest
import requests

from mockkommunicate.domain.operations import OPERATIONS
from tests.api.faults import CALLS, Faulty
from tests.client import ADMIN, Client, ok, refused


def test_without_a_rule_nothing_fails(faulty: Faulty) -> None:
    assert "X-Mock-Fault" not in faulty.client.detail(ADMIN).headers
    assert faulty.statuses(3) == [200, 200, 200]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_rule_strikes_its_operation_and_no_other(faulty: Faulty, operation: str) -> None:
    number = faulty.fail(operation, do={"status": 503})
    struck = {name: call(faulty).headers.get("X-Mock-Fault") for name, call in CALLS.items()}

    assert struck == {name: number if name == operation else None for name in OPERATIONS}
    assert faulty.counts() == [(1, 1)]


@pytest.mark.parametrize(
    ("do", "text", "kind"),
    [
        ({"body": {"b": [1, None, "é"], "a": 1.5}}, '{"b":[1,null,"\\u00e9"],"a":1.5}', "application/json"),
        ({"body": []}, "[]", "application/json"),
        ({"body": None}, "null", "application/json"),
        ({"body": "Größe 12 €"}, "Größe 12 €", "text/plain; charset=utf-8"),
        ({"body": ""}, "", "text/plain; charset=utf-8"),
        ({}, "", "text/plain; charset=utf-8"),
        ({"body": "<a/>", "headers": {"content-type": "text/xml"}}, "<a/>", "text/xml"),
        ({"body": {"a": 1}, "headers": {"Content-Type": "a/b"}}, '{"a":1}', "a/b"),
    ],
    ids=ascii,
)
def test_an_answer_of_ones_own_is_sent_as_it_is(
    faulty: Faulty, do: dict[str, Any], text: str, kind: str
) -> None:
    faulty.fail(do={"status": 418, **do})
    response = faulty.client.detail(ADMIN)

    assert (response.status_code, response.content.decode()) == (418, text)
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Length"] == str(len(response.content))


def test_an_answer_of_ones_own_has_ones_own_headers(faulty: Faulty) -> None:
    faulty.fail(do={"status": 503, "headers": {"Retry-After": 7, "X-Name": "Ünal", "Set-Cookie": "a=b"}})
    headers = faulty.client.detail(ADMIN).headers

    assert (headers["Retry-After"], headers["X-Name"], headers["Set-Cookie"]) == ("7", "Ünal", "a=b")


@pytest.mark.parametrize("status", [204, 205, 304])
def test_an_answer_without_a_body_leaves_the_connection_in_order(faulty: Faulty, status: int) -> None:
    faulty.fail(when={"times": 1}, do={"status": status})

    assert (faulty.client.detail(ADMIN).status_code, *faulty.statuses(2)) == (status, 200, 200)


@pytest.mark.parametrize(
    ("when", "statuses"),
    [
        ({"times": 2}, "xx......"),
        ({"after": 2}, "..xxxxxx"),
        ({"every": 3}, "..x..x.."),
        ({"after": 1, "every": 2, "times": 2}, "..x.x..."),
        ({"limit": 5, "window": "PT1H"}, ".....xxx"),
    ],
    ids=str,
)
def test_conditions_choose_among_the_matching_requests(
    faulty: Faulty, when: dict[str, Any], statuses: str
) -> None:
    faulty.fail(when=when, do={"gateway": 503})

    assert "".join("x" if status == 503 else "." for status in faulty.statuses(8)) == statuses
    assert faulty.counts() == [(8, statuses.count("x"))]


def test_a_rule_sleeps_from_an_instant_of_the_apps_clock_on(faulty: Faulty) -> None:
    faulty.fail(when={"until": "2030-01-01T00:00:01Z"}, do={"status": 503})
    before = faulty.statuses(1)
    faulty.control("POST", "/clock", advance=1_000)

    assert (before, faulty.statuses(2)) == ([503], [200, 200])
    assert faulty.counts() == [(1, 1)]


def test_the_same_seed_has_the_same_faults_and_delays(faulty: Faulty) -> None:
    series = []
    for _ in range(2):
        faulty.control("POST", "/reset", seed=5)
        faulty.fail(when={"probability": 0.4}, do={"gateway": 502})
        series.append(faulty.statuses(30))

    assert series[0] == series[1]
    assert {200, 502} == set(series[0])


def test_the_first_rule_that_strikes_wins_and_every_one_counts(faulty: Faulty) -> None:
    faulty.fail(when={"times": 1}, do={"status": 500})
    faulty.fail(when={"after": 1, "times": 1}, do={"status": 501})
    faulty.fail(when={"times": 2}, do={"status": 502})

    assert faulty.statuses(5) == [500, 501, 502, 502, 200]
    assert faulty.counts() == [(5, 1), (5, 1), (5, 2)]


def test_requests_that_are_refused_anyway_are_counted_too(faulty: Faulty) -> None:
    faulty.fail("message.send", when={"after": 2}, do={"status": 503})
    responses = [faulty.client.send(1) for _ in range(3)]

    assert [response.status_code for response in responses] == [200, 200, 503]
    assert faulty.counts() == [(3, 1)]


def test_requests_with_a_wrong_key_are_not(faulty: Faulty) -> None:
    faulty.fail(do={"status": 503})

    assert Client(faulty.client.url, "wrong").detail(ADMIN).status_code == 401
    assert faulty.counts() == [(0, 0)]


def test_a_rule_finds_requests_by_all_that_they_have(faulty: Faulty) -> None:
    match = {
        "operation": "message.send",
        "method": "post",
        "path": "/rest/ws/message/v2/send",
        "headers": {"x-tenant": "blue"},
        "body": {"message": {"$regex": "^Hi"}},
    }
    faulty.fail(match=match, do={"status": 503})
    calls = [("Hi", "blue"), ("Hello", "blue"), ("Hi there", "red"), ("Hi there", "blue")]
    statuses = []
    for message, tenant in calls:
        faulty.client.session.headers["X-Tenant"] = tenant
        statuses.append(faulty.client.send(faulty.conversation, message=message).status_code)

    assert statuses == [503, 200, 200, 503]


@pytest.mark.parametrize("path", ["/rest/ws/nothing", "/rest/ws/group/v2/info", "/elsewhere"])
def test_a_path_that_is_no_operation_can_fail_too(faulty: Faulty, path: str) -> None:
    faulty.fail(match={"path": path}, do={"status": 503, "body": "down"})
    response = faulty.client.call("GET", path)

    assert (response.status_code, response.text) == (503, "down")


def test_before_the_operation_nothing_is_done(faulty: Faulty) -> None:
    faulty.fail("conversation.create", when={"times": 1}, do={"status": 503})

    assert faulty.client.create(groupName="Lost").status_code == 503
    assert "Lost" not in faulty.titles()


def test_after_the_operation_only_its_answer_is_lost(faulty: Faulty) -> None:
    faulty.fail("conversation.create", when={"times": 1}, phase="after", do={"gateway": 504})

    assert faulty.client.create(groupName="Done", clientGroupId="mine").status_code == 504
    assert "Done" in faulty.titles()
    assert refused(faulty.client.create(groupName="Done", clientGroupId="mine"))["errorCode"] == "AL-G-02"


def test_an_operation_that_fails_by_itself_is_answered_by_the_fault_all_the_same(faulty: Faulty) -> None:
    faulty.fail("message.send", phase="after", do={"gateway": 504})

    assert faulty.client.send(1).status_code == 504


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("latency", [300, {"fixed": 300}, {"uniform": [300, 310]}], ids=str)
def test_a_delay_alone_is_a_true_answer_that_comes_late(faulty: Faulty, phase: str, latency: Any) -> None:
    number = faulty.fail("message.send", phase=phase, do={"latencyMs": latency})
    begun = time.monotonic()
    response = CALLS["message.send"](faulty)

    assert time.monotonic() - begun >= 0.3
    assert ok(response)["messageKey"]
    assert response.headers["X-Mock-Fault"] == number


def test_a_delay_goes_with_a_failure(faulty: Faulty) -> None:
    faulty.fail(do={"gateway": 504, "latencyMs": 200})
    begun = time.monotonic()
    response = faulty.client.detail(ADMIN)

    assert (response.status_code, time.monotonic() - begun >= 0.2) == (504, True)


def test_who_waits_for_a_delay_keeps_nobody_waiting(faulty: Faulty) -> None:
    faulty.fail(when={"times": 1}, phase="after", do={"latencyMs": 20_000})
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{faulty.client.url}/rest/ws/user/v2/detail",
            json={"userIdList": [ADMIN]},
            headers={"Api-Key": str(faulty.client.session.headers["Api-Key"])},
            timeout=0.3,
        )
    begun = time.monotonic()

    assert CALLS["message.send"](faulty).status_code == 200
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("hang", requests.ReadTimeout),
        ("empty", requests.ConnectionError),
        ("reset", requests.ConnectionError),
        ("garbage", requests.ConnectionError),
        ("truncate", requests.exceptions.ChunkedEncodingError),
    ],
)
@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_broken_connection_breaks_a_client(
    faulty: Faulty, kind: str, phase: str, failure: type[Exception]
) -> None:
    faulty.fail("conversation.create", when={"times": 1}, phase=phase, do={"socket": kind})
    url, key = faulty.client.url, str(faulty.client.session.headers["Api-Key"])
    body = {"groupName": "Broken", "groupMemberList": ["user-1"]}
    patience = 0.5 if kind == "hang" else 30

    with pytest.raises(failure):
        requests.post(
            f"{url}/rest/ws/group/conversation", json=body, headers={"Api-Key": key}, timeout=patience
        )
    assert ("Broken" in faulty.titles()) is (phase == "after" or kind == "truncate")
    assert faulty.client.create().status_code == 200


def test_a_fault_is_in_the_journal(faulty: Faulty) -> None:
    number = faulty.fail(do={"status": 503, "body": {"a": 1}})
    faulty.client.detail(ADMIN)
    CALLS["message.send"](faulty)
    struck, passed = faulty.entries()[-2:]

    assert (struck["operation"], struck["status"], struck["answer"]) == ("user.detail", 503, {"a": 1})
    assert struck["fault"] == number
    assert "fault" not in passed
