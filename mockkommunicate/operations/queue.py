"""The waiting queue: who waits, and who goes where room is made. All of it is inferred; see docs/routing.md."""

from collections.abc import Sequence

from mockkommunicate.domain import teams
from mockkommunicate.domain.routing import Outcome
from mockkommunicate.domain.users import SYSTEM_BOT, Availability
from mockkommunicate.operations import assignment, handing
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations, users
from mockkommunicate.store import queue as rows
from mockkommunicate.store.records import Conversation, User


def waiting(work: Work, team_id: str | None = None) -> list[int]:
    """List the ids of those who wait, the longest waiting first: all, or those who name a team."""
    found = rows.list_all(work.connection, work.app_id)
    return [one.id for one in found if team_id in {None, one.team_id}]


def positions(work: Work, looked_at: Sequence[Conversation]) -> dict[int, int]:
    """Answer where those conversations that wait stand in the list of their team, from 1 on."""
    if all(conversation.queue_number is None for conversation in looked_at):
        return {}
    found = rows.list_all(work.connection, work.app_id)
    places: dict[int, int] = {}
    for team_id in {conversation.team_id for conversation in looked_at}:
        line = [one.id for one in found if team_id in {None, one.team_id}]
        place = {conversation_id: place for place, conversation_id in enumerate(line, 1)}
        own = [conversation.id for conversation in looked_at if conversation.team_id == team_id]
        places |= {
            conversation_id: place[conversation_id] for conversation_id in own if conversation_id in place
        }
    return places


def after_room_was_made(work: Work) -> None:
    """Let those who wait go where there is room, if anybody may wait at all."""
    if teams.has_any_queue(work.settings):
        pull(work)


def after_settings_changed(work: Work, *, had_queue: bool) -> None:
    """Take into the queue who may wait now, and let everybody go for whom the rules now find somebody.

    Where there is no queue any more, that is everybody.
    """
    if not had_queue and not teams.has_any_queue(work.settings):
        return
    for conversation in rows.list_idle(work.connection, work.app_id):
        if teams.has_queue(work.settings, conversation.team_id):
            number = work.next_queue_number()
            conversations.update(work.connection, conversation._replace(queue_number=number))
    pull(work)


def pull(work: Work) -> None:
    """Let the longest waiting go to whom the rules find, one after the other, as long as they find anybody."""
    staff: Sequence[User] = ()
    stuck: set[str | None] = set()
    while (conversation := _longest_waiting(work, stuck)) is not None:
        staff = staff or users.list_staff(work.connection, work.app_id)
        decision = assignment.by_rules(work, staff, team_id=conversation.team_id, is_new=False)
        if decision.outcome is Outcome.QUEUED:
            stuck.add(decision.team_id)
        else:
            handing.follow(work, conversation, decision, actor=_system_user(staff))


def relieve(work: Work, user_id: str) -> None:
    """Let the open conversations of an agent who has gone away go to others, or wait, if the app's settings say so.

    For which the rules find nobody, he keeps.
    """
    staff = users.list_staff(work.connection, work.app_id)
    gone = next((user for user in staff if user.user_id == user_id), None)
    if (
        not work.settings.routing.reassign_when_away
        or gone is None
        or gone.availability == Availability.ONLINE
    ):
        return
    for conversation in conversations.list_open(work.connection, work.app_id, user_id):
        decision = assignment.by_rules(work, staff, team_id=conversation.team_id, is_new=False)
        if decision.outcome is not Outcome.NOBODY and decision.assignee != user_id:
            handing.follow(work, conversation, decision, actor=_system_user(staff))


def _system_user(staff: Sequence[User]) -> User:
    """Answer who writes the notify message where nobody has assigned the conversation: the system user (inferred)."""
    return next(user for user in staff if user.user_id == SYSTEM_BOT)


def _longest_waiting(work: Work, stuck: set[str | None]) -> Conversation | None:
    """Find who has waited longest, but in those teams where nobody has room; None stands for the app itself."""
    where = work.connection, work.app_id
    teams_stuck = {team_id for team_id in stuck if team_id is not None}
    if None not in stuck:
        return rows.find_first(*where, teams_stuck, within=False)
    left = {team.team_id for team in work.settings.teams} - teams_stuck
    return rows.find_first(*where, left, within=True) if left else None
