"""Who is assigned a new conversation: Kommunicate's conversation rules as a function of values.

The order of decision is that of the documentation and the old official server: SKIP_ROUTING, then the bot for new
conversations, then the rule. `docs/routing.md` holds the whole table, which the tests run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mockkommunicate.domain import limits
from mockkommunicate.domain.handoff import Handoff
from mockkommunicate.domain.users import Availability


class Rule(StrEnum):
    """How agents get new conversations."""

    AUTOMATIC = "automatic"
    NOTIFY_EVERYBODY = "notify_everybody"


class Outcome(StrEnum):
    """Why a conversation has the assignee that it has."""

    NAMED = "named"
    SKIPPED = "skipped"
    NAMED_IS_FULL = "named_is_full"
    BOT = "bot"
    ROUND_ROBIN = "round_robin"
    DEFAULT_AGENT = "default_agent"
    NOBODY = "nobody"
    QUEUED = "queued"
    CHANGED = "changed"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, kw_only=True)
class Agent:
    """What routing asks of an agent. `open_conversations` is counted only as far as the limit goes."""

    user_id: str
    availability: Availability
    open_conversations: int = 0
    limit: int | None = None

    @property
    def skipped(self) -> str | None:
        """Why the agent gets no new conversation by round robin, or None."""
        if self.availability is not Availability.ONLINE:
            return self.availability.value
        return None if limits.has_room(self.open_conversations, limit=self.limit) else "full"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The settings that routing asks: a bot for new conversations wins over the rule.

    With a waiting queue, a conversation for which round robin finds nobody waits; else the default agent gets it.
    """

    rule: Rule
    default_agent: str | None
    bot: str | None = None
    waiting_queue: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The assignee (or None), who joins the members, the rotation afterwards, and how it came about.

    `handoff` tells of the bot that has handed the conversation over; `team_id` names the team whose rules decided, and
    whose rotation it is.
    """

    assignee: str | None
    outcome: Outcome
    joins: tuple[str, ...] = ()
    rotation: tuple[str, ...] = ()
    considered: tuple[tuple[str, str], ...] = ()
    handoff: Handoff | None = None
    team_id: str | None = None

    def explained(self, *, waited: bool = False) -> dict[str, object]:
        """Answer the decision as JSON values, as it is kept with the conversation, which may have waited for it."""
        considered = [{"userId": user_id, "result": result} for user_id, result in self.considered]
        told: dict[str, object] = {
            "outcome": self.outcome.value,
            "assignee": self.assignee,
            "considered": considered,
        }
        told |= {} if self.handoff is None else {"handoff": self.handoff.explained()}
        told |= {} if self.team_id is None else {"team": self.team_id}
        return told | ({"waited": True} if waited else {})


def name(assignee: str | None, *, full: bool, rotation: Sequence[str] = ()) -> Decision:
    """Decide for SKIP_ROUTING: the assignee that the caller names, or nobody.

    A named agent at his limit is not assigned, for a limit is never passed (inferred): then it is nobody.
    """
    if not assignee:
        return Decision(assignee=None, outcome=Outcome.SKIPPED, rotation=tuple(rotation))
    if full:
        considered = ((assignee, "full"),)
        return Decision(
            assignee=None, outcome=Outcome.NAMED_IS_FULL, rotation=tuple(rotation), considered=considered
        )
    return Decision(assignee=assignee, outcome=Outcome.NAMED, rotation=tuple(rotation))


def route(rules: Rules, agents: Sequence[Agent], rotation: Sequence[str]) -> Decision:
    """Decide by the conversation rules. `agents` come in order of creation, `rotation` as the last decision left it."""
    if rules.bot is not None:
        return Decision(assignee=rules.bot, outcome=Outcome.BOT, joins=(rules.bot,), rotation=tuple(rotation))
    if rules.rule is Rule.NOTIFY_EVERYBODY:
        everybody = tuple(agent.user_id for agent in agents)
        return _default_agent(rules, joins=everybody, rotation=tuple(rotation))
    return _round_robin(rules, agents, current(rotation, [agent.user_id for agent in agents]))


def current(rotation: Sequence[str], user_ids: Sequence[str]) -> tuple[str, ...]:
    """Answer the rotation, made anew in order of creation when the agents are others (observed in the old server)."""
    return tuple(rotation) if set(rotation) == set(user_ids) else tuple(user_ids)


def _round_robin(rules: Rules, agents: Sequence[Agent], rotation: tuple[str, ...]) -> Decision:
    """Take the first in the rotation who can, and put him at its end; the others keep their places."""
    by_id = {agent.user_id: agent for agent in agents}
    considered: list[tuple[str, str]] = []
    for user_id in rotation:
        skipped = by_id[user_id].skipped
        considered.append((user_id, skipped or "taken"))
        if skipped is None:
            turned = (*(other for other in rotation if other != user_id), user_id)
            return Decision(
                assignee=user_id,
                outcome=Outcome.ROUND_ROBIN,
                joins=(user_id,),
                rotation=turned,
                considered=tuple(considered),
            )
    if rules.waiting_queue:
        return Decision(
            assignee=None, outcome=Outcome.QUEUED, rotation=rotation, considered=tuple(considered)
        )
    return _default_agent(rules, joins=(), rotation=rotation, considered=tuple(considered))


def _default_agent(
    rules: Rules,
    *,
    joins: tuple[str, ...],
    rotation: tuple[str, ...],
    considered: tuple[tuple[str, str], ...] = (),
) -> Decision:
    """Fall back on the default agent, whatever his availability and limit (inferred), else on nobody."""
    default = rules.default_agent
    if default is None:
        return Decision(
            assignee=None, outcome=Outcome.NOBODY, joins=joins, rotation=rotation, considered=considered
        )
    return Decision(
        assignee=default,
        outcome=Outcome.DEFAULT_AGENT,
        joins=(*joins, default),
        rotation=rotation,
        considered=considered,
    )
