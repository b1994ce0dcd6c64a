"""The console: one page and its modules as static files, which talk to the two HTTP APIs like any other client."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound

PREFIX = "/_mock/console"
PAGE = "console.html"
STATIC = Path(__file__).parent / "static"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""The types by the ends of names: what the machine knows of them is not asked, for it may be wrong."""

_ALLOWED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob: http: https:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
"""What the page may do: pictures of other hosts are allowed, for whoever looks may ask for one; it asks for none."""

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in _ALLOWED.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

blueprint = Blueprint("console", __name__, url_prefix=PREFIX)


@blueprint.get("")
def page() -> Response:
    """Answer the page."""
    return file(PAGE)


@blueprint.get("/<name>")
def file(name: str) -> Response:
    """Answer a file of the page."""
    kind = TYPES.get(Path(name).suffix)
    if kind is None:
        raise NotFound
    response = send_from_directory(STATIC, name, mimetype=kind)
    response.headers["Content-Type"] = kind
    response.headers.update(HEADERS)
    return response
