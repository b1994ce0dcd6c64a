import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain import messages
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import ContentType, Draft


def test_a_key_names_the_conversation_and_the_time() -> None:
    assert messages.key(11_320_550, 1_700_000_000_000) == "5-11320550-1700000000000"


@given(st.lists(st.integers(0, 3), min_size=1, max_size=50))
def test_keys_are_unique_and_rise_even_within_one_millisecond(steps: list[int]) -> None:
    now, last, keys = 1_700_000_000_000, 0, list[int]()
    for step in steps:
        now += step
        last = messages.key_time(now, last_key_ms=last)
        keys.append(last)

    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)


def test_a_key_holds_the_time_itself_when_nothing_stands_against_it() -> None:
    assert messages.key_time(1_000, last_key_ms=999) == 1_000


def test_keys_stay_unique_when_the_clock_goes_back() -> None:
    assert messages.key_time(1_000, last_key_ms=2_000) == 2_001


def test_the_notice_of_an_assignee_is_as_official_clients_read_it() -> None:
    assert messages.assigned_notice("jane@example.com", "Jane Agent") == Draft(
        text="Assigned to Jane Agent",
        content_type=ContentType.NOTIFY,
        metadata={
            "skipBot": "true",
            "KM_ASSIGN": "jane@example.com",
            "NO_ALERT": "true",
            "BADGE_COUNT": "false",
            "category": "ARCHIVE",
            "LOCALIZATION_VALUE": "Jane Agent",
        },
    )


@pytest.mark.parametrize("name", [None, ""])
def test_an_assignee_without_a_name_is_called_by_his_id(name: str | None) -> None:
    notice = messages.assigned_notice("jane@example.com", name)

    assert notice.text == "Assigned to jane@example.com"
    assert (notice.metadata or {})["LOCALIZATION_VALUE"] == "jane@example.com"


def test_the_notice_of_a_status_is_as_official_clients_read_it() -> None:
    assert messages.status_notice(Status.CLOSED, labels="sdk") == Draft(
        text="Status changed to closed",
        content_type=ContentType.NOTIFY,
        metadata={
            "skipBot": "true",
            "NO_ALERT": "true",
            "BADGE_COUNT": "false",
            "category": "ARCHIVE",
            "KM_STATUS": "closed",
        },
    )


def test_notices_raise_nobodys_unread_count() -> None:
    assert not messages.assigned_notice("jane", None).counts_as_unread
    assert not messages.status_notice(Status.OPEN, labels="sdk").counts_as_unread


@pytest.mark.parametrize("metadata", [None, {}, {"BADGE_COUNT": "true"}, {"skipBot": "true"}])
def test_any_other_message_counts_as_unread(metadata: dict[str, str] | None) -> None:
    assert Draft(text="Hello", metadata=metadata).counts_as_unread
