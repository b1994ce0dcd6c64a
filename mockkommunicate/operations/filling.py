"""The content of an empty app, gathered in memory and stored at once.

Its rows are those that `conversations.create`, `messages.send` and `conversations.change_status` would have made one by
one, at a tenth of the cost; a test compares them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mockkommunicate.domain import limits
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import Draft, key, key_time
from mockkommunicate.domain.routing import Decision
from mockkommunicate.domain.users import SYSTEM_BOT, Availability, Role
from mockkommunicate.operations import assignment, messages, users
from mockkommunicate.operations.desk import Desk, Staff
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import conversations as conversation_rows
from mockkommunicate.store import messages as message_rows
from mockkommunicate.store import users as user_rows
from mockkommunicate.store.records import Conversation, Member, Message, User

_COLUMNS = ("CONVERSATION_ASSIGNEE", "CONVERSATION_STATUS")
"""What is kept in columns of a conversation rather than in its metadata."""

_GROUP_ROLES = {role.value: role.group_role for role in Role}


class Line(NamedTuple):
    """A message that came at a time; nobody named as sender is the assignee, or else the first member."""

    sender_id: str | None
    at: int
    draft: Draft


@dataclass(frozen=True, kw_only=True)
class Story:
    """What is told of a conversation. `metadata` is obeyed as in `conversations.create`; at last it becomes `ends_as`."""

    name: str
    member_ids: Sequence[str]
    began: int
    lines: Sequence[Line]
    status: Status
    client_group_id: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    ends_as: Status | None = None


class Filling:
    """The users, conversations and messages of one app, until `store` writes them and the app's sequences."""

    def __init__(self, work: Work, people: Iterable[User], *, taken: Iterable[str]) -> None:
        """Begin with the people there are, whom later ones join, and the client group ids that are not free."""
        self._work = work
        self._taken = set(taken)
        self._users = {user.user_id: user for user in people}
        self._staff = [user for user in self._users.values() if user.role != Role.CUSTOMER]
        self._admins: dict[str | None, str] = {}
        self._desk = Desk(map(_of_staff, self._staff), work.settings)
        self._unread: Counter[str] = Counter()
        self._spoke: dict[str, int] = {}
        self._conversations: list[Conversation] = []
        self._members: list[Member] = []
        self._messages: list[Message] = []

    def tell(self, story: Story) -> None:
        """Let a conversation happen."""
        decision = self._desk.decide(story.metadata, story.status)
        member_ids = dict.fromkeys([*story.member_ids, *decision.joins, SYSTEM_BOT])
        members = [self._user(user_id, story.began) for user_id in member_ids]
        begun = self._begun(story, decision)
        self._desk.count(begun.assignee, after=story.status)
        written, unread = self._write(begun, story)
        self._conversations.append(self._ended(written, story))
        self._join(begun, members, unread)

    def _user(self, user_id: str, now: int) -> User:
        """Answer a user; who does not exist becomes a customer."""
        user = self._users.get(user_id)
        if user is None:
            user = users.new(self._work, user_id, role=Role.CUSTOMER)._replace(created_at=now)
        elif user.created_at > now:
            user = user._replace(created_at=now)
        self._users[user_id] = user
        return user

    def _begun(self, story: Story, decision: Decision) -> Conversation:
        conversation_id = self._next_id()
        metadata = {name: value for name, value in story.metadata.items() if name not in _COLUMNS}
        return Conversation(
            application_id=self._work.app_id,
            id=conversation_id,
            client_group_id=story.client_group_id or str(conversation_id),
            name=story.name,
            admin_id=self._admin_of(decision),
            assignee=decision.assignee,
            status=story.status.value,
            metadata=dump(metadata),
            routing=dump(decision.explained()),
            created_at=story.began,
            updated_at=story.began,
            last_message_number=0,
            last_key_ms=0,
            team_id=None,
            queue_number=None,
        )

    def _admin_of(self, decision: Decision) -> str:
        """Answer who is a new conversation's admin, which follows from its assignee."""
        if decision.assignee not in self._admins:
            self._admins[decision.assignee] = assignment.admin_of(self._staff, decision)
        return self._admins[decision.assignee]

    def _next_id(self) -> int:
        """Take the next id whose text is nobody's client group id."""
        while str(conversation_id := self._work.next_conversation_id()) in self._taken:
            pass
        return conversation_id

    def _write(self, begun: Conversation, story: Story) -> tuple[Conversation, Counter[str]]:
        """Add the messages; answer the conversation after them, and how many of whose the others have not read."""
        unread: Counter[str] = Counter()
        status, key_ms = story.status, 0
        for number, line in enumerate(story.lines, 1):
            sender = self._user(line.sender_id or begun.assignee or story.member_ids[0], line.at)
            key_ms = key_time(line.at, last_key_ms=key_ms)
            self._messages.append(_message(begun, number, sender.user_id, key_ms, line))
            self._spoke[sender.user_id] = max(line.at, self._spoke.get(sender.user_id, 0))
            unread[sender.user_id] += line.draft.counts_as_unread
            if status is Status.INITIAL and sender.role == Role.CUSTOMER:
                status = Status.OPEN
        written = begun._replace(
            status=status.value, last_message_number=len(story.lines), last_key_ms=key_ms
        )
        return written, unread

    def _ended(self, conversation: Conversation, story: Story) -> Conversation:
        """Answer a conversation as it is at last: closed, if its agent would otherwise have no room for another."""
        before, ends_as = Status(conversation.status), story.ends_as
        if ends_as in limits.OPEN and not self._desk.has_room(conversation.assignee):
            ends_as = Status.CLOSED
        if ends_as is None or ends_as is before:
            return conversation
        self._desk.count(conversation.assignee, before=before, after=ends_as)
        at = story.lines[-1].at if story.lines else story.began
        return conversation._replace(status=ends_as.value, updated_at=at)

    def _join(self, conversation: Conversation, joining: Sequence[User], unread: Counter[str]) -> None:
        """Add the members, each with what others have written and he has not read."""
        total = unread.total()
        for user in joining:
            count = total - unread[user.user_id]
            self._unread[user.user_id] += count
            role = _GROUP_ROLES[user.role]
            self._members.append(
                Member(conversation.application_id, conversation.id, user.user_id, role, count, removed=False)
            )

    def store(self) -> None:
        """Write everything."""
        connection = self._work.connection
        user_rows.add(connection, [self._at_last(user) for user in self._users.values()])
        conversation_rows.add_all(connection, self._conversations)
        conversation_rows.add_members(connection, self._members)
        message_rows.add_all(connection, self._messages)
        self._work.turn(self._desk.rotation)

    def _at_last(self, user: User) -> User:
        """Answer a user as he is now: who is online is seen now, the others when they last spoke or were made."""
        spoke = self._spoke.get(user.user_id)
        online = user.availability == Availability.ONLINE
        seen = self._work.now if online else max(user.created_at, spoke or 0)
        return user._replace(
            unread_count=self._unread[user.user_id],
            last_message_at=spoke,
            last_seen_at=seen,
            last_logged_in_at=seen,
        )


def _of_staff(user: User) -> Staff:
    return Staff(user.user_id, Role(user.role), Availability(user.availability), user.handling_limit)


def _message(conversation: Conversation, number: int, sender_id: str, key_ms: int, line: Line) -> Message:
    draft = line.draft
    return Message(
        application_id=conversation.application_id,
        conversation_id=conversation.id,
        number=number,
        key=key(conversation.id, key_ms),
        sender_id=sender_id,
        text=draft.text,
        content_type=draft.content_type.value,
        type=draft.type,
        source=draft.source,
        metadata=dump(dict(draft.metadata)) if draft.metadata else "{}",
        file_meta=None if draft.file_meta is None else dump(draft.file_meta),
        findings=messages.found(draft),
        created_at=line.at,
    )
