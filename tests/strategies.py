"""What hypothesis makes up: agents, rotations, texts."""

import json
import string
from typing import Any

from hypothesis import strategies as st

from mockkommunicate.domain.routing import Agent, Rule, Rules
from mockkommunicate.domain.users import Availability

USER_IDS = st.text(string.ascii_lowercase, min_size=1, max_size=4)

TEXTS = st.text(st.characters(exclude_categories=[]), max_size=200).map(
    lambda text: str(json.loads(json.dumps(text)))
)
"""Any text that JSON can carry: NUL and lone surrogates too, but two surrogates that are one character together."""


@st.composite
def agents(draw: st.DrawFn, *, least: int = 0) -> list[Agent]:
    """Make up agents in order of creation, of any availability and load."""
    user_ids = draw(st.lists(USER_IDS, min_size=least, max_size=6, unique=True))
    return [
        Agent(
            user_id=user_id,
            availability=draw(st.sampled_from(Availability)),
            open_conversations=draw(st.integers(0, 4)),
            limit=draw(st.none() | st.integers(0, 4)),
        )
        for user_id in user_ids
    ]


def available(*user_ids: str) -> list[Agent]:
    """Make agents who are online and have no limit."""
    return [Agent(user_id=user_id, availability=Availability.ONLINE) for user_id in user_ids]


@st.composite
def teams(draw: st.DrawFn) -> tuple[Rules, list[Agent], tuple[str, ...]]:
    """Make up everything that routing is given: rules, agents, and a rotation that may be stale."""
    team = draw(agents())
    user_ids = [agent.user_id for agent in team]
    named = st.none() | st.sampled_from(user_ids) if user_ids else st.none()
    rules = Rules(
        rule=draw(st.sampled_from(Rule)),
        default_agent=draw(named),
        bot=draw(st.none() | st.just("robot")),
        waiting_queue=draw(st.booleans()),
    )
    current = st.permutations(user_ids).map(tuple)
    stale = st.lists(USER_IDS, max_size=4, unique=True).map(tuple)
    return rules, team, draw(current | stale)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)

METADATA: st.SearchStrategy[dict[str, Any]] = st.dictionaries(TEXTS, TEXTS, max_size=4)
