"""What bots answer: turned into their messages, all of it or nothing."""

from collections.abc import Sequence

from marshmallow import ValidationError

from mockkommunicate.domain.errors import BadBody, ControlError, EmulatorError
from mockkommunicate.domain.messages import Draft
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import lookup, messages
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations, users
from mockkommunicate.store.records import Conversation, Delivery, Message, User
from mockkommunicate.wire import bots as wire
from mockkommunicate.wire import reading


class Useless(EmulatorError):
    """An answer of which nothing comes; its text says why."""


def take_reply(work: Work, delivery: Delivery, text: str) -> str | None:
    """Turn the answer of a bot's webhook into its messages; answer None, or why nothing came of it.

    That each object of the array is a message is documented; that an answer which is none leaves the conversation as it is,
    is inferred.
    """
    bot = users.find(work.connection, work.app_id, delivery.bot_id or "")
    if bot is None or bot.role != Role.BOT:
        return f"there is no bot {delivery.bot_id!r} any more"
    conversation = conversations.find(work.connection, work.app_id, delivery.conversation_id)
    if conversation is None:
        return f"there is no conversation {delivery.conversation_id} any more"
    try:
        take(work, conversation, bot, reading.parse(text, list, what="the answer", needed=wire.NEEDED))
    except BadBody as error:
        return error.description
    except Useless as error:
        return str(error)
    return None


def act(work: Work, conversation: Conversation, bot_id: str, reply: object) -> Sequence[Message]:
    """Answer as a bot, as if its webhook had answered so; raise UserNotFound, and ControlError for who or what is none."""
    bot = lookup.get_user(work, bot_id)
    if bot.role != Role.BOT:
        hint = "POST .../messages sends a message as anybody"
        message = f"{bot_id!r} has the role {bot.role!r}; only a bot answers as a webhook does"
        raise ControlError("NOT_A_BOT", message, hint=hint, http_status=409)
    try:
        return take(work, conversation, bot, reply)
    except Useless as error:
        hint = "nothing was sent; a webhook that answers so has the same effect"
        raise ControlError("USELESS_REPLY", str(error), hint=hint, http_status=409) from error


def take(work: Work, conversation: Conversation, bot: User, reply: object) -> Sequence[Message]:
    """Send what a bot answers, in order; raise Useless when nothing comes of it, and then nothing is sent.

    A bot that has left answers nothing any more: the setting which lets it leave is there for that (observed).
    """
    member = conversations.find_member(work.connection, conversation, bot.user_id)
    if member is not None and member.removed:
        raise Useless(f"the bot {bot.user_id!r} has left the conversation")
    drafts = _loaded(reply)
    assignee: User | None = bot
    if conversation.assignee != bot.user_id:
        assignee = users.find(work.connection, work.app_id, conversation.assignee or "")
    sent = []
    for draft in drafts:
        message, conversation = messages.send(work, conversation, sender=bot, draft=draft, assignee=assignee)
        sent.append(message)
    return sent


def _loaded(reply: object) -> list[Draft]:
    try:
        return wire.load_reply(reply)
    except ValidationError as error:
        problems = reading.list_problems("the answer", error.messages, reply)
        raise Useless("; ".join(map(str, problems))) from error
