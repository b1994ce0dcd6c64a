"""Our own URLs, under /_mock: Flask."""

from flask import Blueprint

from mockkommunicate.control import apps, conversations, documents, guard, health, users

_AREAS = (health.blueprint, documents.blueprint, apps.blueprint, users.blueprint, conversations.blueprint)


def plane() -> Blueprint:
    """Make the control API: its areas behind their guard."""
    plane = Blueprint("control", __name__, url_prefix=guard.PREFIX)
    plane.before_request(guard.check)
    for area in _AREAS:
        plane.register_blueprint(area)
    return plane
