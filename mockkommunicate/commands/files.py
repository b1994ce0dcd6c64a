"""Files that commands write: all of it or nothing."""

from pathlib import Path

import click

from mockkommunicate.operations import disk


class CannotWrite(click.ClickException):
    """A file cannot be written."""

    exit_code = 2


def writable(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Path | None:
    """Check, before anything is done, that a value names a file in a folder that exists."""
    if not value:
        return None
    path = Path(value)
    if path.is_dir() or not path.parent.is_dir():
        raise click.BadParameter(f"{value!r} must be a file in a folder that exists")
    return path


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or what was there before; raise CannotWrite."""
    try:
        disk.write_whole(path, text)
    except OSError as error:
        raise CannotWrite(f"cannot write {path}: {error.strerror or error}") from error
