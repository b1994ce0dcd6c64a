"""The threaded server: werkzeug's, for tests in process and where gunicorn does not run."""

import logging
from typing import TYPE_CHECKING

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from mockkommunicate.logs import REQUESTS, masked, printable
from mockkommunicate.sockets import Misbehaving

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class ThreadedServer(ThreadedWSGIServer):
    """A server with a thread for each connection, on a descriptor that listens already, which stays the caller's."""

    def __init__(self, host: str, port: int, application: "WSGIApplication", descriptor: int) -> None:
        self._misbehaving = Misbehaving(application)
        super().__init__(host, port, self._misbehaving, _Handler, fd=descriptor)

    def shutdown(self) -> None:
        """Stop to serve, from another thread; hang up on clients that are held by a fault."""
        super().shutdown()
        self._misbehaving.close()


class _Handler(WSGIRequestHandler):
    """A handler that logs only what it refuses by itself: the application sees to its requests."""

    def log(self, type: str, message: str, *arguments: object) -> None:  # noqa: A002 - werkzeug's name
        """Log a request that never comes to the application."""
        if type == "error":
            refusal = masked(message % arguments)
            logging.getLogger(REQUESTS).info("refused: %s", printable(refusal))

    def connection_dropped(self, error: BaseException, environ: "WSGIEnvironment | None" = None) -> None:
        """Read no further request from it: what was sent ahead is lost with the connection."""
        super().connection_dropped(error, environ)
        self.close_connection = True
