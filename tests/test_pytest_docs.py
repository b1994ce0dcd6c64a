"""docs/pytest.md has every name of the handle and the plugin, and its examples run."""

import dataclasses
import re
from pathlib import Path

import pytest

from mockkommunicate import App, pytest_plugin
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.domain.socket_kinds import SocketKind
from mockkommunicate.handle import results
from mockkommunicate.handle.actor import Actor
from mockkommunicate.handle.clock import Clock
from mockkommunicate.handle.disturbances import Disturbance
from mockkommunicate.handle.faults import Fault, Rule
from mockkommunicate.handle.results import Result
from tests.pages.blocks import named
from tests.pytest_runs import PREAMBLE, Run, run

PAGE = (Path(__file__).parents[1] / "docs" / "pytest.md").read_text(encoding="utf-8")
KINDS = [kind for kind in vars(results).values() if isinstance(kind, type) and issubclass(kind, Result)]


def public(kind: type) -> list[str]:
    """List the public names of a class, besides what any mapping has."""
    own = {
        name for each in kind.__mro__ if each.__module__.startswith("mockkommunicate") for name in vars(each)
    }
    return sorted(name for name in own if not name.startswith("_") and name != "of")


@pytest.mark.parametrize("name", [*public(App), "url", "application_id", "api_key", "clock", "forks"])
def test_every_name_of_the_handle_is_documented(name: str) -> None:
    assert re.search(rf"`\.{name}\b", PAGE)


@pytest.mark.parametrize("name", sorted({*public(Fault), *public(Clock), *public(Actor)}))
def test_every_name_of_its_parts_is_documented(name: str) -> None:
    assert re.search(rf"`\.{name}\b", PAGE)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_attribute_of_an_answer_is_documented(kind: type[Result]) -> None:
    for field in dataclasses.fields(kind):
        assert f"`.{field.name}`" in PAGE, field.name


@pytest.mark.parametrize(
    "keyword", [*Rule.__annotations__, *Disturbance.__annotations__, *pytest_plugin.KEYWORDS]
)
def test_every_keyword_is_documented(keyword: str) -> None:
    assert f"`{keyword}=`" in PAGE


@pytest.mark.parametrize("name", [*OPERATIONS, *(kind.value for kind in SocketKind)])
def test_every_operation_and_socket_fault_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_every_fixture_and_option_is_documented(tmp_path: Path) -> None:
    fixtures = run(tmp_path, "", "--fixtures").output
    options = run(tmp_path, "", "--help").output

    for name in set(re.findall(r"^(kommunicate\w*)", fixtures, re.MULTILINE)):
        assert f"| `{name}` |" in PAGE
    for name in set(re.findall(r"--kommunicate-\w+", options)):
        assert f"`{name}" in PAGE
    assert len(set(re.findall(r"--kommunicate-\w+", options))) == 3


def test_the_verifications_and_the_fault_are_as_they_are_documented(tmp_path: Path) -> None:
    verification, fault = named("docs/pytest.md", "verification"), named("docs/pytest.md", "fault")
    source = f"""
import re

{PREAMBLE}

def test_verification(kommunicate):
    kommunicate.add_agent("jane@example.com")
    conversation_id = create(kommunicate)
    headers = {{**kommunicate.headers, "Of-User-Id": "admin@example.com"}}
    change = {{"groupId": conversation_id, "assignee": "jane@example.com"}}
    requests.patch(f"{{kommunicate.url}}/rest/ws/group/assignee/change", params=change, headers=headers)
    sent = {{"groupId": conversation_id, "fromUserName": "customer-1", "message": "Hi", "metadata": {{"order": "7"}}}}
    requests.post(f"{{kommunicate.url}}/rest/ws/message/v2/send", json=sent, headers=kommunicate.headers)
{indented(verification)}


class my_service:
    def notify(user):
        for _ in range(2):
            requests.post(f"{{my_service.app.url}}/rest/ws/message/v2/send", json={{}}, headers=my_service.app.headers)


def test_fault(kommunicate):
    my_service.app = kommunicate
{indented(fault)}
"""
    done = run(tmp_path, source)

    assert done.outcomes == {"test_verification": "passed", "test_fault": "passed"}, done.output


def test_acting_is_as_it_is_documented(tmp_path: Path) -> None:
    acting = named("docs/pytest.md", "acting").partition("customer, agent")
    source = f"""
{PREAMBLE}

def test_acting(kommunicate):
{indented(acting[0])}
    kommunicate.settings({{"routing": {{"assignNewConversationsTo": "order-bot"}}}})
    conversation = create(kommunicate)
{indented(acting[1] + acting[2])}
    assert [message.text for message in kommunicate.messages(conversation)] == [
        "Where is my order?",
        "Where is my order?",
        "I ask a colleague.",
        "Assigned to jane@example.com",
        "It is on its way.",
        "Status changed to closed",
    ]
"""
    done = run(tmp_path, source)

    assert done.outcomes == {"test_acting": "passed"}, done.output


def test_the_deliveries_are_disturbed_as_it_is_documented(tmp_path: Path) -> None:
    example = named("docs/pytest.md", "disturbed")
    source = f"""
{PREAMBLE}

class my_service:
    def notify(user):
        conversation_id = create(my_service.app)
        for number in range(20):
            my_service.app.act_as(user).writes(conversation_id, str(number))


@pytest.mark.kommunicate(seed=7, settings={{"webhook": {{"url": "http://127.0.0.1:9/nobody"}}}})
def test_disturbed(kommunicate):
    my_service.app = kommunicate
{indented(example)}
    assert 0 < fault.hits < 20
    assert len(kommunicate.deliveries()) == 20 + fault.hits
"""
    done = run(tmp_path, source)

    assert done.outcomes == {"test_disturbed": "passed"}, done.output


FAILING = """
def change(app, **body):
    headers = {**app.headers, "Of-User-Id": "admin@example.com"}
    query = {"groupId": create(app, **body), "assignee": "bot"}
    requests.patch(f"{app.url}/rest/ws/group/assignee/change", params=query, headers=headers, timeout=30)
    wanted = {"assignee": "jane@example.com"}
    app.verify("PATCH", "/rest/ws/group/assignee/change", query=wanted, times=1)


def test_verification(kommunicate):
    change(kommunicate)


def test_report(kommunicate):
    kommunicate.fail("conversation.assignee", gateway=503)
    change(kommunicate, groupMemberlist=[])
"""


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of tests that fail as the page shows."""
    return run(tmp_path_factory.mktemp("failing"), FAILING)


def test_a_failed_verification_is_said_as_it_is_documented(failing: Run) -> None:
    told = named("docs/pytest.md", "failed verification").splitlines()
    said = re.findall(r"^E {7}(.*)", failing.section("test_verification"), re.MULTILINE)

    assert said == [f"mockkommunicate.handle.verification.VerificationFailed: {told[0]}", *told[1:]]


def test_the_report_is_as_it_is_documented(failing: Run) -> None:
    _, *told = masked(named("docs/pytest.md", "report"))
    _, *said = masked(failing.section("test_report").partition("- kommunicate -")[2])

    assert said[: len(told)] == told


def masked(text: str) -> list[str]:
    """List the lines of a report, without what is another in each run."""
    times = re.sub(r"\d\d:\d\d:\d\d\.\d{3}", "TIME", text)
    return re.sub(r"app-\w{16}|127\.0\.0\.1:\d+|seed \d+", "ONE", times).splitlines()


def indented(example: str) -> str:
    """Indent an example."""
    return "".join(f"    {line}" for line in example.splitlines(keepends=True))
