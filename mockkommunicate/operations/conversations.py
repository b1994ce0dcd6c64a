"""Conversations: created and routed, assigned, their status changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockkommunicate.domain import limits, queue, teams
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.errors import BadParameters, ConversationExists, Problem, UserNotFound
from mockkommunicate.domain.messages import status_notice
from mockkommunicate.domain.queue import Standing
from mockkommunicate.domain.routing import Decision, Outcome
from mockkommunicate.domain.suggestions import hint, listed
from mockkommunicate.domain.users import SYSTEM_BOT, Role
from mockkommunicate.operations import assignment, handing, messages, users
from mockkommunicate.operations.events import ConversationCreated, RoomMade
from mockkommunicate.operations.lookup import get_users
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import conversations
from mockkommunicate.store import users as user_rows
from mockkommunicate.store.records import Conversation, Member, User

UPDATED = "updated"
ALREADY_UPDATED = "already updated"
ENGAGED = "AGENT_IS_ALREADY_ENGAGED"

_ASSIGNEE = "CONVERSATION_ASSIGNEE"
_STATUS = "CONVERSATION_STATUS"


@dataclass(frozen=True, kw_only=True)
class ConversationDetail:
    """A conversation with its members and the users behind them."""

    conversation: Conversation
    members: Sequence[Member]
    users: Sequence[User]

    @property
    def metadata(self) -> dict[str, str]:
        """The metadata as the wire has it: team, assignee and status live in it (observed in the official clients)."""
        conversation = self.conversation
        metadata: dict[str, str] = json.loads(conversation.metadata)
        if conversation.team_id is not None:
            metadata[teams.TEAM_KEY] = conversation.team_id
        if conversation.assignee is not None:
            metadata[_ASSIGNEE] = conversation.assignee
        metadata[_STATUS] = str(conversation.status)
        return metadata

    @property
    def routing(self) -> dict[str, object]:
        """How the assignee was chosen."""
        return dict(json.loads(self.conversation.routing))


def create(
    work: Work,
    *,
    name: str,
    member_ids: Sequence[str],
    client_group_id: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> ConversationDetail:
    """Create a conversation and route it; unknown members become customers, the system bot is always a member.

    `metadata` holds strings; SKIP_ROUTING, CONVERSATION_ASSIGNEE, CONVERSATION_STATUS and KM_TEAM_ID in it are obeyed.
    Raises ConversationExists when the client group id is used in the app, BadParameters for an unknown team if strict.
    """
    metadata = dict(metadata or {})
    named, team_id = metadata.pop(_ASSIGNEE, None), _take_team(work, metadata)
    status = Status(int(metadata.pop(_STATUS, work.settings.initial_status)))
    staff = user_rows.list_staff(work.connection, work.app_id)
    if metadata.get("SKIP_ROUTING", "").lower() == "true":
        decision = assignment.of_named(work, staff, named, status=status)
    else:
        decision = assignment.by_rules(work, staff, team_id=team_id, status=status)
    member_users = _member_users(work, staff, [*member_ids, *decision.joins, SYSTEM_BOT])
    conversation = _add(
        work,
        name=name,
        client_group_id=client_group_id,
        metadata=metadata,
        team_id=team_id,
        standing=queue.standing(decision, status, has_queue=teams.has_queue(work.settings, team_id)),
        decision=decision,
        admin_id=assignment.admin_of(staff, decision),
    )
    work.turn(decision.rotation, decision.team_id)
    members = [handing.member(conversation, user) for user in member_users]
    conversations.add_members(work.connection, members)
    assignee = next((user for user in staff if user.user_id == decision.assignee), None)
    work.events.append(ConversationCreated(conversation, assignee))
    if conversation.queue_number is not None and decision.outcome is not Outcome.QUEUED:
        work.events.append(RoomMade())
    return ConversationDetail(conversation=conversation, members=members, users=member_users)


def _take_team(work: Work, metadata: dict[str, str]) -> str | None:
    """Take the team out of the metadata, known or not; raise BadParameters where unknown input is refused."""
    team_id = metadata.pop(teams.TEAM_KEY, None)
    known = [team.team_id for team in work.settings.teams]
    if team_id is None or not known or team_id in known or not work.settings.strict:
        return team_id
    message = f"must be a team of this app ({listed(known)}); got {team_id!r}{hint(team_id, known)}"
    raise BadParameters([Problem("body", f"metadata.{teams.TEAM_KEY}", message)])


def _member_users(work: Work, staff: Sequence[User], wanted: Sequence[str]) -> list[User]:
    """Answer the users with these ids, each once; those who do not exist become customers."""
    known = {user.user_id: user for user in staff}
    unsure = [user_id for user_id in dict.fromkeys(wanted) if user_id not in known]
    if unsure:
        found = user_rows.list_by_ids(work.connection, work.app_id, unsure)
        known |= {user.user_id: user for user in found}
        added = users.add_customers(work, [user_id for user_id in unsure if user_id not in known])
        known |= {user.user_id: user for user in added}
    return [known[user_id] for user_id in dict.fromkeys(wanted)]


def _add(
    work: Work,
    *,
    name: str,
    client_group_id: str | None,
    metadata: Mapping[str, str],
    team_id: str | None,
    standing: Standing,
    decision: Decision,
    admin_id: str,
) -> Conversation:
    """Store a conversation under the next id whose text nobody has taken as a client group id."""
    number = work.next_queue_number() if standing.waits else None
    while True:
        conversation_id = work.next_conversation_id()
        conversation = Conversation(
            application_id=work.app_id,
            id=conversation_id,
            client_group_id=client_group_id or str(conversation_id),
            name=name,
            admin_id=admin_id,
            assignee=decision.assignee,
            status=standing.status.value,
            metadata=dump(metadata),
            routing=dump(decision.explained()),
            created_at=work.now,
            updated_at=work.now,
            last_message_number=0,
            last_key_ms=0,
            team_id=team_id,
            queue_number=number,
        )
        if conversations.add_if_new(work.connection, conversation):
            return conversation
        if client_group_id is not None:
            raise ConversationExists


def detail(work: Work, conversation: Conversation) -> ConversationDetail:
    """Answer a conversation with its members and their users."""
    members = conversations.list_members(work.connection, work.app_id, conversation.id)
    found = user_rows.list_by_ids(work.connection, work.app_id, [member.user_id for member in members])
    by_id = {user.user_id: user for user in found}
    users_of = [by_id[member.user_id] for member in members if member.user_id in by_id]
    return ConversationDetail(conversation=conversation, members=members, users=users_of)


def assign(
    work: Work,
    conversation: Conversation,
    *,
    actor_id: str,
    assignee_id: str,
    notify: bool = True,
    take_over_from_bot: bool | None = None,
) -> str:
    """Change the assignee; answer UPDATED, ALREADY_UPDATED or ENGAGED, the last two with nothing changed at all.

    One that waited leaves the queue and is open (inferred).

    Raises UserNotFound for an unknown actor, and for an assignee who is neither agent nor bot. Order of the checks:
    actor, assignee, already updated, limit (inferred from the documented outcomes).
    """
    actor, assignee = get_users(work, actor_id, assignee_id)
    if assignee.role == Role.CUSTOMER:
        raise UserNotFound
    if conversation.assignee == assignee_id:
        return ALREADY_UPDATED
    if assignment.is_full(work, assignee):
        return ENGAGED
    if conversation.assignee is not None:
        work.events.append(RoomMade())
    decision = Decision(assignee=assignee_id, outcome=Outcome.CHANGED)
    conversation = handing.assigned(work, conversation, decision, [assignee])
    if work.settings.take_over_from_bot_default if take_over_from_bot is None else take_over_from_bot:
        conversations.remove_bots(work.connection, conversation)
    handing.store_and_tell(work, conversation, actor=actor, assignee=assignee if notify else None)
    return UPDATED


def change_status(
    work: Work, conversation: Conversation, *, actor: User, status: Status, notify: bool = True
) -> str:
    """Change the status; answer UPDATED, or ALREADY_UPDATED with nothing changed.

    A conversation that opens again while its agent is full goes to another by the rules, for a limit is never
    passed; the status of waiting puts it into the queue, if there is one, and any other takes it out (inferred).
    """
    before = Status(conversation.status)
    if before == status:
        return ALREADY_UPDATED
    changed = conversation._replace(status=status.value, queue_number=None, updated_at=work.now)
    decision = assignment.on_reopening(work, changed, before)
    if status is Status.WAITING and teams.has_queue(work.settings, conversation.team_id):
        changed = handing.assigned(work, changed, queue.ENTERED, [])
    if limits.makes_room(before, status) or changed.queue_number is not None:
        work.events.append(RoomMade())
    shown = Status.WAITING if decision and decision.outcome is Outcome.QUEUED else status
    if notify:
        notice = status_notice(shown, labels=work.settings.status_labels)
        changed = messages.send(work, changed, sender=actor, draft=notice).conversation
    else:
        conversations.update(work.connection, changed)
    if decision is not None:
        handing.follow(work, changed, decision, actor=actor, notify=notify)
    return UPDATED
