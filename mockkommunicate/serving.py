"""Serve from the command line: under gunicorn where it runs, else on a threaded WSGI server.

This process opens the database, fills it and takes the port before any worker is forked, so that whatever is wrong is
one line on stderr; each worker opens the database anew.
"""

import json
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from mockkommunicate.app import create_app
from mockkommunicate.domain.errors import StartError
from mockkommunicate.listener import take_port
from mockkommunicate.operations import scenarios
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.settings import Settings, has_gunicorn
from mockkommunicate.store.database import Database
from mockkommunicate.store.tables import App

log = logging.getLogger("mockkommunicate")


def serve(settings: Settings) -> None:
    """Serve until told to stop; raise StartError when that cannot begin."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    settings = settings.guarded()
    _check_ready_file(settings.ready_file)
    scenarios.load(settings.default_scenario)
    database = Database(settings.database, timeout=settings.store_timeout)
    try:
        emulator = Emulator(settings, database)
        default = emulator.start_default_app()
        with take_port(settings) as listener:
            _run(emulator, default, listener)
    finally:
        database.close()


def _check_ready_file(ready_file: str | None) -> None:
    if ready_file is None:
        return
    path = Path(ready_file)
    if path.is_dir() or not path.parent.is_dir():
        raise StartError(f"ready file {ready_file}: it must be a file in a folder that exists")


def _run(emulator: Emulator, default: App, listener: socket.socket) -> None:
    port = listener.getsockname()[1]

    def ready() -> None:
        announce(emulator, default, port)

    if has_gunicorn():
        from mockkommunicate.gunicorn_server import Server  # noqa: PLC0415 - it cannot be imported on Windows

        Server(emulator, listener.detach(), ready).run()
    else:
        _threaded(emulator, listener, ready)


def announce(emulator: Emulator, default: App, port: int) -> None:
    """Say on stdout, in one line of JSON, that the server answers; the same to the ready file, whole."""
    settings = emulator.settings
    url = settings.url(port)
    line = json.dumps(
        {
            "url": url,
            "applicationId": default.application_id,
            "apiKey": default.api_key,
            "console": f"{url}/_mock/console",
            "pid": os.getpid(),
        }
    )
    if settings.ready_file:
        write_whole(Path(settings.ready_file), line + "\n")
    if default.scenario != settings.default_scenario:
        log.info("the database holds the app already; the scenario %r was not put in", settings.scenario)
    if settings.control_token and not settings.is_loopback:
        log.info("control token: %s", settings.control_token)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or none: to another name, synced, then renamed."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink()
        raise


def _threaded(emulator: Emulator, listener: socket.socket, ready: Callable[[], None]) -> None:
    from werkzeug.serving import make_server  # noqa: PLC0415 - gunicorn serves where it can

    log.warning("gunicorn does not run here: one process with threads serves instead")
    settings = emulator.settings
    server = make_server(
        settings.host, settings.port, create_app(emulator), threaded=True, fd=listener.fileno()
    )
    ready()
    server.serve_forever()
