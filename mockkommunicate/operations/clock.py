"""An app's clock: stopped, set, advanced; and on which way, for there is what falls due on it."""

from dataclasses import dataclass

from mockkommunicate.domain.clock import LATEST_MS, Clock
from mockkommunicate.domain.errors import BadParameters, Problem
from mockkommunicate.operations.work import Work


@dataclass
class Course:
    """What is left of a change: the clock goes to an instant, then by so many milliseconds, then may run on."""

    to: int | None = None
    by: int = 0
    resume: bool = False

    def goes_over(self, instant: int, *, now: int) -> bool:
        """Tell whether an instant lies on the way, up to where this leg of it ends, or is past already."""
        target = now + self.by if self.to is None else self.to
        return instant <= target >= now


def begin(
    work: Work,
    *,
    freeze: bool | int = False,
    to: int | None = None,
    by: int | None = None,
    resume: bool = False,
) -> Course:
    """Check a change and begin it: freeze the clock (here, or at an instant) or set it, advance it, let it go on.

    Instants and durations are milliseconds. Raises BadParameters for a time after the year 9999.
    """
    clock = work.clock if freeze is False else work.clock.freeze()
    to = to if isinstance(freeze, bool) else freeze
    end = (clock.now() if to is None else to) + (by or 0)
    if end > LATEST_MS:
        problem = f"leads to {end}, beyond the year 9999, which ends at {LATEST_MS}"
        raise BadParameters([Problem("body", "" if by is None else "advance", problem)])
    _set(work, clock)
    return Course(to=to, by=by or 0, resume=resume)


def stop_at(work: Work, course: Course, instant: int) -> None:
    """Go on to an instant on the way, unless it is past already."""
    ahead = max(0, instant - work.clock.now())
    if course.to is None:
        course.by -= ahead
    _set(work, work.clock.advance(ahead))


def end_leg(work: Work, course: Course) -> bool:
    """Go on to where a leg of the way ends; tell whether it was the last."""
    if course.to is not None:
        _set(work, work.clock.set(course.to))
        course.to = None
        return False
    clock = work.clock.advance(course.by)
    _set(work, clock.resume() if course.resume else clock)
    return True


def _set(work: Work, clock: Clock) -> None:
    work.app = work.app._replace(clock_offset=clock.offset, frozen_at=clock.frozen_at)
    work.now = clock.now()
