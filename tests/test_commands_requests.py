"""`requests` and `verify`: what an app was asked, and whether it was what it should have been."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commanded import Commanded
from tests.served import Served

CREATE = "/rest/ws/group/conversation"
DETAIL = "/rest/ws/user/v2/detail"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The URL of a server of this module's own."""
    with Served() as served:
        yield served.url


@pytest.fixture
def app(url: str) -> Commanded:
    """An app of the test's own that was asked five things, at a time that stands still."""
    app = Commanded(url, at="2026-01-01T12:00:00.007Z")
    app.client.created()
    app.client.create(groupMemberlist=["x"])
    app.client.call("GET", "/rest/ws/nowhere", params={"q": "a b"})
    app.client.detail("bot")
    app.client.status(1, 2, None)
    return app


@pytest.fixture
def silent(url: str) -> Commanded:
    """An app that was asked nothing."""
    return Commanded(url)


def ids(app: Commanded, *options: str) -> list[int]:
    """List the numbers of the requests that a command lists."""
    return [entry["id"] for entry in app.answer("requests", *options)["requests"]]


def test_the_trace_of_a_request_is_noted(silent: Commanded) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = {"traceparent": parent, "X-Request-Id": "order-17"}
    silent.client.call("GET", "/rest/ws/nowhere", headers=headers)

    assert silent.done("requests").splitlines()[1].endswith(f"  traceparent {parent}")
    (entry,) = silent.answer("requests")["requests"]
    assert (entry["requestId"], entry["traceparent"]) == ("order-17", parent)


def test_requests_are_a_table(app: Commanded) -> None:
    time = "2026-01-01T12:00:00.007Z"

    head, *rows = app.done("requests").splitlines()

    assert head.split() == ["ID", "TIME", "STATUS", "OPERATION", "REQUEST", "NOTE"]
    assert [row.split() for row in rows] == [
        ["1", time, "200", "conversation.create", "POST", CREATE],
        [
            "2",
            time,
            "200",
            "conversation.create",
            "POST",
            CREATE,
            *["nobody", "read", "body", "groupMemberlist"],
        ],
        ["3", time, "404", "-", "GET", "/rest/ws/nowhere?q=a+b"],
        ["4", time, "200", "user.detail", "POST", DETAIL],
        ["5", time, "400", "conversation.status", "PATCH", "/rest/ws/group/status/change?groupId=1&status=2"],
    ]
    assert [row.index(time) for row in rows] == [head.index("TIME")] * 5


def test_the_json_is_what_the_control_api_answers(app: Commanded) -> None:
    assert app.answer("requests") == app.control("GET", "/requests")
    assert app.answer("requests", "--ignored") == app.control("GET", "/requests/ignored")


def test_of_nothing_there_is_the_head_of_a_table_only(silent: Commanded) -> None:
    assert len(silent.done("requests").splitlines()) == 1
    assert len(silent.done("requests", "--ignored").splitlines()) == 1
    assert silent.answer("requests") == {"requests": [], "dropped": 0}


FILTERS = {
    "method": (["--method", "patch"], [5]),
    "path": (["--path", DETAIL], [4]),
    "operation": (["--operation", "conversation.create"], [1, 2]),
    "status": (["--status", "404"], [3]),
    "unmatched": (["--unmatched"], [3]),
    "since then": (["--since", "2026-01-01T12:00:00.007Z"], [1, 2, 3, 4, 5]),
    "since later": (["--since", "1767268800008"], []),
    "limit": (["--limit", "2"], [1, 2]),
    "after": (["--after", "3"], [4, 5]),
    "last": (["--last", "2"], [4, 5]),
    "several": (["--operation", "conversation.create", "--limit", "1", "--after", "1"], [2]),
}


@pytest.mark.parametrize(("options", "found"), FILTERS.values(), ids=FILTERS)
def test_requests_are_filtered(app: Commanded, options: list[str], found: list[int]) -> None:
    assert ids(app, *options) == found


def test_a_list_that_was_limited_says_how_to_go_on(app: Commanded) -> None:
    printed = app.done("requests", "--limit", "2")

    assert printed.splitlines()[-1] == "there are more: --after 2"
    assert ids(app, "--limit", "2", "--after", "2") == [3, 4]


def test_without_a_limit_every_page_is_read(silent: Commanded) -> None:
    for _ in range(1_001):
        silent.client.call("GET", "/rest/ws/nowhere")

    assert ids(silent) == list(range(1, 1_002))
    assert len(silent.done("requests").splitlines()) == 1_002


def test_what_a_full_journal_dropped_is_said(url: str) -> None:
    app = Commanded(url, settings={"journal": {"limit": 2}})
    for _ in range(3):
        app.client.detail("bot")

    assert app.done("requests").splitlines()[-1] == "1 older request was dropped"


def test_a_fault_that_hit_is_noted(silent: Commanded) -> None:
    silent.control("POST", "/faults", json={"match": {"operation": "user.detail"}, "do": {"gateway": 503}})
    silent.client.detail("bot")

    assert silent.done("requests").splitlines()[1].endswith("fault 1")


def test_what_is_wrong_with_a_rich_message_is_noted(silent: Commanded) -> None:
    payload = '[{"titel": "Yes", "message": "A"}, {"title": "No"}]'
    silent.client.send(1, metadata={"contentType": "300", "templateId": "6", "payload": payload})

    noted = "rich message: error payload[0].titel, warning payload[1].message"
    assert silent.done("requests").splitlines()[1].endswith(f"  {noted}")
    assert len(silent.answer("requests")["requests"][0]["findings"]) == 2


def test_what_nobody_read_is_a_table(app: Commanded) -> None:
    head, row = app.done("requests", "--ignored").splitlines()

    assert head.split() == ["REQUEST", "WHERE", "NAME", "CLASS", "NEAREST"]
    assert row.split() == ["2", "body", "groupMemberlist", "unknown", "groupMemberList"]


def test_requests_are_deleted_all_or_those_that_match(app: Commanded) -> None:
    assert app.done("requests", "--delete", "--method", "POST", "--path", CREATE) == "deleted 2 requests\n"
    assert ids(app) == [3, 4, 5]
    assert app.answer("requests", "--delete") == {"deleted": 3}
    assert ids(app) == []


def test_what_a_client_sent_cannot_steer_the_terminal(silent: Commanded) -> None:
    evil = "/rest/ws/\x1b]0;gotcha\x07\x1b[2J\x9b31m\u202eabc\r\nroot"
    silent.client.call("GET", f"/rest/ws/{'%1b]0;gotcha%07%1b[2J%c2%9b31m%e2%80%aeabc%0d%0aroot'}")
    silent.client.create(**{"\x1b[31mred": 1})

    for arguments in (["requests"], ["requests", "--ignored"], ["verify", "GET", "/rest/ws/x"]):
        ended = silent.run(*arguments)
        assert all(one.isprintable() or one == "\n" for one in ended.stdout), arguments
        assert "\\x1b" in ended.stdout
    assert len(silent.done("requests").splitlines()) == 3
    assert silent.answer("requests")["requests"][0]["path"] == evil


def test_what_a_terminal_cannot_show_is_escaped_rather_than_a_traceback(silent: Commanded) -> None:
    silent.client.call("GET", "/rest/ws/\N{EURO SIGN}")

    ended = silent.run("requests", environment={"PYTHONIOENCODING": "latin-1"})

    assert ended.returncode == 0
    assert "/rest/ws/\\u20ac" in ended.stdout


def test_a_very_long_path_is_cut_in_the_table_and_whole_in_the_json(silent: Commanded) -> None:
    silent.client.call("GET", f"/rest/ws/{'x' * 3_000}")

    assert len(silent.done("requests").splitlines()[1]) < 300
    assert silent.answer("requests")["requests"][0]["path"].count("x") == 3_000


VERIFIED = {
    "method and path": ["POST", CREATE, "--times", "2"],
    "at least once": ["POST", DETAIL],
    "never": ["DELETE", CREATE, "--times", "0"],
    "in bounds": ["POST", CREATE, "--at-least", "1", "--at-most", "2"],
    "at most": ["POST", CREATE, "--at-most", "2"],
    "a query": ["PATCH", "/rest/ws/group/status/change", "--query", "groupId=1", "--query", "status=2"],
    "a header": ["POST", DETAIL, "--header", "content-type=application/json"],
    "a body": ["POST", DETAIL, "--body", '{"userIdList": ["bot"]}'],
    "a matcher": ["POST", CREATE, "--body", '{"groupName": {"$regex": "^A "}}', "--times", "2"],
    "all of it": ["--request", json.dumps({"operation": "user.detail"})],
}


@pytest.mark.parametrize("arguments", VERIFIED.values(), ids=VERIFIED)
def test_what_was_asked_is_verified(app: Commanded, arguments: list[str]) -> None:
    printed = app.done("verify", *arguments)

    assert printed.startswith("verified: ")
    assert len(printed.splitlines()) == 1


FAILED = {
    "not so often": ["POST", CREATE, "--times", "1"],
    "too seldom": ["POST", CREATE, "--at-least", "3"],
    "too often": ["POST", CREATE, "--at-most", "1"],
    "another method": ["PUT", CREATE],
    "another query": ["PATCH", "/rest/ws/group/status/change", "--query", "status=3"],
    "a repeated parameter": [
        "PATCH",
        "/rest/ws/group/status/change",
        "--query",
        "status=2",
        "--query",
        "status=2",
    ],
    "another header": ["POST", DETAIL, "--header", "Content-Type=text/plain"],
    "another body": ["POST", DETAIL, "--body", '{"userIdList": ["bot", "x"]}'],
    "a null body": ["POST", DETAIL, "--body", "null"],
}


@pytest.mark.parametrize("arguments", FAILED.values(), ids=FAILED)
def test_what_was_not_asked_is_exit_code_1(app: Commanded, arguments: list[str]) -> None:
    for form in ([], ["--json"]):
        ended = app.run("verify", *arguments, *form)

        assert (ended.returncode, ended.stderr) == (1, "")
        assert ended.stdout.startswith("not verified: ") or json.loads(ended.stdout)["matched"] is False


def test_a_failure_shows_the_nearest_with_what_differs(app: Commanded) -> None:
    ended = app.run("verify", "PATCH", "/rest/ws/group/status/change", "--query", "status=3")

    first, nearest, difference, *_ = ended.stdout.splitlines()
    assert first == "not verified: 0 requests match"
    path = "/rest/ws/group/status/change?groupId=1&status=2"
    assert nearest == f"nearest: #5 PATCH {path} answered 400"
    assert difference == '    query.status: expected "3", got "2"'


def test_a_failure_names_the_nearest_route_where_the_path_is_none(app: Commanded) -> None:
    ended = app.run("verify", "POST", "/rest/ws/group/converation")

    assert ended.returncode == 1
    expected = f"no route has the path /rest/ws/group/converation; the nearest is {CREATE}"
    assert ended.stdout.splitlines()[-1] == expected


def test_where_nothing_was_asked_there_is_nothing_near(silent: Commanded) -> None:
    ended = silent.run("verify", "POST", CREATE)

    assert (ended.returncode, ended.stdout) == (1, "not verified: 0 requests match\n")


def test_the_request_may_stand_in_a_file_or_come_from_stdin(app: Commanded, tmp_path: Path) -> None:
    expected = {"method": "POST", "path": DETAIL}
    file = tmp_path / "expected.json"
    file.write_text(json.dumps(expected))

    for source, given in ((str(file), None), ("-", json.dumps(expected))):
        assert app.answer("verify", "--request", source, given=given)["matched"] is True


def test_a_list_is_a_sequence(app: Commanded) -> None:
    create, detail = {"operation": "conversation.create"}, {"operation": "user.detail"}

    assert app.run("verify", "--request", json.dumps([create, detail])).returncode == 0
    assert app.run("verify", "--request", json.dumps([detail, create])).returncode == 1


REFUSED = {
    "an unknown field": (["verify", "--request", '{"methd": "GET"}'], "methd"),
    "an unknown matcher": (["verify", "POST", CREATE, "--body", '{"a": {"$regx": "b"}}'], "$regx"),
    "an empty sequence": (["verify", "--request", "[]"], "sequence"),
    "an instant that is none": (["requests", "--since", "yesterday"], "yesterday"),
    "a limit too large": (["requests", "--limit", "10001"], "10001"),
    "a cursor that is none": (["requests", "--after", "x"], "after"),
    "bounds the wrong way round": (["verify", "POST", "/", "--at-least", "2", "--at-most", "1"], "atLeast"),
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED.values(), ids=REFUSED)
def test_what_the_server_refuses_is_one_line_and_exit_code_3(
    silent: Commanded, arguments: list[str], said: str
) -> None:
    assert said in silent.refused(*arguments)


WRONG = {
    "no request": (["verify"], "METHOD and PATH are missing"),
    "no path": (["verify", "POST"], "METHOD and PATH are missing"),
    "both ways": (["verify", "POST", "/", "--request", "{}"], "leave out method and path"),
    "a query in the path": (["verify", "GET", "/?a=b"], "--query"),
    "a parameter without a value": (["verify", "GET", "/", "--query", "a"], "NAME=VALUE"),
    "a header without a name": (["verify", "GET", "/", "--header", "=a"], "NAME=VALUE"),
    "a body that is no JSON": (["verify", "GET", "/", "--body", "{'a': 1}"], "line 1, column 2"),
    "times twice": (["verify", "GET", "/", "--times", "1", "--at-most", "1"], "--times excludes"),
    "a negative count": (["verify", "GET", "/", "--times", "-1"], "-1"),
    "times of a sequence": (["verify", "--request", "[]", "--times", "1"], "a sequence has no"),
    "a file nowhere": (["verify", "--request", "no-such-file.json"], "'no-such-file.json'"),
    "a status that is none": (["requests", "--status", "OK"], "'OK'"),
    "a limit of none": (["requests", "--limit", "0"], "0"),
    "two things at once": (["requests", "--ignored", "--delete"], "exclude each other"),
    "a filter of what is ignored": (["requests", "--ignored", "--status", "200"], "not with --status"),
    "a filter of what is deleted": (["requests", "--delete", "--status", "200"], "not with --status"),
    "deleting the last": (["requests", "--delete", "--last", "1"], "not with --last"),
    "deleting the unmatched": (["requests", "--delete", "--unmatched"], "not with --unmatched"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_on_the_command_line_is_one_line_and_exit_code_2(
    silent: Commanded, arguments: list[str], said: str
) -> None:
    silent.client.detail("bot")

    assert said in silent.refused(*arguments, code=2)
    assert len(silent.control("GET", "/requests")["requests"]) == 1
