"""The command `scenario`: files that say what an app holds at first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from mockkommunicate.commands import files, text
from mockkommunicate.commands.options import Group, option

_STARTER = "starter"
_SUFFIXES = (".yaml", ".yml")
_json = option(
    "--json", "as_json", is_flag=True, default=False, show_default=False, help="Print the answer as JSON."
)


@click.group(cls=Group)
def scenario() -> None:
    """Check scenarios, begin a new one, list those there are."""


@scenario.command()
@click.argument("sources", metavar="FILE|NAME...", nargs=-1, required=True)
@_json
def check(sources: Sequence[str], *, as_json: bool) -> int:
    """Check scenarios.

    Every fault is a line on stderr, FILE:LINE:COLUMN: what is wrong and what would be right, and the exit code 2.
    """
    checked = [_check(source) for source in sources]
    if as_json:
        text.say(text.as_json({"scenarios": checked}))
    else:
        for one in checked:
            _show(one)
    return 0 if all(one["ok"] for one in checked) else 2


def _check(source: str) -> dict[str, Any]:
    from mockkommunicate.domain.errors import ScenarioError  # noqa: PLC0415 - --help needs none of it
    from mockkommunicate.operations import scenarios  # noqa: PLC0415

    try:
        values, faults = scenarios.check(source)
    except ScenarioError as error:
        return {"scenario": source, "ok": False, "problems": [{"message": str(error)}]}
    if faults:
        problems = [
            {"line": fault.line, "column": fault.column, "field": fault.field, "message": fault.message}
            for fault in faults
        ]
        return {"scenario": source, "ok": False, "problems": problems}
    return {"scenario": source, "ok": True, **scenarios.count(values)}


def _show(checked: Mapping[str, Any]) -> None:
    source = text.printable(checked["scenario"])
    if checked["ok"]:
        counted = [text.count(checked[f"{kind}s"], kind) for kind in ("user", "conversation", "message")]
        text.say(f"{source}: ok: {', '.join(counted)}")
    for problem in checked.get("problems", []):
        where = f"{source}:{problem['line']}:{problem['column']}: " if "line" in problem else ""
        told = f"{problem.get('field', '')} {problem['message']}".lstrip()
        click.echo(f"{where}{text.printable(told)}", err=True)


def _is_yaml(context: click.Context, parameter: click.Parameter, value: str) -> Path | None:
    if not value.endswith(_SUFFIXES):
        raise click.BadParameter(f"{value!r} must end with .yaml or .yml, for YAML is what is written")
    return files.writable(context, parameter, value)


@scenario.command()
@click.argument("file", metavar="FILE", callback=_is_yaml)
@option("--force", of="scenario new", is_flag=True, default=False, show_default=False, help="Overwrite FILE.")
@_json
def new(file: Path, *, force: bool, as_json: bool) -> None:
    """Write a scenario to start from, with every section and field explained."""
    from mockkommunicate.operations import scenarios  # noqa: PLC0415 - --help needs none of it

    if file.exists() and not force:
        raise click.UsageError(f"{str(file)!r} is there already; --force overwrites it")
    files.write_whole(file, scenarios.read_shipped(_STARTER))
    shown = f"wrote {text.printable(file)}; check it with `mockkommunicate scenario check`"
    text.say(text.as_json({"written": str(file)}) if as_json else shown)


@scenario.command("list")
@_json
def list_(*, as_json: bool) -> None:
    """List the scenarios that can be named, each with what it is."""
    from mockkommunicate.operations import scenarios  # noqa: PLC0415 - --help needs none of it

    named = [
        {"name": name, "description": scenarios.load(name).get("description", "")}
        for name in scenarios.names()
    ]
    rows = [[one["name"], one["description"]] for one in named]
    text.say(text.as_json({"scenarios": named}) if as_json else text.table(["NAME", "DESCRIPTION"], rows))
