"""/_mock/apps/APP/inbox: conversations in brief."""

from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import inbox
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.inbox import Inbox, InboxPage, write

blueprint = Blueprint("inbox", __name__, url_prefix="/apps/<application_id>/inbox")


@blueprint.get("")
@control(query=InboxPage, answers=Inbox)
def list_page(work: Work, *, limit: int, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
    """List conversations in brief, the newest first."""
    found = inbox.list_page(work, limit=limit + 1, **asked)
    page = {"conversations": [write(brief) for brief in found[:limit]]}
    return page | {"next": found[limit - 1].id} if len(found) > limit else page
