"""The command `clock`: the time of an app."""

from typing import Any

import click

from mockkommunicate.commands import text
from mockkommunicate.commands.options import flag, option
from mockkommunicate.commands.target import Target, with_target
from mockkommunicate.commands.values import number_or_text

NOW = "now"
"""What `--freeze` alone stands for."""


@click.command()
@option(
    "--freeze", of="clock", is_flag=False, flag_value=NOW, metavar="[INSTANT]", help="Stop it, now or there."
)
@option("--set", of="clock", metavar="INSTANT", help="Put it there; it goes on if it goes.")
@option("--advance", of="clock", metavar="DURATION", help="Put it forward, and run what falls due.")
@flag("--resume", of="clock", help="Let it go on.")
@with_target()
def clock(target: Target, *, freeze: str | None, advance: str | None, resume: bool, **other: Any) -> None:  # noqa: ANN401
    """Show an app's clock, or change it.

    An INSTANT is milliseconds since 1970 or ISO 8601 (UTC unless it says otherwise), a DURATION milliseconds or
    ISO 8601, such as PT1H30M. Several changes at once are made in the order of the options below.
    """
    if freeze is not None and other["set"] is not None:
        raise click.UsageError("--freeze and --set exclude each other: --freeze=INSTANT does both")
    changes: dict[str, object] = {
        "freeze": True if freeze == NOW else number_or_text(freeze),
        "set": number_or_text(other["set"]),
        "advance": number_or_text(advance),
        "resume": resume or None,
    }
    body = {name: value for name, value in changes.items() if value is not None}
    answer = target.call("POST", "clock", body=body) if body else target.call("GET", "clock")
    lines = [f"{text.instant(answer['now'])} {text.printable(answer['mode'])}"]
    lines += [f"ran {text.printable(text.one_line(job))}" for job in answer.get("ran", [])]
    target.show(answer, "\n".join(lines))
