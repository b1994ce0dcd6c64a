"""The pytest plugin: an emulator for the run, an app for each test, and a report that says why one failed.

Nothing heavy is imported before a fixture or an option needs it: this module is part of every start of pytest.
"""

import os
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

import mockkommunicate

if TYPE_CHECKING:
    from mockkommunicate import App, MockKommunicate, RunningServer
    from mockkommunicate.offline import Attempt, Guard

MARKER = "kommunicate"
KEYWORDS = ("scenario", "seed", "settings", "users", "at", "fail_on_unread")
"""What the marker takes."""

T = TypeVar("T")

_APP: "pytest.StashKey[App]" = pytest.StashKey()
_GUARD: "pytest.StashKey[Guard]" = pytest.StashKey()
_ATTEMPTS: "pytest.StashKey[list[Attempt]]" = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("kommunicate", "an emulator of Kommunicate")
    group.addoption(
        "--kommunicate-url",
        metavar="URL",
        help="use the emulator that runs there, not one of this run's own (environment: MOCKKOMMUNICATE_URL)",
    )
    group.addoption(
        "--kommunicate-token",
        metavar="TOKEN",
        help="what the control API of that one asks for (environment: MOCKKOMMUNICATE_CONTROL_TOKEN)",
    )
    offline = "fail a test as soon as it tries to reach a real host of Kommunicate"
    group.addoption("--kommunicate-offline", action="store_true", help=offline)
    parser.addini("kommunicate_offline", offline, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; go on watch, if that was asked for."""
    keywords = ", ".join(f"{name}=" for name in KEYWORDS)
    config.addinivalue_line("markers", f"{MARKER}({keywords}): what the fixture kommunicate is made with")
    if config.getoption("--kommunicate-offline") or config.getini("kommunicate_offline"):
        from mockkommunicate.offline import Guard  # noqa: PLC0415 - only who asks for it pays for it

        watch = ExitStack()
        config.stash[_GUARD] = watch.enter_context(Guard())
        config.add_cleanup(watch.close)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """End the run at once, if it was told to use an emulator that does not answer."""
    config = session.config
    if config.getoption("--kommunicate-url") and not hasattr(config, "workerinput"):
        try:
            _connect(config).close()
        except _refusals() as error:
            raise pytest.UsageError(f"--kommunicate-url: {error}") from None


@pytest.fixture(scope="session")
def kommunicate_server(pytestconfig: pytest.Config) -> "Iterator[MockKommunicate | RunningServer]":
    """The emulator that the apps are in: one of this run's own, or that of --kommunicate-url."""
    if not _url(pytestconfig):
        with mockkommunicate.MockKommunicate() as server:
            yield server
        return
    running = _tried(_connect, pytestconfig)
    yield running
    running.close()


@pytest.fixture
def kommunicate(
    request: pytest.FixtureRequest, kommunicate_server: "MockKommunicate | RunningServer"
) -> "Iterator[App]":
    """An app of the test's own, deleted when it ends."""
    wanted = _marked(request.node)
    wanted.pop("fail_on_unread", None)
    app = _tried(
        kommunicate_server.create_app, **{"seed": zlib.crc32(request.node.nodeid.encode()), **wanted}
    )
    request.node.stash[_APP] = app
    yield app
    del request.node.stash[_APP]
    _delete(app)


@pytest.fixture
def kommunicate_offline(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make the test fail as soon as it tries to reach a real host of Kommunicate."""
    from mockkommunicate.offline import Guard  # noqa: PLC0415 - only who asks for it pays for it

    with Guard() as guard:
        request.node.stash[_GUARD] = guard
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Look whether the set-up tried to reach a real host."""
    return (yield from _watched(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Look whether the test tried to reach a real host, and what it sent that is unknown."""
    result = yield from _watched(item)
    if _APP in item.stash and _marked(item).get("fail_on_unread"):
        from mockkommunicate import pytest_report  # noqa: PLC0415

        if unknown := pytest_report.unknown(item.stash[_APP]):
            pytest.fail(unknown, pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Look whether the tear-down tried to reach a real host."""
    return (yield from _watched(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say in a failing test's report what its app received."""
    report = yield
    if report.failed and _APP in item.stash:
        from mockkommunicate import pytest_report  # noqa: PLC0415 - only a failing test needs it

        error = call.excinfo.value if call.excinfo else None
        report.sections.append(("kommunicate", pytest_report.describe(item.stash[_APP], error)))
    if report.failed and (attempts := item.stash.get(_ATTEMPTS, [])):
        report.sections.append(("kommunicate offline", "\n".join(["tried to reach:", *map(str, attempts)])))
    return report


def _url(config: pytest.Config) -> str | None:
    return config.getoption("--kommunicate-url") or os.environ.get("MOCKKOMMUNICATE_URL")


def _connect(config: pytest.Config) -> "RunningServer":
    """Answer the running emulator; raise what says why it cannot be used."""
    token = config.getoption("--kommunicate-token") or os.environ.get("MOCKKOMMUNICATE_CONTROL_TOKEN")
    running = mockkommunicate.RunningServer(_url(config) or "", token=token)
    running.info()
    return running


def _tried(make: Callable[..., T], *args: object, **options: Any) -> T:  # noqa: ANN401
    """Answer what is made for a fixture; what is refused fails the test in one line, without a traceback."""
    try:
        return make(*args, **options)
    except _refusals() as error:
        reason = str(error)
    pytest.fail(f"kommunicate cannot be had: {reason}", pytrace=False)


def _refusals() -> tuple[type[Exception], ...]:
    return mockkommunicate.Unreachable, mockkommunicate.ControlFailed, ValueError


def _marked(node: pytest.Item) -> dict[str, Any]:
    """Answer the keywords of the markers of a test, its class and its module; the nearest to the test goes first."""
    keywords: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers(MARKER))):
        if marker.args or not marker.kwargs.keys() <= {*KEYWORDS}:
            from mockkommunicate import pytest_report  # noqa: PLC0415

            pytest.fail(pytest_report.refusal(marker, KEYWORDS), pytrace=False)
        keywords |= marker.kwargs
    return keywords


def _delete(app: "App") -> None:
    """Delete an app and its forks. That one is gone, or its server, is no fault of the test that had it."""
    for fork in app.forks:
        _delete(fork)
    with suppress(mockkommunicate.ControlFailed, mockkommunicate.Unreachable):
        app.delete()


def _watched(item: pytest.Item) -> Generator[None, Any, Any]:
    """Let a phase of a test run; fail it for a try to reach a real host that it has hidden."""
    for guard in _guards(item):
        guard.watch_libraries()
    try:
        result = yield
    except pytest.skip.Exception:
        _fail_if_reached(item)
        raise
    except BaseException:
        _drain(item)
        raise
    _fail_if_reached(item)
    return result


def _fail_if_reached(item: pytest.Item) -> None:
    if attempts := _drain(item):
        hosts = ", ".join(sorted({attempt.host for attempt in attempts}))
        pytest.fail(
            f"tried to reach {hosts}, though this test stays offline (kommunicate_offline): give what is tested "
            "kommunicate.url and kommunicate.api_key in place of the real ones",
            pytrace=False,
        )


def _drain(item: pytest.Item) -> "list[Attempt]":
    attempts = [attempt for guard in _guards(item) for attempt in guard.drain()]
    item.stash[_ATTEMPTS] = attempts
    return attempts


def _guards(item: pytest.Item) -> "list[Guard]":
    return [stash[_GUARD] for stash in (item.config.stash, item.stash) if _GUARD in stash]
