"""Conversations put into somebody's hands: as a decision says, with the notify message of it."""

from collections.abc import Sequence

from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import assigned_notice
from mockkommunicate.domain.routing import Decision, Outcome
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import lookup, messages
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import conversations, users
from mockkommunicate.store.records import Conversation, Member, User


def member(conversation: Conversation, user: User) -> Member:
    """Make a member of a conversation, not yet stored."""
    return Member(
        application_id=conversation.application_id,
        conversation_id=conversation.id,
        user_id=user.user_id,
        role=Role(user.role).group_role,
        unread_count=0,
        removed=False,
    )


def find_held_by_bot(work: Work, conversation_id: int) -> tuple[Conversation, User] | None:
    """Find a conversation as it is now, for more may have happened since a message, and the bot that has it."""
    conversation = conversations.find(work.connection, work.app_id, conversation_id)
    if conversation is None or conversation.assignee is None:
        return None
    assignee = users.find(work.connection, work.app_id, conversation.assignee)
    return None if assignee is None or assignee.role != Role.BOT else (conversation, assignee)


def follow(
    work: Work, conversation: Conversation, decision: Decision, *, actor: User, notify: bool = True
) -> None:
    """Let a conversation go where the rules send it, and keep whose turn it is.

    Who is assigned joins, and the actor sends his notify message. Whom nobody can take waits, at the end of the queue.
    """
    work.turn(decision.rotation, decision.team_id)
    joining = users.list_by_ids(work.connection, work.app_id, decision.joins)
    conversation = assigned(work, conversation, decision, joining)
    assignee = next((user for user in joining if user.user_id == decision.assignee), None)
    store_and_tell(work, conversation, actor=actor, assignee=assignee if notify else None)


def hand_over(work: Work, conversation: Conversation, decision: Decision, *, bot: User) -> Conversation:
    """Let a bot's conversation go where a decision sends it, the notify message from the bot; answer it as it is then.

    Observed in the old server's tables: the setting lets every bot leave where an agent gets the conversation.
    """
    follow(work, conversation, decision, actor=bot)
    after = lookup.get_conversation(work, conversation_id=conversation.id)
    assignee = (
        users.find(work.connection, work.app_id, after.assignee) if after.assignee is not None else None
    )
    if assignee is not None and Role(assignee.role).is_agent and work.settings.remove_bot_on_handoff:
        conversations.remove_bots(work.connection, after)
    return after


def assigned(
    work: Work, conversation: Conversation, decision: Decision, joining: Sequence[User]
) -> Conversation:
    """Answer the conversation as decided, not yet stored; who joins becomes a member, or comes back.

    One that waited is open then (inferred).
    """
    for user in joining:
        conversations.join(work.connection, member(conversation, user))
    waited = conversation.queue_number is not None
    if decision.outcome is Outcome.QUEUED:
        status, number = Status.WAITING.value, work.next_queue_number()
    else:
        status, number = Status.OPEN.value if waited else conversation.status, None
    return conversation._replace(
        assignee=decision.assignee,
        status=status,
        queue_number=number,
        routing=dump(decision.explained(waited=waited)),
        updated_at=work.now,
    )


def store_and_tell(work: Work, conversation: Conversation, *, actor: User, assignee: User | None) -> None:
    """Store a conversation, with the notify message of its assignee if he is given."""
    if assignee is None:
        conversations.update(work.connection, conversation)
        return
    notice = assigned_notice(assignee.user_id, assignee.display_name)
    messages.send(work, conversation, sender=actor, draft=notice)
