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
from collections.abc import Callable
from pathlib import Path

import click

from mockkommunicate import metrics, tracing
from mockkommunicate.app import Background, create_app
from mockkommunicate.listener import take_port
from mockkommunicate.operations import default_app, disk, exports, scenarios
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.outbound import adapters
from mockkommunicate.settings import Settings, has_gunicorn
from mockkommunicate.store.database import Database
from mockkommunicate.store.records import App

GRACE_S = 2.0
"""How long calls to others may go on after the end, where gunicorn does not run."""

log = logging.getLogger("mockkommunicate")


def serve(settings: Settings) -> None:
    """Serve until told to stop; raise StartError when that cannot begin."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    settings = settings.guarded()
    disk.check_place("ready file", settings.ready_file)
    disk.check_place("export", settings.export_on_exit)
    scenarios.load(settings.default_scenario)
    database = Database(settings.database, timeout=settings.store_timeout)
    try:
        adapters.prepare(settings, database)
        emulator = Emulator(settings, database)
        default = default_app.start(emulator)
        with take_port(settings) as listener, metrics.of_processes(_processes(settings)) as emulator.measures:
            _run(emulator, default, listener)
    finally:
        database.close()


def _processes(settings: Settings) -> int:
    return settings.workers if has_gunicorn() else 1


def _run(emulator: Emulator, default: App, listener: socket.socket) -> None:
    port, here, served = listener.getsockname()[1], os.getpid(), False

    def ready() -> None:
        nonlocal served
        announce(emulator, default, port)
        served = True

    try:
        if has_gunicorn():
            from mockkommunicate.gunicorn_server import Server  # noqa: PLC0415 - it cannot be imported on Windows

            Server(emulator, listener.detach(), ready).run()
        else:
            _threaded(emulator, listener, ready)
    finally:
        # A worker ends here, too.
        if served and os.getpid() == here:
            _export(emulator)


def _export(emulator: Emulator) -> None:
    """Leave the default app's state where the settings say; end with the exit code 1 when that fails."""
    file = emulator.settings.export_on_exit
    if not file:
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    try:
        exports.write(emulator, file)
    except exports.ExportFailed as error:
        log.error("%s", error)  # noqa: TRY400 - where it was raised helps nobody
        sys.exit(1)


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
        disk.write_whole(Path(settings.ready_file), line + "\n")
    if settings.import_file is None and default.scenario != settings.default_scenario:
        log.info("the database holds the app already; the scenario %r was not put in", settings.scenario)
    if settings.control_token and not settings.is_loopback:
        log.info("control token: %s", settings.control_token)
    click.echo(line)


def _threaded(emulator: Emulator, listener: socket.socket, ready: Callable[[], None]) -> None:
    from mockkommunicate.threaded import ThreadedServer  # noqa: PLC0415 - gunicorn serves where it can

    log.warning("gunicorn does not run here: one process with threads serves instead")
    settings = emulator.settings
    background = Background(emulator)
    application = create_app(emulator, background)
    server = ThreadedServer(settings.host, settings.port, application, listener.fileno())
    end_tracing = tracing.begin(application, emulator)
    background.start()
    ready()
    try:
        server.serve_forever()
    finally:
        background.close(GRACE_S)
        end_tracing()
