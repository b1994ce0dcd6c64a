"""Actor: what one user of an app does, as if he did it himself."""

from collections.abc import Mapping, Sequence
from typing import Literal
from urllib.parse import quote

from mockkommunicate.handle.clock import Call
from mockkommunicate.handle.results import JSON, Conversation, Message, User

Where = int | Conversation
"""A conversation, or its id."""

RESOLVED = 2


class Actor:
    """Somebody to act as: a customer, an agent or a bot."""

    def __init__(self, call: Call, user_id: str) -> None:
        self._call = call
        self.user_id = user_id

    def __repr__(self) -> str:
        """Show who it is."""
        return f"<Actor {self.user_id}>"

    def writes(
        self,
        conversation: Where,
        text: str | None = None,
        *,
        metadata: Mapping[str, object] | None = None,
        content_type: int | None = None,
        file_meta: Mapping[str, object] | None = None,
    ) -> Message:
        """Send a message; answer it as it was stored."""
        given = {"message": text, "metadata": metadata, "contentType": content_type, "fileMeta": file_meta}
        return Message.of(self._in(conversation, "messages", given))

    def reads(self, conversation: Where) -> int:
        """Read a conversation as a member of it; answer how many messages had been unread."""
        return int(self._in(conversation, "read", {})["read"])

    def goes(self, availability: Literal["online", "away", "offline"]) -> User:
        """Come online, or go away or offline."""
        path = f"users/{quote(self.user_id, safe='')}"
        return User.of(self._call("PATCH", path, {"availability": availability}))

    def takes_over(self, conversation: Where) -> str:
        """Take a conversation over from its bots, who leave it; answer as `assigns` does."""
        return self.assigns(conversation, self.user_id, take_over_from_bot=True)

    def assigns(
        self,
        conversation: Where,
        to: str,
        *,
        take_over_from_bot: bool | None = None,
        notify: bool | None = None,
    ) -> str:
        """Change the assignee; answer "updated", "already updated" or "AGENT_IS_ALREADY_ENGAGED"."""
        given = {"assignee": to, "takeOverFromBot": take_over_from_bot, "sendNotifyMessage": notify}
        return str(self._in(conversation, "assignee", given)["result"])

    def resolves(self, conversation: Where) -> str:
        """Resolve a conversation; answer as `changes_status` does."""
        return self.changes_status(conversation, RESOLVED)

    def changes_status(self, conversation: Where, status: int, *, notify: bool | None = None) -> str:
        """Change the status; answer "updated" or "already updated"."""
        given = {"status": status, "sendNotifyMessage": notify}
        return str(self._in(conversation, "status", given)["result"])

    def replies(self, conversation: Where, reply: Sequence[Mapping[str, object]]) -> list[Message]:
        """Answer as a bot, as if its webhook had answered so; answer the messages that came of it."""
        return [
            Message.of(message) for message in self._in(conversation, "reply", {"reply": reply})["messages"]
        ]

    def _in(self, conversation: Where, what: str, given: Mapping[str, object]) -> JSON:
        conversation_id = conversation if isinstance(conversation, int) else conversation.id
        body = {"from": self.user_id, **{name: value for name, value in given.items() if value is not None}}
        return self._call("POST", f"conversations/{conversation_id}/{what}", body)
