"""/_mock/apps/APP/requests/ID/curl, pytest and example: a request of the journal to take along, and what is like it."""

from typing import Any

from flask import Blueprint, request

from mockkommunicate.control import contracts
from mockkommunicate.control.endpoint import control
from mockkommunicate.domain import replay_tests, replays
from mockkommunicate.domain.replays import Recorded
from mockkommunicate.operations import examples, journal
from mockkommunicate.operations import replays as operations
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.unread import classify

blueprint = Blueprint("replays", __name__, url_prefix="/apps/<application_id>/requests/<int:request_id>")


@blueprint.get("/curl")
@control()
def curl(work: Work, *, request_id: int) -> dict[str, Any]:
    """Write a request as a call of curl, with its key left to the environment."""
    return {"curl": replays.curl(_recorded(work, request_id), request.host_url.rstrip("/"))}


@blueprint.get("/pytest")
@control()
def pytest(work: Work, *, request_id: int) -> dict[str, Any]:
    """Write a request as a test that passes when it is pasted."""
    return {"pytest": replay_tests.pytest(_recorded(work, request_id))}


@blueprint.get("/example")
@control()
def example(work: Work, *, request_id: int) -> dict[str, Any]:
    """Answer the example of the contract files that is most like a request, null where there is none."""
    return {"example": examples.nearest(_recorded(work, request_id))}


def _recorded(work: Work, request_id: int) -> Recorded:
    found = journal.get(work, request_id)
    contract = contracts.by_operation().get(found.operation or "")
    return operations.recorded(work, found, tuple(classify(journal.received(found), contract)))
