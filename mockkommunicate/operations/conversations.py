"""Conversations: created and routed, assigned, their status changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.errors import ConversationExists, UserNotFound
from mockkommunicate.domain.messages import assigned_notice, status_notice
from mockkommunicate.domain.routing import Decision, Outcome
from mockkommunicate.domain.users import SYSTEM_BOT, Role
from mockkommunicate.operations import assignment, messages, users
from mockkommunicate.operations.events import ConversationCreated
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
        """The metadata as the wire has it: assignee and status live in it (observed in the official clients)."""
        conversation = self.conversation
        metadata: dict[str, str] = json.loads(conversation.metadata)
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

    `metadata` holds strings; SKIP_ROUTING, CONVERSATION_ASSIGNEE and CONVERSATION_STATUS in it are obeyed. Raises
    ConversationExists when the client group id is used in the app.
    """
    metadata = dict(metadata or {})
    named = metadata.pop(_ASSIGNEE, None)
    status = Status(int(metadata.pop(_STATUS, work.settings.initial_status)))
    staff = user_rows.list_staff(work.connection, work.app_id)
    if metadata.get("SKIP_ROUTING", "").lower() == "true":
        decision = assignment.of_named(work, staff, named, status=status)
    else:
        decision = assignment.by_rules(work, staff)
    member_users = _member_users(work, staff, [*member_ids, *decision.joins, SYSTEM_BOT])
    conversation = _add(
        work,
        name=name,
        client_group_id=client_group_id,
        metadata=metadata,
        status=status,
        decision=decision,
        admin_id=assignment.admin_of(staff, decision),
    )
    work.turn(decision.rotation)
    members = [_member(conversation, user) for user in member_users]
    conversations.add_members(work.connection, members)
    assignee = next((user for user in staff if user.user_id == decision.assignee), None)
    work.events.append(ConversationCreated(conversation, assignee))
    return ConversationDetail(conversation=conversation, members=members, users=member_users)


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
    status: Status,
    decision: Decision,
    admin_id: str,
) -> Conversation:
    """Store a conversation under the next id whose text nobody has taken as a client group id."""
    while True:
        conversation_id = work.next_conversation_id()
        conversation = Conversation(
            application_id=work.app_id,
            id=conversation_id,
            client_group_id=client_group_id or str(conversation_id),
            name=name,
            admin_id=admin_id,
            assignee=decision.assignee,
            status=status.value,
            metadata=dump(metadata),
            routing=dump(decision.explained()),
            created_at=work.now,
            updated_at=work.now,
            last_message_number=0,
            last_key_ms=0,
            team_id=None,
            queue_number=None,
        )
        if conversations.add_if_new(work.connection, conversation):
            return conversation
        if client_group_id is not None:
            raise ConversationExists


def _member(conversation: Conversation, user: User) -> Member:
    return Member(
        application_id=conversation.application_id,
        conversation_id=conversation.id,
        user_id=user.user_id,
        role=Role(user.role).group_role,
        unread_count=0,
        removed=False,
    )


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
    decision = Decision(assignee=assignee_id, outcome=Outcome.CHANGED)
    conversation = _assigned(work, conversation, decision, [assignee])
    if work.settings.take_over_from_bot_default if take_over_from_bot is None else take_over_from_bot:
        conversations.remove_bots(work.connection, conversation)
    _store_and_tell(work, conversation, actor=actor, assignee=assignee if notify else None)
    return UPDATED


def _assigned(
    work: Work, conversation: Conversation, decision: Decision, joining: Sequence[User]
) -> Conversation:
    """Answer the conversation with another assignee, not yet stored; who joins becomes a member, or comes back."""
    for user in joining:
        conversations.join(work.connection, _member(conversation, user))
    return conversation._replace(
        assignee=decision.assignee, routing=dump(decision.explained()), updated_at=work.now
    )


def _store_and_tell(work: Work, conversation: Conversation, *, actor: User, assignee: User | None) -> None:
    """Store a conversation, with the notify message of its assignee if he is given."""
    if assignee is None:
        conversations.update(work.connection, conversation)
        return
    notice = assigned_notice(assignee.user_id, assignee.display_name)
    messages.send(work, conversation, sender=actor, draft=notice)


def change_status(
    work: Work, conversation: Conversation, *, actor: User, status: Status, notify: bool = True
) -> str:
    """Change the status; answer UPDATED, or ALREADY_UPDATED with nothing changed.

    A conversation that opens again while its agent is full goes to another by the rules, for a limit is never
    passed (inferred).
    """
    before = Status(conversation.status)
    if before == status:
        return ALREADY_UPDATED
    conversation = conversation._replace(status=status.value, updated_at=work.now)
    decision = assignment.on_reopening(work, conversation, before)
    if notify:
        notice = status_notice(status, labels=work.settings.status_labels)
        conversation = messages.send(work, conversation, sender=actor, draft=notice).conversation
    else:
        conversations.update(work.connection, conversation)
    if decision is not None:
        follow(work, conversation, decision, actor=actor, notify=notify)
    return UPDATED


def follow(
    work: Work, conversation: Conversation, decision: Decision, *, actor: User, notify: bool = True
) -> None:
    """Let a conversation go where a decision sends it."""
    work.turn(decision.rotation)
    joining = user_rows.list_by_ids(work.connection, work.app_id, decision.joins)
    conversation = _assigned(work, conversation, decision, joining)
    assignee = next((user for user in joining if user.user_id == decision.assignee), None)
    _store_and_tell(work, conversation, actor=actor, assignee=assignee if notify else None)
