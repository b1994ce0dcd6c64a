import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain import conversations
from mockkommunicate.domain.conversations import LARGEST_ID, Status


def test_the_statuses_have_the_documented_and_observed_numbers() -> None:
    assert {status.name: status.value for status in Status} == {
        "INITIAL": -1,
        "OPEN": 0,
        "PROGRESS": 1,
        "CLOSED": 2,
        "SPAM": 3,
        "DUPLICATE": 4,
        "ARCHIVE": 5,
        "UNRESPONDED": 6,
        "WAITING": 7,
    }


@pytest.mark.parametrize(
    ("status", "sdk", "dashboard"),
    [
        (Status.OPEN, "Open", "Open"),
        (Status.CLOSED, "closed", "Resolved"),
        (Status.SPAM, "Spam", "Spam/Irrelevant"),
        (Status.DUPLICATE, "Duplicate", "Duplicate"),
        (Status.WAITING, "Waiting", "Waiting"),
    ],
)
def test_a_status_is_called_as_the_setting_says(status: Status, sdk: str, dashboard: str) -> None:
    assert conversations.label(status, labels="sdk") == sdk
    assert conversations.label(status, labels="dashboard") == dashboard


@given(st.integers(0, 2**53))
def test_ids_begin_with_eight_digits_and_leave_room_for_a_thousand_million(seed: int) -> None:
    assert 10_000_000 <= conversations.first_id(seed) < LARGEST_ID - 1_000_000_000


def test_ids_follow_from_the_seed() -> None:
    assert conversations.first_id(7) == conversations.first_id(7)
    assert conversations.first_id(7) != conversations.first_id(8)
