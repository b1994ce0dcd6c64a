"""The present request's form: multipart/form-data, read once and in memory; no name in it ever is a path of ours."""

import io
from collections import defaultdict

from flask import g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser

from mockkommunicate.domain.errors import BadBody
from mockkommunicate.domain.forms import FilePart, Form, Part

MULTIPART = "multipart/form-data"

MOST_PARTS = 100
"""How many parts a form may have."""


def is_sent() -> bool:
    """Tell whether the request says that its body is a form."""
    return request.mimetype == MULTIPART


def read() -> Form:
    """Answer the request's form; raise BadBody when its body is none."""
    if "form" not in g:
        g.form = _parsed()
    form: Form = g.form
    return form


def _parsed() -> Form:
    if not is_sent():
        came = f"; its type is {request.mimetype!r}" if request.mimetype else ""
        raise BadBody(f"the body is no {MULTIPART}{came}; a form with the file as a part of it is needed")
    body = request.get_data()
    boundary = request.mimetype_params.get("boundary", "")
    if not boundary or not boundary.isascii():
        raise BadBody(f"the header Content-Type names no boundary: {MULTIPART}; boundary=... is needed")
    try:
        return _parts(body, boundary.encode())
    except RequestEntityTooLarge as error:
        raise BadBody(f"the form has more than {MOST_PARTS} parts") from error
    except UnicodeDecodeError as error:
        raise BadBody("the form cannot be read: the headers of a part are not UTF-8") from error
    except ValueError as error:
        raise BadBody(
            f"the form cannot be read: it does not go on or end with its boundary ({error})"
        ) from error


def _parts(body: bytes, boundary: bytes) -> Form:
    """Parse the form into memory; werkzeug by itself would spool large files to the disk.

    It is given in one piece: of several, werkzeug takes a boundary near the end of one for bytes of the file.
    """
    parser = MultiPartParser(
        stream_factory=lambda *_, **__: io.BytesIO(),
        buffer_size=max(1, len(body)),
        max_form_parts=MOST_PARTS,
    )
    texts, files = parser.parse(io.BytesIO(body), boundary, len(body))
    parts: dict[str, list[Part]] = defaultdict(list)
    for name, file in files.items(multi=True):
        parts[name or ""].append(_file(file))
    for name, text in texts.items(multi=True):
        parts[name or ""].append(text)
    return dict(parts)


def _file(file: FileStorage) -> FilePart:
    return FilePart(name=file.filename or "", content_type=file.content_type, content=file.stream.read())
