"""The command `fault`: what goes wrong in an app, and when."""

from typing import Any

import click

from mockkommunicate.commands import text
from mockkommunicate.commands.options import Group
from mockkommunicate.commands.target import Target, with_target
from mockkommunicate.commands.values import JsonOrFile


@click.group(cls=Group)
def fault() -> None:
    """Add, list and delete the faults of an app."""


@fault.command()
@click.argument("rule", type=JsonOrFile(), metavar="JSON|FILE")
@with_target()
def add(target: Target, rule: Any) -> None:  # noqa: ANN401 - any JSON
    """Add a fault, such as '{"match": {"operation": "message.send"}, "do": {"gateway": 503}}'.

    One of deliveries is such as '{"match": {"delivery": "webhook"}, "do": {"deliver": "duplicate"}}'.
    """
    answer = target.call("POST", "faults", body=rule)
    target.show(answer, f"added fault {text.printable(answer['id'])}")


@fault.command("list")
@with_target()
def list_all(target: Target) -> None:
    """List the app's faults, with how many requests or deliveries each has seen and hit."""
    answer = target.call("GET", "faults")
    rows = [
        [
            one["id"],
            one["hits"],
            one["seen"],
            *(text.one_line(one.get(part)) for part in ("match", "when", "do")),
        ]
        for one in answer["faults"]
    ]
    target.show(answer, text.table(["ID", "HITS", "SEEN", "MATCH", "WHEN", "DO"], rows))


@fault.command()
@click.argument("fault_id", metavar="[ID]", required=False)
@with_target()
def delete(target: Target, fault_id: str | None) -> None:
    """Delete one fault, or all of them."""
    answer = target.call("DELETE", "faults", *([] if fault_id is None else [fault_id]))
    target.show(answer, f"deleted {text.count(answer['deleted'], 'fault')}")
