"""The floor: an empty Flask app under the emulator's own gunicorn options. `python -m benchmarks.floor SPEC`.

It answers each operation with a JSON of the emulator's size, and does nothing else; or one insert into a database, and
nothing else. It imports no line of the package, unless the gunicorn options name one.
"""

import json
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

_BACKLOG = 2_048


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What a floor answers: `sizes` are the bytes of each operation's answer; `synchronous` is for SQLite."""

    gunicorn: dict[str, Any]
    sizes: dict[str, int]
    database: str | None = None
    synchronous: str | None = None

    def dumped(self) -> str:
        """Answer it as the command line's argument."""
        return json.dumps(asdict(self))


class Floor(BaseApplication):
    """gunicorn with the empty app."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        super().__init__()

    def load_config(self) -> None:
        """Take over the emulator's options; listen, and say when it answers, as the emulator does."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        port = listener.getsockname()[1]
        self.cfg.set("bind", f"fd://{listener.detach()}")
        self.cfg.set("when_ready", lambda _arbiter: _announce(port))
        for name, value in self.spec.gunicorn.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - any WSGI application
        """Make the application."""
        app = Flask("floor", static_folder=None)
        insert = _nothing if self.spec.database is None else _inserting(self.spec)
        for name, size in self.spec.sizes.items():
            app.add_url_rule(f"/{name}", name, _view(size, insert), methods=["POST", "PATCH"])
        return app


def _view(size: int, insert: Callable[[], None]) -> Callable[[], dict[str, str]]:
    answer = {"padding": "", "status": "success"}
    written = len(json.dumps(answer, separators=(",", ":"))) + len("\n")
    answer["padding"] = "x" * max(0, size - written)

    def view() -> dict[str, str]:
        insert()
        return answer

    return view


def _nothing() -> None:
    pass


def _inserting(spec: Spec) -> Callable[[], None]:
    """Open the database, make a table, and answer what inserts one row in a transaction of its own."""
    import sqlalchemy as sa  # noqa: PLC0415 - the empty app does not pay for it

    engine = sa.create_engine(spec.database or "", pool_size=32)
    if spec.synchronous is not None:
        sa.event.listen(
            engine, "connect", lambda raw, _: raw.execute(f"PRAGMA synchronous={spec.synchronous}")
        )
    rows = sa.Table(
        "rows", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.Text)
    )
    with engine.begin() as connection:
        if spec.synchronous is not None:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        rows.create(connection)
    engine.dispose()
    statement = rows.insert().inline()

    def insert() -> None:
        with engine.begin() as connection:
            connection.execute(statement, {"text": "x" * 100})

    return insert


def _announce(port: int) -> None:
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}"}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Floor(Spec(**json.loads(sys.argv[1]))).run()
