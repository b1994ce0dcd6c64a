"""Files: stored in the database and nowhere else, found by their blobKeys, opened by keys and signed links."""

from collections.abc import Sequence
from typing import NamedTuple

from mockkommunicate.domain import files as rules
from mockkommunicate.domain import links
from mockkommunicate.domain.errors import ControlError, FileRefused, MaliciousContent
from mockkommunicate.domain.files import THUMBNAIL_TYPE, Upload
from mockkommunicate.domain.forms import digest
from mockkommunicate.domain.links import Link
from mockkommunicate.operations.work import Work
from mockkommunicate.store import files
from mockkommunicate.store.records import File, StoredFile

UPLOAD = "upload"
"""What a link opens by which a file may be uploaded."""

DOWNLOAD = "download"

PATH = "rest/ws/aws/file"
"""Under which files are downloaded (observed)."""


class Content(NamedTuple):
    """What is downloaded: a file, or its thumbnail."""

    name: str
    content_type: str
    sha1: str
    content: bytes


class Meta(NamedTuple):
    """A file as its fileMeta tells of it: its keys, and the links under which it is there."""

    file: File
    blob_key: str
    link: str
    thumbnail_blob_key: str | None = None
    thumbnail_link: str | None = None


def upload(work: Work, upload: Upload, *, private: bool, link: Link | None = None) -> File:
    """Store a file; raise FileRefused when it is too large or the link is wrong, MaliciousContent for the EICAR file.

    Whether who has the URL of a file that is not private may open it without a key is inferred (from `aclsPrivate`).
    """
    if link is not None:
        link.ensure_opens(UPLOAD, app=work.app_id, secret=work.app.api_key, now=work.now)
    size, limit = len(upload.content), work.settings.files.max_bytes
    if size > limit:
        description = f"the file has {size} bytes, over the limit of {limit} (the setting files.maxBytes)"
        raise FileRefused(description, http_status=413)
    if rules.is_malicious(upload.content):
        raise MaliciousContent
    number = work.next_file_number()
    file = File(
        application_id=work.app_id,
        number=number,
        id=rules.file_id(work.app.seed, number),
        name=upload.name,
        content_type=upload.content_type,
        size=size,
        sha1=upload.sha1,
        thumbnail_sha1=None if upload.thumbnail is None else digest(upload.thumbnail),
        private=private,
        created_at=work.now,
    )
    files.add(work.connection, StoredFile(*file, thumbnail=upload.thumbnail, content=upload.content))
    return file


def describe(work: Work, file: File, *, base: str) -> Meta:
    """Answer what a file's fileMeta tells; the links of one that is not private are signed, and good for ever.

    `base` is the server's URL with a slash at its end.
    """
    blob_key, thumbnail_key = _keys(file)
    urls = [key and f"{base}{_path(work, file, key)}" for key in (blob_key, thumbnail_key)]
    return Meta(file, blob_key, str(urls[0]), thumbnail_key, urls[1])


def _keys(file: File | StoredFile) -> tuple[str, str | None]:
    """Answer the blobKey of a file, and that of its thumbnail, if it has one."""
    thumbnail_key = rules.thumbnail_key(file.id, file.thumbnail_sha1, file.name)
    return rules.blob_key(file.id, file.sha1, file.name), thumbnail_key


def _path(work: Work, file: File, blob_key: str) -> str:
    path = f"{PATH}/{blob_key}"
    return path if file.private else f"{path}?{_sign(work, blob_key).query}"


def _sign(work: Work, blob_key: str, *, expires: int | None = None) -> Link:
    return links.sign(_opened(blob_key), app=work.app_id, secret=work.app.api_key, expires=expires)


def _opened(key: str) -> str:
    """Name what a link to a file opens."""
    return f"{DOWNLOAD} {rules.content_in(key)}"


def url(work: Work, key: str, *, base: str) -> str:
    """Answer the signed link to a file or a thumbnail, good for fifteen minutes; raise FileRefused for none."""
    file = files.find(work.connection, work.app_id, rules.id_in(key))
    blob_key = None if file is None else _meant(file, key)
    if blob_key is None:
        raise _no_file(key)
    return f"{base}{PATH}/{blob_key}?{_sign(work, blob_key, expires=work.now + links.VALID_MS).query}"


def upload_url(work: Work, *, base: str) -> str:
    """Answer the signed link by which a file may be uploaded, good for fifteen minutes (inferred)."""
    expires = work.now + links.VALID_MS
    link = links.sign(UPLOAD, app=work.app_id, secret=work.app.api_key, expires=expires)
    return f"{base}{PATH}/url?{link.query}"


def download(work: Work, key: str, *, link: Link | None) -> Content:
    """Answer the bytes of a file or a thumbnail; raise FileRefused for none, and for a link that does not open it."""
    file = files.find_stored(work.connection, work.app_id, rules.id_in(key))
    blob_key = None if file is None else _meant(file, key)
    if link is not None:
        link.ensure_opens(_opened(key), app=work.app_id, secret=work.app.api_key, now=work.now)
    if file is None or blob_key is None:
        raise _no_file(key)
    if blob_key != _keys(file)[0] and file.thumbnail is not None:
        name = rules.thumbnail_name(file.name)
        return Content(name, THUMBNAIL_TYPE, str(file.thumbnail_sha1), file.thumbnail)
    return Content(file.name, file.content_type, file.sha1, file.content)


def _meant(file: File | StoredFile, key: str) -> str | None:
    """Answer which of a file's blobKeys a key is, None if it is neither."""
    return next((one for one in _keys(file) if one is not None and rules.is_key(key, one)), None)


def _no_file(key: str) -> FileRefused:
    return FileRefused(f"this app has no file with the blobKey {key[:200]!r}", http_status=404)


def list_page(work: Work, *, after: int, limit: int) -> Sequence[File]:
    """List at most so many files in the order of upload, from behind the one with a number."""
    return files.list_page(work.connection, work.app_id, after=after, most=limit)


def delete(work: Work, number: int) -> int:
    """Delete a file by its number; raise ControlError when there is none."""
    if not files.delete(work.connection, work.app_id, number):
        hint = f"GET /_mock/apps/{work.app_id}/files lists those there are"
        raise ControlError("FILE_NOT_FOUND", f"no file {number}", hint=hint, http_status=404)
    return number


def delete_all(work: Work) -> int:
    """Delete every file; answer how many there were."""
    return files.delete_all(work.connection, work.app_id)
