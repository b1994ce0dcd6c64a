"""A server in a child process, for as long as a command needs it.

The child is forked, not started anew: nothing is loaded twice, and no password or key stands in a list of processes.
What it runs is `serve` as it is, under gunicorn.
"""

import contextlib
import json
import logging.config
import multiprocessing
import os
import select
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mockkommunicate.commands.text import complain
from mockkommunicate.settings import Settings

STOP_S = 60
"""How long the server may take to stop, and to export what it holds, before it is killed."""

LOOK_S = 0.05
"""How often to look whether a signal came while the server starts."""

PARENT_S = 1.0
"""How often the server looks whether who started it is still there."""


class NotStarted(Exception):
    """The server did not start and has said why on stderr, or a signal came first; `code` is the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Ready:
    """What a server's ready line says."""

    url: str
    application_id: str
    api_key: str


@contextmanager
def running(settings: Settings, until: set[signal.Signals]) -> Iterator[Ready]:
    """Run a server; raise NotStarted. The signals `until` are blocked here, and end the wait for it when one comes."""
    folder = tempfile.mkdtemp(prefix="mockkommunicate-exec-")
    reading, writing = os.pipe()
    child = multiprocessing.get_context("fork").Process(target=_serve, args=(settings, folder, writing))
    try:
        child.start()
        os.close(writing)
        yield _wait_for_ready(child, reading, until)
    finally:
        _stop(child)
        os.close(reading)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_ready(child: Any, reading: int, until: set[signal.Signals]) -> Ready:  # noqa: ANN401 - a process
    while not select.select([reading], [], [], LOOK_S)[0]:
        if came := until & signal.sigpending():
            raise NotStarted(128 + min(came))
    line = os.read(reading, select.PIPE_BUF)
    if not line:
        child.join()
        raise NotStarted(child.exitcode if child.exitcode > 0 else 2)
    ready = json.loads(line)
    return Ready(url=ready["url"], application_id=ready["applicationId"], api_key=ready["apiKey"])


def _stop(child: Any) -> None:  # noqa: ANN401 - a process
    if child.pid is None:
        return
    child.terminate()
    child.join(STOP_S)
    if child.exitcode != 0:
        # It hangs, or was killed: its workers may be there still. They are the group that it leads.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.join()


def _serve(settings: Settings, folder: str, ready: int) -> None:
    """Serve in this process, with the ready line into a pipe and every temporary file in a folder."""
    here, parent = os.getpid(), os.getppid()
    # A terminal's Ctrl-C is for the command, which may need the server to clean up.
    os.setsid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    _end_with(parent)
    sys.stdout = os.fdopen(ready, "w")
    tempfile.tempdir = folder
    try:
        _run(settings)
    finally:
        # A worker comes here, too, and must leave it to the server.
        if os.getpid() == here:
            shutil.rmtree(folder, ignore_errors=True)


def _run(settings: Settings) -> None:
    from mockkommunicate import logs, serving  # noqa: PLC0415 - only the child needs them
    from mockkommunicate.domain.errors import StartError  # noqa: PLC0415

    # stderr is the command's: what the server was asked, --report says.
    logging.config.dictConfig(logs.configuration(settings.log_format, requests=False))
    try:
        serving.serve(settings)
    except StartError as error:
        sys.exit(complain(str(error), 2))


def _end_with(parent: int) -> None:
    """End this process soon after its parent: one that was killed by SIGKILL can no longer stop it."""

    def look(*_: object) -> None:
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, PARENT_S, PARENT_S)
