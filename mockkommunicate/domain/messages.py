"""Messages: content types, sources, keys, and the notify messages that the service itself writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from mockkommunicate.domain import conversations
from mockkommunicate.domain.conversations import Status

SENT = 5
"""The message type of everything sent through the API."""

RECEIVED = 4
"""The message type of what comes from elsewhere."""

PLATFORM = 4
"""The source of a message that names none: the newer of two lists that disagree (inferred)."""


class ContentType(IntEnum):
    """What a message holds (documented: 0 to 6; 10, the notify message, is observed)."""

    DEFAULT = 0
    ATTACHMENT = 1
    LOCATION = 2
    TEXT_HTML = 3
    PRICE = 4
    IMAGELINK = 5
    HYPERLINK = 6
    NOTIFY = 10


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message that is about to be sent. `file_meta` is stored whole, as given."""

    text: str = ""
    content_type: ContentType = ContentType.DEFAULT
    type: int = SENT
    source: int = PLATFORM
    metadata: Mapping[str, str] | None = None
    file_meta: Mapping[str, object] | None = None

    @property
    def counts_as_unread(self) -> bool:
        """Tell whether the message raises its readers' unread count: not if it asks for no badge (inferred)."""
        return (self.metadata or {}).get("BADGE_COUNT") != "false"


def key(conversation_id: int, number_ms: int) -> str:
    """Answer a message's key: `5-<conversation>-<milliseconds>` (observed in captured bodies)."""
    return f"{SENT}-{conversation_id}-{number_ms}"


def event_key(conversation_id: int, number_ms: int) -> str:
    """Answer the key of an event that is no message, so that it is no message's either (inferred)."""
    return f"{RECEIVED}-{conversation_id}-{number_ms}"


def key_time(now_ms: int, *, last_key_ms: int) -> int:
    """Answer the milliseconds in a key: the time, or one more than the last key's, so that keys are never the same."""
    return max(now_ms, last_key_ms + 1)


_QUIET = {"skipBot": "true", "NO_ALERT": "true", "BADGE_COUNT": "false", "category": "ARCHIVE"}


def assigned_notice(user_id: str, display_name: str | None) -> Draft:
    """Write the notify message of a new assignee (observed in the old server, the dashboard and the web client)."""
    name = display_name or user_id
    metadata = {"KM_ASSIGN": user_id, "LOCALIZATION_VALUE": name}
    return Draft(text=f"Assigned to {name}", content_type=ContentType.NOTIFY, metadata=_QUIET | metadata)


def status_notice(status: Status, *, labels: str) -> Draft:
    """Write the notify message of a new status (observed in the dashboard; `labels` as in `conversations.label`)."""
    name = conversations.label(status, labels=labels)
    return Draft(
        text=f"Status changed to {name}",
        content_type=ContentType.NOTIFY,
        metadata=_QUIET | {"KM_STATUS": name},
    )
