"""Our own pages in a browser: what they may do there, and the files that they consist of."""

from collections.abc import Collection, Mapping
from pathlib import Path

from flask import Response, send_from_directory
from werkzeug.exceptions import NotFound

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
"""The types by the ends of names: what the machine knows of them is not asked, for it may be wrong."""

_ALLOWED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
"""What every page of ours may do: load what is ours, and stand in no page of another."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def guard(response: Response, also_allowed: Mapping[str, str]) -> Response:
    """Let a page do what every page of ours may, and what is allowed to this one besides."""
    policy = {**_ALLOWED, **also_allowed}
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{what} {where}" for what, where in policy.items()
    )
    response.headers.update(_HEADERS)
    return response


def file(folder: Path, name: str, endings: Collection[str]) -> Response:
    """Answer a file whose name ends so; raise NotFound for any other."""
    if Path(name).suffix not in endings:
        raise NotFound
    kind = _TYPES[Path(name).suffix]
    response = send_from_directory(folder, name, mimetype=kind)
    response.headers["Content-Type"] = kind
    return response
