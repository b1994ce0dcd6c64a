"""gunicorn as a library: our application under its master and workers, on a socket that is open already."""

import gc
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from mockkommunicate import logs, tracing
from mockkommunicate.app import Background, create_app
from mockkommunicate.gunicorn_log import Refusals
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.sockets import Misbehaving

GRACE_S = 2
"""How long requests in flight may go on after SIGTERM."""


_REST_S = 0.5
"""How much of that is left for the end itself."""


class Server(BaseApplication):
    """gunicorn with gthread workers that serve one emulator.

    `listener` is the descriptor of a listening socket, which is gunicorn's from now on; `ready` is called once.
    """

    def __init__(self, emulator: Emulator, listener: int, ready: Callable[[], None]) -> None:
        self.emulator = emulator
        self.listener = listener
        self.ready = ready
        self._background = Background(emulator)
        self._ends_at = 0.0
        self._end_tracing: Callable[[], None] = lambda: None
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options from ours."""
        settings = self.emulator.settings
        options: dict[str, Any] = {
            "bind": f"fd://{self.listener}",
            "workers": settings.workers,
            "threads": settings.threads,
            "worker_class": "gthread",
            "preload_app": True,
            "graceful_timeout": GRACE_S,
            "keepalive": GRACE_S,
            "limit_request_line": 0,
            "control_socket_disable": True,
            "logger_class": Refusals,
            "logconfig_dict": logs.configuration(settings.log_format),
            "when_ready": lambda _server: self.ready(),
            "pre_fork": self._before_fork,
            "post_worker_init": self._in_worker,
            "worker_exit": self._at_the_end,
            "child_exit": lambda _server, worker: self.emulator.measures.forget(worker.pid),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - any WSGI application
        """Make the application, once, before the workers are forked."""
        self._application = create_app(self.emulator, self._background)
        return Misbehaving(self._application)

    def _before_fork(self, _server: Arbiter, _worker: object) -> None:
        """Let the child open connections of its own, and never search what is loaded already for garbage."""
        self.emulator.database.leave_to_children()
        gc.freeze()

    def _in_worker(self, _worker: object) -> None:
        """Begin to send deliveries, in the process that serves; stop to as soon as that is told to end."""
        finish = signal.getsignal(signal.SIGTERM)

        def end(number: int, frame: FrameType | None) -> None:
            self._ends_at = time.monotonic() + GRACE_S
            self._background.stop()
            finish(number, frame)  # type: ignore[operator,misc]

        signal.signal(signal.SIGTERM, end)
        self._end_tracing = tracing.begin(self._application, self.emulator)
        self._background.start()

    def _at_the_end(self, _arbiter: object, _worker: object) -> None:
        """Let calls that are being made go on for what is left of the time of grace."""
        self._background.close(max(0.0, self._ends_at - time.monotonic() - _REST_S))
        self._end_tracing()

    def run(self) -> None:
        """Serve until a signal; this ends the process."""
        GracefulArbiter(self).run()


class GracefulArbiter(Arbiter):
    """gunicorn's master, for which SIGINT is as kind as SIGTERM."""

    def handle_int(self) -> None:
        """Finish the requests in flight."""
        self.handle_term()
