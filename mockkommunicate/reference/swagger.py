"""Where Swagger UI is, if the extra `docs` is installed, and what its page may do."""

from importlib.util import find_spec
from pathlib import Path

PACKAGE = "flask_swagger_ui"

ALLOWED = {"style-src": "'self' 'unsafe-inline'"}
"""Swagger UI puts styles of its own on elements."""


def folder() -> Path | None:
    """Answer the folder of its files; None where it is not installed."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "dist"
