"""What `exec` reports when its command has ended."""

import json
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockkommunicate.commands import report
from tests.executed import Executed
from tests.served import PROGRAM

CALL = """
import json, os, sys, urllib.error, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
def call(method, path, body, key=os.environ["KOMMUNICATE_API_KEY"]):
    headers = {"Content-Type": "application/json", **({"Api-Key": key} if key else {})}
    url = os.environ["KOMMUNICATE_BASE_URL"] + path
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    try:
        with opener.open(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        return json.load(error)
CREATE, DETAIL, APPS = "/rest/ws/group/conversation", "/rest/ws/user/v2/detail", "/_mock/apps"
"""

STORY = """
call("POST", CREATE, {"groupName": "Help", "groupMemberList": ["a"]})
call("POST", CREATE, {"groupName": "Help", "groupMemberList": ["a"], "groupMemberlist": ["b"]})
call("POST", "/rest/ws/group/converation", {})
call("POST", DETAIL, {"userIdList": ["bot"]}, key="wrong")
call("POST", APPS + "/default/faults", {"match": {"operation": "user.detail"}, "do": {"gateway": 503}})
call("POST", DETAIL, {"userIdList": ["bot"]})
other = call("POST", APPS, {"apiKey": "other"})
call("POST", DETAIL, {"userIdList": ["bot"]}, key="other")
"""


def reported(code: str, *options: str) -> Any:
    """Run a command and answer the JSON that is reported."""
    with Executed(CALL + code, "--report", "json", *options) as executed:
        ended, out, err = executed.end()
    assert (ended, out) == (0, "")
    return json.loads(err)


def test_a_report_counts_requests_faults_and_what_nobody_read() -> None:
    assert reported(STORY) == {
        "apps": 2,
        "dropped": 0,
        "requests": 6,
        "operations": [
            {"operation": "conversation.create", "status": 200, "count": 2},
            {"status": 404, "count": 1},
            {"operation": "user.detail", "status": 200, "count": 1},
            {"operation": "user.detail", "status": 401, "count": 1},
            {"operation": "user.detail", "status": 503, "count": 1},
        ],
        "unmatched": [{"method": "POST", "path": "/rest/ws/group/converation", "count": 1}],
        "faults": [{"app": "mock-app", "fault": "1", "count": 1, "do": {"gateway": 503}}],
        "unread": [
            {
                "operation": "conversation.create",
                "where": "body",
                "name": "groupMemberlist",
                "class": "unknown",
                "nearest": "groupMemberList",
                "count": 1,
            }
        ],
    }


def test_a_report_in_words_has_tables_of_the_same() -> None:
    with Executed(CALL + STORY) as executed:
        _, out, err = executed.end()

    assert out == ""
    assert [line.split() for line in err.splitlines()] == [
        ["mockkommunicate:", "6", "requests", "to", "2", "apps"],
        [],
        ["OPERATION", "STATUS", "COUNT"],
        ["conversation.create", "200", "2"],
        ["-", "404", "1"],
        ["user.detail", "200", "1"],
        ["user.detail", "401", "1"],
        ["user.detail", "503", "1"],
        [],
        ["no", "route", "fits:"],
        ["METHOD", "PATH", "COUNT"],
        ["POST", "/rest/ws/group/converation", "1"],
        [],
        ["faults", "that", "hit:"],
        ["APP", "FAULT", "COUNT", "DO"],
        ["mock-app", "1", "1", '{"gateway":', "503}"],
        [],
        ["sent,", "and", "nobody", "read", "it:"],
        ["OPERATION", "WHERE", "NAME", "CLASS", "NEAREST", "COUNT"],
        ["conversation.create", "body", "groupMemberlist", "unknown", "groupMemberList", "1"],
    ]


def test_where_nothing_was_asked_the_report_says_so() -> None:
    with Executed("") as executed:
        assert executed.end() == (0, "", "mockkommunicate: 0 requests to 1 app\n")


def test_no_report_is_made_when_none_is_wanted() -> None:
    with Executed(CALL + STORY, "--report", "none") as executed:
        assert executed.end() == (0, "", "")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_report_goes_into_a_file_instead(tmp_path: Path, form: str) -> None:
    file = tmp_path / "report"
    file.write_text("of an earlier run")

    with Executed(CALL + STORY, "--report", form, "--report-file", str(file)) as executed:
        assert executed.end() == (0, "", "")

    written = file.read_text()
    assert json.loads(written)["requests"] == 6 if form == "json" else "6 requests" in written
    assert written.endswith("\n")
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    assert stat.S_IMODE(file.stat().st_mode) & 0o600 == 0o600


def test_a_report_that_cannot_be_written_is_said_and_changes_no_exit_code(tmp_path: Path) -> None:
    file = tmp_path / "gone" / "report"
    file.parent.mkdir()
    code = f"import shutil; shutil.rmtree({str(file.parent)!r}); raise SystemExit(3)"

    with Executed(code, "--report-file", str(file)) as executed:
        ended, _, err = executed.end()

    assert ended == 3
    (line,) = err.splitlines()
    assert line.startswith(f"mockkommunicate: error: no report: cannot write {file}: ")


def test_a_command_that_fails_is_reported_on_too() -> None:
    with Executed(f"{CALL}\ncall('POST', CREATE, {{}})\nraise SystemExit(9)", "--report", "json") as executed:
        ended, _, err = executed.end()

    assert ended == 9
    assert json.loads(err)["operations"] == [{"operation": "conversation.create", "status": 400, "count": 1}]


def test_a_server_with_a_token_is_reported_on(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    options = ["--host", "0.0.0.0", "--report", "json", "--report-file", str(file)]

    with Executed(f"{CALL}\ncall('POST', CREATE, {{}})", *options) as executed:
        assert executed.end()[0] == 0

    assert json.loads(file.read_text())["requests"] == 1


def test_more_requests_than_a_page_has_are_all_counted() -> None:
    many = 'import concurrent.futures as f\nwith f.ThreadPoolExecutor(8) as pool: list(pool.map(lambda _: call("POST", DETAIL, {}), range(1_200)))'

    report = reported(many)

    assert report["operations"] == [{"operation": "user.detail", "status": 400, "count": 1_200}]


def test_what_a_full_journal_dropped_is_said() -> None:
    limited = """
call("PATCH", APPS + "/default/settings", {"journal": {"limit": 2}})
for _ in range(5): call("POST", DETAIL, {"userIdList": ["bot"]})
"""
    report = reported(limited)

    assert (report["requests"], report["dropped"]) == (2, 3)


def test_what_a_client_sent_cannot_steer_the_terminal() -> None:
    evil = 'call("POST", "/rest/ws/%1b[2J%0d%0aroot", {})\ncall("POST", CREATE, {"\\x1b[31mred": 1})'

    with Executed(CALL + evil) as executed:
        _, _, err = executed.end()

    assert all(one.isprintable() or one == "\n" for one in err)
    assert "\\x1b[2J\\r\\nroot" in err
    assert "\\x1b[31mred" in err


def test_a_verification_inside_decides_the_exit_code() -> None:
    verify = [*PROGRAM, "verify", "POST", "/rest/ws/group/conversation"]

    with Executed(command=verify) as executed:
        ended, out, _ = executed.end()

    assert ended == 1
    assert out.startswith("not verified: ")


UNREAD = st.fixed_dictionaries(
    {
        "where": st.sampled_from(["body", "query", "header"]),
        "name": st.text(),
        "class": st.sampled_from(["ignored", "unknown"]),
    },
    optional={"nearest": st.text()},
)
ENTRIES = st.fixed_dictionaries(
    {"method": st.sampled_from(["GET", "POST"]), "path": st.text(), "unread": st.lists(UNREAD, max_size=2)},
    optional={
        "operation": st.sampled_from(["message.send", "user.detail"]),
        "status": st.sampled_from([200, 404]),
        "fault": st.sampled_from(["1", "2", "header"]),
    },
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.sampled_from(["a", "b"]), ENTRIES)))
def test_nothing_is_lost_in_a_summary(entries: list[tuple[str | None, dict[str, Any]]]) -> None:
    made = report.summary(entries)

    def total(kind: str) -> int:
        return sum(row["count"] for row in made[kind])

    assert made["requests"] == total("operations") == len(entries)
    assert total("unmatched") == sum("operation" not in entry for _, entry in entries)
    assert total("faults") == sum("fault" in entry and app is not None for app, entry in entries)
    assert total("unread") == sum(len(entry["unread"]) for _, entry in entries)
    statuses = Counter((entry.get("operation"), entry.get("status")) for _, entry in entries)
    assert {(row.get("operation"), row.get("status")): row["count"] for row in made["operations"]} == statuses


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | st.sampled_from(["a", "b"]), ENTRIES)))
def test_a_summary_can_always_be_printed(entries: list[tuple[str | None, dict[str, Any]]]) -> None:
    words = report.in_words({"apps": 1, "dropped": 0, **report.summary(entries)})

    assert all(one.isprintable() or one == "\n" for one in words)
    assert words.isascii() or words.encode()
