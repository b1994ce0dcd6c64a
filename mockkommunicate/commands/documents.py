"""The commands `openapi` and `postman`: documents of the APIs, without a server."""

import json
from pathlib import Path
from typing import Any

import click

from mockkommunicate.commands import files, text
from mockkommunicate.commands.options import flag, option
from mockkommunicate.commands.target import URL

_YAML = (".yaml", ".yml")


@click.command()
@click.argument(
    "name",
    metavar="[kommunicate|control]",
    type=click.Choice(["kommunicate", "control"]),
    default="kommunicate",
)
@option(
    "--output",
    of="openapi",
    metavar="FILE",
    callback=files.writable,
    help="Where to write it, whole; as YAML if it ends with .yaml or .yml.  [default: JSON to stdout]",
)
@URL
def openapi(name: str, *, output: Path | None, url: str) -> None:
    """Write the OpenAPI 3.1 document of the emulated API, or of the control API.

    It is what a server at --url serves; none needs to run.
    """
    _write(_described(name, url), output)


@click.command()
@option(
    "--output",
    of="postman",
    metavar="FILE",
    callback=files.writable,
    help="Where to write it, whole.  [default: stdout]",
)
@flag(
    "--all",
    of="postman",
    help="Every example of the contract files, not only one for each thing that is answered.",
)
@URL
def postman(*, output: Path | None, url: str, **asked: bool) -> None:
    """Write a Postman collection that sends the examples, and tests what is answered.

    Each example makes a fresh app on the server at --url and leaves the others alone.
    """
    from mockkommunicate.openapi import postman as made  # noqa: PLC0415 - --help needs none of it
    from mockkommunicate.operations import examples  # noqa: PLC0415

    document = _described("kommunicate", url)
    _write(made.collection(document, examples.contracts(), url=url, whole=asked["all"]), output)


def _described(name: str, url: str) -> dict[str, Any]:
    from mockkommunicate import app, openapi  # noqa: PLC0415 - --help needs no Flask

    return openapi.DESCRIBED[name](app.routes(), url)


def _write(document: dict[str, Any], output: Path | None) -> None:
    """Write a document to a file, or to stdout."""
    if output is None:
        text.say(text.as_json(document))
        return
    files.write_whole(output, _as_yaml(document) if output.suffix in _YAML else f"{text.as_json(document)}\n")
    text.say(f"wrote {text.printable(output)}")


def _as_yaml(document: dict[str, Any]) -> str:
    import yaml  # noqa: PLC0415 - JSON does without it

    plain = json.loads(json.dumps(document))  # no enums, and nothing twice: YAML would write an alias
    return yaml.safe_dump(plain, sort_keys=False, width=120)
