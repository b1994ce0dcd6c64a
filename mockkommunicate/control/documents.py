"""/_mock/openapi/...: the OpenAPI documents of both APIs, made from what is really served."""

from typing import Any

from flask import Blueprint, current_app, request

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations.emulator import Emulator

blueprint = Blueprint("documents", __name__, url_prefix="/openapi")


@blueprint.get("/kommunicate.json")
@control(needs="emulator")
def kommunicate(_emulator: Emulator) -> dict[str, Any]:
    """Answer the OpenAPI document of the emulated API."""
    from mockkommunicate import openapi  # noqa: PLC0415 - apispec is not needed to serve

    return openapi.describe_kommunicate(current_app, request.host_url)


@blueprint.get("/control.json")
@control(needs="emulator")
def control_api(_emulator: Emulator) -> dict[str, Any]:
    """Answer the OpenAPI document of the control API."""
    from mockkommunicate import openapi  # noqa: PLC0415 - apispec is not needed to serve

    return openapi.describe_control(current_app, request.host_url)
