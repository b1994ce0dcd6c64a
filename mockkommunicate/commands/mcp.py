"""The command `mcp`: the emulator for a coding assistant, over stdin and stdout."""

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mockkommunicate.commands.options import is_key, option
from mockkommunicate.commands.values import ServerUrl

if TYPE_CHECKING:
    from mockkommunicate.handle import RunningServer

_OWN = ("port", "database", "scenario", "seed")
"""The options of a server of its own."""


@click.command("mcp")
@option(
    "--url",
    type=ServerUrl(),
    default=None,
    help="The running server to work on; without it, one of its own is started.",
)
@option("--control-token", metavar="TOKEN", callback=is_key, help="What that server's control API asks for.")
@option(
    "--port",
    of="mcp",
    type=click.IntRange(0, 65_535),
    default=0,
    help="The port of its own server; 0 takes a free one.",
)
@option(
    "--database", of="mcp", metavar="URL", help="Where its own server keeps its state: sqlite:///file.db."
)
@option("--scenario", of="mcp", metavar="NAME|FILE", help="What its own server's default app holds at first.")
@option("--seed", of="mcp", type=click.IntRange(0, 2**53), help="What ids and generated data follow from.")
@click.pass_context
def mcp(context: click.Context, /, *, url: str | None, control_token: str | None, **own: Any) -> None:  # noqa: ANN401
    """Serve an assistant over the Model Context Protocol.

    It speaks over stdin and stdout, until stdin ends. Without --url it works on a server of its own, on a free port of
    this machine, that ends with it.
    """
    serve = _loaded()
    if url:
        _refuse_own(context)
    with ExitStack() as closing:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: _end(closing))
        serve(_connect(url, control_token or None) if url else _start(closing, own))


def _loaded() -> "Callable[[RunningServer], None]":
    try:
        from mockkommunicate.mcp.server import run  # noqa: PLC0415 - --help does not need the SDK, which is an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "pydantic", "typing_extensions"}:
            raise
        problem = (
            "mcp needs the SDK of the protocol, version 2.3 or newer: pip install 'mockkommunicate[mcp]'"
        )
        raise click.UsageError(problem) from error
    return run


def _end(closing: ExitStack) -> None:
    """Tidy up and end here: a thread waits for stdin, and nothing but its end would wake it."""
    closing.close()
    os._exit(0)


def _refuse_own(context: click.Context) -> None:
    for name in _OWN:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} is for a server of its own: leave out either it or --url")


def _connect(url: str, token: str | None) -> "RunningServer":
    from mockkommunicate.handle import RunningServer  # noqa: PLC0415

    return RunningServer(url, token=token)


def _start(closing: ExitStack, own: dict[str, Any]) -> "RunningServer":
    from mockkommunicate.server import MockKommunicate  # noqa: PLC0415 - --help needs neither Flask nor SQLAlchemy

    given = {name: value for name, value in own.items() if value not in (None, "")}
    server = closing.enter_context(MockKommunicate(**given))
    return _connect(server.url, None)
