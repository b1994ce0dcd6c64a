"""The documented URLs: Flask."""

from mockkommunicate.api import conversations, messages, users

BLUEPRINTS = (conversations.blueprint, users.blueprint, messages.blueprint)
"""The areas, in the order of the documentation."""
