"""Requests of the journal as something to take along: what is known of the app is put beside each."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus

from mockkommunicate.domain.replays import Recorded
from mockkommunicate.domain.unread import Unread
from mockkommunicate.operations import journal
from mockkommunicate.operations.work import Work
from mockkommunicate.store import users
from mockkommunicate.store.records import Request


def recorded(work: Work, request: Request, unread: tuple[Unread, ...] = ()) -> Recorded:
    """Answer a request of the journal with the roles of whom it names; `unread` is what nobody read of it."""
    received = journal.received(request)
    made = Recorded(
        id=request.id,
        received=received,
        status=request.status,
        answer=request.answer,
        application_id=work.app_id,
        fault=request.fault,
        is_strict=_is_strict(work, request, unread),
    )
    wanted = {user_id for user_id in _named(made) if isinstance(user_id, str)}
    found = users.list_by_ids(work.connection, work.app_id, sorted(wanted))
    return replace(made, roles={user.user_id: user.role for user in found})


def _is_strict(work: Work, request: Request, unread: tuple[Unread, ...]) -> bool:
    """Tell whether a request was refused because its app is strict: what is unknown in it is named in the answer."""
    named = any(one.kind == "unknown" and one.name in request.answer for one in unread)
    return (
        request.status == HTTPStatus.BAD_REQUEST
        and "MOCK-PARAM" in request.answer
        and (named or work.settings.strict)
    )


def _named(made: Recorded) -> Iterator[object]:
    """Name whom a request is about, and whom its answer tells of."""
    yield made.actor
    yield made.parameter("assignee")
    yield made.field("fromUserName")
    answer = made.answered
    users_of = answer.get("response") if isinstance(answer, dict) else answer
    for user in users_of if isinstance(users_of, list) else ():
        yield user.get("userId") if isinstance(user, dict) else None
