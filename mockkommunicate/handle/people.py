"""People: the users of an app, added, listed and acted as."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mockkommunicate.handle.actor import Actor
from mockkommunicate.handle.results import JSON, User


class _App(Protocol):
    def control(self, method: str, path: str, body: JSON | None = None) -> dict[str, Any]: ...
    def _pages(self, path: str, filters: JSON) -> Sequence[JSON]: ...


class People:
    """What an app's handle does with users; a class of its own so that neither module grows too long."""

    def add_agent(self: _App, user_id: str, *, limit: int | None = None, **details: object) -> User:
        """Add an agent, online unless `availability` says otherwise; `limit` is his handling limit."""
        return _add(self, user_id, "agent", handlingLimit=limit, **details)

    def add_bot(
        self: _App,
        user_id: str,
        *,
        webhook: str | Mapping[str, object] | None = None,
        built_in: str | Mapping[str, object] | None = None,
        **details: object,
    ) -> User:
        """Add a bot that answers by a webhook (its URL, or with headers) or is built in ("echo", or a script)."""
        if isinstance(webhook, str):
            webhook = {"url": webhook}
        if isinstance(built_in, str):
            built_in = {"kind": built_in}
        return _add(self, user_id, "bot", webhook=webhook, builtIn=built_in, **details)

    def add_customer(self: _App, user_id: str, **details: object) -> User:
        """Add a customer."""
        return _add(self, user_id, "customer", **details)

    def users(self: _App) -> list[User]:
        """List the users in order of creation."""
        return [User.of(entry) for entry in self._pages("users", {})]

    def act_as(self: _App, user_id: str) -> Actor:
        """Answer somebody to act as: he writes, reads, goes away, takes over, resolves or answers as a bot does."""
        return Actor(self.control, user_id)


def _add(app: _App, user_id: str, role: str, **details: object) -> User:
    given = {name: value for name, value in details.items() if value is not None}
    return User.of(app.control("POST", "users", {"userId": user_id, "role": role, **given}))
