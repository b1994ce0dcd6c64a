"""gunicorn as a library: our application under its master and workers."""

import os
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker

from mockkommunicate import serving
from mockkommunicate.app import create_app
from mockkommunicate.operations.emulator import Emulator

GRACE_S = 2
"""How long requests in flight may go on after SIGTERM."""


class Server(BaseApplication):
    """gunicorn with gthread workers that serve one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options from ours."""
        settings = self.emulator.settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        options: dict[str, Any] = {
            "bind": f"{host}:{settings.port}",
            "workers": settings.workers,
            "threads": settings.threads,
            "worker_class": "gthread",
            "preload_app": True,
            "graceful_timeout": GRACE_S,
            "keepalive": GRACE_S,
            "limit_request_line": 0,
            "control_socket_disable": True,
            "logconfig_dict": serving.logging_config(settings.log_format),
            "pre_fork": lambda _server, _worker: self.emulator.database.leave_to_children(),
            "post_worker_init": self._begin,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - any WSGI application
        """Make the application, once, before the workers are forked."""
        return create_app(self.emulator)

    def _begin(self, worker: Worker) -> None:
        """Fill the database; the first worker says that the server is ready, one that replaces another does not."""
        default = self.emulator.start_default_app()
        if worker.age == 1:
            port = worker.sockets[0].getsockname()[1]
            serving.announce(self.emulator, default, port, os.getppid())
