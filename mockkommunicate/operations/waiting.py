"""Waiting: what has come up to now of what somebody waits for. Each look reads only what is new since the last."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeVar

from mockkommunicate.domain import matching
from mockkommunicate.domain.deliveries import State
from mockkommunicate.domain.matching import RequestMatcher
from mockkommunicate.operations import journal
from mockkommunicate.operations.journal import Look
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations, deliveries, messages
from mockkommunicate.store.records import Conversation, Delivery, Message, Request

Found = TypeVar("Found")
Written = dict[str, Any]

_PAGE = 200


def for_request(expected: RequestMatcher) -> Callable[[Look], Request | None]:
    """Make what answers the first request of the journal that is as expected."""
    seen = 0

    def find(look: Look) -> Request | None:
        nonlocal seen
        with look() as work:
            last = work.app.last_request_id
        after = seen if seen <= last else 0  # a reset counts from the beginning
        found = None if after == last else next(journal.matching(look, expected, after=after), None)
        seen = last
        return found

    return find


def for_message(
    expected: Mapping[str, Any], write: Callable[[Message], Written]
) -> Callable[[Look], Written | None]:
    """Make what answers the first message that is as expected, as `write` writes it."""
    seen: dict[int, int] = {}

    def find(work: Work, conversation: Conversation) -> Written | None:
        last = conversation.last_message_number
        after = seen.get(conversation.id, 0)
        after = after if after <= last else 0
        while after < last:
            page = messages.list_page(work.connection, work.app_id, conversation.id, after=after, most=_PAGE)
            if not page:
                break
            for written in map(write, page):
                if not matching.compare(expected, written):
                    return written
            after = page[-1].number
        seen[conversation.id] = after
        return None

    return lambda look: _search(look, find)


def for_assignment(
    expected: Mapping[str, Any], write: Callable[[Work, Conversation], Written]
) -> Callable[[Look], Written | None]:
    """Make what answers the first conversation assigned to somebody that is as expected, as `write` writes it."""
    seen: dict[int, Conversation] = {}

    def find(work: Work, conversation: Conversation) -> Written | None:
        if conversation.assignee is None or seen.get(conversation.id) == conversation:
            return None
        seen[conversation.id] = conversation
        if not _may_be(expected, conversation):
            return None
        written = write(work, conversation)
        return None if matching.compare(expected, written) else written

    return lambda look: _search(look, find)


def for_delivery(
    expected: Mapping[str, Any], write: Callable[[Delivery], Written]
) -> Callable[[Look], Written | None]:
    """Make what answers the first delivery that is as expected, as `write` writes it.

    Those that were pending, new, or sent again since the last look are looked at.
    """
    pending_from = since = 0

    def find(look: Look) -> Written | None:
        nonlocal pending_from, since
        with look() as work:
            last = work.app.last_delivery_id
        since = since if since <= last else 0
        pending_from = pending_from if pending_from <= last else 0
        first_pending = last
        again = _deliveries(look, after=0, until=pending_from, since=since)
        for delivery in chain(_deliveries(look, after=pending_from), again):
            written = write(delivery)
            if not matching.compare(expected, written):
                return written
            if delivery.state == State.PENDING:
                first_pending = min(first_pending, delivery.id - 1)
        pending_from, since = first_pending, last
        return None

    return find


def _deliveries(look: Look, *, after: int, **filters: int) -> Iterator[Delivery]:
    while True:
        with look() as work:
            found = {"after": after, **filters}
            page = deliveries.list_page(work.connection, work.app_id, found, most=_PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].id


def _may_be(expected: Mapping[str, Any], conversation: Conversation) -> bool:
    """Compare what the row itself tells: a conversation is written with all its members, which takes longer."""
    told = {
        "id": conversation.id,
        "clientGroupId": conversation.client_group_id,
        "assignee": conversation.assignee,
        "status": conversation.status,
    }
    return all(not matching.compare(expected[name], told[name]) for name in told if name in expected)


def _search(look: Look, find: Callable[[Work, Conversation], Found | None]) -> Found | None:
    """Answer the first thing that is found in a conversation of the app."""
    after = 0
    while True:
        with look() as work:
            page = conversations.list_page(work.connection, work.app_id, after=after, most=_PAGE)
            for conversation in page:
                if (found := find(work, conversation)) is not None:
                    return found
        if len(page) < _PAGE:
            return None
        after = page[-1].id
