"""An app's clock: stopped, set, advanced, and what falls due on the way."""

from typing import Any

from mockkommunicate.domain.clock import LATEST_MS
from mockkommunicate.domain.errors import BadParameters, Problem
from mockkommunicate.operations.work import Work


def change(
    work: Work,
    *,
    freeze: bool | int = False,
    to: int | None = None,
    by: int | None = None,
    resume: bool = False,
) -> list[dict[str, Any]]:
    """Freeze the clock (here, or at an instant) or set it, advance it, let it go on; in this order.

    Instants and durations are milliseconds. Answer the jobs that fell due on the way, in order of time. Raises
    BadParameters for a time after the year 9999.
    """
    clock = work.clock
    if freeze is not False:
        clock = clock.freeze(None if freeze is True else freeze)
    if to is not None:
        clock = clock.set(to)
    if by is not None:
        clock = clock.advance(by)
    if resume:
        clock = clock.resume()
    now = clock.now()
    if now > LATEST_MS:
        problem = f"leads to {now}, beyond the year 9999, which ends at {LATEST_MS}"
        raise BadParameters([Problem("body", "" if by is None else "advance", problem)])
    work.app = work.app._replace(clock_offset=clock.offset, frozen_at=clock.frozen_at)
    work.now = now
    return []
