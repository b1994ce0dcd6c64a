"""The conversations of a scenario as stories: what is told of each, and when it happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockkommunicate.domain.conversations import Status
from mockkommunicate.operations import pace
from mockkommunicate.operations.story import Line, Story


def tell(conversations: Sequence[dict[str, Any]], *, now: int, before: int) -> list[Story]:
    """Answer the stories of a scenario's loaded conversations, in its order; those without a time happened `before`."""
    began = pace.beginnings(conversations, now=now, before=before)
    return [_story(told, time, now) for told, time in zip(conversations, began, strict=True)]


def _story(told: dict[str, Any], began: int, now: int) -> Story:
    messages = told.get("messages", [])
    times = pace.arrivals(began, messages, now=now)
    lines = [
        Line(message["sender_id"], at, message["draft"]) for message, at in zip(messages, times, strict=True)
    ]
    return Story(
        name=told["name"],
        member_ids=told["member_ids"],
        began=began,
        lines=lines,
        status=status_of(told),
        client_group_id=told.get("client_group_id"),
        metadata=metadata_of(told),
    )


def status_of(conversation: Mapping[str, Any]) -> Status:
    """Answer the status that a conversation is told to have: open, unless it says otherwise."""
    return Status[conversation.get("status", "open").upper()]


def metadata_of(conversation: Mapping[str, Any]) -> dict[str, str]:
    """Answer the metadata that a conversation is created with: its assignee, if it names one, is not the rules' choice."""
    metadata = dict(conversation.get("metadata", {}))
    if "assignee" in conversation:
        metadata["SKIP_ROUTING"] = "true"
        metadata["CONVERSATION_ASSIGNEE"] = conversation["assignee"] or ""
    return metadata
