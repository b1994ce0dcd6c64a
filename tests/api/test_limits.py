"""What the emulator does not do, as the fidelity page says: each limit can be seen."""

from collections.abc import Iterator

import pytest

from mockkommunicate import App, MockKommunicate
from tests.client import Client, ok, refused


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """An emulator; none of this depends on the database."""
    with MockKommunicate() as running:
        yield running


def test_there_are_no_messages_from_one_user_to_another(client: Client) -> None:
    body = {"to": "jane", "message": "Hello", "fromUserName": "carl"}
    entry = refused(client.call("POST", "/rest/ws/message/v2/send", json=body), 400)

    assert (entry["errorCode"], "one-to-one messages are not emulated" in entry["description"]) == (
        "MOCK-PARAM",
        True,
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v2/tab/initialize.page", 404), ("/rest/ws/register/client", 501), ("/login", 404)],
)
def test_nobody_can_log_in(client: Client, path: str, status: int) -> None:
    entry = refused(client.call("POST", path, json={"userId": "carl", "applicationId": "mock-app"}), status)

    assert entry["errorCode"] == "MOCK-ROUTE"


def test_credentials_beside_the_key_are_not_looked_at(client: Client) -> None:
    client.session.headers.update({"X-Authorization": "no token", "Authorization": "Basic bm9ib2R5"})

    assert client.created("carl")["membersId"] == ["carl", "admin@example.com", "bot"]


def test_a_file_that_was_never_uploaded_can_be_sent(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    ok(client.send(group_id, "carl", contentType=1, fileMeta={"blobKey": "of no file"}))

    (message,) = app.messages(group_id)
    assert message["fileMeta"] == {"blobKey": "of no file"}


def test_who_writes_into_a_closed_conversation_does_not_open_it(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    ok(client.status(group_id, 2))
    ok(client.send(group_id, "carl"))

    assert app.conversation(group_id)["status"] == 2


def test_no_pace_is_too_fast(client: Client) -> None:
    group_id = client.created("carl")["id"]

    assert {client.send(group_id, "carl").status_code for _ in range(200)} == {200}


def test_without_retries_a_webhook_is_called_once(app: App, client: Client) -> None:
    app.settings({"webhook": {"url": "http://127.0.0.1:9/"}})
    ok(client.send(client.created("carl")["id"], "carl"))
    (delivery,) = app.settle()

    assert (delivery.state, len(delivery.attempts)) == ("failed", 1)


def test_the_words_of_a_notify_message_are_a_setting(app: App, client: Client) -> None:
    group_id = client.created("carl")["id"]
    for labels, status in (("sdk", 2), ("dashboard", 0), ("dashboard", 2)):
        app.settings({"statusLabels": labels})
        ok(client.status(group_id, status))

    texts = [message.text for message in app.messages(group_id)]
    assert texts == ["Status changed to closed", "Status changed to Open", "Status changed to Resolved"]
