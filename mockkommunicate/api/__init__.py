"""The documented URLs: Flask."""

from mockkommunicate.api import conversations, files, messages, users

BLUEPRINTS = (conversations.blueprint, users.blueprint, messages.blueprint, files.blueprint)
"""The areas, in the order of the documentation, and files, which it has not."""
