"""Our own URLs, under /_mock: Flask."""

from flask import Blueprint

from mockkommunicate.control import (
    agents,
    apps,
    clock,
    conversations,
    deliveries,
    documents,
    events,
    faults,
    fidelity,
    files,
    guard,
    health,
    inbox,
    journal,
    metrics,
    queue,
    replays,
    snapshots,
    state,
    users,
    waiting,
)

_AREAS = (
    health.blueprint,
    documents.blueprint,
    fidelity.blueprint,
    apps.blueprint,
    users.blueprint,
    conversations.blueprint,
    queue.blueprint,
    clock.blueprint,
    journal.blueprint,
    journal.gateway,
    faults.blueprint,
    files.blueprint,
    state.blueprint,
    snapshots.blueprint,
    waiting.blueprint,
    events.blueprint,
    inbox.blueprint,
    replays.blueprint,
    agents.blueprint,
    metrics.blueprint,
    deliveries.blueprint,
    deliveries.settling,
)


def plane() -> Blueprint:
    """Make the control API: its areas behind their guard."""
    plane = Blueprint("control", __name__, url_prefix=guard.PREFIX)
    plane.before_request(guard.check)
    for area in _AREAS:
        plane.register_blueprint(area)
    return plane
