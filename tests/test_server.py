"""MockKommunicate, in the process of whoever tests."""

import contextlib
import socket
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from mockkommunicate import App, MockKommunicate
from mockkommunicate.domain.errors import StartError
from mockkommunicate.handle import ControlFailed
from tests import expected
from tests.client import ADMIN, Client, ok


def is_listening(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=5):
        return True
    return False


def test_it_serves_inside_with_and_not_afterwards() -> None:
    with MockKommunicate() as server:
        inside = Client(server.url, "mock-api-key").created("carl")

    assert inside["membersId"] == ["carl", ADMIN, "bot"]
    assert not is_listening(server.url)


def test_it_can_be_started_and_stopped_by_hand() -> None:
    server = MockKommunicate().start()
    listened = is_listening(server.url)
    server.stop()

    assert (listened, is_listening(server.url)) == (True, False)


def test_it_can_be_stopped_twice_and_started_again() -> None:
    server = MockKommunicate()
    for _ in range(2):
        server.start()
        assert Client(server.url, "mock-api-key").detail("bot").json() == [expected.BOT]
        server.stop()
        server.stop()


def test_a_server_that_was_never_started_can_be_stopped() -> None:
    MockKommunicate().stop()


def test_an_error_inside_with_stops_it_too() -> None:
    server = MockKommunicate()
    with pytest.raises(ZeroDivisionError), server:
        raise ZeroDivisionError

    assert not is_listening(server.url)


def test_stopping_removes_the_temporary_file_and_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(threading.enumerate())
    with MockKommunicate() as server:
        Client(server.url, "mock-api-key").created("carl")
        during = list(tmp_path.iterdir())

    assert len(during) == 1
    assert list(tmp_path.iterdir()) == []
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "mockkommunicate"]


def test_a_named_database_stays_when_it_stops(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    with MockKommunicate(database=url) as server:
        group_id = Client(server.url, "mock-api-key").created("carl")["id"]
    with MockKommunicate(database=url) as server:
        assert server.default_app.conversation(group_id)["id"] == group_id


def test_two_servers_at_once_share_nothing() -> None:
    with MockKommunicate() as one, MockKommunicate() as other:
        clients = [Client(server.url, "mock-api-key") for server in (one, other)]
        clients[0].created("carl", clientGroupId="order")

        assert one.url != other.url
        assert clients[1].detail("carl").json() == []
        assert clients[1].created("carl", clientGroupId="order")["clientGroupId"] == "order"


def test_its_options_are_those_of_a_server() -> None:
    with MockKommunicate(
        application_id="shop", api_key="secret", scenario="at-capacity", seed=3, host="localhost"
    ) as server:
        assert server.url.startswith("http://localhost:")
        assert (server.default_app.application_id, server.default_app.api_key) == ("shop", "secret")
        assert len(server.default_app.conversations()) == 3


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TypeError, match="prot"):
        MockKommunicate(prot=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_in_use_is_a_start_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as taken:
        taken.bind((host, 0))
        taken.listen()
        with pytest.raises(StartError, match="port"):
            MockKommunicate(host=host, port=taken.getsockname()[1]).start()

    assert list(tmp_path.iterdir()) == []


def test_it_is_reached_by_ipv6_too() -> None:
    with MockKommunicate(host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert Client(server.url, "mock-api-key").detail("bot").json() == [expected.BOT]
        assert server.create_app().conversations() == []


def test_it_says_nothing_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    with MockKommunicate() as server:
        Client(server.url, "mock-api-key").created("carl")
        Client(server.url, "wrong").create("carl")

    assert capfd.readouterr() == ("", "")


def test_many_callers_are_served_at_once() -> None:
    with MockKommunicate() as server, ThreadPoolExecutor(20) as pool:
        made = pool.map(
            lambda number: Client(server.url, "mock-api-key").created(f"user-{number}"), range(100)
        )
        ids = sorted(group["id"] for group in made)

    assert ids == list(range(ids[0], ids[0] + 100))


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    with MockKommunicate() as server:
        assert server.create_app().conversations() == []


def test_the_environment_names_of_the_command_line_count_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKKOMMUNICATE_API_KEY", "other")
    with MockKommunicate() as server:
        assert server.default_app.api_key == "mock-api-key"


# The handle of an app.


def test_a_handle_has_what_a_client_needs(server: MockKommunicate, app: App) -> None:
    assert app.url == server.url
    assert app.headers == {"Api-Key": app.api_key, "Content-Type": "application/json"}
    response = requests.post(
        f"{app.url}/rest/ws/user/v2/detail",
        data='{"userIdList":["bot"]}',
        headers=app.headers,
        timeout=20,
    )

    assert response.json() == [expected.BOT]


def test_an_app_is_created_as_the_control_api_takes_it(server: MockKommunicate) -> None:
    app = server.create_app(
        scenario="empty",
        seed=3,
        settings={"dialect": "observed"},
        users=[{"userId": "jane", "role": "agent", "availability": "away"}],
    )

    assert app.settings()["dialect"] == "observed"
    assert ok(Client(app.url, app.api_key).detail("jane"))[0]["status"] == 2


def test_people_are_added_by_their_role(app: App) -> None:
    agent = app.add_agent("jane", limit=2, availability="away", displayName="Jane")
    bot = app.add_bot("robot", displayName="Robot")
    customer = app.add_customer("carl", email="carl@example.com")

    assert (agent["role"], agent["handlingLimit"], agent["availability"]) == ("agent", 2, "away")
    assert (bot["role"], bot["displayName"]) == ("bot", "Robot")
    assert (customer["role"], customer["email"]) == ("customer", "carl@example.com")


def test_settings_are_looked_at_and_changed(app: App) -> None:
    changed = app.settings({"handlingLimit": 4})

    assert changed["handlingLimit"] == 4
    assert app.settings() == changed


def test_conversations_and_messages_are_looked_at(app: App, client: Client) -> None:
    one, other = (client.created("carl")["id"] for _ in range(2))
    client.status(other, 2, sendNotifyMessage="false")
    client.send(one, "carl")

    assert [group["id"] for group in app.conversations()] == [one, other]
    assert [group["id"] for group in app.conversations(status=2)] == [other]
    assert [group["id"] for group in app.conversations(assignee="nobody")] == []
    assert app.conversation(other)["status"] == 2
    assert [message["from"] for message in app.messages(one)] == ["carl"]


def test_lists_come_whole_however_long_they_are(server: MockKommunicate, tmp_path: Path) -> None:
    file = tmp_path / "many.yaml"
    file.write_text("generate: {customers: 1, conversations: 2345, messages: 0}\n")
    app = server.create_app(scenario=str(file))

    ids = [group["id"] for group in app.conversations()]
    assert ids == list(range(ids[0], ids[0] + 2345))


def test_an_app_is_reset_and_deleted(app: App, client: Client) -> None:
    client.created("carl")
    removed = app.reset(scenario="at-capacity", seed=2)["removed"]["conversations"]
    after = len(app.conversations())
    app.delete()

    assert (removed, after) == (1, 3)
    assert client.detail("bot").status_code == 401


def test_what_is_refused_is_an_error_that_says_why(app: App) -> None:
    with pytest.raises(ControlFailed) as failed:
        app.add_agent("jane", nonsense=1)

    assert (failed.value.status, failed.value.code) == (400, "MOCK-PARAM")
    assert "body 'nonsense': is not known here" in str(failed.value)
    assert failed.value.hint in str(failed.value)


def test_an_unknown_conversation_is_an_error_that_says_why(app: App) -> None:
    with pytest.raises(ControlFailed, match="group not found") as failed:
        app.conversation(1)

    assert (failed.value.status, failed.value.code) == (404, "AL-G-01")
