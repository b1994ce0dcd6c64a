"""Failures in Kommunicate's words and the gateway's: the same to the byte as the real ones."""

import json

import pytest
import requests

from mockkommunicate import App
from mockkommunicate.domain import failures
from mockkommunicate.domain.operations import OPERATIONS
from tests import expected
from tests.api.faults import CALLS, NOW, Call, Faulty, content
from tests.client import ADMIN, Client
from tests.eicar import EICAR

REAL: dict[tuple[str, str], Call] = {
    ("conversation.create", "AL-G-02"): lambda app: app.client.create(clientGroupId="twice"),
    ("user.detail", "AL-U-01"): lambda app: app.client.detail("nobody"),
    ("message.send", "AL-G-01"): lambda app: app.client.send(1),
    ("message.send", "AL-U-01"): lambda app: app.client.send(app.conversation, "nobody"),
    ("message.send_attachment", "error"): lambda app: app.client.attach(1),
    ("message.send_attachment", "AL-G-01"): lambda app: app.client.attach(1),
    ("message.send_attachment", "AL-U-01"): lambda app: app.client.attach(app.conversation, "nobody"),
    ("conversation.status", "already updated"): lambda app: app.client.status(app.conversation, 0),
    ("conversation.status", "AL-G-01"): lambda app: app.client.status(1, 2),
    ("conversation.status", "AL-U-01"): lambda app: app.client.status(app.conversation, 2, "nobody"),
    ("user.update", "AL-U-01"): lambda app: app.client.update("nobody", displayName="N"),
    ("user.update", "AL-UN-01"): lambda app: app.client.update("jane", displayName="J"),
    ("conversation.assignee", "already updated"): lambda app: app.client.assign(app.conversation, "rob"),
    ("conversation.assignee", "AGENT_IS_ALREADY_ENGAGED"): lambda app: app.client.assign(
        app.conversation, "busy"
    ),
    ("conversation.assignee", "AL-G-01"): lambda app: app.client.assign(1, "jane"),
    ("conversation.assignee", "AL-U-01"): lambda app: app.client.assign(app.conversation, "nobody"),
    ("file.upload_image", "MALICIOUS_CONTENT"): lambda app: app.client.upload("eicar.com", EICAR),
    ("file.upload", "MALICIOUS_CONTENT"): lambda app: app.upload("/rest/ws/upload/file", "file", EICAR),
    ("file.upload_signed", "MALICIOUS_CONTENT"): lambda app: app.upload(
        "/rest/ws/aws/file/url", "files[]", EICAR
    ),
}
"""How each failure is provoked without any fault."""

UNPROVOKED = {
    ("message.send", "AL-UN-01"),
    ("message.send_attachment", "CONVERSATION_CLOSED"),
    ("message.send_attachment", "BUSY_WITH_OTHER"),
    *((operation, "AL-MA-01") for operation in OPERATIONS),
}
"""Those that this emulator never answers by itself to a call that is in order; they have tests of their own."""


@pytest.fixture
def faulty(faulty: Faulty, app: App) -> Faulty:
    """An app in which every failure can be provoked."""
    app.add_agent("busy", limit=0)
    app.add_agent("rob")
    app.settings({"detailOfUnknownUsers": "error"})
    faulty.client.create(clientGroupId="twice")
    faulty.client.assign(faulty.conversation, "rob")
    return faulty


def test_every_documented_failure_is_provoked_or_has_a_test_of_its_own() -> None:
    every = {(operation, name) for operation, names in failures.DOCUMENTED.items() for name in names}

    assert REAL.keys() | UNPROVOKED == every
    assert not REAL.keys() & UNPROVOKED


@pytest.mark.parametrize(("operation", "name"), REAL)
def test_a_documented_failure_is_the_real_one_to_the_byte(faulty: Faulty, operation: str, name: str) -> None:
    real = REAL[operation, name](faulty)
    number = faulty.fail(operation, do={"documented": name})
    failed = CALLS[operation](faulty)

    assert content(failed) == content(real)
    assert (real.headers.get("X-Mock-Fault"), failed.headers["X-Mock-Fault"]) == (None, number)
    assert name in real.text or operation == "message.send_attachment"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_wrong_method_is_refused_as_it_really_is(faulty: Faulty, operation: str) -> None:
    real = faulty.client.call("PUT", CALLS[operation](faulty).request.path_url)
    faulty.fail(operation, do={"documented": "AL-MA-01"})
    failed = CALLS[operation](faulty)

    assert failed.status_code == real.status_code == 405
    assert failed.text == real.text.replace("PUT", str(failed.request.method))
    assert failed.headers["Content-Type"] == real.headers["Content-Type"]


def test_a_sender_can_be_refused_as_he_is_for_another_update(faulty: Faulty) -> None:
    faulty.fail("message.send", do={"documented": "AL-UN-01"})

    assert content(CALLS["message.send"](faulty)) == content(REAL["user.update", "AL-UN-01"](faulty))


@pytest.mark.parametrize("name", ["error", "CONVERSATION_CLOSED", "BUSY_WITH_OTHER"])
def test_an_attachment_fails_with_a_bare_text(faulty: Faulty, name: str) -> None:
    faulty.fail("message.send_attachment", do={"documented": name})
    failed = CALLS["message.send_attachment"](faulty)

    assert (failed.status_code, failed.text) == (200, name)
    assert failed.headers["Content-Type"] == "text/plain;charset=UTF-8"


def test_a_failure_has_the_time_of_the_apps_clock(faulty: Faulty) -> None:
    faulty.fail("message.send", do={"documented": "AL-G-01"})
    failed = CALLS["message.send"](faulty).json()

    assert failed == {
        "status": "error",
        "errorResponse": [expected.error("AL-G-01", "group not found", "unable to process")],
        "generatedAt": NOW,
    }


def test_a_rule_without_an_operation_passes_over_those_that_cannot_fail_so(faulty: Faulty) -> None:
    faulty.fail(match={"method": {"$type": "string"}}, do={"documented": "AGENT_IS_ALREADY_ENGAGED"})
    struck = [name for name in OPERATIONS if CALLS[name](faulty).headers.get("X-Mock-Fault")]

    assert struck == ["conversation.assignee"]
    assert faulty.counts() == [(1, 1)]


WORDS = {
    401: "Invalid authentication credentials",
    429: "API rate limit exceeded",
    502: "An invalid response was received from the upstream server",
    503: "The upstream server is currently unavailable",
    504: "The upstream server is timing out",
}


@pytest.mark.parametrize("status", WORDS)
def test_the_gateway_fails_in_its_own_words(faulty: Faulty, status: int) -> None:
    number = faulty.fail(do={"gateway": status})
    failed = faulty.client.detail(ADMIN)

    assert (failed.status_code, failed.text) == (
        status,
        json.dumps({"message": WORDS[status]}).replace(": ", ":"),
    )
    assert failed.headers["Content-Type"] == "application/json; charset=utf-8"
    assert failed.headers.get("Retry-After") == ("1" if status == 429 else None)
    assert failed.headers["X-Mock-Fault"] == number


def test_a_wrong_key_is_refused_as_it_really_is(faulty: Faulty) -> None:
    real = Client(faulty.client.url, "wrong").detail(ADMIN)
    faulty.fail(do={"gateway": 401})

    assert content(faulty.client.detail(ADMIN)) == content(real)


@pytest.mark.parametrize("status", [429, 502, 503])
def test_the_gateway_says_when_to_come_again(faulty: Faulty, status: int) -> None:
    faulty.fail(do={"gateway": status, "retryAfter": 30})

    assert faulty.client.detail(ADMIN).headers["Retry-After"] == "30"


@pytest.mark.parametrize("status", failures.PAGES)
def test_an_error_page_is_html(faulty: Faulty, status: int) -> None:
    faulty.fail(do={"html": status})
    failed = faulty.client.detail(ADMIN)

    assert (failed.status_code, failed.headers["Content-Type"]) == (status, "text/html")
    assert failed.text.startswith(f"<html>\r\n<head><title>{status} {failures.PAGES[status]}</title></head>")


def limited(response: requests.Response) -> dict[str, str]:
    """Answer what a response tells of a rate limit."""
    return {
        name: value
        for name, value in response.headers.items()
        if "RateLimit" in name or name == "Retry-After"
    }


def test_a_rate_limit_holds_for_its_window_of_the_apps_clock(faulty: Faulty) -> None:
    faulty.fail(when={"limit": 2, "window": "PT1M"})
    first = faulty.statuses(4)
    faulty.control("POST", "/clock", advance=59_999)
    later = faulty.statuses(1)
    faulty.control("POST", "/clock", advance=1)

    assert (first, later, faulty.statuses(3)) == ([200, 200, 429, 429], [429], [200, 200, 429])
    assert faulty.counts() == [(8, 4)]


def test_a_rate_limit_says_what_it_is_and_when_it_ends(faulty: Faulty) -> None:
    faulty.fail(when={"limit": 1, "window": "PT1M"})
    passed = faulty.client.detail(ADMIN)
    faulty.control("POST", "/clock", advance="PT20.5S")
    refused = faulty.client.detail(ADMIN)

    assert limited(passed) == {}
    assert refused.text == '{"message":"API rate limit exceeded"}'
    assert limited(refused) == {
        "Retry-After": "40",
        "RateLimit-Limit": "1",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "40",
        "X-RateLimit-Limit-Minute": "1",
        "X-RateLimit-Remaining-Minute": "0",
    }


def test_who_comes_when_he_is_told_is_let_through(faulty: Faulty) -> None:
    faulty.fail(when={"limit": 1, "window": 2_500})
    faulty.client.detail(ADMIN)
    wait = int(faulty.client.detail(ADMIN).headers["Retry-After"])
    faulty.control("POST", "/clock", advance=wait * 1_000)

    assert faulty.statuses(1) == [200]
