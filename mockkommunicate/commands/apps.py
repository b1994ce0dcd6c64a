"""The commands `app` and `reset`: apps of a running server."""

from collections.abc import Mapping
from typing import Any

import click

from mockkommunicate.commands import text
from mockkommunicate.commands.options import Group, is_application_id, is_key, option
from mockkommunicate.commands.target import Target, with_target
from mockkommunicate.commands.values import JsonOrFile, number_or_text

_SEED = click.IntRange(0, 2**53)


@click.group(cls=Group)
def app() -> None:
    """Create, list and delete the apps of a running server."""


@app.command()
@option(
    "--scenario", of="app create", metavar="NAME|FILE", help="What it holds at first; FILE is the server's."
)
@option("--from", of="app create", metavar="APP", help="The app to fork, instead of a scenario.")
@option("--snapshot", of="app create", metavar="NAME", help="The snapshot of that app to fork.")
@option("--seed", of="app create", type=_SEED, help="What its ids and generated data follow from.")
@option("--settings", of="app create", type=JsonOrFile(), help="Its settings, as far as they differ.")
@option("--api-key", of="app create", callback=is_key, help="Its key; made up if not given.")
@option("--application-id", of="app create", callback=is_application_id, help="Its id; made up if not given.")
@option("--at", of="app create", metavar="INSTANT", help="Freeze its clock there; ms since 1970 or ISO 8601.")
@with_target(app=False)
def create(target: Target, **wanted: Any) -> None:  # noqa: ANN401 - click's values
    """Create an app; its id and key are printed."""
    if wanted["from"] is not None and wanted["scenario"] is not None:
        raise click.UsageError("--scenario and --from exclude each other: a fork holds what its origin does")
    if wanted["snapshot"] is not None and wanted["from"] is None:
        raise click.UsageError("--snapshot needs --from APP, the app that has it")
    names = {"api_key": "apiKey", "application_id": "applicationId"}
    body = {names.get(name, name): value for name, value in wanted.items() if value is not None}
    made = target.call_server("POST", "apps", body=body | _at(wanted["at"]))
    width = max(map(len, made))
    target.show(made, "\n".join(f"{name:{width}}  {text.cell(value)}" for name, value in made.items()))


@app.command("list")
@with_target(app=False)
def list_all(target: Target) -> None:
    """List the apps, by their creation."""
    answer = target.call_server("GET", "apps")
    head = ["APP", "KEY", "SCENARIO", "SEED", "CREATED"]
    rows = [
        [
            one["applicationId"],
            one["apiKey"],
            one["scenario"],
            one["seed"],
            text.instant(one["createdAtTime"]),
        ]
        for one in answer["apps"]
    ]
    target.show(answer, text.table(head, rows))


@app.command()
@click.argument("application_id", metavar="APP")
@with_target(app=False)
def delete(target: Target, application_id: str) -> None:
    """Delete an app and everything in it."""
    answer = target.call_server("DELETE", "apps", application_id)
    target.show(answer, f"deleted {text.printable(answer['deleted'])}: {_kinds(answer['removed'])}")


@click.command()
@option("--scenario", of="reset", metavar="NAME|FILE", help="What it is filled with; its own if not given.")
@option("--seed", of="reset", type=_SEED, help="The seed it has from then on; its own if not given.")
@with_target()
def reset(target: Target, **to: Any) -> None:  # noqa: ANN401 - click's values
    """Empty an app and fill it again."""
    answer = target.call(
        "POST", "reset", body={name: value for name, value in to.items() if value is not None}
    )
    shown = f"reset {text.printable(answer['applicationId'])} to {text.printable(answer['scenario'])}"
    target.show(answer, f"{shown}, seed {answer['seed']}; removed {_kinds(answer['removed'])}")


def _at(value: str | None) -> dict[str, object]:
    return {} if value is None else {"at": number_or_text(value)}


def _kinds(removed: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in removed.items() if number) or "nothing"
