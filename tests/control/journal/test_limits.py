"""How much the journal keeps, and what becomes of the rest."""

from unittest import mock

from mockkommunicate import App
from tests.client import ADMIN, Client
from tests.control.journal.kept import SEND, journal, path


def test_of_too_many_the_oldest_are_dropped_and_counted(app: App, client: Client) -> None:
    app.settings({"journal": {"limit": 3}})
    for number in range(8):
        client.detail(f"customer-{number}")

    page = client.call("GET", path(app)).json()
    assert [one["id"] for one in page["requests"]] == [6, 7, 8]
    assert page["dropped"] == 5


def test_a_limit_that_is_lowered_holds_from_the_next_request_on(app: App, client: Client) -> None:
    for _ in range(6):
        client.detail(ADMIN)
    app.settings({"journal": {"limit": 2}})
    client.detail(ADMIN)

    page = client.call("GET", path(app)).json()
    assert ([one["id"] for one in page["requests"]], page["dropped"]) == ([6, 7], 5)


def test_what_is_deleted_is_not_counted_as_dropped(app: App, client: Client) -> None:
    app.settings({"journal": {"limit": 3}})
    for _ in range(3):
        client.detail(ADMIN)
    client.call("DELETE", path(app))
    for _ in range(4):
        client.detail(ADMIN)

    page = client.call("GET", path(app)).json()
    assert ([one["id"] for one in page["requests"]], page["dropped"]) == ([5, 6, 7], 1)


def test_a_journal_that_is_switched_off_keeps_nothing(app: App, client: Client) -> None:
    client.detail(ADMIN)
    app.settings({"journal": {"enabled": False}})
    answers = [client.create("carl"), client.send(7), client.call("GET", SEND), client.detail(ADMIN)]
    kept = client.call("GET", path(app)).json()
    app.settings({"journal": {"enabled": True}})
    client.detail(ADMIN)

    assert [answer.status_code for answer in answers] == [200, 200, 405, 200]
    assert ([one["id"] for one in kept["requests"]], kept["dropped"]) == ([1], 0)
    assert [one["id"] for one in journal(app)] == [1, 2]


def test_what_is_not_kept_is_not_even_written(app: App, client: Client) -> None:
    app.settings({"journal": {"enabled": False}})
    with mock.patch("mockkommunicate.operations.journal.Request", side_effect=AssertionError):
        assert [client.detail(ADMIN).status_code, client.send(7).status_code] == [200, 200]
