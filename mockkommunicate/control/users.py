"""/_mock/apps/APP/users."""

from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import users
from mockkommunicate.operations.lookup import get_user
from mockkommunicate.operations.work import Work
from mockkommunicate.store import users as rows
from mockkommunicate.wire.answers import UserList
from mockkommunicate.wire.control import UserChanges, UserInput, UserOutput, UserPage

blueprint = Blueprint("users", __name__, url_prefix="/apps/<application_id>/users")
_output = UserOutput()


@blueprint.get("")
@control(query=UserPage, answers=UserList)
def list_page(work: Work, *, limit: int, after: int, role: str | None = None) -> dict[str, Any]:
    """List users in order of creation, of one role if asked."""
    found = rows.list_page(work.connection, work.app_id, after=after, most=limit + 1, role=role)
    page = {"users": [_output.write(user) for user in found[:limit]]}
    return page | {"next": found[limit - 1].number} if len(found) > limit else page


@blueprint.post("")
@control(needs="work_on", body=UserInput, answers=UserOutput, status=201)
def add(work: Work, *, user_id: str, role: str, **details: Any) -> Any:  # noqa: ANN401
    """Add a user; refuse an id that is taken."""
    if rows.find(work.connection, work.app_id, user_id) is not None:
        hint = f"PATCH /_mock/apps/{work.app_id}/users/{user_id} changes the one there is"
        raise ControlError("USER_EXISTS", f"there is a user {user_id!r} already", hint=hint, http_status=409)
    return _output.write(users.add(work, user_id, role=Role(role), **details))


@blueprint.get("/<path:user_id>")
@control(answers=UserOutput)
def look(work: Work, *, user_id: str) -> Any:  # noqa: ANN401
    """Look at a user."""
    return _output.write(get_user(work, user_id))


@blueprint.patch("/<path:user_id>")
@control(needs="work_on", body=UserChanges, answers=UserOutput)
def change(work: Work, *, user_id: str, **details: Any) -> Any:  # noqa: ANN401
    """Change a user: availability, limit, role and whatever else; metadata is merged."""
    users.change(work, get_user(work, user_id), **details)
    return _output.write(get_user(work, user_id))


@blueprint.delete("/<path:user_id>")
@control(needs="work_on")
def delete(work: Work, *, user_id: str) -> dict[str, Any]:
    """Delete a user."""
    users.delete(work, get_user(work, user_id))
    return {"deleted": user_id}
