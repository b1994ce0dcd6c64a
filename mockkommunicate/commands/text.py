"""What commands print: nothing that a client sent may steer the terminal it is shown on."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from mockkommunicate import logs
from mockkommunicate.commands.options import PROGRAM

WIDEST = 120
"""The most characters of a cell of a table."""


class CannotWrite(click.ClickException):
    """What was to be printed cannot be written."""

    exit_code = 2


def printable(value: object) -> str:
    """Answer a text in which control characters, and others that do not show, are escaped as in Python."""
    return logs.printable(str(value))


def cell(value: object) -> str:
    """Answer a value as it stands in a table: printable, not too long, "-" for None."""
    text = "-" if value is None else printable(value)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Answer a table with aligned columns; numbers stand to the right."""
    numbers = [all(isinstance(row[column], int) for row in rows) for column in range(len(head))]
    cells = [list(head), *([cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(row, widths, numbers, strict=True)
        )
        for row in cells
    ]
    return "\n".join(line.rstrip() for line in lines)


def count(number: int, one: str, several: str = "") -> str:
    """Answer a number and its noun: "1 request", "2 requests"."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def instant(milliseconds: Any) -> str:  # noqa: ANN401 - whatever the control API answered
    """Answer milliseconds since 1970 as ISO 8601; a time that no calendar has, as the number."""
    try:
        seconds, rest = divmod(milliseconds, 1000)
        moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return str(milliseconds)
    return f"{moment}.{rest:03}Z"


def one_line(value: object) -> str:
    """Answer a value as JSON on one line, nothing for None."""
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def as_json(value: object) -> str:
    """Answer a value as JSON, a line for each part of it, pure ASCII."""
    try:
        return json.dumps(value, indent=2)
    except RecursionError:  # it is nested deeper than can be indented
        return json.dumps(value)


def say(text: str) -> None:
    """Print to stdout; raise CannotWrite when that fails. Who no longer reads it ends us, as SIGPIPE would."""
    try:
        click.echo(text)
    except OSError as error:
        forget_stdout()
        if isinstance(error, BrokenPipeError):
            sys.exit(128 + signal.SIGPIPE)
        raise CannotWrite(f"cannot write to stdout: {error.strerror}") from error


def complain(message: str, code: int) -> int:
    """Print what is wrong as one line on stderr; answer the exit code."""
    click.echo(f"{PROGRAM}: error: {printable(' '.join(message.split()))}", err=True)
    return code


def forget_stdout() -> None:
    """Let the rest of the output go nowhere: the interpreter would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
