"""The command `exec`: a command with a server of its own."""

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockkommunicate.commands import files, options, report, text
from mockkommunicate.commands.target import Refused, Target
from mockkommunicate.settings import Settings, has_gunicorn

if TYPE_CHECKING:
    from mockkommunicate.commands.server_process import Ready


@click.command("exec", context_settings={"allow_interspersed_args": False})
@options.server_options(port=0)
@options.option(
    "--report",
    "form",
    type=click.Choice(["text", "json", "none"]),
    default="text",
    help="What to report to stderr when the command has ended.",
)
@options.option(
    "--report-file", metavar="FILE", callback=files.writable, help="Where to write the report instead, whole."
)
@click.argument("command", nargs=-1, metavar="-- COMMAND...", type=click.UNPROCESSED)
def execute(command: Sequence[str], *, form: str, report_file: Path | None, **server: Any) -> int:  # noqa: ANN401
    """Run a command with a server of its own.

    The server takes a free port. KOMMUNICATE_BASE_URL, KOMMUNICATE_API_KEY and KOMMUNICATE_APP_ID say to the command
    where it is. Afterwards it is stopped, and what it was asked is reported.

    Exit codes: the command's own, 128 and the number of the signal that ended it, 126 when it cannot be run, 127 when
    it is not found, 2 when the server cannot be started.
    """
    if not command:
        raise click.UsageError("a command is missing: mockkommunicate exec [OPTIONS] -- COMMAND...")
    if not has_gunicorn():
        raise click.UsageError("exec needs a POSIX system: run `serve` beside the command instead")
    if form == "none" and report_file is not None:
        raise click.UsageError("--report-file needs --report text or --report json")
    settings = options.settings(server).guarded()
    write = None if form == "none" else functools.partial(_report, form, report_file)
    return _run(command, settings, write)


def _run(command: Sequence[str], settings: Settings, write: Callable[[Target], None] | None) -> int:
    from mockkommunicate.commands import command_process, server_process  # noqa: PLC0415 - POSIX only

    blocked = command_process.block_signals()
    try:
        with server_process.running(settings, until=command_process.FORWARDED) as ready:
            code = command_process.run(command, os.environ | _variables(ready, settings), blocked)
            if write is not None:
                write(Target(url=ready.url, token=settings.control_token))
    except server_process.NotStarted as error:
        return error.code
    except command_process.NotRun as error:
        return text.complain(str(error), error.code)
    return code


def _variables(ready: "Ready", settings: Settings) -> dict[str, str]:
    """Answer what says to a client of Kommunicate, and to our own commands, where the server is."""
    variables = {
        "KOMMUNICATE_BASE_URL": ready.url,
        "KOMMUNICATE_API_KEY": ready.api_key,
        "KOMMUNICATE_APP_ID": ready.application_id,
        "MOCKKOMMUNICATE_URL": ready.url,
        "MOCKKOMMUNICATE_APP": ready.application_id,
    }
    token = settings.control_token
    return variables | ({"MOCKKOMMUNICATE_CONTROL_TOKEN": token} if token else {})


def _report(form: str, file: Path | None, target: Target) -> None:
    """Report what the server was asked; why that cannot be done is a line on stderr, and changes no exit code."""
    try:
        gathered = report.gather(target)
        written = text.as_json(gathered) if form == "json" else report.in_words(gathered)
        if file is None:
            click.echo(written, err=True)
        else:
            files.write_whole(file, f"{written}\n")
    except (Refused, files.CannotWrite) as error:
        text.complain(f"no report: {error.format_message()}", error.exit_code)
