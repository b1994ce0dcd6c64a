"""The command `state`: an app as one JSON document."""

from pathlib import Path
from typing import Any

import click

from mockkommunicate.commands import files, text
from mockkommunicate.commands.options import Group
from mockkommunicate.commands.target import Target, with_target
from mockkommunicate.commands.values import JsonFile


@click.group(cls=Group)
def state() -> None:
    """Export and import an app as one JSON document."""


@state.command()
@click.argument("file", metavar="[FILE]", required=False, callback=files.writable)
@with_target()
def export(target: Target, file: Path | None) -> None:
    """Write the app's state to a file, whole or not at all, or to stdout."""
    document = text.as_json(target.call("GET", "state"))
    if file is None:
        text.say(document)
        return
    files.write_whole(file, f"{document}\n")
    target.show({"exported": str(file)}, f"exported to {text.printable(file)}")


@state.command("import")
@click.argument("document", type=JsonFile(), metavar="FILE")
@with_target()
def import_(target: Target, document: Any) -> None:  # noqa: ANN401 - any JSON
    """Put a state into the app, in the place of what it holds; - reads stdin."""
    answer = target.call("PUT", "state", body=document)
    kinds = ", ".join(f"{number} {kind}" for kind, number in answer["imported"].items() if number)
    target.show(answer, f"imported {kinds or 'nothing'}")
