"""Teams: a conversation is moved to one by a message."""

import json

from mockkommunicate.domain import teams
from mockkommunicate.domain.routing import Outcome
from mockkommunicate.operations import assignment, handing
from mockkommunicate.operations.events import MessageSent
from mockkommunicate.operations.work import Work
from mockkommunicate.store import conversations, users
from mockkommunicate.store.records import Conversation, User


def follow_message(work: Work, event: MessageSent) -> None:
    """Move a conversation to the team that a message names in KM_ASSIGN_TEAM, if a bot is assigned and there is such.

    The clients know it as a bot's hand-off (observed); as with KM_ASSIGN_TO, nothing happens while somebody else is
    assigned (inferred).
    """
    if f'"{teams.ASSIGN_KEY}"' not in event.message.metadata:
        return
    named = json.loads(event.message.metadata).get(teams.ASSIGN_KEY)
    team = teams.find(work.settings, named)
    held = None if team is None else handing.find_held_by_bot(work, event.conversation.id)
    if team is not None and held is not None:
        conversation, bot = held
        _move(work, conversation, team.team_id, bot=bot)


def _move(work: Work, conversation: Conversation, team_id: str, *, bot: User) -> None:
    """Let a conversation belong to a team and go by its rules; for whom they find nobody, the bot goes on."""
    conversation = conversation._replace(team_id=team_id, updated_at=work.now)
    staff = users.list_staff(work.connection, work.app_id)
    decision = assignment.by_rules(work, staff, team_id=team_id, is_new=False)
    if decision.outcome is Outcome.NOBODY:
        conversations.update(work.connection, conversation)
    else:
        handing.hand_over(work, conversation, decision, bot=bot)
