"""/_mock/apps/APP/requests: the journal of an app; /_mock/requests: that of the requests that belong to no app."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint

from mockkommunicate.control import contracts
from mockkommunicate.control.endpoint import control
from mockkommunicate.domain.matching import RequestMatcher
from mockkommunicate.operations import journal, verification
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.journal import Look
from mockkommunicate.operations.work import Work
from mockkommunicate.store.records import Request
from mockkommunicate.wire import journal as wire
from mockkommunicate.wire.answers import IgnoredList, Verdict
from mockkommunicate.wire.control import Page
from mockkommunicate.wire.journal import Deletion, EntryList, EntryOutput, RequestPage, Verify
from mockkommunicate.wire.unread import UnreadOutput, classify

blueprint = Blueprint("journal", __name__, url_prefix="/apps/<application_id>/requests")
gateway = Blueprint("gateway", __name__, url_prefix="/requests")

_unread = UnreadOutput()


@blueprint.get("")
@control(needs="emulator", query=RequestPage, answers=EntryList)
def list_page(emulator: Emulator, *, application_id: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
    """List requests and their answers, the oldest first."""
    return _page(partial(emulator.look_at, application_id), **asked)


@gateway.get("")
@control(needs="emulator", query=RequestPage, answers=EntryList)
def list_at_gateway(emulator: Emulator, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
    """List the requests that belong to no app, for they had no key or a wrong one."""
    return _page(emulator.look_at_gateway, **asked)


@gateway.delete("")
@control(needs="emulator", body=Deletion)
def delete_at_gateway(emulator: Emulator, *, request: RequestMatcher | None = None) -> dict[str, Any]:
    """Delete the requests that belong to no app and match, or all."""
    found = _found(emulator.look_at_gateway, request)
    with emulator.work_at_gateway() as work:
        return {"deleted": journal.delete(work, found)}


def _page(look: Look, *, limit: int, last: int | None = None, **filters: Any) -> dict[str, Any]:  # noqa: ANN401
    with look() as work:
        found = journal.list_page(work, limit=limit + 1, last=last, **filters)
        dropped = work.app.dropped_requests
    there_are_more = last is None and len(found) > limit
    shown = found[:limit] if there_are_more else found
    known = contracts.by_operation()
    page = {"requests": [write_entry(request, known) for request in shown], "dropped": dropped}
    return page | {"next": shown[-1].id} if there_are_more else page


def write_entry(request: Request, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Answer an entry of the journal as JSON values, with what nobody read in it and what was found in it."""
    known = contracts.by_operation() if known is None else known
    received = journal.received(request)
    return wire.write(request, received, classify(received, known.get(request.operation or "")))


@blueprint.get("/<int:request_id>")
@control(answers=EntryOutput)
def look(work: Work, *, request_id: int) -> dict[str, Any]:
    """Look at a request and its answer."""
    return write_entry(journal.get(work, request_id))


@blueprint.delete("/<int:request_id>")
@control(needs="work_on")
def delete(work: Work, *, request_id: int) -> dict[str, Any]:
    """Delete a request."""
    return {"deleted": journal.delete(work, [journal.get(work, request_id).id])}


@blueprint.delete("")
@control(needs="emulator", body=Deletion)
def delete_matching(
    emulator: Emulator, *, application_id: str, request: RequestMatcher | None = None
) -> dict[str, Any]:
    """Delete the requests that match, or all."""
    found = _found(partial(emulator.look_at, application_id), request)
    with emulator.work_on(application_id) as work:
        return {"deleted": journal.delete(work, found)}


def _found(look: Look, expected: RequestMatcher | None) -> Sequence[int] | None:
    """Find what to delete before anybody is kept waiting for it; None is everything."""
    return None if expected is None else [request.id for request in journal.matching(look, expected)]


@blueprint.get("/ignored")
@control(needs="emulator", query=Page, answers=IgnoredList)
def ignored(emulator: Emulator, *, application_id: str, limit: int, after: int) -> dict[str, Any]:
    """List what clients sent and no handler read, of so many requests from behind the one with the number `after`."""
    with emulator.look_at(application_id) as work:
        requests = journal.list_page(work, limit=limit + 1, after=after)
    known = contracts.by_operation()
    found = [
        {"requestId": request.id, **_unread.write(unread)}
        for request in requests[:limit]
        for unread in classify(journal.received(request), known.get(request.operation or ""))
    ]
    page = {"ignored": found}
    return page | {"next": requests[limit - 1].id} if len(requests) > limit else page


@blueprint.post("/verify")
@control(needs="emulator", body=Verify, answers=Verdict)
def verify(
    emulator: Emulator,
    *,
    application_id: str,
    request: RequestMatcher | None = None,
    times: tuple[int, int] = verification.AT_LEAST_ONCE,
    sequence: Sequence[RequestMatcher] = (),
) -> dict[str, Any]:
    """Tell whether such requests came; if not, which were nearest and how they differ."""
    look = partial(emulator.look_at, application_id)
    with look() as work:
        journal.ensure_kept(work)
        dropped = work.app.dropped_requests
    if request is not None:
        verdict = verification.of_request(look, request, times=times)
    else:
        verdict = verification.of_sequence(look, sequence)
    answer = {"matched": verdict.matched, "count": verdict.count, "nearest": _nearest(verdict)}
    answer |= {"dropped": dropped} if dropped else {}
    route = _route(verdict.missing)
    return answer | {"route": route} if route else answer


def _route(missing: RequestMatcher | None) -> dict[str, str] | None:
    """Answer the path that was expected if it is no route, and the nearest one; None where it is, or is no text."""
    path = None if missing is None else missing.path
    path = path.get("$equals") if isinstance(path, dict) else path
    return contracts.nearest_route(path) if isinstance(path, str) else None


def _nearest(verdict: verification.Verdict) -> list[dict[str, Any]]:
    known = contracts.by_operation()
    return [
        {
            "request": write_entry(request, known),
            "diff": [difference.as_json() for difference in differences],
        }
        for request, differences in verdict.nearest
    ]
