"""/_mock/apps, their settings, reset."""

import json
from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.operations import app_settings, apps, scenarios
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.work import Work
from mockkommunicate.store.records import App
from mockkommunicate.wire import settings as wire
from mockkommunicate.wire.answers import AppList, AppOutput
from mockkommunicate.wire.control import CreateApp, Reset
from mockkommunicate.wire.settings import Settings

blueprint = Blueprint("apps", __name__, url_prefix="/apps")


@blueprint.get("")
@control(needs="emulator", answers=AppList)
def list_all(emulator: Emulator) -> dict[str, Any]:
    """List the apps."""
    return {"apps": [_output(app) for app in emulator.list_apps()]}


@blueprint.post("")
@control(needs="emulator", body=CreateApp, answers=AppOutput, status=201)
def create(emulator: Emulator, *, origin: str | None = None, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401
    """Create an app, or fork another; refuse one whose id or key is taken."""
    if origin is None:
        app = emulator.create_app(**{"scenario": "empty", **wanted})
    else:
        app = emulator.fork_app(emulator.settings.application_id if origin == "default" else origin, **wanted)
    if app is None:
        hint = "leave both out to have them made up, or delete the other app"
        raise ControlError(
            "APP_EXISTS", "the applicationId or the apiKey is taken", hint=hint, http_status=409
        )
    return _output(app)


@blueprint.get("/<application_id>")
@control(answers=AppOutput)
def look(work: Work) -> dict[str, Any]:
    """Look at an app."""
    return _output(work.app)


@blueprint.delete("/<application_id>")
@control(needs="work_on")
def delete(work: Work) -> dict[str, Any]:
    """Delete an app and everything in it; its key is unknown from then on."""
    return {"deleted": work.app_id, "removed": apps.delete(work.connection, work.app)}


@blueprint.post("/<application_id>/reset")
@control(needs="work_on", body=Reset)
def reset(work: Work, *, scenario: str | None = None, seed: int | None = None) -> dict[str, Any]:
    """Empty an app and fill it again; answer what was removed."""
    name = work.app.scenario if scenario is None else scenario
    content = scenarios.load(name)
    removed = apps.reset(work, content, name=name, seed=work.app.seed if seed is None else seed)
    return {"removed": removed, **_output(work.app)}


@blueprint.get("/<application_id>/settings")
@control(answers=Settings)
def settings(work: Work) -> dict[str, Any]:
    """Look at an app's settings."""
    return wire.write(work.settings)


@blueprint.patch("/<application_id>/settings")
@control(needs="work_on", body=Settings, answers=Settings)
def change_settings(work: Work, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Merge changes into an app's settings, key by key; answer them whole."""
    return wire.write(app_settings.change(work, changes))


def _output(app: App) -> dict[str, Any]:
    return {
        "applicationId": app.application_id,
        "apiKey": app.api_key,
        "scenario": json.loads(app.scenario) if app.scenario.startswith("{") else app.scenario,
        "seed": app.seed,
        "createdAtTime": app.created_at,
    }
