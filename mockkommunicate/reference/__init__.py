"""The reference: pages that show the OpenAPI documents, with Swagger UI where the extra `docs` is there, plain elsewhere.

Like the console they need no token: they say what any server of this version says, and nothing of what is in one.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory
from werkzeug.exceptions import NotFound

from mockkommunicate.reference import shown, swagger

PREFIX = "/_mock/docs"
STATIC = Path(__file__).parent / "static"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
}
"""The types by the ends of names, as the console has them."""

TITLES = {"kommunicate": "The emulated API", "control": "The control API"}

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
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

blueprint = Blueprint("reference", __name__, url_prefix=PREFIX, template_folder="templates")


@blueprint.get("")
@blueprint.get("/")
def page() -> Response:
    """Answer the page of both APIs: Swagger UI, or without it the plain page of the emulated one."""
    if swagger.folder() is None:
        return plain("kommunicate")
    return _guarded(render_template("swagger.html", prefix=PREFIX, titles=TITLES))


@blueprint.get("/<any(kommunicate, control):name>")
def plain(name: str) -> Response:
    """Answer the plain page of an API."""
    document = _document(name)
    made = {"sections": shown.sections(document), "schemas": shown.schemas(document)}
    has_extra = swagger.folder() is not None
    return _guarded(
        render_template(
            "plain.html", name=name, prefix=PREFIX, titles=TITLES, extra=has_extra, document=document, **made
        )
    )


@blueprint.get("/<any(kommunicate, control):name>.json")
def document(name: str) -> dict[str, Any]:
    """Answer an OpenAPI document, for the page that shows it."""
    return _document(name)


@blueprint.get("/<name>")
def file(name: str) -> Response:
    """Answer a file of the pages, or of Swagger UI."""
    kind = TYPES.get(Path(name).suffix)
    folder = STATIC if (STATIC / Path(name).name).is_file() else swagger.folder()
    if kind is None or folder is None:
        raise NotFound
    response = send_from_directory(folder, name, mimetype=kind)
    response.headers["Content-Type"] = kind
    return _guarded(response)


def _document(name: str) -> dict[str, Any]:
    from mockkommunicate import openapi  # noqa: PLC0415 - apispec is not needed to serve

    return openapi.DESCRIBED[name](current_app, request.host_url)


def _guarded(answered: str | Response) -> Response:
    """Make an answer that may load nothing but what is ours, and may stand in no page of another."""
    response = current_app.make_response(answered)
    policy = _ALLOWED | (swagger.ALLOWED if request.path.rstrip("/") == PREFIX else {})
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{what} {where}" for what, where in policy.items()
    )
    response.headers.update(_HEADERS)
    return response
