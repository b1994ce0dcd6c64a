"""What the pytest plugin says: of an app whose test failed, of what nobody read, of a marker that is wrong."""

import difflib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from mockkommunicate.handle import App, VerificationFailed
from mockkommunicate.handle.results import Request, Unread
from mockkommunicate.handle.verification import printable

LAST = 10
"""How many requests are shown."""
CONSIDERED = 100
"""In how many of the last requests is looked for what nobody read."""
PATIENCE_S = 5
"""How long a report waits for an app."""

_UNSENT = ("pending", "failed", "dead", "refused")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def describe(app: App, error: BaseException | None) -> str:
    """Describe what an app received, and what came near to a failed verification; never raise."""
    try:
        return "\n".join(map(printable, _lines(app.within(PATIENCE_S), error)))
    except Exception as problem:  # noqa: BLE001 - a report must not hide why the test failed
        return f"nothing can be read of {app}: {problem}"


def unknown(app: App) -> str:
    """Describe what was sent that the emulator does not know; nothing, if there is nothing."""
    if not app.settings()["journal"]["enabled"]:
        return "fail_on_unread needs the journal, and the app's settings have switched it off"
    found = [unread for unread in app.ignored() if unread.kind == "unknown"]
    if not found:
        return ""
    shown = [(app.request(unread.request_id or 0), unread) for unread in found[:LAST]]
    more = [f"  and {len(found) - LAST} more"] if len(found) > LAST else []
    heading = "what the emulator does not know was sent (fail_on_unread):"
    return "\n".join(map(printable, [heading, *_told_once(shown), *more]))


def refusal(marker: pytest.Mark, known: Sequence[str]) -> str:
    """Say what is wrong with a marker, and what would be right."""
    takes = f"@pytest.mark.{marker.name} takes {', '.join(f'{name}=' for name in known)}"
    for name in marker.kwargs:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            meant = f"; did you mean {nearest[0]}=?" if nearest else ""
            return f"{takes}, not {name}={meant}"
    return f"{takes}, and nothing without a name"


def _lines(app: App, error: BaseException | None) -> Iterator[str]:
    requests = app.requests(last=CONSIDERED)
    yield f"app {app.application_id} at {app.url}, seed {app.seed}"
    yield from _received(requests[-LAST:])
    yield from _not_delivered(app)
    if isinstance(error, VerificationFailed) and error.near_misses:
        yield f"near misses of {error.asked}:"
        yield from (f"  {miss}" for miss in error.near_misses)
    found = [(request, unread) for request in requests for unread in request.unread]
    if found:
        yield "sent, and read by nobody:"
        yield from _told_once(found)


def _received(requests: Sequence[Request]) -> Iterator[str]:
    yield "its last requests:" if requests else "its journal has no request"
    for request in requests:
        fault = f"  fault {request.fault}" if request.fault else ""
        time = (_EPOCH + timedelta(milliseconds=request.at)).strftime("%H:%M:%S.%f")[:-3]
        what = f"{request.method:5} {request.path} {request.status}"
        yield f"  #{request.id} {time} {what}  {request.operation or 'no operation'}{fault}"


def _not_delivered(app: App) -> Iterator[str]:
    """Write the last deliveries that came to nothing, or are owed yet."""
    found = [delivery for state in _UNSENT for delivery in app.deliveries(state=state, limit=LAST)]
    if found:
        yield "its deliveries that were not taken:"
    for delivery in sorted(found, key=lambda delivery: delivery.id)[-LAST:]:
        last = delivery.attempts[-1] if delivery.attempts else None
        why = "not tried yet" if last is None else last.error or f"answered {last.status}"
        yield f"  #{delivery.id} {delivery.kind} {delivery.state} {delivery.url}  {why}"


def _told_once(found: Sequence[tuple[Request, Unread]]) -> Iterator[str]:
    """Write what was not read, each name once for a path, however often it came."""
    told: dict[tuple[str, str, str], str] = {}
    for request, unread in found:
        meant = f"; did you mean {unread.nearest!r}?" if unread.nearest else ""
        line = f"  #{request.id} {request.method} {request.path}: {unread.where} {unread.name!r} ({unread.kind}){meant}"
        told.setdefault((request.path, unread.where, unread.name), line)
    yield from list(told.values())[:LAST]
