"""/_mock/llms.txt and /_mock/docs/PAGE.md: the documentation as it is written, for whoever reads Markdown.

It says nothing about any app, so that nobody needs a token to read it.
"""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from mockkommunicate import shipped

PREFIX = "/_mock"

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}

blueprint = Blueprint("manual", __name__)


@blueprint.get("/llms.txt")
@blueprint.get(f"{PREFIX}/llms.txt")
def index() -> Response:
    """List the pages with what each is about, in the form of llmstxt.org; the links lead to this server."""
    base = f"{request.host_url.rstrip('/')}{PREFIX}/docs/"
    return _text(shipped.index(base), "text/plain")


@blueprint.get(f"{PREFIX}/docs/<path:name>.md")
def page(name: str) -> Response:
    """Answer a page of the documentation."""
    path = shipped.pages().get(f"{name}.md")
    if path is None:
        raise NotFound
    return _text(path.read_text(encoding="utf-8"), "text/markdown")


def _text(text: str, kind: str) -> Response:
    return Response(text, content_type=f"{kind}; charset=utf-8", headers=HEADERS)
