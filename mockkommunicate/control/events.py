"""/_mock/apps/APP/events: a stream of server-sent events that tell that something in the app has changed."""

from functools import partial

from flask import Blueprint, Response, current_app, request

from mockkommunicate import streams
from mockkommunicate.control.endpoint import STREAMS, control
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.sockets import TAKER, is_takeable
from mockkommunicate.store import apps
from mockkommunicate.streams import Streams

blueprint = Blueprint("events", __name__, url_prefix="/apps/<application_id>/events")

MEDIA = "text/event-stream"


@blueprint.get("")
@control(needs="emulator", media=MEDIA)
def watch(emulator: Emulator, *, application_id: str) -> Response:
    """Tell at once how far the app is, and then each time that something in it has changed.

    Under a server that is not ours the stream ends after the first event: clients come back for the next.
    """
    held: Streams = current_app.extensions[STREAMS]
    held.ensure_room()
    with emulator.look_at(application_id) as work:
        pulse = apps.find_pulse(work.connection, work.app_id)
    if pulse is None:
        raise ControlError("APP_NOT_FOUND", f"no app {application_id!r}", http_status=404)
    if request.method == "GET" and is_takeable(request.environ):
        request.environ[TAKER] = partial(held.hold, application_id=application_id, pulse=pulse)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return Response(streams.event(pulse), content_type=MEDIA, headers=headers)
