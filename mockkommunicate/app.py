"""create_app: what a request passes, in order. The composition root."""

from typing import Any

from flask import Flask, Request, Response, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from mockkommunicate import api, console, control, manual, reference
from mockkommunicate.api import errors as api_errors
from mockkommunicate.control import errors as control_errors
from mockkommunicate.control import guard
from mockkommunicate.control.endpoint import OUTGOING, STREAMS
from mockkommunicate.domain.errors import EmulatorError
from mockkommunicate.observed import SEEN, Observed
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.outbound.outgoing import Outgoing
from mockkommunicate.streams import Streams

_CHUNK = 65_536
_DRAINED = 4
"""How many times the limit of a body too large is read and thrown away, so that its sender hears the answer."""


def create_app(emulator: Emulator, background: "Background") -> Flask:
    """Make the WSGI application of an emulator and of what goes on besides. It knows no server and holds no state."""
    app = routes()
    app.wsgi_app = Observed(app.wsgi_app, emulator)  # type: ignore[method-assign]
    app.request_class = BoundedRequest
    app.config["MAX_CONTENT_LENGTH"] = emulator.settings.max_body
    app.config["CONTROL_TOKEN"] = emulator.settings.control_token
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.compact = True  # type: ignore[attr-defined]
    app.extensions["mockkommunicate"] = emulator
    app.extensions[OUTGOING] = background.outgoing
    app.extensions[STREAMS] = background.streams
    app.register_error_handler(EmulatorError, _answer_error)
    app.register_error_handler(HTTPException, _answer_http)
    return app


def routes() -> Flask:
    """Make an application that has every route and no emulator behind it: enough to be described."""
    app = Application("mockkommunicate", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    pages = (console.blueprint, manual.blueprint, reference.blueprint)
    for blueprint in (*api.BLUEPRINTS, control.plane(), *pages):
        app.register_blueprint(blueprint)
    return app


class Background:
    """What goes on besides answering: deliveries are sent, pages that watch are told. Whoever serves makes it."""

    def __init__(self, emulator: Emulator) -> None:
        self.outgoing = Outgoing(emulator)
        self.streams = Streams(emulator)

    def start(self) -> None:
        """Begin, in the process that serves."""
        self.outgoing.start()

    def stop(self) -> None:
        """Begin to end."""
        self.outgoing.stop()
        self.streams.stop()

    def close(self, grace: float) -> None:
        """Wait so many seconds for the calls that are being made; close every stream."""
        self.streams.close()
        self.outgoing.close(grace)


class Application(Flask):
    """A Flask application whose log is that of requests: an exception that nobody expected comes with its request's line."""

    def log_exception(self, *given: Any) -> None:  # noqa: ANN401 - Flask's own
        """Leave it to what logs the request."""
        request.environ[SEEN].failure = given[-1]


class BoundedRequest(Request):
    """A request whose body is refused over the limit even when it comes without its length."""

    _refusal: HTTPException | None = None

    def get_data(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - werkzeug's own
        """Answer the body; one that was refused is refused again, without waiting for more of it."""
        if self._refusal is None:
            try:
                return self._receive(*args, **options)
            except HTTPException as error:
                self._refusal = error
            except Exception as error:  # noqa: BLE001 - each server has exceptions of its own for a broken body
                self._refusal = BadRequest(f"its body cannot be received: {error}")
        raise self._refusal

    def _receive(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - werkzeug's own
        """Read the body; werkzeug only cuts one that is too large if it comes in chunks."""
        data = super().get_data(*args, **options)
        whole = self.content_length is not None or len(data) < (self.max_content_length or 0)
        if not whole and self.environ["wsgi.input"].read(1):
            raise RequestEntityTooLarge
        return data


def _answer_error(error: EmulatorError) -> Response:
    """Answer an error of the control API; those of the emulated one are answered on their way to the journal."""
    return control_errors.answer(error)


def _answer_http(exception: HTTPException) -> Response:
    """Answer what Flask refused, never as its HTML page."""
    if isinstance(exception, RequestEntityTooLarge):
        _drain()
    return control_errors.answer_http(exception) if _of_control() else api_errors.answer_http(exception)


def _of_control() -> bool:
    return request.path.startswith(guard.PREFIX)


def _drain() -> None:
    stream = request.environ["wsgi.input"]
    most = (request.max_content_length or 0) * _DRAINED
    left = most if request.content_length is None else min(request.content_length, most)
    while left > 0 and (chunk := stream.read(min(left, _CHUNK))):
        left -= len(chunk)
