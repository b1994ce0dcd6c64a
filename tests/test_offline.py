"""The guard against the real hosts: every client, every way a host may be written, and the plugin around it."""

import asyncio
import gc
import http.client
import socket
import ssl
import sys
import threading
import types
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import create_connection, getaddrinfo
from typing import Any

import aiohttp
import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate import MockKommunicate
from mockkommunicate.offline import Guard, RealHostReached, is_real, normal
from tests.client import Client
from tests.pytest_runs import run

URL = "https://services.kommunicate.io/rest/ws/group/conversation"


@pytest.fixture
def guard() -> Iterator[Guard]:
    """A guard that is on watch."""
    with Guard() as guard:
        yield guard


@pytest.fixture
def proxy() -> Iterator[str]:
    """The URL of a proxy that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


async def with_httpx(**options: Any) -> None:
    async with httpx.AsyncClient(**options) as client:
        await client.get(URL)


async def with_aiohttp(url: str = URL, **options: Any) -> None:
    async with aiohttp.ClientSession() as session, session.get(url, **options):
        pass


async def with_asyncio() -> None:
    await asyncio.open_connection("services.kommunicate.io", 443)


def with_http_client() -> None:
    http.client.HTTPSConnection("services.kommunicate.io").request("GET", "/")


CLIENTS: dict[str, Callable[[], object]] = {
    "requests": lambda: requests.get(URL, timeout=5),
    "httpx": lambda: httpx.get(URL),
    "httpx, async": lambda: asyncio.run(with_httpx()),
    "aiohttp": lambda: asyncio.run(with_aiohttp()),
    "asyncio": lambda: asyncio.run(with_asyncio()),
    "urllib": lambda: urllib.request.urlopen(URL, timeout=5),
    "http.client": with_http_client,
    "create_connection": lambda: create_connection(("services.kommunicate.io", 443), timeout=5),
    "getaddrinfo": lambda: getaddrinfo("services.kommunicate.io", 443),
    "gethostbyname": lambda: socket.gethostbyname("services.kommunicate.io"),
    "gethostbyname_ex": lambda: socket.gethostbyname_ex("services.kommunicate.io"),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_no_client_reaches_a_real_host(guard: Guard, name: str) -> None:
    with pytest.raises(RealHostReached, match=r"services\.kommunicate\.io is a real host .*kommunicate\.url"):
        CLIENTS[name]()

    assert [str(attempt).partition(",")[0] for attempt in guard.drain()] == ["services.kommunicate.io"]


@pytest.mark.usefixtures("guard")
@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_no_socket_reaches_a_real_host_by_name(method: str) -> None:
    with socket.socket() as own, pytest.raises(RealHostReached):
        getattr(own, method)(("services.kommunicate.io", 443))


@pytest.mark.parametrize(
    "name", ["requests", "requests, plain", "httpx", "httpx, async", "aiohttp", "urllib"]
)
def test_no_client_reaches_a_real_host_through_a_proxy(guard: Guard, proxy: str, name: str) -> None:
    plain = URL.replace("https", "http")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"https": proxy}))
    through: dict[str, Callable[[], object]] = {
        "requests": lambda: requests.get(URL, proxies={"https": proxy}, timeout=5),
        "requests, plain": lambda: requests.get(plain, proxies={"http": proxy}, timeout=5),
        "httpx": lambda: httpx.get(URL, proxy=proxy),
        "httpx, async": lambda: asyncio.run(with_httpx(proxy=proxy)),
        "aiohttp": lambda: asyncio.run(with_aiohttp(proxy=proxy)),
        "urllib": lambda: opener.open(URL, timeout=5),
    }

    with pytest.raises((RealHostReached, httpx.ReadError, aiohttp.ClientError)):
        through[name]()

    assert {attempt.host for attempt in guard.drain()} == {"services.kommunicate.io"}


@pytest.mark.usefixtures("guard")
def test_a_client_that_looks_names_up_by_itself_is_stopped_too() -> None:
    async def addressed() -> None:
        context = ssl.create_default_context()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = listener.getsockname()
            await asyncio.open_connection(*address, ssl=context, server_hostname="services.kommunicate.io")

    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        with pytest.raises(RealHostReached):
            asyncio.run(addressed())
        gc.collect()  # asyncio leaves the socket to the collector


def test_a_library_that_is_imported_later_is_watched_from_then_on(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Channel:
        """As that of pycares, with which aiohttp looks names up if it is there."""

        def getaddrinfo(self, host: str, port: int) -> str:
            return f"{host}:{port}"

    monkeypatch.setitem(sys.modules, "pycares", types.SimpleNamespace(Channel=Channel))
    guard.watch_libraries()
    guard.watch_libraries()

    assert Channel().getaddrinfo("localhost", 443) == "localhost:443"
    with pytest.raises(RealHostReached):
        Channel().getaddrinfo("services.kommunicate.io", 443)


def test_a_thread_does_not_reach_a_real_host_either(guard: Guard) -> None:
    def hiding() -> None:
        try:
            requests.get(URL, timeout=5)
        except BaseException:  # noqa: BLE001 - what is tested is that it cannot hide
            return

    thread = threading.Thread(target=hiding, name="sender")
    thread.start()
    thread.join()

    assert [str(attempt) for attempt in guard.drain()] == ["services.kommunicate.io, in the thread 'sender'"]
    assert guard.drain() == []


def test_code_that_survives_any_exception_does_not_survive_this(guard: Guard) -> None:
    def stubborn() -> None:
        for _ in range(3):
            try:
                requests.get(URL, timeout=5)
            except Exception:  # noqa: BLE001 - as such code is
                continue

    with pytest.raises(RealHostReached):
        stubborn()

    assert len(guard.drain()) == 1


def test_other_hosts_are_reached(guard: Guard, server: MockKommunicate) -> None:
    url = server.url.replace("127.0.0.1", "localhost")

    assert Client(url, "mock-api-key").detail("bot").status_code == 200
    assert httpx.get(f"{url}/_mock/livez").json() == {"status": "alive"}
    asyncio.run(with_aiohttp(f"{url}/_mock/livez"))
    assert guard.drain() == []


def test_a_guard_off_watch_changes_nothing() -> None:
    before = {name: vars(socket.socket).get(name) for name in ("connect", "send")}
    with Guard() as guard, Guard() as inner:
        with pytest.raises(RealHostReached):
            getaddrinfo("kommunicate.io", 443)
        during = guard.drain(), len(inner.drain())
    after = {name: vars(socket.socket).get(name) for name in ("connect", "send")}

    assert during == ([], 1)
    assert before == after


@pytest.mark.usefixtures("guard")
@pytest.mark.parametrize(
    "host",
    [
        "services.kommunicate.io",
        "kommunicate.io",
        "KOMMUNICATE.IO",
        "chat.Kommunicate.io.",
        "a.b.c.kommunicate.io",
        b"services.kommunicate.io",
        "services\u3002kommunicate\uff0eio",
        "services.\uff4bommunicate.io",
    ],
    ids=ascii,
)
def test_a_real_host_may_be_written_in_many_ways(host: str) -> None:
    assert is_real(normal(host))
    with pytest.raises(RealHostReached):
        getaddrinfo(host, 443)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "notkommunicate.io",
        "kommunicate.io.example.com",
        "kommunicate.ioo",
        "127.0.0.1",
        "",
        None,
        b"\xff",
        5,
    ],
    ids=ascii,
)
def test_other_hosts_are_not_real(host: object) -> None:
    assert not is_real(normal(host))


@given(st.text() | st.binary())
def test_any_name_has_a_normal_form(name: str | bytes) -> None:
    assert normal(normal(name)) == normal(name)


# In the plugin.

SWALLOWING = """
    import threading

    URL = "https://services.kommunicate.io/rest"

    def reach():
        try:
            requests.get(URL, timeout=5)
        except BaseException:
            pass

    def test_that_lets_it_out(): requests.get(URL, timeout=5)

    def test_that_hides_it(): reach()

    def test_that_hides_it_in_a_thread():
        thread = threading.Thread(target=reach, name="sender")
        thread.start()
        thread.join()

    def test_that_skips_then():
        reach()
        pytest.skip("because it cannot be reached")

    def test_that_fails_then():
        reach()
        assert "this" == "that"

    @pytest.fixture
    def hiding():
        reach()

    def test_that_hides_it_in_setup(hiding): pass

    @pytest.fixture
    def hiding_late():
        yield
        reach()

    def test_that_hides_it_in_teardown(hiding_late): pass

    def test_that_stays_offline(kommunicate):
        create(kommunicate)
        requests.get(kommunicate.url.replace("127.0.0.1", "localhost") + "/_mock/livez")
"""

OUTCOMES = {
    "test_that_lets_it_out": "failed",
    "test_that_hides_it": "failed",
    "test_that_hides_it_in_a_thread": "failed",
    "test_that_skips_then": "failed",
    "test_that_fails_then": "failed",
    "test_that_hides_it_in_setup": "error",
    "test_that_hides_it_in_teardown": "error",
    "test_that_stays_offline": "passed",
}


@pytest.mark.parametrize("how", ["option", "ini"])
def test_a_run_can_be_kept_offline(tmp_path: Path, how: str) -> None:
    options = ["--kommunicate-offline"] if how == "option" else ["-okommunicate_offline=true"]
    done = run(tmp_path, SWALLOWING, *options)

    assert done.outcomes == OUTCOMES, done.output
    said = done.section("test_that_hides_it_in_a_thread")
    assert "tried to reach services.kommunicate.io, though this test stays offline" in said
    assert "services.kommunicate.io, in the thread 'sender'" in said
    assert "kommunicate.url" in said
    assert "- kommunicate offline -" in done.section("test_that_fails_then")
    assert "RealHostReached: services.kommunicate.io is a real host" in done.section("test_that_lets_it_out")


def test_a_test_can_be_kept_offline(tmp_path: Path) -> None:
    marked = SWALLOWING.replace(
        "import threading", 'pytestmark = pytest.mark.usefixtures("kommunicate_offline")'
    )
    done = run(tmp_path, f"    import threading\n{marked}")

    assert done.outcomes == OUTCOMES | {"test_that_hides_it_in_setup": "error"}, done.output


def test_the_fixture_and_the_option_go_together(tmp_path: Path) -> None:
    source = SWALLOWING + "\n    def test_more(kommunicate_offline): reach()\n"
    done = run(tmp_path, source, "--kommunicate-offline", "-n2", plugins=("xdist",))

    assert done.outcomes == OUTCOMES | {"test_more": "failed"}, done.output


def test_a_test_module_that_reaches_a_real_host_when_imported_is_an_error(tmp_path: Path) -> None:
    source = 'requests.get("https://services.kommunicate.io", timeout=5)\ndef test_it(): pass'
    done = run(tmp_path, source, "--kommunicate-offline")

    assert done.outcomes == {}
    assert "RealHostReached: services.kommunicate.io is a real host" in done.output


def test_whoever_does_not_ask_for_it_is_not_watched(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        """
        import socket, sys

        def test_it():
            assert "mockkommunicate.offline" not in sys.modules
            assert "connect" not in vars(socket.socket)
        """,
    )

    assert done.outcomes == {"test_it": "passed"}, done.output
