"""Find what a request names, or refuse in Kommunicate's words; an app, in the control API's."""

from mockkommunicate.domain import suggestions
from mockkommunicate.domain.apps import APPLICATION_ID
from mockkommunicate.domain.conversations import LARGEST_ID
from mockkommunicate.domain.errors import ControlError, ConversationNotFound, UserNotFound
from mockkommunicate.operations.work import Work
from mockkommunicate.store import apps, conversations, users
from mockkommunicate.store.records import App, Conversation, User
from mockkommunicate.store.statements import Connection


def get_app(connection: Connection, application_id: str, *, lock: bool) -> App:
    """Answer an app by its id; raise ControlError, naming some there are, when there is none."""
    if APPLICATION_ID.match(application_id):
        app = apps.find(connection, application_id, lock=lock)
        if app is not None:
            return app
    hint = suggestions.name_some(application_id, [app.application_id for app in apps.list_all(connection)])
    raise ControlError("APP_NOT_FOUND", f"no app {application_id!r}", hint=hint, http_status=404)


def get_user(work: Work, user_id: str) -> User:
    """Answer a user; raise UserNotFound."""
    user = users.find(work.connection, work.app_id, user_id)
    if user is None:
        raise UserNotFound
    return user


def get_users(work: Work, *user_ids: str) -> list[User]:
    """Answer several users in the order of the ids; raise UserNotFound if one is missing."""
    found = {user.user_id: user for user in users.list_by_ids(work.connection, work.app_id, user_ids)}
    if not found.keys() >= set(user_ids):
        raise UserNotFound
    return [found[user_id] for user_id in user_ids]


def get_parties(work: Work, sender_id: str, conversation: Conversation) -> tuple[User, User | None]:
    """Answer who sends a message, and who has its conversation, at once; raise UserNotFound for no such sender."""
    if conversation.assignee is None or conversation.assignee == sender_id:
        sender = get_user(work, sender_id)
        return sender, None if conversation.assignee is None else sender
    pair = users.list_pair(work.connection, work.app_id, sender_id, conversation.assignee)
    found = {user.user_id: user for user in pair}
    if sender_id not in found:
        raise UserNotFound
    return found[sender_id], found.get(conversation.assignee)


def get_conversation(
    work: Work, *, conversation_id: int | None = None, client_group_id: str | None = None
) -> Conversation:
    """Answer a conversation by its id, or by the client group id when there is no id; raise ConversationNotFound."""
    found = None
    if conversation_id is not None and abs(conversation_id) <= LARGEST_ID:
        found = conversations.find(work.connection, work.app_id, conversation_id)
    elif conversation_id is None and client_group_id is not None:
        found = conversations.find_by_client_group_id(work.connection, work.app_id, client_group_id)
    if found is None:
        raise ConversationNotFound
    return found
