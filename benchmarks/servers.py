"""The servers that are measured: the emulator, the empty Flask app, and the same with an insert."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gunicorn.config import Config

from benchmarks import databases
from benchmarks.floor import Spec
from benchmarks.options import ROOT, Options
from mockkommunicate.gunicorn_server import Server
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.settings import Settings
from mockkommunicate.store.database import Database

_STOP_S = 10
_NO_LISTENER = -1


@dataclass(frozen=True)
class Running:
    """A server that answers. `ready` is what it said of itself; its temporary files are in `folder`."""

    process: subprocess.Popen[str]
    ready: Mapping[str, Any]
    folder: Path
    given_database: str | None

    @property
    def url(self) -> str:
        """The base URL."""
        return str(self.ready["url"])

    @property
    def database(self) -> str:
        """The URL of the database, the embedded one's too."""
        if self.given_database is not None:
            return self.given_database
        (path,) = self.folder.glob("**/*.db")
        return f"sqlite:///{path}"


@contextmanager
def emulator(options: Options) -> Iterator[Running]:
    """Run the emulator on a new database."""
    with databases.new(options.database) as database:
        command = ["mockkommunicate", "serve", "--port", "0"]
        command += ["--workers", str(options.workers), "--threads", str(options.threads)]
        if database is not None:
            command += ["--database", database]
        with _running(command, database) as server:
            yield server


@contextmanager
def empty(options: Options, sizes: Mapping[str, int]) -> Iterator[Running]:
    """Run the empty Flask app."""
    spec = Spec(gunicorn=gunicorn_options(options), sizes=dict(sizes))
    with _running(["benchmarks.floor", spec.dumped()]) as server:
        yield server


@contextmanager
def inserting(options: Options, sizes: Mapping[str, int]) -> Iterator[Running]:
    """Run the Flask app that does one insert, on a new database of the emulator's kind."""
    gunicorn = gunicorn_options(options)
    with databases.new(options.database) as database, tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/floor.db"
        synchronous = None
        if databases.is_sqlite(url):
            synchronous = "OFF" if database is None else "NORMAL"
        spec = Spec(gunicorn=gunicorn, sizes=dict(sizes), database=url, synchronous=synchronous)
        with _running(["benchmarks.floor", spec.dumped()]) as server:
            yield server


def gunicorn_options(options: Options) -> dict[str, Any]:
    """Answer the options that the emulator gives to gunicorn, but for the socket and its own hooks."""
    settings = Settings(port=0, workers=options.workers, threads=options.threads)
    database = Database(None, timeout=settings.store_timeout)
    try:
        chosen = Server(Emulator(settings, database), _NO_LISTENER, lambda: None).cfg.settings
    finally:
        database.close()
    defaults = {name: setting.get() for name, setting in Config().settings.items()}
    changed = {name: setting.get() for name, setting in chosen.items() if setting.get() != defaults[name]}
    return {name: _as_json(value) for name, value in changed.items() if not _is_own(name, value)}


def _is_own(name: str, value: object) -> bool:
    return name == "bind" or (callable(value) and not isinstance(value, type))


def _as_json(value: object) -> object:
    return f"{value.__module__}.{value.__qualname__}" if isinstance(value, type) else value


@contextmanager
def _running(command: list[str], database: str | None = None) -> Iterator[Running]:
    """Start a module, wait for its ready line, stop it afterwards."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=_environment() | {"TMPDIR": folder},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                log.seek(0)
                raise RuntimeError(f"{' '.join(command[:2])} did not start: {log.read()[-2000:]}")
            yield Running(process, json.loads(line), Path(folder), database)
        finally:
            _stop(process)


def _environment() -> dict[str, str]:
    """Answer the environment without options of the emulator's, so that a run is the same everywhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MOCKKOMMUNICATE_")}


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
