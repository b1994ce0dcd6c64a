"""/_mock/livez, readyz, info."""

from typing import Any

from flask import Blueprint, Response, current_app

import mockkommunicate
from mockkommunicate.control import contracts
from mockkommunicate.control.endpoint import answer, control
from mockkommunicate.domain.errors import StoreUnavailable
from mockkommunicate.operations import scenarios
from mockkommunicate.operations.emulator import Emulator

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
def livez() -> Response:
    """Tell that the process answers."""
    return answer({"status": "alive"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Tell whether the default app and its scenario are in: 503 until then, or while the database is gone."""
    emulator: Emulator = current_app.extensions["mockkommunicate"]
    try:
        ready = emulator.is_ready()
    except StoreUnavailable as error:
        return answer({"status": "unavailable", "reason": error.description}, 503)
    return answer({"status": "ready"} if ready else {"status": "starting"}, 200 if ready else 503)


@blueprint.get("/info")
@control(needs="emulator")
def info(emulator: Emulator) -> dict[str, Any]:
    """Tell the version, what is emulated, and the scenarios there are."""
    routes = [
        {"operation": contract.operation, "method": method, "path": rule.rule}
        for rule, contract in contracts.emulated()
        for method in sorted((rule.methods or set()) - {"HEAD"})
    ]
    return {
        "name": "mockkommunicate",
        "version": mockkommunicate.__version__,
        "emulates": routes,
        "database": emulator.database.backend,
        "scenarios": scenarios.names(),
    }
