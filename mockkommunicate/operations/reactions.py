"""What follows from what happened, in the same transaction.

Every message goes out to the app's webhook, or moves its conversation to a team; who waits goes where room is made.
"""

from collections.abc import Sequence

from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.operations import deliveries, queue, teams
from mockkommunicate.operations.events import AgentLeft, Event, MessageSent, RoomMade
from mockkommunicate.operations.work import Work
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
                teams.follow_message(work, event)
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
        payload=webhooks.payload(event.message, event.conversation),
    )
