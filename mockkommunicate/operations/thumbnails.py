"""Thumbnails of pictures, where Pillow is installed (the extra `images`); it is imported only when there is a picture."""

import io
import logging
from dataclasses import replace
from importlib import import_module
from typing import Any

from mockkommunicate.domain.files import Upload

log = logging.getLogger("mockkommunicate")

SIDE = 200
"""How many pixels a thumbnail has at most, on either side."""

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
"""What is read: pictures in which nothing runs, and nothing that Pillow would hand to another program."""

MOST_PIXELS = 50_000_000
"""A picture of more is not unpacked: a small file can hold a very large one."""


def add(upload: Upload) -> Upload:
    """Add its thumbnail to a picture; anything else, and what is no picture in spite of its type, stays as it is.

    It takes time and no database, so it is done before an app is locked.
    """
    if not upload.content_type.startswith("image/"):
        return upload
    try:
        image_of = import_module("PIL.Image")
    except ImportError:
        return upload
    try:
        return replace(upload, thumbnail=_made(image_of, upload.content))
    except Exception as error:  # noqa: BLE001 - each of Pillow's decoders has exceptions of its own for broken data
        log.debug("no thumbnail of %r: %s", upload.name, error)
        return upload


def _made(image_of: Any, content: bytes) -> bytes | None:  # noqa: ANN401 - a module that need not be there
    with image_of.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            return None
        if image.mode == "P":
            image = _coloured(image)  # noqa: PLW2901 - between the colours of a palette there are none
        image.thumbnail((SIDE, SIDE))
        upright = import_module("PIL.ImageOps").exif_transpose(image)
        small = io.BytesIO()
        _coloured(upright).save(small, "PNG")
    return small.getvalue()


def _coloured(image: Any) -> Any:  # noqa: ANN401
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
