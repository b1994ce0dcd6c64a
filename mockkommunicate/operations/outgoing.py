"""What goes out because of what happened: every message to the app's webhook."""

from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.operations import deliveries
from mockkommunicate.operations.work import Work
from mockkommunicate.store.records import Conversation, Message
from mockkommunicate.wire import webhooks


def message_sent(work: Work, message: Message, conversation: Conversation) -> None:
    """Owe what follows from a message, whoever wrote it: notify messages are forwarded too (inferred from "all messages")."""
    webhook = work.settings.webhook
    if webhook.url is None:
        return
    deliveries.owe(
        work,
        kind=Kind.WEBHOOK,
        conversation_id=conversation.id,
        url=webhook.url,
        headers=webhooks.headers(webhook.token),
        payload=webhooks.payload(message, conversation),
    )
