"""The content of an empty app, gathered in memory and stored at once.

Its rows are those that `conversations.create`, `messages.send` and `conversations.change_status` would have made one by
one, at a tenth of the cost; a test compares them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mockkommunicate.domain import limits, teams
from mockkommunicate.domain.conversations import Status
from mockkommunicate.domain.messages import key_time
from mockkommunicate.domain.queue import Standing
from mockkommunicate.domain.routing import Decision
from mockkommunicate.domain.users import SYSTEM_BOT, Availability, Role
from mockkommunicate.operations import assignment, users
from mockkommunicate.operations.desk import Desk, Staff
from mockkommunicate.operations.story import Story, serve, write
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import conversations as conversation_rows
from mockkommunicate.store import messages as message_rows
from mockkommunicate.store import users as user_rows
from mockkommunicate.store.records import Conversation, Member, Message, User

_COLUMNS = ("CONVERSATION_ASSIGNEE", "CONVERSATION_STATUS", teams.TEAM_KEY)
"""What is kept in columns of a conversation rather than in its metadata."""

_GROUP_ROLES = {role.value: role.group_role for role in Role}


class _Place(NamedTuple):
    """Where a conversation that waits is among all, and who its members are."""

    number: int
    member_ids: frozenset[str]


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
        self._waiting: dict[int, _Place] = {}
        self._latest = 0

    def tell(self, story: Story) -> None:
        """Let a conversation happen, and then those that wait go where there is room."""
        decision, standing = self._desk.decide(story.metadata, story.status)
        member_ids = dict.fromkeys([*story.member_ids, *decision.joins, SYSTEM_BOT])
        members = [self._user(user_id, story.began) for user_id in member_ids]
        begun = self._begun(story, decision, standing)
        self._desk.count(begun.assignee, after=standing.status)
        written, unread = self._write(begun, story)
        ended = self._ended(written, story)
        if ended.queue_number is not None:
            self._desk.wait(ended.queue_number, ended.team_id)
            self._waiting[ended.queue_number] = _Place(len(self._conversations), frozenset(member_ids))
        self._conversations.append(ended)
        self._join(begun, members, unread)
        self._latest = max(self._latest, story.end)
        self._pull()

    def _pull(self) -> None:
        for number, decision in self._desk.pull():
            place = self._waiting.pop(number)
            assignee = self._users[str(decision.assignee)]
            waited = self._conversations[place.number]
            if assignee.user_id not in place.member_ids:
                self._join(waited, [assignee], Counter())
            self._conversations[place.number], notice = serve(waited, decision, assignee, at=self._latest)
            self._messages.append(notice)
            self._spoke[SYSTEM_BOT] = max(self._latest, self._spoke.get(SYSTEM_BOT, 0))

    def _user(self, user_id: str, now: int) -> User:
        """Answer a user; who does not exist becomes a customer."""
        user = self._users.get(user_id)
        if user is None:
            user = users.new(self._work, user_id, role=Role.CUSTOMER)._replace(created_at=now)
        elif user.created_at > now:
            user = user._replace(created_at=now)
        self._users[user_id] = user
        return user

    def _begun(self, story: Story, decision: Decision, standing: Standing) -> Conversation:
        conversation_id = self._next_id()
        metadata = {name: value for name, value in story.metadata.items() if name not in _COLUMNS}
        return Conversation(
            application_id=self._work.app_id,
            id=conversation_id,
            client_group_id=story.client_group_id or str(conversation_id),
            name=story.name,
            admin_id=self._admin_of(decision),
            assignee=decision.assignee,
            status=standing.status.value,
            metadata=dump(metadata),
            routing=dump(decision.explained()),
            created_at=story.began,
            updated_at=story.began,
            last_message_number=0,
            last_key_ms=0,
            team_id=story.metadata.get(teams.TEAM_KEY),
            queue_number=self._work.next_queue_number() if standing.waits else None,
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
        status, key_ms = Status(begun.status), 0
        for number, line in enumerate(story.lines, 1):
            sender = self._user(line.sender_id or begun.assignee or story.member_ids[0], line.at)
            key_ms = key_time(line.at, last_key_ms=key_ms)
            self._messages.append(write(begun, number, sender.user_id, key_ms, line))
            self._spoke[sender.user_id] = max(line.at, self._spoke.get(sender.user_id, 0))
            unread[sender.user_id] += line.draft.counts_as_unread
            if status is Status.INITIAL and sender.role == Role.CUSTOMER:
                status = Status.OPEN
        written = begun._replace(
            status=status.value, last_message_number=len(story.lines), last_key_ms=key_ms
        )
        return written, unread

    def _ended(self, conversation: Conversation, story: Story) -> Conversation:
        """Answer a conversation as it is at last: closed, if its agent would otherwise have no room for another.

        One that waits goes on waiting, unless it is done.
        """
        before, ends_as = Status(conversation.status), story.ends_as
        if conversation.queue_number is not None and ends_as in limits.OPEN:
            return conversation
        if ends_as in limits.OPEN and not self._desk.has_room(conversation.assignee):
            ends_as = Status.CLOSED
        if ends_as is None or ends_as is before:
            return conversation
        self._desk.count(conversation.assignee, before=before, after=ends_as)
        return conversation._replace(status=ends_as.value, queue_number=None, updated_at=story.end)

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
        for team_id, rotation in self._desk.rotations.items():
            self._work.turn(rotation, team_id)

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
