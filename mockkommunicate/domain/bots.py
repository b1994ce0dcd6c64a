"""Bots: whose message calls one and with which event, and what a built-in one answers."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockkommunicate.domain.messages import ContentType
from mockkommunicate.domain.users import Role

WELCOME = "WELCOME"
"""The event of a new conversation (documented)."""

MEDIA = "KOMMUNICATE_MEDIA_EVENT"
"""The event of a file or a location (documented)."""

KINDS = ("echo", "scripted")
"""The kinds of built-in bots."""

Reply = Sequence[Mapping[str, Any]]
"""What a bot answers: messages as JSON values, as its webhook would write them."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a bot is called with: a message, or an event without one, which looks like the widget's hidden message.

    `event` is absent for a message that is nothing but text.
    """

    key: str
    sender_id: str
    text: str
    content_type: int
    source: int
    metadata: Mapping[str, str]
    created_at: int
    event: str | None = None
    file_meta: Mapping[str, Any] | None = None

    @property
    def is_message(self) -> bool:
        """Tell whether a customer wrote something, rather than that something happened."""
        return self.event is None or self.event == MEDIA


def is_called_by(sender: Role, metadata: Mapping[str, str]) -> bool:
    """Tell whether a message calls the bot that has its conversation: a customer's, unless it says skipBot.

    Documented for skipBot; that agents and bots never call one is inferred, for they would call each other for ever.
    """
    return sender is Role.CUSTOMER and metadata.get("skipBot", "").lower() != "true"


def event_of(content_type: int, metadata: Mapping[str, str], *, has_file: bool) -> str | None:
    """Name the event of a message: the one it triggers, or that it brings a file or a location, or None.

    Documented for files and locations; KM_TRIGGER_EVENT is observed in the web widget and in public bots.
    """
    triggered = metadata.get("KM_TRIGGER_EVENT")
    if triggered:
        return triggered
    media = has_file or content_type in {ContentType.ATTACHMENT, ContentType.LOCATION}
    return MEDIA if media else None


def welcome_event(metadata: Mapping[str, str]) -> str | None:
    """Name the event of a new conversation with this metadata, or None where it wants none.

    Documented: WELCOME, and SKIP_BOT_EVENT; observed in the web widget: CUSTOM_WELCOME_EVENT, and that skipping wins.
    """
    if "WELCOME_EVENT" in _listed(metadata.get("SKIP_BOT_EVENT", "")):
        return None
    return metadata.get("CUSTOM_WELCOME_EVENT") or WELCOME


def _listed(text: str) -> list[Any]:
    """Read a JSON list in a string; anything else is an empty one."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return value if isinstance(value, list) else []


def built_in_reply(built_in: Mapping[str, Any], call: Call, fits: Callable[[str, str], bool]) -> Reply:
    """Answer what a built-in bot does; `fits` tells whether a pattern is found in a text."""
    return _echo(call) if built_in["kind"] == "echo" else _scripted(built_in, call, fits)


def _echo(call: Call) -> Reply:
    """Say again what the customer has written; an event is answered by nothing."""
    said: dict[str, Any] = {"message": call.text, "contentType": call.content_type}
    if call.file_meta is not None:
        said["fileMeta"] = call.file_meta
    return [said] if call.is_message and (call.text or call.file_meta) else []


def _scripted(script: Mapping[str, Any], call: Call, fits: Callable[[str, str], bool]) -> Reply:
    """Answer as the first rule says that fits; the customer's own words go to `otherwise` where none does."""
    for rule in script["rules"]:
        by_event = call.event is not None and rule.get("event") == call.event
        if by_event or (call.is_message and "pattern" in rule and fits(rule["pattern"], call.text)):
            return list(rule["replies"])
    return list(script.get("otherwise", [])) if call.is_message else []
