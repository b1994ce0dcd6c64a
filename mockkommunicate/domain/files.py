"""Files that were uploaded: their names, types and keys, and what a browser may do with them."""

import hashlib
import re
import uuid
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, unquote

from mockkommunicate.domain.forms import digest

MAX_BYTES = 25_000_000
"""The official widget takes no larger file (observed)."""

LONGEST_NAME = 1_000
"""In characters; the name is part of the blobKey, and that part of URLs."""

UNKNOWN_TYPE = "application/octet-stream"
"""The type of a file whose client says none, or none that can be one (inferred)."""

THUMBNAIL_TYPE = "image/png"

INLINE_TYPES = frozenset(
    f"image/{kind}" for kind in ("png", "jpeg", "jpg", "gif", "webp", "bmp", "avif", "apng")
)
"""What a browser may show as a page of its own: pictures in which nothing runs. SVG is a document with scripts."""

_BUCKET = "_KM_BUCKET_"
_UUID_LENGTH = 36
_CONTENT_LENGTH = _UUID_LENGTH + 1 + 40
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?\Z", re.ASCII)
_LONGEST_TYPE = 255
_PATH = re.compile(r"[\\/]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()+-]")

_EICAR_LENGTH = 68
_EICAR_SHA1 = "3395856ce81f2b7382dee72602f798b642f14140"
"""What the EICAR test file is known by: the file itself, in here, would set off scanners on our users' machines."""

_EICAR_MOST = 128
_EICAR_PADDING = b" \t\r\n\x1a"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that is about to be stored, and its thumbnail if it is a picture of which there can be one."""

    name: str
    content_type: str
    content: bytes
    thumbnail: bytes | None = None

    @cached_property
    def sha1(self) -> str:
        """The SHA-1 of its bytes, in hexadecimal digits."""
        return digest(self.content)


def plain_name(name: str) -> str:
    """Answer a name without any path before it, or a blank one where there is nothing else (RFC 7578, 4.2)."""
    last = _PATH.split(name)[-1]
    return "" if last in {".", ".."} else last


def name_problem(name: str) -> str | None:
    """Say why a name cannot be a file's; None where it can."""
    if not name.strip():
        return "has no file name; one is needed"
    if len(name) > LONGEST_NAME:
        return f"has a file name of more than {LONGEST_NAME} characters"
    return "has a file name with control characters" if _CONTROL.search(name) else None


def plain_type(content_type: str | None) -> str:
    """Answer a content type as the client says it, or that of unknown bytes where it cannot be one."""
    given = (content_type or "").strip()
    return given if len(given) <= _LONGEST_TYPE and _TYPE.match(given) else UNKNOWN_TYPE


def file_id(seed: int, number: int) -> str:
    """Answer the UUID of an app's file, which follows from the app's seed and the file's number."""
    made = hashlib.sha256(f"file {seed} {number}".encode()).digest()
    return str(uuid.UUID(bytes=made[:16], version=4))


def blob_key(file_id: str, sha1: str, name: str) -> str:
    """Answer the key of stored bytes: `<uuid>_<sha1>_KM_BUCKET_<name>`, the name percent-encoded (documented)."""
    return f"{file_id}_{sha1}{_BUCKET}{quote(name, safe='', errors='surrogatepass')}"


def thumbnail_name(name: str) -> str:
    """Answer the name of a file's thumbnail (observed in the official web SDK)."""
    return f"thumbnail_{name}"


def thumbnail_key(file_id: str, sha1: str | None, name: str) -> str | None:
    """Answer the key of a file's thumbnail by the SHA-1 of that; None where there is none."""
    return None if sha1 is None else blob_key(file_id, sha1, thumbnail_name(name))


def id_in(key: str) -> str:
    """Answer the file's id in a blobKey; nothing, which is the id of none, where characters stand that no id has."""
    given = key[:_UUID_LENGTH]
    return given if given.isascii() and given.isprintable() else ""


def content_in(key: str) -> str:
    """Answer what names one content in a blobKey, the file's id and the SHA-1: the same however the rest is encoded."""
    return key[:_CONTENT_LENGTH]


def is_key(given: str, blob_key: str) -> bool:
    """Tell whether a key that came is a blobKey, as it was answered or decoded: clients put it into URLs as it is."""
    return given in {blob_key, unquote(blob_key)}


def is_malicious(content: bytes) -> bool:
    """Tell whether bytes are the EICAR test file, as EICAR defines it: 68 bytes, and blanks up to 128."""
    if not _EICAR_LENGTH <= len(content) <= _EICAR_MOST:
        return False
    head, tail = content[:_EICAR_LENGTH], content[_EICAR_LENGTH:]
    return digest(head) == _EICAR_SHA1 and not tail.strip(_EICAR_PADDING)


def is_picture(content_type: str) -> bool:
    """Tell whether a type is one that a browser may show by itself, for nothing runs in it."""
    return content_type.partition(";")[0].strip().lower() in INLINE_TYPES


def safe_headers(name: str, content_type: str) -> dict[str, str]:
    """Answer the headers that keep a file from ever running in our origin, whatever its client said it is."""
    disposition = "inline" if is_picture(content_type) else "attachment"
    plain = _NOT_PLAIN.sub("_", name)
    encoded = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='', errors='surrogatepass')}"
    return {
        "Content-Disposition": f'{disposition}; filename="{plain}"{encoded}',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
