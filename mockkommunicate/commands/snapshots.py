"""The command `snapshot`: states of an app that it can go back to."""

import click

from mockkommunicate.commands import text
from mockkommunicate.commands.options import Group
from mockkommunicate.commands.target import Target, with_target


@click.group(cls=Group)
def snapshot() -> None:
    """Save, list, restore and delete snapshots of an app."""


@snapshot.command()
@click.argument("name")
@with_target()
def save(target: Target, name: str) -> None:
    """Save the app's state under a name; a snapshot that has it is replaced."""
    answer = target.call("PUT", "snapshots", name)
    target.show(answer, f"saved {text.printable(answer['name'])}")


@snapshot.command("list")
@with_target()
def list_all(target: Target) -> None:
    """List the app's snapshots."""
    answer = target.call("GET", "snapshots")
    rows = [[one["name"], text.instant(one["createdAtTime"])] for one in answer["snapshots"]]
    target.show(answer, text.table(["NAME", "CREATED"], rows))


@snapshot.command()
@click.argument("name")
@with_target()
def restore(target: Target, name: str) -> None:
    """Go back to a snapshot."""
    answer = target.call("POST", "snapshots", name, "restore")
    target.show(answer, f"restored {text.printable(answer['restored'])}")


@snapshot.command()
@click.argument("name")
@with_target()
def delete(target: Target, name: str) -> None:
    """Delete a snapshot."""
    answer = target.call("DELETE", "snapshots", name)
    target.show(answer, f"deleted {text.printable(answer['deleted'])}")
