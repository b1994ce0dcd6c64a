"""Users: created when a conversation names them, looked up, changed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mockkommunicate.domain import teams
from mockkommunicate.domain.errors import (
    BadParameters,
    ControlError,
    Problem,
    UnauthorizedUser,
    UserNotFound,
)
from mockkommunicate.domain.users import SYSTEM_BOT, Availability, Role
from mockkommunicate.operations.events import AgentLeft, Event, RoomMade
from mockkommunicate.operations.lookup import get_user
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import conversations, users
from mockkommunicate.store.records import User
from mockkommunicate.wire.control import NO_BOT


def new(work: Work, user_id: str, *, role: Role, **columns: Any) -> User:  # noqa: ANN401 - columns of the table
    """Make a user's record, not yet stored. `columns` are those of the table; `metadata` a mapping of strings."""
    metadata = columns.pop("metadata", None) or {}
    bot = _answering(None, columns.pop("bot", {}))
    default = Availability.OFFLINE if role == Role.CUSTOMER else Availability.ONLINE
    availability = columns.pop("availability", None) or default
    user = User(
        application_id=work.app_id,
        user_id=user_id,
        number=work.next_user_number(),
        role=role.value,
        display_name=None,
        email=user_id if role.is_agent and "@" in user_id else None,
        phone_number=None,
        image_link=None,
        status_message=None,
        metadata=dump(metadata),
        availability=Availability(availability).value,
        handling_limit=None,
        deactivated=False,
        created_at=work.now,
        last_seen_at=work.now,
        last_logged_in_at=work.now,
        last_message_at=None,
        unread_count=0,
        bot=bot,
    )
    return user._replace(**columns)


def add(work: Work, user_id: str, *, role: Role, **columns: Any) -> User:  # noqa: ANN401 - columns of the table
    """Add a user, whose id must be free."""
    user = new(work, user_id, role=role, **columns)
    users.add(work.connection, [user])
    if role.is_agent:
        work.events.append(RoomMade())
    return user


def put(work: Work, user_id: str, *, role: Role, **columns: Any) -> User:  # noqa: ANN401 - columns of the table
    """Add a user, or change the one who has this id already."""
    existing = users.find(work.connection, work.app_id, user_id)
    if existing is None:
        return add(work, user_id, role=role, **columns)
    update(work, existing, role=role.value, **columns)
    return get_user(work, user_id)


def get_or_add(work: Work, user_id: str) -> User:
    """Answer a user; who does not exist becomes a customer."""
    return users.find(work.connection, work.app_id, user_id) or add(work, user_id, role=Role.CUSTOMER)


def add_customers(work: Work, user_ids: Iterable[str]) -> list[User]:
    """Add a customer for each id that a conversation names and nobody has (documented)."""
    added = [new(work, user_id, role=Role.CUSTOMER) for user_id in user_ids]
    users.add(work.connection, added)
    return added


def detail(
    work: Work,
    *,
    user_ids: Sequence[str],
    phone_numbers: Sequence[str],
    emails: Sequence[str],
    with_last_message: bool,
) -> list[User]:
    """List the users asked for, each once, in the order of the request; the time of the last message if wanted.

    Unknown ones are left out, or raise UserNotFound where the app's settings say so (both inferred).
    """
    by_id = _found(work, "user_id", user_ids)
    by_phone = _found(work, "phone_number", phone_numbers)
    by_email = _found(work, "email", emails)
    found = [
        *(by_id.get(user_id) for user_id in user_ids),
        *(by_phone.get(number) for number in phone_numbers),
        *(by_email.get(email) for email in emails),
    ]
    if None in found and work.settings.detail_of_unknown_users == "error":
        raise UserNotFound
    if not with_last_message:
        found = [user and user._replace(last_message_at=None) for user in found]
    return list({user.user_id: user for user in found if user is not None}.values())


def _found(work: Work, column: str, wanted: Sequence[str]) -> dict[str, User]:
    if not wanted:
        return {}
    unique = list(dict.fromkeys(wanted))
    found = users.list_among(work.connection, work.app_id, column, unique)
    return {getattr(user, column): user for user in sorted(found, key=lambda user: -user.number)}


def update_customer(
    work: Work, user_id: str, *, metadata: Mapping[str, str] | None = None, **columns: str | None
) -> str:
    """Change what is given of a customer's details and leave the rest; metadata is merged (inferred).

    Raises UserNotFound, and UnauthorizedUser for agents and bots (documented: only an end user can be updated).
    """
    user = get_user(work, user_id)
    if user.role != Role.CUSTOMER:
        raise UnauthorizedUser
    update(work, user, metadata=metadata, **columns)
    return "success"


def update(work: Work, user: User, *, metadata: Mapping[str, str] | None = None, **columns: Any) -> None:  # noqa: ANN401 - columns of the table
    """Change columns of a user; metadata is merged key by key. Raises BadParameters for somebody who answers and is no bot."""
    if metadata is not None:
        columns["metadata"] = dump(json.loads(user.metadata) | metadata)
    if "bot" in columns:
        columns["bot"] = _answering(user.bot, columns["bot"])
    _refuse_who_is_no_bot(columns.get("role", user.role), columns.get("bot", user.bot))
    if columns:
        users.update(work.connection, work.app_id, user.user_id, **columns)
        work.events += _following(user, columns)


def _following(user: User, columns: Mapping[str, Any]) -> Iterator[Event]:
    """Say what a change means for the conversations: who goes away leaves some, whoever else changes may take some."""
    availability = columns.get("availability", user.availability)
    is_agent = Role(columns.get("role", user.role)).is_agent
    if is_agent and availability not in {user.availability, Availability.ONLINE}:
        yield AgentLeft(user.user_id)
    elif columns.keys() & {"availability", "handling_limit", "role"}:
        yield RoomMade()


def _answering(before: str | None, given: Mapping[str, Any]) -> str | None:
    """Write how a bot answers: a way that is given takes the place of the one before, null takes it away.

    Keys are sorted, as in an exported state: what a bot writes shall be the same bytes wherever it goes on.
    """
    put = {name: way for name, way in given.items() if way is not None}
    kept = {name: way for name, way in json.loads(before or "{}").items() if name not in given}
    ways = put or kept
    return json.dumps(ways, sort_keys=True) if ways else None


def _refuse_who_is_no_bot(role: str, bot: str | None) -> None:
    if bot is not None and role != Role.BOT:
        ways = json.loads(bot)
        raise BadParameters(
            [Problem("body", way, f"must be null: {NO_BOT}, and this one is {role!r}") for way in ways]
        )


def change(work: Work, user: User, **columns: Any) -> None:  # noqa: ANN401 - columns of the table
    """Change a user, who is seen when his availability changes, and logs in when he comes online (inferred).

    Raises ControlError for another role of a user whom the app needs in the one he has.
    """
    if columns.get("role", user.role) != user.role:
        _refuse_if_needed(work, user)
    if columns.get("availability", user.availability) != user.availability:
        columns["last_seen_at"] = work.now
        if columns["availability"] == Availability.ONLINE:
            columns["last_logged_in_at"] = work.now
    update(work, user, **columns)


def delete(work: Work, user: User) -> None:
    """Delete a user, out of every conversation too; what he wrote stays. Raises ControlError if the app needs him."""
    _refuse_if_needed(work, user)
    conversations.release(work.connection, work.app_id, user.user_id)
    users.delete(work.connection, work.app_id, user.user_id)
    work.events.append(RoomMade())


def _refuse_if_needed(work: Work, user: User) -> None:
    """Refuse for the system user, and for an agent or bot whom the routing settings or a team names."""
    if user.user_id == SYSTEM_BOT or user.user_id in teams.named(work.settings):
        hint = "name another in the settings (routing, teams) first; the system user stays what it is"
        raise ControlError(
            "USER_NEEDED", f"{user.user_id!r} is needed by the app", hint=hint, http_status=409
        )
