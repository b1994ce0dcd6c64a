"""Apps: what may be set for one, and the form of their ids and keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mockkommunicate.domain.files import MAX_BYTES
from mockkommunicate.domain.routing import Rule

AUTO_PREFIX = "auto-"
"""A key that begins so makes its app on first use."""

GATEWAY = ""
"""The id of what keeps the journal of requests that belong to no app; no real application id is empty."""

APPLICATION_ID = re.compile(r"(?!default\Z)[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
"""An application id is part of a URL's path, where `default` stands for the default app."""

API_KEY = re.compile(r"[\x21-\x7e]{1,200}\Z")
"""An API key is a header's value: printable ASCII without spaces."""


@dataclass(frozen=True, kw_only=True)
class RoutingSettings:
    """The conversation rules of an app.

    Whether an agent who goes away keeps his open conversations is not published (inferred: he does).
    """

    rule: Rule = Rule.AUTOMATIC
    default_agent: str | None = None
    assign_new_conversations_to: str | None = None
    waiting_queue: bool = False
    reassign_when_away: bool = False


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team: its agents in the order of their first turns, and those rules by which it differs from its app."""

    team_id: str
    agents: tuple[str, ...]
    name: str | None = None
    own: Mapping[str, object] = field(default_factory=dict)

    def rules(self, of_app: RoutingSettings) -> RoutingSettings:
        """Answer the rules that hold in the team: what it says nothing of is as in its app (inferred)."""
        return replace(of_app, **self.own)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class JournalSettings:
    """Whether an app keeps a journal, and how many requests it holds before it drops the oldest."""

    enabled: bool = True
    limit: int = 100_000


@dataclass(frozen=True, kw_only=True)
class WebhookSettings:
    """Where the app's messages are sent on to, and the token that proves who sends them."""

    url: str | None = None
    token: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliverySettings:
    """How calls are made: after how many milliseconds they are tried again, and how long an answer may take.

    Nothing is published about retries (inferred: there are none); the current page gives a bot 60 seconds (documented).
    `limit` is how many are kept before the oldest that are finished go.
    """

    retries: tuple[int, ...] = ()
    limit: int = 100_000
    webhook_timeout_ms: int = 5_000
    bot_timeout_ms: int = 60_000


@dataclass(frozen=True, kw_only=True)
class FileSettings:
    """How many bytes a file of an app may have."""

    max_bytes: int = MAX_BYTES


@dataclass(frozen=True, kw_only=True)
class AppSettings:
    """Everything that may be set for an app.

    `strict` refuses what no handler would read; `fault_header` lets a client ask for a fault by a header.
    """

    routing: RoutingSettings = field(default_factory=RoutingSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    webhook: WebhookSettings = field(default_factory=WebhookSettings)
    deliveries: DeliverySettings = field(default_factory=DeliverySettings)
    files: FileSettings = field(default_factory=FileSettings)
    teams: tuple[Team, ...] = ()
    strict: bool = False
    fault_header: bool = True
    handling_limit: int | None = None
    dialect: str = "documented"
    initial_status: int = 0
    take_over_from_bot_default: bool = False
    status_labels: str = "sdk"
    detail_of_unknown_users: str = "omit"
    remove_bot_on_handoff: bool = False


def application_id_of(key: str) -> str | None:
    """Answer the application id that a made-up key asks for, or None when the key is not of that kind."""
    application_id = key.removeprefix(AUTO_PREFIX)
    if application_id == key or not API_KEY.match(key):
        return None
    return application_id if APPLICATION_ID.match(application_id) else None
