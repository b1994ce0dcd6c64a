"""Agents, bots and customers: their roles, their numbers on the wire, whether they are available."""

from enum import StrEnum

SYSTEM_BOT = "bot"
"""The system user: a member of every conversation of Kommunicate."""


class Role(StrEnum):
    """What a user is. Admins are agents with more rights, so whatever holds for agents holds for them."""

    ADMIN = "admin"
    AGENT = "agent"
    BOT = "bot"
    CUSTOMER = "customer"

    @property
    def is_agent(self) -> bool:
        """Tell whether the user works at the dashboard."""
        return self in {Role.ADMIN, Role.AGENT}

    @property
    def group_role(self) -> int:
        """The role inside a conversation: 1 agent, 2 bot, 3 customer (observed in the official clients)."""
        return {Role.BOT: 2, Role.CUSTOMER: 3}.get(self, 1)

    @property
    def role_type(self) -> int:
        """The platform's roleType: 8 for dashboard people, 1 bot, 3 customer (observed in the mobile SDKs)."""
        return {Role.BOT: 1, Role.CUSTOMER: 3}.get(self, 8)


class Availability(StrEnum):
    """Whether a user can be reached now."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"

    @property
    def status(self) -> int:
        """The number on the wire: 0 offline, 1 online, 2 away (observed in the web client)."""
        return {Availability.ONLINE: 1, Availability.AWAY: 2}.get(self, 0)
