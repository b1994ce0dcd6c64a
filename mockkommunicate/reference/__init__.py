"""The reference: pages that show the OpenAPI documents, with Swagger UI where the extra `docs` is there, plain elsewhere.

Like the console they need no token: they say what any server of this version says, and nothing of what is in one.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import NotFound

from mockkommunicate import web_pages
from mockkommunicate.reference import shown, swagger

PREFIX = "/_mock/docs"
STATIC = Path(__file__).parent / "static"

ENDINGS = (".css", ".js", ".png")

TITLES = {"kommunicate": "The emulated API", "control": "The control API"}

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
    folder = STATIC if (STATIC / Path(name).name).is_file() else swagger.folder()
    if folder is None:
        raise NotFound
    return _guarded(web_pages.file(folder, name, ENDINGS))


def _document(name: str) -> dict[str, Any]:
    from mockkommunicate import openapi  # noqa: PLC0415 - apispec is not needed to serve

    return openapi.DESCRIBED[name](current_app, request.host_url)


def _guarded(answered: str | Response) -> Response:
    """Make an answer that may do what every page of ours may; the page of Swagger UI, what that needs."""
    is_swagger = request.path.rstrip("/") == PREFIX
    return web_pages.guard(current_app.make_response(answered), swagger.ALLOWED if is_swagger else {})
