"""/_mock/metrics: what Prometheus asks for."""

from flask import Blueprint, Response

from mockkommunicate.control.endpoint import control
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.telemetry import NotCounted

blueprint = Blueprint("metrics", __name__, url_prefix="/metrics")

MEDIA = "text/plain"
TYPE = f"{MEDIA}; version=0.0.4; charset=utf-8"
"""The form in which every Prometheus reads."""


@blueprint.get("")
@control(needs="emulator", media=MEDIA)
def expose(emulator: Emulator) -> Response:
    """Answer what all processes of this server have counted, as Prometheus reads it."""
    try:
        text = emulator.measures.expose(emulator.gauges())
    except NotCounted as reason:
        hint = "the extra has it: pip install 'mockkommunicate[metrics]'"
        raise ControlError("METRICS", f"nothing is counted: {reason}", hint=hint, http_status=501) from reason
    return Response(text, content_type=TYPE)
