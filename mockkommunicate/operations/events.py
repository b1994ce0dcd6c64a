"""What happened in a transaction, for those who react to it before it is committed."""

from typing import NamedTuple

from mockkommunicate.store.records import Conversation, Message, User


class ConversationCreated(NamedTuple):
    """A conversation was created and routed."""

    conversation: Conversation


class MessageSent(NamedTuple):
    """A message was sent; the conversation is as it was right after it."""

    message: Message
    conversation: Conversation
    sender: User


class RoomMade(NamedTuple):
    """Somebody may have room for another conversation who had none before."""


class AgentLeft(NamedTuple):
    """An agent went away or offline."""

    user_id: str


Event = ConversationCreated | MessageSent | RoomMade | AgentLeft
