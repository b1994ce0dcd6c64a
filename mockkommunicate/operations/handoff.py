"""Hand-off: a bot's conversation goes to whom a message names, or where the rules send it."""

import json
from dataclasses import replace

from mockkommunicate.domain import handoff
from mockkommunicate.domain.handoff import MOST_IN_A_ROW, Handoff, Result
from mockkommunicate.domain.routing import Decision, Outcome
from mockkommunicate.domain.users import Role
from mockkommunicate.operations import assignment, handing
from mockkommunicate.operations.work import Work, dump
from mockkommunicate.store import conversations as rows
from mockkommunicate.store import messages, users
from mockkommunicate.store.records import Conversation, User


def run(work: Work, conversation: Conversation, *, bot: User, to: str) -> tuple[Conversation, Result]:
    """Hand the conversation of a bot over, to an id or by the rules; answer it as it is then, and what became of it.

    Documented, and observed in the old server: rules are skipped for an id, and the bot sends the notify message.
    Inferred: a full agent is not assigned. Whatever comes of it is kept in the conversation's routing.
    """
    found = users.find(work.connection, work.app_id, to) if to else None
    in_a_row = _in_a_row(work, conversation)
    result = _refusal(work, conversation, found, in_a_row) if to else None
    asked = Handoff(
        by=bot.user_id,
        to=to,
        result=result or Result.HANDED_OVER,
        in_a_row=in_a_row + (result is None),
        message=conversation.last_message_number,
    )
    if result is not None:
        return _refused(work, conversation, asked), result
    decision = _decided(work, conversation, asked)
    return handing.hand_over(work, conversation, decision, bot=bot), _result(decision)


def _in_a_row(work: Work, conversation: Conversation) -> int:
    """Count how often bots have handed the conversation on since anybody else wrote."""
    kept = json.loads(conversation.routing).get("handoff")
    if kept is None:
        return 0
    where = work.connection, work.app_id, conversation.id
    return handoff.again(kept, others_wrote=messages.is_by_others(*where, after=kept["message"]))


def _refusal(work: Work, conversation: Conversation, found: User | None, in_a_row: int) -> Result | None:
    """Say why a conversation is not handed over to somebody named."""
    if found is None or found.role == Role.CUSTOMER:
        return Result.UNKNOWN
    if found.user_id == conversation.assignee:
        return Result.ALREADY
    if found.role == Role.BOT:
        return Result.TOO_MANY if in_a_row >= MOST_IN_A_ROW else None
    return Result.FULL if assignment.is_full(work, found) else None


def _refused(work: Work, conversation: Conversation, asked: Handoff) -> Conversation:
    """Keep with the conversation why it was not handed over; it stays where it is."""
    routing = json.loads(conversation.routing) | {"handoff": asked.explained()}
    after = conversation._replace(routing=dump(routing))
    rows.update(work.connection, after)
    return after


def _decided(work: Work, conversation: Conversation, asked: Handoff) -> Decision:
    """Decide who gets the conversation: whoever is named, or an agent by the rules, or nobody."""
    if asked.to:
        return Decision(
            assignee=asked.to,
            outcome=Outcome.HANDED_OVER,
            joins=(asked.to,),
            rotation=work.rotation(),
            handoff=asked,
        )
    staff = users.list_staff(work.connection, work.app_id)
    decision = assignment.by_rules(work, staff, team_id=conversation.team_id, is_new=False)
    return replace(decision, handoff=replace(asked, result=_result(decision)))


def _result(decision: Decision) -> Result:
    """Say what a decision means for a hand-off."""
    if decision.outcome is Outcome.QUEUED:
        return Result.QUEUED
    return Result.NOBODY if decision.assignee is None else Result.HANDED_OVER
