"""Calls of bots, by what happens in the conversations that they have."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from mockkommunicate.domain import bots as rules
from mockkommunicate.domain import handoff
from mockkommunicate.domain.bots import Call, Reply
from mockkommunicate.domain.deliveries import Kind
from mockkommunicate.domain.handoff import Result, Trigger
from mockkommunicate.domain.messages import PLATFORM, ContentType, event_key
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import bots, deliveries, handing
from mockkommunicate.operations import handoff as operations
from mockkommunicate.operations.events import ConversationCreated, MessageSent
from mockkommunicate.operations.work import Work
from mockkommunicate.store import users
from mockkommunicate.store.records import Conversation, Message, User
from mockkommunicate.wire import bots as wire
from mockkommunicate.wire import patterns

log = logging.getLogger("mockkommunicate")


def welcome(work: Work, event: ConversationCreated) -> None:
    """Call the bot that gets a new conversation, with the event of the beginning (documented)."""
    bot = event.assignee
    if bot is None or bot.bot is None or bot.role != Role.BOT:
        return
    conversation = event.conversation
    name = rules.welcome_event(json.loads(conversation.metadata))
    if name is not None:
        key = event_key(conversation.id, conversation.created_at)
        _call(work, conversation, bot, _happened(work, conversation, name, key=key, metadata={}))


def follow(work: Work, event: MessageSent) -> None:
    """Do what a message means for the bot that has its conversation: it hands over, or it calls the bot."""
    if event.assignee is None or event.assignee.role != Role.BOT:
        return
    metadata = json.loads(event.message.metadata)
    if handoff.target(metadata) is not None and _hands_over(work, event, metadata):
        return
    if rules.is_called_by(Role(event.sender.role), metadata):
        _call(work, event.conversation, event.assignee, _said(event.message, metadata))


def _hands_over(work: Work, event: MessageSent, metadata: Mapping[str, str]) -> bool:
    """Hand a conversation over; the next bot is called with the event that comes with it. Tell whether it has gone."""
    held = handing.find_held_by_bot(work, event.conversation.id)
    if held is None:
        return False
    conversation, bot = held
    to = handoff.target(metadata) or ""
    after, result = operations.run(work, conversation, bot=bot, to=to)
    if result not in {Result.HANDED_OVER, Result.QUEUED, Result.NOBODY}:
        return False
    trigger = handoff.trigger(metadata)
    following = users.find(work.connection, work.app_id, to) if trigger is not None else None
    if trigger is not None and following is not None and following.role == Role.BOT:
        _call(work, after, following, _triggered(work, after, trigger))
    return True


def _said(message: Message, metadata: Mapping[str, str]) -> Call:
    """Make the call of a message."""
    file_meta = None if message.file_meta is None else json.loads(message.file_meta)
    event = rules.event_of(message.content_type, metadata, has_file=file_meta is not None)
    return Call(
        key=message.key,
        sender_id=message.sender_id,
        text=message.text,
        content_type=message.content_type,
        source=message.source,
        metadata=metadata,
        created_at=message.created_at,
        event=event,
        file_meta=file_meta,
    )


def _triggered(work: Work, conversation: Conversation, trigger: Trigger) -> Call:
    """Make the call of the event with which a bot takes over: its data is in the chat context (inferred)."""
    key = event_key(conversation.id, conversation.last_key_ms)
    context = {"KM_CHAT_CONTEXT": json.dumps(trigger.data)} if trigger.data else {}
    return _happened(work, conversation, trigger.name, key=key, metadata=context)


def _happened(
    work: Work, conversation: Conversation, event: str, *, key: str, metadata: Mapping[str, str]
) -> Call:
    """Make the call of an event, in the form of the web widget's hidden message (observed there, inferred here)."""
    return Call(
        key=key,
        sender_id=_customer_of(work, conversation),
        text=f"Event:{event}",
        content_type=ContentType.NOTIFY.value,
        source=PLATFORM,
        metadata={"category": "HIDDEN", "KM_TRIGGER_EVENT": event, **metadata},
        created_at=work.now,
        event=event,
    )


def _customer_of(work: Work, conversation: Conversation) -> str:
    """Answer whose conversation it is: its customer, or its admin where there is none (inferred)."""
    customer = users.find_customer(work.connection, work.app_id, conversation.id)
    return conversation.admin_id if customer is None else customer.user_id


def _call(work: Work, conversation: Conversation, bot: User, call: Call) -> None:
    """Call a bot: owe its webhook the call, or let it answer at once if it is built in."""
    way = json.loads(bot.bot or "{}")
    if "webhook" in way:
        deliveries.owe(
            work,
            kind=Kind.BOT,
            conversation_id=conversation.id,
            url=way["webhook"]["url"],
            headers=way["webhook"].get("headers", {}),
            payload=wire.payload(call, bot.user_id, conversation),
            bot_id=bot.user_id,
        )
    elif "builtIn" in way:
        bots.take(work, conversation, bot, _built_in_reply(bot, way["builtIn"], call))


def _built_in_reply(bot: User, built_in: dict[str, Any], call: Call) -> Reply:
    try:
        return rules.built_in_reply(built_in, call, patterns.searcher())
    except TimeoutError:
        log.warning("the bot %r has not answered: its patterns take too long on this text", bot.user_id)
        return []
