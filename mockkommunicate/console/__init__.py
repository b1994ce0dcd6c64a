"""The console: one page and its modules as static files, which talk to the two HTTP APIs like any other client."""

from pathlib import Path

from flask import Blueprint, Response

from mockkommunicate import web_pages

PREFIX = "/_mock/console"
PAGE = "console.html"
STATIC = Path(__file__).parent / "static"
ENDINGS = (".css", ".html", ".js", ".svg")

_ALSO_ALLOWED = {"img-src": "'self' data: blob: http: https:", "frame-src": "'self'"}
"""Pictures of other hosts are allowed, for whoever looks may ask for one; the page asks for none."""

blueprint = Blueprint("console", __name__, url_prefix=PREFIX)


@blueprint.get("")
def page() -> Response:
    """Answer the page."""
    return file(PAGE)


@blueprint.get("/<name>")
def file(name: str) -> Response:
    """Answer a file of the page."""
    return web_pages.guard(web_pages.file(STATIC, name, ENDINGS), _ALSO_ALLOWED)
