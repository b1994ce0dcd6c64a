"""/_mock/apps/APP/files."""

from typing import Any

from flask import Blueprint, Response, request

from mockkommunicate.control.endpoint import control
from mockkommunicate.domain.files import Upload, plain_type, safe_headers
from mockkommunicate.operations import files, thumbnails
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.answers import FileList
from mockkommunicate.wire.control import Page
from mockkommunicate.wire.files import FileInput, FileKey, FileOutput

blueprint = Blueprint("files", __name__, url_prefix="/apps/<application_id>/files")
_output = FileOutput()


@blueprint.get("")
@control(query=Page, answers=FileList)
def list_page(work: Work, *, limit: int, after: int) -> dict[str, Any]:
    """List the uploaded files in the order of upload."""
    found = files.list_page(work, after=after, limit=limit + 1)
    page = {"files": [_output.write(file) for file in found[:limit]]}
    return page | {"next": found[limit - 1].number} if len(found) > limit else page


@blueprint.post("")
@control(needs="emulator", query=FileInput, raw=True, answers=FileOutput, status=201)
def add(emulator: Emulator, *, application_id: str, name: str, private: bool) -> dict[str, Any]:
    """Put in a file: its bytes are the body, its type is that of the body."""
    content_type = plain_type(request.headers.get("Content-Type"))
    upload = thumbnails.add(Upload(name=name, content_type=content_type, content=request.get_data()))
    with emulator.work_on(application_id) as work:
        return _output.write(files.upload(work, upload, private=private))


@blueprint.get("/content")
@control(query=FileKey, media="*/*")
def download(work: Work, *, key: str) -> Response:
    """Answer the bytes of a file, or of its thumbnail, by its blobKey; no request of it is in the journal."""
    file = files.download(work, key, link=None)
    headers = safe_headers(file.name, file.content_type)
    return Response(file.content, content_type=file.content_type, headers=headers)


@blueprint.delete("")
@control(needs="work_on")
def delete_all(work: Work) -> dict[str, Any]:
    """Delete every file."""
    return {"deleted": files.delete_all(work)}


@blueprint.delete("/<int:file_id>")
@control(needs="work_on")
def delete(work: Work, *, file_id: int) -> dict[str, Any]:
    """Delete a file."""
    return {"deleted": files.delete(work, file_id)}
