"""The journal: each request of the emulated API and its answer, kept with what they did."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from mockkommunicate.domain.errors import ControlError
from mockkommunicate.domain.matching import RequestMatcher
from mockkommunicate.domain.received import Received
from mockkommunicate.domain.replies import Reply
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import journal
from mockkommunicate.store.records import Request

Look = Callable[[], AbstractContextManager[Work]]
"""What begins reading the app, each time it is called."""

PAGE = 200
"""How many requests are read at once; between two pages nobody is kept waiting."""

_PAUSE_S = 0.0005


def record(
    work: Work,
    received: Received,
    reply: Reply,
    *,
    took: int,
    at: int | None = None,
    fault: str | None = None,
) -> int | None:
    """Keep a request and its answer; the oldest go when there are too many. Answer its number, None if it is not kept.

    It came `at` a time of the app's clock, now if not given, and took so many milliseconds: none while that stands still.
    """
    settings = work.settings.journal
    if not settings.enabled:
        return None
    number = work.next_request_id()
    request = Request(
        application_id=work.app_id,
        id=number,
        at=work.now if at is None else at,
        duration=max(0, took) if work.clock.frozen_at is None else 0,
        method=received.method,
        path=received.path,
        query=dump(received.query),
        headers=dump(received.headers),
        body=received.body,
        operation=received.operation,
        status=reply.status,
        answer=reply.text,
        fault=fault,
    )
    journal.add(work.connection, request)
    if number > settings.limit:
        dropped = journal.delete(work.connection, work.app_id, first=0, last=number - settings.limit)
        work.app = work.app._replace(dropped_requests=work.app.dropped_requests + dropped)
    return number


def list_page(work: Work, *, limit: int, last: int | None = None, **filters: Any) -> Sequence[Request]:  # noqa: ANN401
    """List at most so many requests, or the `last` of them, the oldest first; the filters are those of the store."""
    if last is None:
        return journal.list_page(work.connection, work.app_id, filters, most=limit)
    return journal.list_page(work.connection, work.app_id, filters, most=last, newest=True)[::-1]


def every(look: Look, *, after: int = 0, **filters: Any) -> Iterator[Request]:  # noqa: ANN401 - values of filters
    """Yield the requests from behind a number, the oldest first, by and by."""
    while True:
        with look() as work:
            page = list_page(work, limit=PAGE, after=after, **filters)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].id
        time.sleep(_PAUSE_S)


def newest(look: Look, most: int, *, after: int = 0) -> Sequence[Request]:
    """List so many of the newest requests from behind a number, the oldest first."""
    with look() as work:
        before = work.app.last_request_id + 1
    found: list[Request] = []
    while len(found) < most:
        with look() as work:
            page = list_page(work, limit=0, last=min(PAGE, most - len(found)), after=after, before=before)
        found += page[::-1]
        if len(page) < PAGE:
            break
        before = page[0].id
        time.sleep(_PAUSE_S)
    return found[::-1]


def matching(look: Look, expected: RequestMatcher, *, after: int = 0) -> Iterator[Request]:
    """Yield the requests that are as expected, from behind a number, the oldest first."""
    exact = {name: getattr(expected, name) for name in ("method", "path", "operation")}
    filters = {name: value for name, value in exact.items() if isinstance(value, str)}
    if "method" in filters:
        filters["method"] = filters["method"].upper()
    for request in every(look, after=after, **filters):
        if expected.matches(received(request)):
            yield request


def ensure_kept(work: Work) -> None:
    """Raise ControlError where no journal is kept: what is not there tells nothing then."""
    if not work.settings.journal.enabled:
        raise ControlError(
            "JOURNAL_OFF",
            "the app keeps no journal: its setting journal.enabled is false",
            hint='PATCH /_mock/apps/APP/settings {"journal": {"enabled": true}}',
            http_status=409,
        )


def get(work: Work, request_id: int) -> Request:
    """Answer a request of the journal; raise ControlError when it is not there."""
    found = journal.find(work.connection, work.app_id, request_id)
    if found is None:
        raise ControlError(
            "REQUEST_NOT_FOUND",
            f"no request {request_id} in the journal",
            hint=f"GET /_mock/apps/{work.app_id}/requests lists those there are",
            http_status=404,
        )
    return found


def delete(work: Work, request_ids: Iterable[int] | None = None) -> int:
    """Delete requests by their numbers, in ascending order, or all; answer how many there were."""
    if request_ids is None:
        return journal.delete_all(work.connection, work.app_id)
    return sum(
        journal.delete(work.connection, work.app_id, first=first, last=last)
        for first, last in _ranges(request_ids)
    )


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each row of numbers without a gap."""
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = number
        elif number != last + 1:
            yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last


def received(request: Request) -> Received:
    """Answer a request of the journal as it came."""
    return Received(
        method=request.method,
        path=request.path,
        query=_pairs(request.query),
        headers=_pairs(request.headers),
        body=request.body,
        operation=request.operation,
    )


@lru_cache(maxsize=1_000)
def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Read names and values as they are stored; many requests have the same."""
    return tuple((name, value) for name, value in json.loads(text))
