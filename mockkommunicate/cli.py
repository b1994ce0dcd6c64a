"""The command line. Every option has an environment name: MOCKKOMMUNICATE_PORT and so on."""

import io
import sys
from typing import Any

import click

from mockkommunicate import __version__
from mockkommunicate.commands import apps, text
from mockkommunicate.commands.clock import clock
from mockkommunicate.commands.deliveries import deliveries
from mockkommunicate.commands.demo import demo
from mockkommunicate.commands.documents import openapi, postman
from mockkommunicate.commands.exec import execute
from mockkommunicate.commands.faults import fault
from mockkommunicate.commands.mcp import mcp
from mockkommunicate.commands.options import PROGRAM, Group, server_options, settings
from mockkommunicate.commands.requests import requests
from mockkommunicate.commands.scenario import scenario
from mockkommunicate.commands.snapshots import snapshot
from mockkommunicate.commands.state import state
from mockkommunicate.commands.verify import verify
from mockkommunicate.domain.errors import StartError
from mockkommunicate.settings import Settings


def main() -> None:
    """Run the command; what is wrong with it is one line on stderr, and the exit code says of which kind it is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(prog_name=PROGRAM, standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        code = text.complain(error.format_message(), error.exit_code)
    except StartError as error:
        code = text.complain(str(error), 2)
    sys.exit(code if isinstance(code, int) else 0)


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name=PROGRAM)
def cli() -> None:
    """Run a local emulator of the Kommunicate REST API, or talk to a running one.

    Exit codes: 0 done, 1 verification failed, 2 wrong usage or input, 3 the server cannot be reached or refused.
    `exec` ends with the code of its command.
    """


@cli.command()
@server_options(port=Settings.port)
def serve(**options: Any) -> None:  # noqa: ANN401 - the fields of Settings
    """Serve the emulator.

    One line of JSON on stdout says that it answers.
    """
    import logging.config  # noqa: PLC0415 - --help needs neither logs nor Flask

    from mockkommunicate import logs, serving  # noqa: PLC0415

    made = settings(options)
    logging.config.dictConfig(logs.configuration(made.log_format))
    serving.serve(made)


for command in (
    *(execute, demo, mcp, apps.app, apps.reset, requests, verify, deliveries),
    *(snapshot, state, clock, fault, scenario, openapi, postman),
):
    cli.add_command(command)
