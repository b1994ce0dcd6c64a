"""Work: one transaction on one app, with its time, its settings and its sequences."""

import json
from dataclasses import dataclass, field
from functools import lru_cache

from mockkommunicate.domain.apps import AppSettings, RoutingSettings
from mockkommunicate.domain.routing import Rule
from mockkommunicate.store import apps
from mockkommunicate.store.statements import Connection
from mockkommunicate.store.tables import App

_compact = json.JSONEncoder(separators=(",", ":")).encode


@dataclass
class Work:
    """One transaction on one app; `now` is its time in milliseconds, the same for all that it does.

    Ids, keys and turns are taken from the app's own sequences, which `finish` writes back with its settings.
    """

    connection: Connection
    app: App
    now: int
    _written: App = field(init=False)

    def __post_init__(self) -> None:
        """Remember what the app's row holds."""
        self._written = self.app

    @property
    def app_id(self) -> str:
        """The application id."""
        return self.app.application_id

    @property
    def settings(self) -> AppSettings:
        """The app's settings."""
        return read_settings(self.app.settings)

    def next_conversation_id(self) -> int:
        """Take the next conversation id."""
        self.app = self.app._replace(last_conversation_id=self.app.last_conversation_id + 1)
        return self.app.last_conversation_id

    def next_user_number(self) -> int:
        """Take the next place in the order of users."""
        self.app = self.app._replace(last_user_number=self.app.last_user_number + 1)
        return self.app.last_user_number

    def turn(self, rotation: tuple[str, ...]) -> None:
        """Keep the order in which agents get the next conversations."""
        self.app = self.app._replace(rotation=dump(rotation))

    def finish(self) -> None:
        """Write the app's row back, if anything in it changed."""
        if self.app != self._written:
            apps.update(self.connection, self.app)


def dump(value: object) -> str:
    """Write JSON as it is stored and answered: compact, ASCII, so that every database and client can hold it."""
    return _compact(value)


@lru_cache(maxsize=256)
def read_settings(text: str) -> AppSettings:
    """Read an app's settings as they are stored; the same text is read once."""
    values = json.loads(text)
    routing = values.pop("routing")
    return AppSettings(routing=RoutingSettings(**routing | {"rule": Rule(routing["rule"])}), **values)
