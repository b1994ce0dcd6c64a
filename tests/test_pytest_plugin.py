"""The pytest plugin, as those see it who write tests with it: real runs of pytest."""

import re
from pathlib import Path

import pytest
import requests

from mockkommunicate import MockKommunicate
from tests.pytest_runs import Run, run

# The fixtures.


def test_the_fixture_is_all_that_a_test_needs(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        def test_handoff(kommunicate):
            kommunicate.add_agent("jane@example.com", limit=1)
            conversation_id = create(kommunicate)
            requests.patch(
                f"{kommunicate.url}/rest/ws/group/assignee/change",
                params={"groupId": conversation_id, "assignee": "jane@example.com"},
                headers={"Api-Key": kommunicate.api_key, "Of-User-Id": "admin@example.com"},
            )
            assert kommunicate.conversation(conversation_id).assignee == "jane@example.com"
            kommunicate.verify(
                "PATCH", "/rest/ws/group/assignee/change", query={"assignee": "jane@example.com"}, times=1
            )
        """,
    )

    assert done.outcomes == {"test_handoff": "passed"}, done.output


def test_each_test_has_an_app_of_its_own_that_is_gone_afterwards(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        def apps(server):
            return len(requests.get(f"{server.url}/_mock/apps", timeout=30).json()["apps"])

        def test_one(kommunicate, kommunicate_server):
            create(kommunicate)
            fork = kommunicate.fork()
            fork.fork()
            assert apps(kommunicate_server) == 4

        def test_other(kommunicate, kommunicate_server):
            assert kommunicate.conversations() == []
            assert apps(kommunicate_server) == 2

        def test_one_that_deletes_it_itself(kommunicate):
            kommunicate.delete()

        def test_after_them(kommunicate_server):
            assert apps(kommunicate_server) == 1
        """,
    )

    assert set(done.outcomes.values()) == {"passed"}, done.output


def test_the_server_may_have_options_of_ones_own(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        def test_it(kommunicate, kommunicate_server):
            assert kommunicate_server.default_app.application_id == "shop"
            assert kommunicate.url == kommunicate_server.url
        """,
        conftest__py="""
        import pytest
        from mockkommunicate import MockKommunicate

        @pytest.fixture(scope="session")
        def kommunicate_server():
            with MockKommunicate(application_id="shop") as server:
                yield server
        """,
    )

    assert done.outcomes == {"test_it": "passed"}, done.output


def test_nothing_of_it_is_imported_that_no_test_uses(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        import sys

        def test_it():
            loaded = {name for name in sys.modules if name.startswith("mockkommunicate")}
            assert loaded == {"mockkommunicate", "mockkommunicate.pytest_plugin"}
            assert not {"flask", "sqlalchemy", "marshmallow", "faker"} & set(sys.modules)
        """,
    )

    assert done.outcomes == {"test_it": "passed"}, done.output


# The marker.


def test_the_marker_says_what_the_app_is_made_with(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        from datetime import datetime

        pytestmark = pytest.mark.kommunicate(seed=1, users=[{"userId": "jane", "role": "agent"}])

        @pytest.mark.kommunicate(scenario="at-capacity", settings={"dialect": "observed"})
        class TestMarked:
            def test_all_of_it(self, kommunicate):
                assert kommunicate.seed == 1
                assert len(kommunicate.conversations()) == 3
                assert kommunicate.settings()["dialect"] == "observed"
                assert "jane" in [user.id for user in kommunicate.users()]

            @pytest.mark.kommunicate(seed=2, scenario="empty", at="2026-07-27T12:00:00Z")
            def test_the_nearest_wins(self, kommunicate):
                assert kommunicate.seed == 2
                assert kommunicate.conversations() == []
                assert kommunicate.settings()["dialect"] == "observed"
                assert kommunicate.clock.now == 1785153600000

        @pytest.mark.kommunicate(at=datetime(2026, 7, 27, 12))
        def test_a_datetime(kommunicate):
            assert (kommunicate.clock.mode, kommunicate.clock.now) == ("frozen", 1785153600000)
        """,
    )

    assert len(done.outcomes) == 3
    assert set(done.outcomes.values()) == {"passed"}, done.output


def test_a_marker_that_is_wrong_is_an_error_that_says_what_is_right(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        @pytest.mark.kommunicate(sede=1)
        def test_a_keyword(kommunicate): pass

        @pytest.mark.kommunicate("support-team")
        def test_no_keyword(kommunicate): pass

        @pytest.mark.kommunicate(scenario="suport-team")
        def test_a_scenario(kommunicate): pass

        @pytest.mark.kommunicate(settings={"dialekt": "observed"})
        def test_a_setting(kommunicate): pass

        @pytest.mark.kommunicate(at="noon")
        def test_an_instant(kommunicate): pass
        """,
    )

    assert set(done.outcomes.values()) == {"error"}
    assert len(done.outcomes) == 5
    assert (
        done.section("test_a_keyword").strip()
        == "@pytest.mark.kommunicate takes scenario=, seed=, settings=, users=, "
        "at=, fail_on_unread=, not sede=; did you mean seed=?"
    )
    assert "and nothing without a name" in done.section("test_no_keyword")
    assert "did you mean 'support-team'?" in done.section("test_a_scenario")
    assert "'settings.dialekt': is not known here" in done.section("test_a_setting")
    assert "'at'" in done.section("test_an_instant")
    assert "Traceback" not in done.output
    assert "During handling" not in done.output


def test_the_marker_is_known(tmp_path: Path) -> None:
    done = run(tmp_path, "", "--markers")

    assert (
        "@pytest.mark.kommunicate(scenario=, seed=, settings=, users=, at=, fail_on_unread=)" in done.output
    )


def test_the_seed_is_the_tests_own_and_the_same_in_every_run(tmp_path: Path) -> None:
    source = """
        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.kommunicate(scenario="support-team", at="2026-07-27T12:00:00Z")
        def test_it(kommunicate, number):
            print("seed", number, kommunicate.seed, hash(str(kommunicate.state())))
        """
    fixed = {"PYTHONHASHSEED": "0"}
    runs = [run(tmp_path, source, environment=fixed), run(tmp_path, source, "-k2", environment=fixed)]

    first, again = [re.findall("^seed (.*)", done.output, re.MULTILINE) for done in runs]
    assert len(first) == len(set(first)) == 2
    assert again == first[1:]


# The report of a test that failed.

FAILING = """
    @pytest.fixture
    def broken(kommunicate):
        create(kommunicate)
        raise ZeroDivisionError

    def test_in_setup(broken): pass

    def test_in_call(kommunicate):
        print("key", kommunicate.api_key)
        create(kommunicate, groupMemberlist=["dora"])
        kommunicate.fail("user.detail", status=503)
        detail = {"userIdList": ["bot"]}
        requests.post(f"{kommunicate.url}/rest/ws/user/v2/detail", headers=kommunicate.headers, json=detail)
        kommunicate.verify("POST", "/rest/ws/user/v2/detail", body={"userIdList": ["jane"]})

    @pytest.mark.kommunicate(at="2026-07-27T12:00:00.007Z")
    def test_with_many_requests(kommunicate):
        for _ in range(12):
            requests.get(f"{kommunicate.url}/rest/ws/nonsense?apiKey={kommunicate.api_key}")
        assert False

    def test_without_requests(kommunicate):
        assert False

    def test_without_the_fixture():
        assert False

    def test_with_a_rich_message(kommunicate):
        metadata = {"contentType": "300", "templateId": "6", "payload": '[{"titel": "Yes", "message": "Yes"}]'}
        for _ in range(2):
            body = {"groupId": 1, "fromUserName": "customer-1", "metadata": metadata}
            requests.post(f"{kommunicate.url}/rest/ws/message/v2/send", headers=kommunicate.headers, json=body)
        assert False

    def test_that_passes(kommunicate):
        create(kommunicate)

    def test_that_is_skipped(kommunicate):
        create(kommunicate)
        pytest.skip("for a reason")
"""


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run in which tests fail."""
    return run(tmp_path_factory.mktemp("failing"), FAILING, "-l")


def test_a_failing_tests_report_says_what_its_app_received(failing: Run) -> None:
    said = failing.section("test_in_call")

    assert re.search(r"^-+ kommunicate -+$", said, re.MULTILINE)
    assert re.search(r"^app \S+ at http://127.0.0.1:\d+, seed \d+$", said, re.MULTILINE)
    time = r"\d\d:\d\d:\d\d\.\d{3}"
    received = [
        rf"  #1 {time} POST  /rest/ws/group/conversation 200  conversation.create",
        rf"  #2 {time} POST  /rest/ws/user/v2/detail 503  user.detail  fault 1",
    ]
    assert re.search("\n".join(["^its last requests:", *received]), said, re.MULTILINE), said


def test_a_failing_tests_report_says_what_nobody_read(failing: Run) -> None:
    line = "#1 POST /rest/ws/group/conversation: body 'groupMemberlist' (unknown); did you mean 'groupMemberList'?"

    assert f"sent, and read by nobody:\n  {line}\n" in failing.section("test_in_call")


def test_a_failing_tests_report_says_what_is_wrong_with_its_rich_messages(failing: Run) -> None:
    line = "#1 error payload[0].titel: is not known; did you mean 'title'?"

    assert f"found in rich messages:\n  {line}\n" in failing.section("test_with_a_rich_message")
    assert "found in rich messages" not in failing.section("test_in_call")


def test_a_failed_verification_says_what_came_near(failing: Run) -> None:
    said = failing.section("test_in_call")

    assert "expected at least once: POST /rest/ws/user/v2/detail" in said
    assert 'E             body.userIdList[0]: expected "jane", got "bot"' in said
    near = '  #2 body.userIdList[0]: expected "jane", got "bot"'
    assert f"near misses of POST /rest/ws/user/v2/detail:\n{near}\n" in said


def test_a_failed_verifications_traceback_ends_in_the_test(failing: Run) -> None:
    assert re.findall(r"^(\S+\.py):\d+:", failing.section("test_in_call"), re.MULTILINE) == ["test_it.py"]


def test_a_failing_tests_report_shows_the_last_requests_only(failing: Run) -> None:
    received = re.findall(r"^  #(\d+) (\S+)", failing.section("test_with_many_requests"), re.MULTILINE)

    assert received == [(str(number), "12:00:00.007") for number in range(3, 13)]


def test_a_test_that_failed_before_it_began_has_such_a_report_too(failing: Run) -> None:
    assert "#1" in failing.section("test_in_setup")


def test_an_app_without_requests_is_said_to_have_none(failing: Run) -> None:
    assert "its journal has no request" in failing.section("test_without_requests")


def test_a_test_without_the_fixture_has_no_such_report(failing: Run) -> None:
    assert "- kommunicate -" not in failing.section("test_without_the_fixture")


def test_tests_that_do_not_fail_have_no_such_report(failing: Run) -> None:
    assert failing.outcomes["test_that_passes"] == "passed"
    assert len(re.findall("^-+ kommunicate -+$", failing.output, re.MULTILINE)) == 5


def test_no_report_shows_a_key(failing: Run) -> None:
    (key,) = re.findall("^key (.+)$", failing.section("test_in_call"), re.MULTILINE)

    assert failing.output.count(key) == 1


def test_a_report_can_show_whatever_was_sent(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        r"""
        import http.client

        def test_it(kommunicate):
            connection = http.client.HTTPConnection(kommunicate.url.removeprefix("http://"))
            connection.request("POST", "/rest/ws/%1b%5b31m%ff", '{"\\ud800\\u001b": 1}', kommunicate.headers)
            assert connection.getresponse().read()
            connection.close()
            kommunicate.verify("POST", "/rest/ws/nonsense", body={"a\x1b": 1})
        """,
        "-n1",
        plugins=("xdist",),
    )

    assert done.outcomes == {"test_it": "failed"}, done.output
    assert "\x1b" not in done.output
    assert r"POST  /rest/ws/\x1b[31m" in done.section("test_it")


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("kommunicate_server.stop()", "no MockKommunicate answers at http://127.0.0.1:"),
        ("kommunicate.delete()", "no app 'app-"),
    ],
    ids=["server", "app"],
)
def test_a_report_of_what_is_gone_is_one_line(tmp_path: Path, end: str, reason: str) -> None:
    source = f"""
        def test_it(kommunicate, kommunicate_server):
            {end}
            assert 1 == 2
        """
    done = run(tmp_path, source)

    said = done.section("test_it")
    assert "assert 1 == 2" in said
    (line,) = said.partition("- kommunicate -")[2].strip("-\n").splitlines()
    assert line.startswith("nothing can be read of <App ")
    assert reason in line
    assert done.outcomes == {"test_it": "failed"}


# fail_on_unread.


def test_what_is_unknown_fails_a_test_that_asks_for_it(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        pytestmark = pytest.mark.kommunicate(fail_on_unread=True)

        def test_that_sends_a_typo(kommunicate):
            for _ in range(30):
                create(kommunicate, groupMemberlist=["dora"])

        def test_that_sends_what_is_known(kommunicate):
            create(kommunicate)

        def test_that_fails_anyway(kommunicate):
            create(kommunicate, groupMemberlist=["dora"])
            assert "this" == "that"

        @pytest.mark.xfail
        def test_that_is_expected_to(kommunicate):
            create(kommunicate, groupMemberlist=["dora"])

        @pytest.mark.kommunicate(fail_on_unread=False)
        def test_that_asks_for_it_no_more(kommunicate):
            create(kommunicate, groupMemberlist=["dora"])

        def test_without_an_app():
            pass

        @pytest.mark.kommunicate(settings={"journal": {"enabled": False}})
        def test_that_cannot_have_it(kommunicate):
            create(kommunicate, groupMemberlist=["dora"])
        """,
    )

    assert done.outcomes == {
        "test_that_sends_a_typo": "failed",
        "test_that_sends_what_is_known": "passed",
        "test_that_fails_anyway": "failed",
        "test_that_is_expected_to": "xfail",
        "test_that_asks_for_it_no_more": "passed",
        "test_without_an_app": "passed",
        "test_that_cannot_have_it": "failed",
    }, done.output
    said = done.section("test_that_sends_a_typo").partition("-----")[0].strip().splitlines()
    assert said == [
        "what the emulator does not know was sent (fail_on_unread):",
        "  #1 POST /rest/ws/group/conversation: body 'groupMemberlist' (unknown); did you mean 'groupMemberList'?",
        "  and 20 more",
    ]
    assert "fail_on_unread" not in done.section("test_that_fails_anyway")
    assert "fail_on_unread needs the journal" in done.section("test_that_cannot_have_it")


# Other plugins.


def test_each_worker_of_xdist_has_a_server_of_its_own(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        @pytest.mark.parametrize("number", range(40))
        def test_it(kommunicate, worker_id, number):
            created = [create(kommunicate) for _ in range(3)]
            assert [group.id for group in kommunicate.conversations()] == created
            print("server", worker_id, kommunicate.url)

        def test_that_fails(kommunicate):
            create(kommunicate)
            assert False
        """,
        "-n2",
        plugins=("xdist",),
    )

    assert sorted(done.outcomes.values()) == ["failed"] + ["passed"] * 40, done.output
    servers = set(re.findall(r"^server (gw\d) (\S+)", done.output, re.MULTILINE))
    assert len(servers) == len(dict(servers)) == 2
    assert "  #1 " in done.section("test_that_fails")


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_async_tests_have_the_fixture_too(tmp_path: Path, mode: str) -> None:
    marker = "@pytest.mark.asyncio" if mode == "strict" else ""
    done = run(
        tmp_path,
        f"""
        import asyncio
        import httpx

        {marker}
        async def test_it(kommunicate):
            async with httpx.AsyncClient(base_url=kommunicate.url, headers=kommunicate.headers) as client:
                body = {{"groupName": "Help", "groupMemberList": ["customer-1"]}}
                made = (await client.post("/rest/ws/group/conversation", json=body)).json()["response"]
                sent = {{"groupId": made["id"], "message": "Hi", "fromUserName": "customer-1"}}
                later = asyncio.create_task(client.post("/rest/ws/message/v2/send", json=sent))
                message = await asyncio.to_thread(kommunicate.wait_for, "message", {{"message": "Hi"}})
                await later
            assert message.sender == "customer-1"

        {marker}
        async def test_that_fails(kommunicate):
            assert False
        """,
        f"--asyncio-mode={mode}",
        "-oasyncio_default_fixture_loop_scope=function",
        plugins=("asyncio",),
    )

    assert done.outcomes == {"test_it": "passed", "test_that_fails": "failed"}, done.output
    assert "its journal has no request" in done.section("test_that_fails")


def test_classes_of_unittest_have_it_by_a_fixture(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        import unittest

        @pytest.mark.kommunicate(seed=3)
        class HandoffTest(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _kommunicate(self, kommunicate):
                self.kommunicate = kommunicate

            def test_it(self):
                create(self.kommunicate)
                self.assertEqual(self.kommunicate.seed, 3)
                self.kommunicate.verify("POST", times=1)

            def test_that_fails(self):
                create(self.kommunicate)
                self.assertEqual(1, 2)

            @pytest.mark.kommunicate(fail_on_unread=True)
            def test_that_sends_a_typo(self):
                create(self.kommunicate, groupMemberlist=[])
        """,
    )

    assert done.outcomes == {
        "HandoffTest::test_it": "passed",
        "HandoffTest::test_that_fails": "failed",
        "HandoffTest::test_that_sends_a_typo": "failed",
    }, done.output
    assert "  #1 " in done.section("HandoffTest.test_that_fails")


def test_any_order_will_do(tmp_path: Path) -> None:
    source = """
        @pytest.mark.parametrize("number", range(10))
        def test_it(kommunicate, number):
            create(kommunicate)
            print("order", number, kommunicate.seed, [group.id for group in kommunicate.conversations()])
        """
    runs = [run(tmp_path, source, f"--randomly-seed={seed}", plugins=("randomly",)) for seed in (1, 2)]

    orders = [re.findall("^order (.*)", done.output, re.MULTILINE) for done in runs]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


# A server that runs already.


def test_a_running_server_is_used(tmp_path: Path, server: MockKommunicate) -> None:
    source = """
        def test_it(kommunicate, kommunicate_server):
            create(kommunicate)
            print("used", kommunicate_server.url, kommunicate.application_id)
        """
    done = run(tmp_path, source, f"--kommunicate-url={server.url}")
    by_environment = run(tmp_path, source, environment={"MOCKKOMMUNICATE_URL": server.url})

    for each in (done, by_environment):
        assert each.outcomes == {"test_it": "passed"}, each.output
        (url, application_id) = re.findall(r"^used (\S+) (\S+)", each.output, re.MULTILINE)[0]
        assert url == server.url
        assert application_id not in [app["applicationId"] for app in _apps(server)]


def _apps(server: MockKommunicate) -> list[dict[str, object]]:
    return list(requests.get(f"{server.url}/_mock/apps", timeout=20).json()["apps"])


def test_workers_of_xdist_share_a_running_server(tmp_path: Path, server: MockKommunicate) -> None:
    done = run(
        tmp_path,
        """
        @pytest.mark.parametrize("number", range(20))
        def test_it(kommunicate, number):
            create(kommunicate)
            assert len(kommunicate.conversations()) == 1
        """,
        "-n2",
        f"--kommunicate-url={server.url}",
        plugins=("xdist",),
    )

    assert list(done.outcomes.values()) == ["passed"] * 20, done.output


def test_a_running_server_may_ask_for_its_token(tmp_path: Path) -> None:
    source = "def test_it(kommunicate): assert kommunicate.conversations() == []"
    with MockKommunicate(host="0.0.0.0", control_token="secret") as server:
        url = f"--kommunicate-url={server.url}"
        given = run(tmp_path, source, url, "--kommunicate-token=secret")
        by_environment = run(tmp_path, source, url, environment={"MOCKKOMMUNICATE_CONTROL_TOKEN": "secret"})
        missing = run(tmp_path, source, url)

    assert (given.outcomes, by_environment.outcomes) == ({"test_it": "passed"}, {"test_it": "passed"})
    assert (missing.code, missing.outcomes) == (4, {})
    assert "ERROR: --kommunicate-url: the control API needs its token" in missing.output


@pytest.mark.parametrize(("url", "workers"), [("http://127.0.0.1:1", 0), ("localhost:8080", 2)])
def test_a_server_that_does_not_answer_ends_the_run_at_once(tmp_path: Path, url: str, workers: int) -> None:
    source = "def test_it(): pass"
    done = run(tmp_path, source, f"-n{workers}", f"--kommunicate-url={url}", plugins=("xdist",))

    assert (done.code, done.outcomes) == (4, {})
    (error,) = re.findall("^ERROR: (.*)", done.output, re.MULTILINE)
    assert error.startswith("--kommunicate-url: ")
    assert url in error


def test_a_server_of_the_environment_that_does_not_answer_fails_only_who_uses_it(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        def test_it(kommunicate): pass
        def test_another(): pass
        """,
        environment={"MOCKKOMMUNICATE_URL": "http://127.0.0.1:1"},
    )

    assert done.outcomes == {"test_it": "error", "test_another": "passed"}
    assert "no MockKommunicate answers at http://127.0.0.1:1: " in done.section("test_it")


# Deliveries.


def test_a_failing_tests_report_says_what_was_not_delivered(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        def test_that_fails(kommunicate):
            kommunicate.settings({"webhook": {"url": "http://127.0.0.1:1/hook", "token": "abcdef"}})
            body = {"groupId": create(kommunicate), "message": "Hi", "fromUserName": "admin@example.com"}
            url = f"{kommunicate.url}/rest/ws/message/v2/send"
            requests.post(url, json=body, headers=kommunicate.headers)
            (delivery,) = kommunicate.settle()
            assert delivery.state == "sent"
        """,
    )

    line = "  #1 webhook failed http://127.0.0.1:1/hook  connection refused: nobody listens at 127.0.0.1:1"
    assert f"its deliveries that were not taken:\n{line}\n" in done.section("test_that_fails")
    assert "abcdef" not in done.section("test_that_fails").partition("its last requests")[2]
