"""rest/ws/upload/..., rest/ws/file/..., rest/ws/aws/file/..."""

from flask import Blueprint, request

from mockkommunicate.api import replies
from mockkommunicate.api.endpoint import endpoint
from mockkommunicate.domain.files import Upload
from mockkommunicate.domain.links import Link
from mockkommunicate.domain.replies import Reply
from mockkommunicate.operations import files, thumbnails
from mockkommunicate.operations.files import Meta
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.envelope import Media, Wrap
from mockkommunicate.wire.files import (
    FileMeta,
    FileUrlQuery,
    SignedLink,
    SignedUploadForm,
    UploadForm,
    UploadQuery,
    WrappedFileMeta,
)

blueprint = Blueprint("files", __name__, url_prefix="/rest/ws")

_URL = Media(content_type="text/plain", json_schema={"type": "string"})
_BYTES = Media(content_type="*/*", json_schema={"type": "string", "format": "binary"})
_WITH_THUMBNAIL = {"upload": thumbnails.add}


@blueprint.post("/upload/image")
@endpoint(
    operation="file.upload_image",
    body=UploadForm,
    query=UploadQuery,
    answers=FileMeta,
    wrap=Wrap.NEVER,
    form=True,
    prepare=_WITH_THUMBNAIL,
)
def upload_image(work: Work, *, upload: Upload, private: bool) -> Meta:
    """Upload a file for a message; the answer is its fileMeta."""
    return files.describe(work, files.upload(work, upload, private=private), base=request.host_url)


@blueprint.post("/upload/file")
@endpoint(operation="file.upload", body=UploadForm, answers=_URL, wrap=Wrap.NEVER, form=True)
def upload(work: Work, *, upload: Upload) -> Reply:
    """Upload a picture of a user or a conversation; the answer is its URL."""
    return replies.of_text(
        files.describe(work, files.upload(work, upload, private=False), base=request.host_url).link
    )


@blueprint.get("/file/url")
@endpoint(operation="file.url", query=FileUrlQuery, answers=_URL, wrap=Wrap.NEVER)
def url(work: Work, *, key: str) -> Reply:
    """Get the signed URL of a file or a thumbnail, which is good for fifteen minutes."""
    return replies.of_text(files.url(work, key, base=request.host_url))


@blueprint.get("/aws/file/<path:blob_key>")
@endpoint(operation="file.download", query=SignedLink, answers=_BYTES, wrap=Wrap.NEVER, linked=True)
def download(work: Work, *, blob_key: str, link: Link | None = None) -> Reply:
    """Download a file or a thumbnail."""
    wanted = request.range if request.method == "GET" else None
    return replies.of_file(files.download(work, blob_key, link=link), wanted)


@blueprint.get("/aws/file/url")
@endpoint(operation="file.upload_url", answers=_URL, wrap=Wrap.NEVER)
def upload_url(work: Work) -> Reply:
    """Get a signed URL to upload a file to, which is good for fifteen minutes."""
    return replies.of_text(files.upload_url(work, base=request.host_url))


@blueprint.post("/aws/file/url")
@endpoint(
    operation="file.upload_signed",
    body=SignedUploadForm,
    query=SignedLink,
    answers=WrappedFileMeta,
    wrap=Wrap.NEVER,
    form=True,
    linked=True,
    prepare=_WITH_THUMBNAIL,
)
def upload_signed(work: Work, *, upload: Upload, link: Link | None = None) -> Meta:
    """Upload a file for a message to a signed URL; the answer has its fileMeta."""
    return files.describe(work, files.upload(work, upload, private=False, link=link), base=request.host_url)
