"""The handle of an app: each call, what it answers, and how it says no."""

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockkommunicate import (
    App,
    ControlFailed,
    MockKommunicate,
    RunningServer,
    Unreachable,
    VerificationFailed,
)
from tests import expected
from tests.client import ADMIN, Client, ok

MADE_AT = 1_785_000_000_000


# What the calls answer.


def test_a_conversation_has_its_fields_as_attributes(app: App, client: Client) -> None:
    app.add_agent("jane@example.com", limit=1)
    chosen = {"SKIP_ROUTING": True, "CONVERSATION_ASSIGNEE": "jane@example.com", "order": 7}
    group = client.created("carl", clientGroupId="order-7", metadata=chosen)

    conversation = app.conversation(group["id"])

    assert conversation.id == group["id"]
    assert conversation.name == "A question"
    assert conversation.client_group_id == "order-7"
    assert conversation.assignee == "jane@example.com"
    assert conversation.status == 0
    assert sorted(conversation.members) == ["bot", "carl"]
    assert conversation.metadata["order"] == "7"
    assert conversation.routing["outcome"] == "named"
    assert conversation.created_at == group["createdAtTime"]


def test_a_running_server_has_the_handle_of_any_of_its_apps(server: MockKommunicate, app: App) -> None:
    running = RunningServer(server.url)

    found = running.app(app.application_id)

    assert (found.application_id, found.api_key, found.url) == (app.application_id, app.api_key, app.url)
    assert app.application_id in [one["applicationId"] for one in running.apps()]
    with pytest.raises(ControlFailed) as refused:
        running.app("no-such-app")
    assert (refused.value.code, refused.value.message) == ("APP_NOT_FOUND", "no app 'no-such-app'")


def test_a_conversation_assigned_to_nobody_has_none(app: App, client: Client) -> None:
    group = client.created("carl", metadata={"SKIP_ROUTING": True})

    assert app.conversation(group["id"]).assignee is None


def test_a_conversation_that_waits_has_its_team_and_its_place(app: App, client: Client) -> None:
    app.control("PATCH", "users/admin@example.com", {"availability": "away"})
    app.settings({"routing": {"waitingQueue": True}})
    first, second = (
        client.created("carl", metadata=metadata)["id"] for metadata in ({}, {"KM_TEAM_ID": "5 & 6"})
    )

    assert (app.waiting(), app.waiting("5 & 6"), app.waiting(team="7")) == ([first, second], [second], [])
    looked_at = [app.conversation(one) for one in (first, second)]
    assert [(one.team, one.queue_position, one.status) for one in looked_at] == [
        (None, 1, 7),
        ("5 & 6", 1, 7),
    ]
    assert [one.queue_position for one in app.conversations()] == [1, 1]


def test_the_queue_of_a_blank_team_is_refused(app: App) -> None:
    with pytest.raises(ControlFailed, match=r"query 'team': must have 1 to 256 characters"):
        app.waiting("")


def test_a_message_has_its_fields_as_attributes(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    sent = ok(client.send(group_id, "carl", message="Hi", contentType=3, metadata={"a": 1}))

    (message,) = app.messages(group_id)

    assert (message.key, message.created_at) == (sent["messageKey"], sent["createdAt"])
    assert (message.conversation_id, message.sender, message.text) == (group_id, "carl", "Hi")
    assert (message.content_type, message.metadata) == (3, {"a": "1"})


def test_users_have_their_fields_as_attributes(app: App) -> None:
    jane = app.add_agent("jane", limit=2, availability="away", displayName="Jane", email="j@example.com")

    assert (jane.id, jane.role, jane.availability, jane.limit) == ("jane", "agent", "away", 2)
    assert (jane.name, jane.email, jane.metadata) == ("Jane", "j@example.com", {})
    assert [user.id for user in app.users()] == [ADMIN, "bot", "jane"]
    assert app.users()[2] == jane


def test_a_result_is_its_json_too(app: App, client: Client) -> None:
    group = client.created("carl")
    conversation = app.conversation(group["id"])

    assert conversation["unreadCount"] == 0
    assert conversation == conversation.raw
    assert list(conversation) == list(conversation.raw)
    assert len(conversation) == len(conversation.raw)
    assert {**conversation}["name"] == conversation.name
    with pytest.raises(KeyError):
        conversation["nonsense"]


def test_a_result_cannot_be_changed(app: App) -> None:
    with pytest.raises(FrozenInstanceError):
        app.users()[0].role = "customer"  # type: ignore[misc]


def test_a_result_shows_what_it_has(app: App) -> None:
    user = app.add_customer("carl")

    assert repr(user) == "User(id='carl', role='customer', availability='offline', metadata={})"


def test_a_handle_shows_no_key(app: App) -> None:
    assert repr(app) == f"<App {app.application_id} at {app.url}>"


def test_the_seed_is_that_of_the_app(server: MockKommunicate) -> None:
    app = server.create_app(seed=7)
    before = app.seed
    app.reset(seed=8)

    assert (before, app.seed) == (7, 8)


def test_any_other_call_can_be_made_too(app: App) -> None:
    app.add_agent("jane")
    app.control("PATCH", "users/jane", {"availability": "away"})

    assert [user.availability for user in app.users() if user.id == "jane"] == ["away"]


def test_a_name_that_is_none_is_refused_as_it_was_written(server: MockKommunicate) -> None:
    app = server.create_app()

    with pytest.raises(ControlFailed, match=r"'before/after\?'"):
        app.snapshot("before/after?")


# The journal.


def test_requests_have_their_fields_as_attributes(app: App, client: Client) -> None:
    group_id = client.created("carl", groupMemberlist=["dora"])["id"]
    client.status(group_id, 2)

    create, change = app.requests()

    assert (create.id, create.method, create.path) == (1, "POST", "/rest/ws/group/conversation")
    assert (create.operation, create.status, create.fault) == ("conversation.create", 200, None)
    assert create.body["groupMemberList"] == ["carl"]
    assert create.answer["response"]["id"] == group_id
    assert create.headers["Api-Key"] == "***"
    assert create.at == expected.NOW
    assert [(unread.where, unread.name, unread.kind, unread.nearest) for unread in create.unread] == [
        ("body", "groupMemberlist", "unknown", "groupMemberList")
    ]
    assert (change.query, change.body, change.unread) == ({"groupId": str(group_id), "status": "2"}, None, ())
    assert app.request(1) == create


def test_what_is_no_json_is_text(app: App, client: Client) -> None:
    client.call("POST", "/rest/ws/group/conversation", data="no json")

    (request,) = app.requests()

    assert (request.body, request.body_text, request.status) == (None, "no json", 400)
    assert request.answer["status"] == "error"


def test_requests_are_filtered(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    client.status(group_id, 2)
    client.status(group_id, 3)
    client.call("GET", "/rest/ws/nonsense")

    def ids(**filters: object) -> list[int]:
        return [request.id for request in app.requests(**filters)]

    assert ids() == [1, 2, 3, 4]
    assert ids(operation="conversation.status") == [2, 3]
    assert ids(method="POST") == [1]
    assert ids(path="/rest/ws/nonsense") == [4]
    assert ids(unmatched=True) == [4]
    assert ids(limit=2) == [1, 2]
    assert ids(last=2) == [3, 4]
    assert ids(since=datetime(2100, 1, 1, tzinfo=UTC)) == []
    assert ids(status=None) == [1, 2, 3, 4]


def test_an_unknown_filter_is_refused_by_name(app: App) -> None:
    with pytest.raises(ControlFailed, match=r"'methd'.*'method'"):
        app.requests(methd="POST")


def test_the_journal_says_how_many_it_has_dropped(app: App, client: Client) -> None:
    app.settings({"journal": {"limit": 2}})
    for _ in range(5):
        client.detail("bot")

    requests = app.requests()

    assert ([request.id for request in requests], requests.dropped) == ([4, 5], 3)


def test_what_nobody_read_is_listed(app: App, client: Client) -> None:
    client.created("carl", groupMemberlist=["dora"])

    (unread,) = app.ignored()

    assert (unread.request_id, unread.where, unread.name) == (1, "body", "groupMemberlist")
    assert (unread.kind, unread.nearest) == ("unknown", "groupMemberList")


# Verification.


def test_what_came_is_verified_and_counted(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    client.status(group_id, 2)
    client.status(group_id, 3)

    path = "/rest/ws/group/status/change"
    assert app.verify("PATCH", path) == 2
    assert app.verify("PATCH", path, query={"status": 2}, times=1) == 1
    assert app.verify("PATCH", path, query={"groupId": group_id}, at_least=1, at_most=2) == 2
    assert app.verify(operation="conversation.create", body={"groupMemberList": ["carl"]}) == 1
    assert app.verify("PATCH", path, headers={"Of-User-Id": ADMIN}, times=2) == 2
    assert app.verify("DELETE", path, times=0) == 0


def test_a_verification_takes_pythons_patterns_and_types(app: App, client: Client) -> None:
    client.created("carl", clientGroupId=12)

    body = {"groupName": re.compile("a QUEST", re.IGNORECASE), "clientGroupId": int}
    assert app.verify("POST", re.compile("/conversation$"), body=body) == 1
    with pytest.raises(VerificationFailed):
        app.verify("POST", re.compile("a quest"))
    with pytest.raises(VerificationFailed):
        app.verify(body={"clientGroupId": str})


def test_a_body_that_is_null_is_another_expectation_than_none(app: App, client: Client) -> None:
    client.call("POST", "/rest/ws/group/conversation", data="null")
    client.created("carl")

    assert app.verify("POST") == 2
    assert app.verify("POST", body=None) == 1


def test_a_failed_verification_says_what_came_instead(app: App, client: Client) -> None:
    app.add_agent("jane")
    group_id = client.created("carl")["id"]
    client.assign(group_id, "jane")

    with pytest.raises(VerificationFailed) as failed:
        app.verify("PATCH", "/rest/ws/group/assignee/change", query={"assignee": "omar"}, times=1)

    assert str(failed.value).splitlines()[:6] == [
        "expected once: PATCH /rest/ws/group/assignee/change",
        '    query: {"assignee": "omar"}',
        "but there were 0",
        "the nearest requests:",
        "  #2 PATCH /rest/ws/group/assignee/change (conversation.assignee), answered 200",
        '      query.assignee: expected "omar", got "jane"',
    ]
    assert failed.value.near_misses[0] == '#2 query.assignee: expected "omar", got "jane"'
    assert isinstance(failed.value, AssertionError)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, "at least once"),
        ({"times": 3}, "3 times"),
        ({"at_least": 2}, "at least 2 times"),
        ({"at_least": 2, "at_most": 4}, "at least 2 times and at most 4 times"),
    ],
    ids=str,
)
def test_a_failed_verification_says_how_often(app: App, bounds: dict[str, int], words: str) -> None:
    with pytest.raises(VerificationFailed) as failed:
        app.verify(operation="message.send", **bounds)

    assert str(failed.value) == (f"expected {words}: message.send\nbut there were 0\nno request came at all")


def test_too_many_are_too_many(app: App, client: Client) -> None:
    client.detail("bot")

    with pytest.raises(VerificationFailed) as failed:
        app.verify(operation="user.detail", times=0)

    assert str(failed.value).splitlines() == [
        "expected 0 times: user.detail",
        "but there was 1",
        "the last of them:",
        "  #1 POST /rest/ws/user/v2/detail (user.detail), answered 200",
    ]


def test_a_route_that_is_none_is_named_with_the_nearest(app: App) -> None:
    with pytest.raises(
        VerificationFailed, match=r"is no route .*the nearest is .*/rest/ws/group/assignee/change"
    ):
        app.verify("PATCH", "/rest/ws/group/asignee/change")


def test_times_and_bounds_exclude_each_other(app: App) -> None:
    with pytest.raises(TypeError, match="times, or at_least and at_most"):
        app.verify("POST", times=1, at_least=1)


def test_an_expectation_that_is_no_json_is_refused(app: App) -> None:
    with pytest.raises(TypeError, match="cannot be written as JSON"):
        app.verify("POST", body={"a": object()})


def test_a_matcher_that_is_none_is_refused(app: App) -> None:
    with pytest.raises(ControlFailed, match="regex"):
        app.verify("POST", body={"a": {"$regex": "("}})


def test_a_sequence_is_verified_in_order(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    client.detail("bot")
    client.send(group_id, "carl")

    app.verify_sequence({"operation": "conversation.create"}, {"operation": "message.send"})
    with pytest.raises(VerificationFailed) as failed:
        app.verify_sequence({"operation": "message.send"}, {"operation": "conversation.create"})

    assert str(failed.value).splitlines()[:2] == [
        "expected in this order: message.send, then conversation.create",
        "but 1 of 2 came in this order; then there was no conversation.create",
    ]
    assert "      is as expected, but came too early" in str(failed.value).splitlines()


# Faults.


def test_a_fault_fails_what_it_matches_and_counts(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]

    fault = app.fail("message.send", status=503, answer={"why": "maintenance"}, times=2)
    answers = [client.send(group_id) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].json() == {"why": "maintenance"}
    assert (fault.hits, fault.rule["match"]) == (2, {"operation": "message.send"})
    assert [request.fault for request in app.requests(operation="message.send")] == [
        str(fault.id),
        str(fault.id),
        None,
    ]


def test_a_fault_ends_with_its_block_and_its_hits_stay(app: App, client: Client) -> None:
    with app.fail("user.detail", gateway=429, retry_after=3) as fault:
        limited = client.detail("bot")

    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3")
    assert client.detail("bot").status_code == 200
    assert fault.hits == 1
    assert app.faults() == []


def test_a_fault_ends_with_its_block_even_if_it_is_gone_already(app: App) -> None:
    with app.fail("user.detail", status=500) as fault:
        fault.remove()
        fault.remove()
    with app.fail("user.detail", status=500):
        app.reset()

    assert (fault.hits, app.faults()) == (0, [])


def test_the_hits_of_a_fault_that_is_gone_are_an_error(app: App) -> None:
    fault = app.fail("user.detail", status=500)
    app.reset()

    with pytest.raises(LookupError, match="is there no longer"):
        _ = fault.hits


def test_a_fault_in_kommunicates_words_is_documented(app: App, client: Client) -> None:
    with app.fail("message.send", documented="AL-G-01"):
        answer = client.send(1).json()

    assert answer["errorResponse"][0]["errorCode"] == "AL-G-01"


def test_a_fault_can_be_for_some_bodies_only(app: App, client: Client) -> None:
    with app.fail("user.detail", body={"userIdList": ["jane"]}, status=500) as fault:
        answers = [client.detail(name).status_code for name in ("jane", "bot")]

    assert (answers, fault.hits) == ([500, 200], 1)


def test_a_fault_can_be_for_a_path(app: App, client: Client) -> None:
    with app.fail(method="POST", path=re.compile("detail"), html=502):
        answer = client.detail("bot")

    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (502, "text/html")


def test_a_fault_can_come_after_the_work_was_done(app: App, client: Client) -> None:
    with app.fail("conversation.create", gateway=504, phase="after"):
        answer = client.create("carl")

    assert (answer.status_code, len(app.conversations())) == (504, 1)


def test_a_slow_operation_takes_its_time(app: App, client: Client) -> None:
    with app.slow("user.detail", ms=timedelta(milliseconds=150), times=1) as fault:
        taken = [client.detail("bot").elapsed.total_seconds() for _ in range(2)]

    assert taken[0] >= 0.15
    assert fault.hits == 1


def test_a_keyword_that_is_none_is_refused_with_the_nearest(app: App) -> None:
    with pytest.raises(TypeError, match=r"fail\(\) has no 'tmes'; did you mean 'times'\?"):
        app.fail("message.send", status=503, tmes=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("operation", "rule", "words"),
    [
        ("mesage.send", {"status": 503}, "message.send"),
        ("message.send", {}, "do"),
        ("message.send", {"socket": "rest"}, "reset"),
        ("message.send", {"documented": "AL-G-1"}, "AL-G-01"),
        ("message.send", {"status": 503, "times": -1}, "times"),
        (None, {"status": 503}, "match"),
    ],
    ids=str,
)
def test_a_rule_that_is_none_is_refused_by_name(
    app: App, operation: str | None, rule: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(ControlFailed, match=words):
        app.fail(operation, **rule)

    assert app.faults() == []


# The clock.


def test_the_clock_stops_moves_and_runs(app: App) -> None:
    clock = app.clock
    before = clock.mode
    frozen = clock.freeze(MADE_AT)
    moved = clock.advance("PT1H")

    assert (before, frozen.mode, frozen.now) == ("running", "frozen", MADE_AT)
    assert (moved.now, moved.ran, clock.now) == (MADE_AT + 3_600_000, [], MADE_AT + 3_600_000)
    assert clock.resume().mode == "running"


def test_the_clock_takes_what_python_has(app: App) -> None:
    app.clock.freeze(datetime(2026, 7, 27, 12, tzinfo=UTC))
    at_noon = app.clock.now
    app.clock.advance(timedelta(minutes=1, milliseconds=5))
    later = app.clock.now
    app.clock.set("2026-07-27T12:00:00Z")

    assert (later - at_noon, app.clock.now, app.clock.mode) == (60_005, at_noon, "frozen")


def test_the_clock_stops_where_it_is(app: App) -> None:
    assert app.clock.freeze().now == expected.NOW
    assert app.clock.now == app.clock.now


def test_an_app_can_be_born_at_a_time(server: MockKommunicate) -> None:
    app = server.create_app(at=datetime(2026, 7, 27, 12, tzinfo=UTC))

    assert (app.clock.mode, app.clock.now) == ("frozen", 1_785_153_600_000)


@pytest.mark.parametrize("instant", ["noon", "2026-13-01", {"no": "instant"}], ids=str)
def test_an_instant_that_is_none_is_refused(app: App, instant: Any) -> None:
    with pytest.raises(ControlFailed, match="freeze"):
        app.clock.freeze(instant)

    assert app.clock.mode == "running"


# Snapshots, forks, state.


def test_a_snapshot_is_restored(app: App, client: Client) -> None:
    client.created("carl")
    made = app.snapshot("one")
    client.created("dora")
    app.restore("one")

    assert (made.name, made.created_at) == ("one", expected.NOW)
    assert [snapshot.name for snapshot in app.snapshots()] == ["one"]
    assert len(app.conversations()) == 1


def test_an_unknown_snapshot_is_refused_with_the_nearest(app: App) -> None:
    app.snapshot("before")

    with pytest.raises(ControlFailed, match="before") as failed:
        app.restore("befor")

    assert (failed.value.status, failed.value.code) == (404, "SNAPSHOT_NOT_FOUND")


def test_a_fork_is_a_world_of_its_own(app: App, client: Client) -> None:
    client.created("carl")
    app.snapshot("one")
    client.created("dora")

    fork, older = app.fork(), app.fork(snapshot="one")
    Client(fork.url, fork.api_key).created("erik")

    assert [len(each.conversations()) for each in (app, fork, older)] == [2, 3, 1]
    assert app.forks == [fork, older]


def test_the_state_goes_from_app_to_app(server: MockKommunicate, app: App, client: Client) -> None:
    client.created("carl")
    other = server.create_app()
    other.load_state(app.state())

    assert app.state()["format"] == 1
    assert [group.name for group in other.conversations()] == ["A question"]


def test_a_state_that_is_none_changes_nothing(app: App, client: Client) -> None:
    client.created("carl")

    with pytest.raises(ControlFailed, match="format"):
        app.load_state({"format": 99})

    assert len(app.conversations()) == 1


# Connections.


def test_threads_share_a_handle(app: App) -> None:
    with ThreadPoolExecutor(10) as pool:
        ids = list(pool.map(lambda number: app.add_customer(f"user-{number}").id, range(50)))

    assert sorted(ids) == sorted(user.id for user in app.users() if user.role == "customer")


def test_a_process_that_forked_has_connections_of_its_own(server: MockKommunicate) -> None:
    code = f"""
import os
from mockkommunicate import RunningServer
server = RunningServer({server.url!r})
app = server.create_app()
app.settings()
child = os.fork()
same = [app.seed for _ in range(50)] == [app.seed] * 50
if not child:
    os._exit(0 if same else 1)
assert same and os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


def test_a_running_server_is_reached_by_its_url(server: MockKommunicate) -> None:
    running = RunningServer(f"{server.url}/")
    app = running.create_app(scenario="at-capacity")

    assert running.url == server.url
    assert running.info()["name"] == "mockkommunicate"
    assert running.default_app.api_key == server.default_app.api_key
    assert len(app.conversations()) == 3
    running.close()


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://localhost", "http://", ""])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"looks like http://127\.0"):
        RunningServer(url)


def test_a_server_that_is_not_there_is_an_error_that_names_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(
        Unreachable, match=f"no MockKommunicate answers at http://127.0.0.1:{port}: .*refused"
    ):
        RunningServer(f"http://127.0.0.1:{port}").info()


def test_a_server_that_is_another_is_an_error_that_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answer = threading.Thread(target=_answer, args=[listener, b"HTTP/1.0 200 OK\r\n\r\n<html>"])
        answer.start()
        with pytest.raises(Unreachable, match="something else does, HTTP 200: b'<html>'"):
            RunningServer(f"http://127.0.0.1:{listener.getsockname()[1]}").info()
        answer.join()


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = App(f"http://127.0.0.1:{listener.getsockname()[1]}", "shop", "key")
        with pytest.raises(Unreachable, match="no answer in time"):
            app.within(0.1).settings()


def test_a_connection_that_the_server_has_closed_is_opened_anew() -> None:
    body = b'{"seed": 5}'
    kept = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = App(f"http://127.0.0.1:{listener.getsockname()[1]}", "shop", "key")
        for _ in range(3):
            answer = threading.Thread(target=_answer, args=[listener, kept])
            answer.start()
            assert app.seed == 5
            answer.join()


def test_a_server_that_was_not_started_makes_no_app() -> None:
    with pytest.raises(RuntimeError, match="started"):
        MockKommunicate().create_app()


def test_a_server_that_was_stopped_makes_no_app() -> None:
    with MockKommunicate() as server:
        pass

    with pytest.raises(Unreachable):
        server.create_app()


def _answer(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(10_000)
        connection.sendall(answer)
