"""Serve from the command line: under gunicorn where it runs, else on a threaded WSGI server.

The parent opens the database and checks the scenario, so that what is wrong is one line and not a dead worker; each
worker opens the database anew, and the first fills it and says that the server is ready.
"""

import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from mockkommunicate.app import create_app
from mockkommunicate.operations import scenarios
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.settings import Settings, has_gunicorn
from mockkommunicate.store.engine import Database
from mockkommunicate.store.tables import App

log = logging.getLogger("mockkommunicate")


def serve(settings: Settings) -> None:
    """Serve until told to stop; raise StartError when that cannot begin."""
    settings = settings.guarded()
    scenarios.load(settings.default_scenario)
    database = Database(settings.database, timeout=settings.store_timeout)
    try:
        emulator = Emulator(settings, database)
        if has_gunicorn():
            _under_gunicorn(emulator)
        else:
            _threaded(emulator)
    finally:
        database.close()


def announce(emulator: Emulator, default: App, port: int, pid: int) -> None:
    """Say on stdout, in one line of JSON, that the server answers; the same to the ready file, whole."""
    settings = emulator.settings
    url = settings.url(port)
    line = json.dumps(
        {
            "url": url,
            "applicationId": default.application_id,
            "apiKey": default.api_key,
            "console": f"{url}/_mock/console",
            "pid": pid,
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
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _under_gunicorn(emulator: Emulator) -> None:
    """Run gunicorn with our application; it owns the signals, forks, and ends the process."""
    from mockkommunicate.gunicorn_server import Server  # noqa: PLC0415 - it cannot be imported on Windows

    Server(emulator).run()


def _threaded(emulator: Emulator) -> None:
    from werkzeug.serving import make_server  # noqa: PLC0415 - gunicorn serves where it can

    settings = emulator.settings
    log.warning("gunicorn does not run here: one process with threads serves instead")
    server = make_server(settings.host, settings.port, create_app(emulator), threaded=True)
    announce(emulator, emulator.start_default_app(), server.server_port, os.getpid())
    server.serve_forever()


def logging_config(log_format: str) -> dict[str, Any]:
    """Answer the logging configuration: everything to stderr, as text or as a line of JSON each."""
    formatter: dict[str, Any] = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    if log_format == "json":
        formatter = {"()": "mockkommunicate.serving.JsonFormatter"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"default": formatter},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "default"}
        },
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }


class JsonFormatter(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record, with its traceback if it has one."""
        values = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            values["traceback"] = self.formatException(record.exc_info)
        return json.dumps(values)
