"""/_mock/fidelity: what is known of the real service, what the tests have shown, what is invented."""

from typing import Any

from flask import Blueprint

from mockkommunicate.control import contracts
from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import fidelity
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.wire.fidelity import Fidelity

blueprint = Blueprint("fidelity", __name__)


@blueprint.get("/fidelity")
@control(needs="emulator", answers=Fidelity)
def show(_emulator: Emulator) -> dict[str, Any]:
    """Tell of each operation and parameter how sure it is and which test shows it, the known limits, and what is invented."""
    return fidelity.describe(contracts.emulated(), contracts.own())
