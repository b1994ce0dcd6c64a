"""Where calls may go: the reason for a refusal is in the delivery, and nothing was called."""

import socket
from typing import Any

import pytest

from mockkommunicate import App, MockKommunicate
from mockkommunicate.handle.results import Delivery
from tests.client import Client
from tests.receivers import Receiver
from tests.served import run

FORBIDDEN = [
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://169.254.43518/",
    "http://[fe80::1]/",
    "http://100.100.100.200/",
    "http://[fd00:ec2::254]/",
]


def deliver(server: MockKommunicate, url: str) -> Delivery:
    """Send a message to a webhook; answer the delivery."""
    settings = {"webhook": {"url": url}, "deliveries": {"retries": [1, 1], "webhookTimeoutMs": 500}}
    app = server.create_app(settings=settings)
    client = Client(app.url, app.api_key)
    client.send(client.created("carl")["id"], "carl")
    (delivery,) = app.settle(timeout=60)
    return delivery


@pytest.mark.parametrize("url", FORBIDDEN)
def test_metadata_is_refused_in_every_spelling_and_not_tried_again(server: MockKommunicate, url: str) -> None:
    delivery = deliver(server, url)
    (attempt,) = delivery.attempts

    assert delivery.state == "refused"
    assert str(attempt.error).startswith("not allowed: ")
    assert str(attempt.error).endswith("is never called: link-local addresses and clouds' metadata services")
    assert attempt.status is None


def test_a_public_address_is_refused_with_the_option_that_allows_it(server: MockKommunicate) -> None:
    delivery = deliver(server, "http://93.184.216.34/webhook")

    assert delivery.state == "refused"
    assert delivery.attempts[0].error == (
        "not allowed: 93.184.216.34 is neither loopback nor private: "
        "serve with --allow-outbound 93.184.216.34 to allow it"
    )


class Rebinding:
    """A name that leads to this machine when it is looked up first, and to the metadata service ever after."""

    def __init__(self, first: list[str]) -> None:
        self.answers = [first]
        self.asked = 0

    def __call__(self, _host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        addresses = self.answers.pop(0) if self.answers else ["169.254.169.254"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


def test_the_address_that_was_checked_is_the_one_that_is_called(
    server: MockKommunicate, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebinding = Rebinding(["127.0.0.1"])
    with Receiver() as receiver:
        monkeypatch.setattr(
            "mockkommunicate.outbound.http.socket.getaddrinfo", _only("rebind.test", rebinding)
        )
        delivery = deliver(server, receiver.url.replace("127.0.0.1", "rebind.test"))

    assert (delivery.state, rebinding.asked) == ("sent", 1)
    assert receiver.got[0].headers["Host"] == receiver.url.split("/")[2].replace("127.0.0.1", "rebind.test")


def test_a_name_with_one_bad_address_is_refused(
    server: MockKommunicate, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebinding = Rebinding(["127.0.0.1", "169.254.169.254"])
    with Receiver() as receiver:
        monkeypatch.setattr(
            "mockkommunicate.outbound.http.socket.getaddrinfo", _only("rebind.test", rebinding)
        )
        delivery = deliver(server, receiver.url.replace("127.0.0.1", "rebind.test"))

    assert delivery.state == "refused"
    assert receiver.got == []


def _only(name: str, instead: Rebinding) -> Any:
    """Answer for one name; let every other be looked up."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        return instead(host, port) if host == name else real(host, port, *arguments, **options)

    return getaddrinfo


def test_what_is_allowed_by_its_name_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is one of documentation's, of which no machine is: the call is made, and is in vain."""
    names = Rebinding(["192.0.2.1"])
    names.answers *= 3
    monkeypatch.setattr("mockkommunicate.outbound.http.socket.getaddrinfo", _only("hooks.example.com", names))
    monkeypatch.setattr("mockkommunicate.outbound.deadline.Socket.connect", _no_network)
    with MockKommunicate(allow_outbound=("*.example.com",)) as server:
        delivery = deliver(server, "http://hooks.example.com/")

    assert delivery.state == "dead"
    assert str(delivery.attempts[0].error).startswith(
        "connecting failed: no network in tests: ('192.0.2.1', 80)"
    )


def _no_network(_: object, address: Any) -> None:
    raise OSError(f"no network in tests: {address}")


def test_loopback_by_name_and_by_version_6(server: MockKommunicate) -> None:
    with Receiver() as receiver:
        assert deliver(server, receiver.url.replace("127.0.0.1", "localhost")).state == "sent"
        assert deliver(server, receiver.url.replace("127.0.0.1", "[::ffff:127.0.0.1]")).state == "sent"
        assert deliver(server, receiver.url.replace("127.0.0.1", "2130706433")).state == "sent"


@pytest.mark.parametrize("pattern", ["http://example.com", "example.com:80", "10.0.0.0/40"])
def test_a_bad_pattern_is_named(pattern: str) -> None:
    done = run("serve", "--allow-outbound", "fine.example.com", "--allow-outbound", pattern)

    assert (done.returncode, done.stdout) == (2, "")
    assert repr(pattern) in done.stderr


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "127.0.0.1:80", "http://", "http://a b/", "http://127.0.0.1:0/", "//x/"]
)
def test_what_is_no_url_is_refused_as_a_setting(app: App, client: Client, url: str) -> None:
    path = f"/_mock/apps/{app.application_id}/settings"
    response = client.call("PATCH", path, json={"webhook": {"url": url}})

    assert response.status_code == 400
    assert "must be an http or https URL" in response.json()["error"]["message"]
