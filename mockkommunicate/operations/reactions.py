"""What follows from what happened, in the same transaction.

Every message goes out to the app's webhook, calls a bot, or moves its conversation to a team; who waits goes where room is
made.
"""

from collections.abc import Sequence

from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import bot_calls, deliveries, queue, teams
from mockkommunicate.operations.events import AgentLeft, ConversationCreated, Event, MessageSent, RoomMade
from mockkommunicate.operations.work import Work
from mockkommunicate.store import users
from mockkommunicate.store.records import User
from mockkommunicate.wire import webhooks


def run(work: Work) -> None:
    """React to what happened, in order, and to what happens because of that."""
    while work.events:
        events, work.events = work.events, []
        _react(work, events)


def _react(work: Work, events: Sequence[Event]) -> None:
    for event in events:
        match event:
            case MessageSent():
                _owe_webhook(work, event)
                bot_calls.follow(work, event)
                teams.follow_message(work, event)
            case ConversationCreated():
                bot_calls.welcome(work, event)
            case AgentLeft():
                queue.relieve(work, event.user_id)
            case RoomMade():
                queue.after_room_was_made(work)


def _owe_webhook(work: Work, event: MessageSent) -> None:
    """Owe the app's webhook a message, whoever wrote it: notify messages too (inferred from "all messages")."""
    webhook = work.settings.webhook
    if webhook.url is None:
        return
    deliveries.owe(
        work,
        kind=Kind.WEBHOOK,
        conversation_id=event.conversation.id,
        url=webhook.url,
        headers=webhooks.headers(webhook.token),
        payload=webhooks.payload(event.message, event.conversation, _receiver(work, event)),
    )


def _receiver(work: Work, event: MessageSent) -> User | None:
    """Answer whom a message is for: its documented example tells of one, though a conversation has several (inferred).

    What the customer writes is for the assignee, what others write for the customer.
    """
    conversation = event.conversation
    if event.sender.role != Role.CUSTOMER:
        return users.find_customer(work.connection, work.app_id, conversation.id)
    if conversation.assignee is None or event.assignee is not None:
        return event.assignee
    return users.find(work.connection, work.app_id, conversation.assignee)
