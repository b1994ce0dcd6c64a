"""The command line. Every option has an environment name: MOCKKOMMUNICATE_PORT and so on."""

import logging.config
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from mockkommunicate import __version__
from mockkommunicate.domain.apps import API_KEY, APPLICATION_ID
from mockkommunicate.domain.errors import StartError
from mockkommunicate.settings import Settings

PROGRAM = "mockkommunicate"
Command = TypeVar("Command", bound=Callable[..., Any])


def main() -> None:
    """Run the command; what is wrong with it is one line on stderr, and the exit code 2."""
    try:
        code = cli.main(prog_name=PROGRAM, standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        code = _complain(error.format_message(), error.exit_code)
    except StartError as error:
        code = _complain(str(error), 2)
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str, code: int) -> int:
    sys.stderr.write(f"{PROGRAM}: error: {' '.join(message.split())}\n")
    return code


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name=PROGRAM)
@click.pass_context
def cli(context: click.Context) -> None:
    """Run a local emulator of the Kommunicate REST API."""
    if context.invoked_subcommand is None:
        raise click.UsageError(f"a command is missing: {', '.join(cli.commands)}; --help says more")


def _matching(pattern: Any, what: str) -> Any:  # noqa: ANN401 - click's callbacks
    def check(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
        if value and not pattern.match(value):
            raise click.BadParameter(f"{value!r} is not {what}")
        return value

    return check


def _option(*names: str, **attributes: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - click's own
    """Make an option that has an environment name, and shows it and its default in the help."""
    field = names[0].removeprefix("--").replace("-", "_")
    default = attributes.pop("default", getattr(Settings, field, None))
    variable = f"{PROGRAM}_{field}".upper()
    return click.option(
        *names,
        default=default,
        envvar=variable,
        show_envvar=True,
        show_default=default is not None,
        **attributes,
    )


@cli.command()
@_option("--host", help="The address to listen on; off loopback the control API wants a token.")
@_option("--port", type=click.IntRange(0, 65_535), help="The port; 0 takes a free one.")
@_option(
    "--database", metavar="URL", help="sqlite:///file.db or postgresql+psycopg://...; none: a temporary file."
)
@_option("--scenario", metavar="NAME|FILE", help="What the default app holds at first.  [default: empty]")
@_option(
    "--seed",
    type=click.IntRange(0, 2**53),
    help="What ids and generated data of the default app follow from.",
)
@_option(
    "--api-key",
    callback=_matching(API_KEY, "1 to 200 printable ASCII characters without spaces"),
    help="The default app's key.  [default: mock-api-key]",
)
@_option(
    "--application-id",
    callback=_matching(APPLICATION_ID, "1 to 100 letters, digits, '.', '_' or '-'"),
    help="The default app's id.",
)
@_option("--workers", type=click.IntRange(1, 64), help="Processes.")
@_option("--threads", type=click.IntRange(1, 512), help="Threads of each process.")
@_option("--ready-file", metavar="FILE", help="Where to write the ready line too, whole.")
@_option("--log-format", type=click.Choice(["text", "json"]), help="How the log on stderr looks.")
@_option(
    "--control-token",
    metavar="TOKEN",
    callback=_matching(API_KEY, "1 to 200 printable ASCII characters without spaces"),
    help="What the control API asks for; made up off loopback.",
)
@_option("--max-apps", type=click.IntRange(1), help="How many apps there may be.")
@_option("--max-body", type=click.IntRange(1_024), metavar="BYTES", help="How large a body may be.")
@_option("--store-timeout", type=click.FloatRange(0.1, 600), help="Seconds to wait for a locked database.")
def serve(**options: Any) -> None:  # noqa: ANN401 - the fields of Settings
    """Serve the emulator; one line of JSON on stdout says that it answers."""
    from mockkommunicate import logs, serving  # noqa: PLC0415 - --help needs no Flask

    settings = Settings(**{name: value for name, value in options.items() if value != ""})
    logging.config.dictConfig(logs.configuration(settings.log_format))
    serving.serve(settings)
