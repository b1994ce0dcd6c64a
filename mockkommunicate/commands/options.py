"""How the options of commands are made: each has an environment name, and shows it in its help."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from mockkommunicate.domain.apps import API_KEY, APPLICATION_ID
from mockkommunicate.domain.targets import is_pattern
from mockkommunicate.settings import Settings

PROGRAM = "mockkommunicate"
Command = TypeVar("Command", bound=Callable[..., Any])


class Group(click.Group):
    """Commands under one name; without any it says which there are."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse to be called with nothing."""
        if not args:
            raise click.UsageError(f"a command is missing: {', '.join(self.commands)}; --help says more", ctx)
        return super().parse_args(ctx, args)


def option(*names: str, of: str = "", **attributes: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - click's own
    """Make an option of a command.

    Without `of` it is the server's: MOCKKOMMUNICATE_SEED, with the default that Settings has. Else its environment
    name has the command in it, MOCKKOMMUNICATE_RESET_SEED, so that what starts a server changes no app by accident.
    """
    field = names[0].removeprefix("--").replace("-", "_")
    default = attributes.pop("default", None if of else getattr(Settings, field, None))
    variable = "_".join(filter(None, (PROGRAM, of.replace(" ", "_"), field))).upper()
    attributes.setdefault("show_default", default is not None)
    return click.option(*names, default=default, envvar=variable, show_envvar=True, **attributes)


def flag(*names: str, of: str = "", **attributes: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - click's own
    """Make an option that is given or not."""
    return option(*names, of=of, is_flag=True, default=False, show_default=False, **attributes)


def matching(pattern: Any, what: str) -> Any:  # noqa: ANN401 - click's callbacks
    """Make a callback that refuses a value which is not as the pattern says."""

    def check(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
        if value and not pattern.match(value):
            raise click.BadParameter(f"{value!r} is not {what}")
        return value

    return check


is_key = matching(API_KEY, "1 to 200 printable ASCII characters without spaces")
is_application_id = matching(APPLICATION_ID, "1 to 100 letters, digits, '.', '_' or '-'")


def are_targets(
    _context: click.Context, _option: click.Parameter, patterns: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse a pattern that no target could fit."""
    for pattern in patterns:
        if not is_pattern(pattern):
            raise click.BadParameter(
                f"{pattern!r} is no name such as hooks.example.com or *.example.com, no address and no network"
            )
    return patterns


SERVER = (
    option("--host", help="The address to listen on; off loopback the control API wants a token."),
    option(
        "--database",
        metavar="URL",
        help="sqlite:///file.db or postgresql+psycopg://...; none: a temporary file.",
    ),
    option("--scenario", metavar="NAME|FILE", help="What the default app holds at first.  [default: empty]"),
    option(
        "--seed",
        type=click.IntRange(0, 2**53),
        help="What ids and generated data of the default app follow from.",
    ),
    option("--api-key", callback=is_key, help="The default app's key.  [default: mock-api-key]"),
    option("--application-id", callback=is_application_id, help="The default app's id."),
    option("--workers", type=click.IntRange(1, 64), help="Processes."),
    option("--threads", type=click.IntRange(1, 512), help="Threads of each process."),
    option("--ready-file", metavar="FILE", help="Where to write the ready line too, whole."),
    option("--log-format", type=click.Choice(["text", "json"]), help="How the log on stderr looks."),
    option(
        "--control-token",
        metavar="TOKEN",
        callback=is_key,
        help="What the control API asks for; made up off loopback.",
    ),
    option("--max-apps", type=click.IntRange(1), help="How many apps there may be."),
    option("--max-body", type=click.IntRange(1_024), metavar="BYTES", help="How large a body may be."),
    option(
        "--import",
        "import_file",
        metavar="FILE",
        help="A state that the default app begins with, where the database does not hold it yet.",
    ),
    option(
        "--export-on-exit", metavar="FILE", help="Where to leave the default app's state at the end, whole."
    ),
    option(
        "--deliveries",
        type=click.Choice(["pump", "inline", "procrastinate"]),
        help="Who sends what is owed to webhooks and bots: threads, nobody until asked to settle, or a queue in PostgreSQL.",
    ),
    option(
        "--allow-outbound",
        metavar="PATTERN",
        multiple=True,
        callback=are_targets,
        help="What may be called besides loopback and private networks: a name, *.example.com, an address, a network.",
    ),
    option("--store-timeout", type=click.FloatRange(0.1, 600), help="Seconds to wait for a locked database."),
)
"""The options of a server, but its port. Their names are the fields of Settings."""


def server_options(*, port: int) -> Callable[[Command], Command]:
    """Give a command the options of a server; `port` is the one it takes unless told otherwise."""

    def decorate(command: Command) -> Command:
        for add in reversed(SERVER):
            command = add(command)
        listen = option(
            "--port", type=click.IntRange(0, 65_535), default=port, help="The port; 0 takes a free one."
        )
        return listen(command)

    return decorate


def settings(options: Mapping[str, Any]) -> Settings:
    """Make settings of a server's options; an empty one counts as not given."""
    return Settings(**{name: value for name, value in options.items() if value != ""})
