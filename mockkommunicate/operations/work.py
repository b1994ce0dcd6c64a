"""Work: one transaction on one app, with its time, its settings and its sequences."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from mockkommunicate.domain.apps import (
    AppSettings,
    DeliverySettings,
    FileSettings,
    JournalSettings,
    RoutingSettings,
    Team,
    WebhookSettings,
)
from mockkommunicate.domain.clock import Clock
from mockkommunicate.domain.routing import Rule
from mockkommunicate.domain.traces import Trace
from mockkommunicate.operations.events import Event
from mockkommunicate.store import apps
from mockkommunicate.store.records import App, Delivery
from mockkommunicate.store.statements import Connection
from mockkommunicate.telemetry import Count

_compact = json.JSONEncoder(separators=(",", ":")).encode


@dataclass
class Work:
    """One transaction on one app; `now` is its time in milliseconds, the same for all that it does.

    Ids, keys and turns are taken from the app's own sequences, which `finish` writes back with its settings. `events` are
    what happened and nobody has reacted to yet, `leading` the deliveries that have become the next of their lanes, `counts` is what
    the metrics are to hear of. Whoever caused all this did so in the `trace`, if he told of one.
    """

    connection: Connection
    app: App
    events: list[Event] = field(default_factory=list)
    leading: list[Delivery] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    trace: Trace | None = None
    now: int = field(init=False)
    _written: App = field(init=False)

    def __post_init__(self) -> None:
        """Look at the app's clock, and remember what its row holds."""
        self.now = self.clock.now()
        self._written = self.app

    @property
    def app_id(self) -> str:
        """The application id."""
        return self.app.application_id

    @property
    def clock(self) -> Clock:
        """The app's clock."""
        return Clock(offset=self.app.clock_offset, frozen_at=self.app.frozen_at)

    @property
    def settings(self) -> AppSettings:
        """The app's settings."""
        return read_settings(self.app.settings)

    def next_conversation_id(self) -> int:
        """Take the next conversation id."""
        self.app = self.app._replace(last_conversation_id=self.app.last_conversation_id + 1)
        return self.app.last_conversation_id

    def next_request_id(self) -> int:
        """Take the next number of the journal."""
        self.app = self.app._replace(last_request_id=self.app.last_request_id + 1)
        return self.app.last_request_id

    def next_delivery_id(self) -> int:
        """Take the next number of the deliveries."""
        self.app = self.app._replace(last_delivery_id=self.app.last_delivery_id + 1)
        return self.app.last_delivery_id

    def next_user_number(self) -> int:
        """Take the next place in the order of users."""
        self.app = self.app._replace(last_user_number=self.app.last_user_number + 1)
        return self.app.last_user_number

    def next_file_number(self) -> int:
        """Take the next number of a file."""
        self.app = self.app._replace(last_file_number=self.app.last_file_number + 1)
        return self.app.last_file_number

    def next_queue_number(self) -> int:
        """Take the next place in the waiting queue."""
        self.app = self.app._replace(last_queue_number=self.app.last_queue_number + 1)
        return self.app.last_queue_number

    def rotation(self, team_id: str | None = None) -> tuple[str, ...]:
        """Answer the order in which agents get the next conversations, of a team or of the app."""
        if team_id is None:
            return tuple(json.loads(self.app.rotation))
        return tuple(json.loads(self.app.team_rotations).get(team_id, ()))

    def turn(self, rotation: Sequence[str], team_id: str | None = None) -> None:
        """Keep the order in which agents get the next conversations, of a team or of the app."""
        if team_id is None:
            self.app = self.app._replace(rotation=dump(rotation))
        else:
            rotations = json.loads(self.app.team_rotations) | {team_id: rotation}
            self.app = self.app._replace(team_rotations=dump(rotations))

    def finish(self) -> None:
        """Write the app's row back, and count the change, by which pages that watch the app know of it."""
        written = self._written
        self._written = self.app = app = self.app._replace(changes=self.app.changes + 1)
        counted = {name: getattr(app, name) for name in apps.COUNTERS}
        if app == written._replace(**counted):
            apps.update_counters(self.connection, app)
        else:
            apps.update(self.connection, app)


def dump(value: object) -> str:
    """Write JSON as it is stored and answered: compact, ASCII, so that every database and client can hold it."""
    return _compact(value)


@lru_cache(maxsize=256)
def read_settings(text: str) -> AppSettings:
    """Read an app's settings as they are stored; the same text is read once."""
    values = json.loads(text)
    routing = values.pop("routing")
    journal = JournalSettings(**values.pop("journal"))
    webhook = WebhookSettings(**values.pop("webhook"))
    deliveries = values.pop("deliveries")
    deliveries = DeliverySettings(**deliveries | {"retries": tuple(deliveries["retries"])})
    files = FileSettings(**values.pop("files"))
    routing = RoutingSettings(**_ruled(routing))
    teams = tuple(_team(team) for team in values.pop("teams"))
    return AppSettings(
        routing=routing,
        journal=journal,
        webhook=webhook,
        deliveries=deliveries,
        files=files,
        teams=teams,
        **values,
    )


def _team(values: Mapping[str, Any]) -> Team:
    return Team(**{**values, "agents": tuple(values["agents"]), "own": _ruled(values["own"])})


def _ruled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **({"rule": Rule(values["rule"])} if "rule" in values else {})}
