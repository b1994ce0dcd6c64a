"""Pictures for tests."""

import io
from typing import Any

from PIL import Image


def picture(
    kind: str = "PNG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: Any
) -> bytes:
    """Make a picture of one colour."""
    made = io.BytesIO()
    Image.new(mode, size).save(made, kind, **options)
    return made.getvalue()


def opened(content: bytes) -> Image.Image:
    """Open a picture."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


PNG = picture(size=(2, 1))
