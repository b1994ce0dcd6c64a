import pytest

from mockkommunicate.domain import limits
from mockkommunicate.domain.conversations import Status

COUNTED = {Status.INITIAL, Status.OPEN, Status.PROGRESS, Status.UNRESPONDED}


@pytest.mark.parametrize(
    ("own", "of_app", "expected"),
    [(None, None, None), (None, 3, 3), (2, None, 2), (2, 3, 2), (5, 3, 5), (0, 3, 0)],
)
def test_an_agents_own_limit_goes_before_the_apps(
    own: int | None, of_app: int | None, expected: int | None
) -> None:
    assert limits.effective(own, of_app=of_app) == expected


@pytest.mark.parametrize(
    ("open_conversations", "limit", "expected"),
    [(0, None, True), (10_000, None, True), (0, 1, True), (1, 1, False), (2, 1, False), (0, 0, False)],
)
def test_there_is_room_below_the_limit_only(
    open_conversations: int, limit: int | None, *, expected: bool
) -> None:
    assert limits.has_room(open_conversations, limit=limit) is expected


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_the_dashboards_open_list_counts_and_nothing_else(status: Status) -> None:
    assert (status in limits.OPEN) == (status in COUNTED)


@pytest.mark.parametrize("before", Status, ids=lambda status: status.name)
@pytest.mark.parametrize("after", Status, ids=lambda status: status.name)
def test_a_change_takes_up_room_when_it_begins_to_count(before: Status, after: Status) -> None:
    assert limits.takes_up_room(before, after) == (before not in COUNTED and after in COUNTED)
