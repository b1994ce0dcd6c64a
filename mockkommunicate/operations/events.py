"""What happened in a transaction, for those who react to it before it is committed."""

from typing import NamedTuple

from mockkommunicate.store.records import Conversation, Message, User


class ConversationCreated(NamedTuple):
    """A conversation was created and routed; its assignee, if he is an agent or bot of the app."""

    conversation: Conversation
    assignee: User | None = None


class MessageSent(NamedTuple):
    """A message was sent; the conversation is as it was right after it.

    `assignee` had the conversation; he is not looked up for what the service itself writes.
    """

    message: Message
    conversation: Conversation
    sender: User
    assignee: User | None = None


class RoomMade(NamedTuple):
    """Somebody may have room for another conversation who had none before."""


class AgentLeft(NamedTuple):
    """An agent went away or offline."""

    user_id: str


Event = ConversationCreated | MessageSent | RoomMade | AgentLeft
