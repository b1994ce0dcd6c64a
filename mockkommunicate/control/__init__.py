"""Our own URLs, under /_mock: Flask."""

from mockkommunicate.control import apps, conversations, documents, health, users

BLUEPRINTS = (health.blueprint, documents.blueprint, apps.blueprint, users.blueprint, conversations.blueprint)
"""The areas of the control API."""
