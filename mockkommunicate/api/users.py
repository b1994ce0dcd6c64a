"""rest/ws/user/..."""

from collections.abc import Mapping, Sequence

from flask import Blueprint

from mockkommunicate.api.endpoint import endpoint
from mockkommunicate.operations import users
from mockkommunicate.operations.work import Work
from mockkommunicate.store.records import User
from mockkommunicate.wire.envelope import Wrap
from mockkommunicate.wire.users import GetUserDetail, GetUserDetailQuery, UpdateUser, UserDetail

blueprint = Blueprint("users", __name__, url_prefix="/rest/ws/user")


@blueprint.post("/v2/detail")
@endpoint(
    operation="user.detail",
    body=GetUserDetail,
    query=GetUserDetailQuery,
    answers=UserDetail,
    many=True,
    wrap=Wrap.BY_DIALECT,
)
def detail(
    work: Work,
    *,
    user_ids: Sequence[str],
    phone_numbers: Sequence[str],
    emails: Sequence[str],
    with_last_message: bool,
) -> list[User]:
    """Get the details of users."""
    return users.detail(
        work,
        user_ids=user_ids,
        phone_numbers=phone_numbers,
        emails=emails,
        with_last_message=with_last_message,
    )


@blueprint.post("/update")
@endpoint(operation="user.update", body=UpdateUser, actor="required", answers=("success",))
def update(
    work: Work, *, actor_id: str, metadata: Mapping[str, str] | None = None, **columns: str | None
) -> str:
    """Update the details of a user."""
    return users.update_customer(work, actor_id, metadata=metadata, **columns)
