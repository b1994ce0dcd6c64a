"""Files that the server writes: all of it or nothing."""

import os
import secrets
from pathlib import Path

from mockkommunicate.domain.errors import StartError


def check_place(what: str, file: str | None) -> None:
    """Raise StartError, before anything is done, unless a file can be written there; None is no file."""
    if not file:
        return
    path = Path(file)
    if path.is_dir() or not path.parent.is_dir():
        raise StartError(f"{what} {file}: it must be a file in a folder that exists")
    if not os.access(path.parent, os.W_OK):
        raise StartError(f"{what} {file}: the folder {path.parent} cannot be written to")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it, or what was there before: to another name, synced, then renamed.

    A device or a pipe is written to as it is; a link stays, and what it leads to is written.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    path = path.resolve()
    part = path.with_name(f".mockkommunicate-{secrets.token_hex(8)}")
    try:
        with part.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
