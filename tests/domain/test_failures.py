"""What Kommunicate and its gateway are known to answer: the table, the words, the headers."""

from itertools import pairwise

import pytest

from mockkommunicate.domain import failures
from mockkommunicate.domain.operations import OPERATIONS


def test_every_operation_has_documented_failures_and_none_has_two_alike() -> None:
    assert tuple(failures.DOCUMENTED) == OPERATIONS
    assert all(len(names) == len(set(names)) for names in failures.DOCUMENTED.values())
    assert set(failures.NAMES) == {
        *failures.LITERALS,
        *failures.TEXTS,
        *failures.REFUSALS,
        failures.WRONG_METHOD,
        "MALICIOUS_CONTENT",
    }


@pytest.mark.parametrize(
    ("window", "left", "seconds", "unit"),
    [
        (60_000, 59_001, "60", "Minute"),
        (60_000, 59_000, "59", "Minute"),
        (1_000, 1, "1", "Second"),
        (1_000, 0, "1", "Second"),
        (86_400_000, 86_400_000, "86400", "Day"),
        (5_000, 5_000, "5", None),
    ],
)
def test_a_rate_limit_tells_what_it_is_as_kong_does(
    window: int, left: int, seconds: str, unit: str | None
) -> None:
    named = {} if unit is None else {f"X-RateLimit-Limit-{unit}": "5", f"X-RateLimit-Remaining-{unit}": "0"}

    assert failures.limit_headers(limit=5, window=window, left=left) == {
        "Retry-After": seconds,
        "RateLimit-Limit": "5",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": seconds,
        **named,
    }


def test_an_error_page_is_nginxs() -> None:
    assert failures.page(502) == (
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
        "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )


def test_the_windows_of_kong_grow() -> None:
    assert all(shorter < longer for shorter, longer in pairwise(failures.UNITS))
