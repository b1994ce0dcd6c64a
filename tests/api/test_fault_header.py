"""The header X-Mock-Fault, by which a client asks for a fault on one request."""

import pytest
import requests

from tests import expected
from tests.api.faults import CALLS, Faulty, content
from tests.client import ADMIN, refused


def asking(faulty: Faulty, kind: str, operation: str = "user.detail") -> requests.Response:
    """Call an operation, asking for a fault by the header."""
    faulty.client.session.headers["X-Mock-Fault"] = kind
    try:
        return CALLS[operation](faulty)
    finally:
        del faulty.client.session.headers["X-Mock-Fault"]


@pytest.mark.parametrize(
    ("kind", "operation", "status"),
    [
        ("503", "user.detail", 503),
        ("429", "message.send", 429),
        ("html", "user.update", 500),
        ("AL-U-01", "user.detail", 200),
        ("AL-MA-01", "user.detail", 405),
        ("AGENT_IS_ALREADY_ENGAGED", "conversation.assignee", 200),
        ("already updated", "conversation.status", 200),
        ("error", "message.send_attachment", 200),
    ],
)
def test_a_client_can_ask_for_a_fault_by_a_header(
    faulty: Faulty, kind: str, operation: str, status: int
) -> None:
    response = asking(faulty, kind, operation)

    assert (response.status_code, response.headers["X-Mock-Fault"]) == (status, "header")
    assert "X-Mock-Fault" not in CALLS[operation](faulty).headers


def test_what_is_asked_for_is_what_a_rule_does(faulty: Faulty) -> None:
    asked = asking(faulty, "502")
    faulty.fail(do={"gateway": 502})

    assert content(faulty.client.detail(ADMIN)) == content(asked)


@pytest.mark.parametrize("kind", ["reset", "empty"])
def test_a_client_can_ask_for_a_broken_connection(faulty: Faulty, kind: str) -> None:
    with pytest.raises(requests.ConnectionError):
        asking(faulty, kind)
    assert faulty.entries()[-1]["fault"] == "header"


def test_what_is_asked_for_comes_first_and_no_rule_counts_it(faulty: Faulty) -> None:
    faulty.fail(when={"times": 1}, do={"status": 500})

    assert asking(faulty, "504").status_code == 504
    assert faulty.counts() == [(0, 0)]


SOCKETS = "hang, empty, reset, truncate, wrong-length, garbage, dribble"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("rest", "; did you mean 'reset'?; got \"rest\""),
        ("500", "; did you mean '504'?; got \"500\""),
        ("AL-G-01", "; did you mean 'AL-U-01'?; got \"AL-G-01\""),
        ("1", '; got "1"'),
        ("", '; got ""'),
    ],
)
def test_an_unknown_fault_is_refused_naming_those_that_the_operation_can_have(
    faulty: Faulty, kind: str, said: str
) -> None:
    kinds = f"{SOCKETS}, AL-U-01, AL-MA-01, 401, 429, 502, 503, 504, html"

    assert refused(asking(faulty, kind), 400) == expected.error(
        "MOCK-PARAM", f"header 'X-Mock-Fault': must be one of {kinds}{said}"
    )


def test_an_app_can_let_nobody_ask(faulty: Faulty) -> None:
    faulty.control("PATCH", "/settings", faultHeader=False)

    assert asking(faulty, "503").status_code == 200
    assert asking(faulty, "nonsense").status_code == 200


def test_a_strict_app_knows_the_header(faulty: Faulty) -> None:
    faulty.control("PATCH", "/settings", strict=True)

    assert asking(faulty, "503").status_code == 503
