"""Verification: whether the requests that were expected came, and if not, which were nearest to them."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from mockkommunicate.domain.matching import Difference, RequestMatcher, in_order
from mockkommunicate.domain.nearest import rank
from mockkommunicate.domain.received import Received
from mockkommunicate.operations import journal
from mockkommunicate.operations.journal import Look
from mockkommunicate.store.records import Request

Nearest = Sequence[tuple[Request, Sequence[Difference]]]
"""Requests, each with what differs from what was expected."""

AT_LEAST_ONCE = (1, 10_000_000)

RANKED = 10_000
"""Among how many of the newest requests the nearest are looked for."""

SHOWN = 3
"""How many of the nearest are answered."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether what was expected came; `count` requests did, and those nearest to what did not differ so.

    `missing` is the expectation that was not met.
    """

    matched: bool
    count: int
    nearest: Nearest = ()
    missing: RequestMatcher | None = None


def of_request(look: Look, expected: RequestMatcher, *, times: tuple[int, int] = AT_LEAST_ONCE) -> Verdict:
    """Tell whether such a request came as often as expected; of too many, the newest are the nearest."""
    count, newest = 0, deque[Request](maxlen=SHOWN)
    for request in journal.matching(look, expected):
        count += 1
        newest.append(request)
    least, most = times
    if least <= count <= most:
        return Verdict(matched=True, count=count)
    nearest = [(request, ()) for request in reversed(newest)] if count > most else _nearest(look, expected)
    return Verdict(matched=False, count=count, nearest=nearest, missing=expected)


def of_sequence(look: Look, expected: Sequence[RequestMatcher]) -> Verdict:
    """Tell whether such requests came one after the other; others may lie between. `count` of them did."""
    recorded = ((request.id, journal.received(request)) for request in journal.every(look))
    found = in_order(expected, recorded)
    if len(found) == len(expected):
        return Verdict(matched=True, count=len(found))
    missing = expected[len(found)]
    return Verdict(
        matched=False, count=len(found), nearest=_nearest_after(look, missing, found), missing=missing
    )


def _nearest(look: Look, expected: RequestMatcher) -> Nearest:
    """Rank the newest requests that are not as expected: too few are, so no others are near misses."""
    return rank(expected, [one for one in _newest(look) if not expected.matches(one[1])], SHOWN)


def _nearest_after(look: Look, missing: RequestMatcher, found: Sequence[int]) -> Nearest:
    """Rank the requests behind the last that was found, and those that are as expected but came too early."""
    used, last = set(found), max(found, default=0)
    recorded = _newest(look)
    candidates = [
        one for one in recorded if one[0].id > last or (one[0].id not in used and missing.matches(one[1]))
    ]
    return rank(missing, candidates or recorded, SHOWN)


def _newest(look: Look) -> list[tuple[Request, Received]]:
    return [(request, journal.received(request)) for request in journal.newest(look, RANKED)]
