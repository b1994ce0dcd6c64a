"""What follows from what happened, in the same transaction: messages go out to the app's webhook, bots are called."""

from collections.abc import Sequence

from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.operations import bot_calls, deliveries
from mockkommunicate.operations.events import ConversationCreated, Event, MessageSent
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
                bot_calls.follow(work, event)
            case ConversationCreated():
                bot_calls.welcome(work, event)


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
