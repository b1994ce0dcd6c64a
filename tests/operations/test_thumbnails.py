"""Thumbnails: of which pictures, how large, and what becomes of those that are none."""

import io
import subprocess
import sys
import zlib

import pytest
from PIL import Image, features

from mockkommunicate.domain.files import Upload
from mockkommunicate.operations import thumbnails
from tests.pictures import opened, picture


def thumbnail(content: bytes, kind: str = "image/png") -> bytes | None:
    return thumbnails.add(Upload(name="a", content_type=kind, content=content)).thumbnail


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_of_each_kind_has_one(kind: str) -> None:
    assert kind != "WEBP" or features.check("webp")
    made = thumbnail(picture(kind, (800, 400)), f"image/{kind.lower()}")

    assert made is not None
    assert (opened(made).format, opened(made).size) == ("PNG", (200, 100))


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((1, 1), (1, 1)),
        ((200, 200), (200, 200)),
        ((201, 10), (200, 10)),
        ((10, 4_000), (1, 200)),
        ((3_000, 2), (200, 1)),
    ],
)
def test_it_keeps_its_proportions_and_is_never_larger(size: tuple[int, int], small: tuple[int, int]) -> None:
    made = thumbnail(picture(size=size))

    assert made is not None
    assert opened(made).size == small


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_colours_has_one(mode: str) -> None:
    made = thumbnail(picture(mode=mode))

    assert made is not None
    assert opened(made).mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")


def test_a_picture_for_print_has_one() -> None:
    assert thumbnail(picture("JPEG", mode="CMYK"), "image/jpeg") is not None


def test_it_stands_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    made = thumbnail(picture("JPEG", (400, 200), exif=turned), "image/jpeg")

    assert made is not None
    assert opened(made).size == (100, 200)


def test_it_shows_what_the_picture_shows() -> None:
    half = Image.new("RGB", (400, 400), "red")
    half.paste("blue", (200, 0, 400, 400))
    content = io.BytesIO()
    half.save(content, "PNG")
    made = thumbnail(content.getvalue())

    assert made is not None
    assert opened(made).getpixel((10, 100)) == (255, 0, 0)
    assert opened(made).getpixel((190, 100)) == (0, 0, 255)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", b""),
        ("image/png", b"no picture"),
        ("image/png", picture()[:-30]),
        ("image/png", picture()[:20]),
        ("image/jpeg", picture("JPEG")[:100]),
        ("image/svg+xml", b"<svg/>"),
        ("image/x-eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"),
        ("text/plain", picture()),
        ("application/octet-stream", picture()),
    ],
    ids=[
        "empty",
        "text",
        "cut",
        "a head",
        "a cut JPEG",
        "SVG",
        "PostScript",
        "by another type",
        "by no type",
    ],
)
def test_what_is_no_picture_has_none(kind: str, content: bytes) -> None:
    assert thumbnail(content, kind) is None


def test_a_small_file_with_a_very_large_picture_has_none() -> None:
    side = 20_000
    row = b"\0" + b"\0" * (side // 8)
    packed = zlib.compressobj(9)
    data = b"".join(packed.compress(row) for _ in range(side)) + packed.flush()
    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
        )

    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    assert len(content) < 100_000
    assert thumbnail(content) is None


WITHOUT_PILLOW = """
import sys
sys.modules["PIL"] = None
import requests
from mockkommunicate import MockKommunicate
with MockKommunicate() as server:
    app = server.create_app()
    files = {"file": ("photo.png", sys.stdin.buffer.read(), "image/png")}
    url = f"{app.url}/rest/ws/upload/image?aclsPrivate=true"
    answer = requests.post(url, headers={"Api-Key": app.api_key}, files=files, timeout=30)
    print(",".join(answer.json()))
    print("thumbnailBlobKey" in app.files()[0])
"""


def test_without_pillow_a_picture_is_taken_and_has_none() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PILLOW], input=picture(), capture_output=True, check=True
    )

    assert done.stdout.decode().splitlines() == [
        "blobKey,name,url,size,contentType,createdAtTime",
        "False",
    ]


def test_pillow_is_imported_only_for_a_picture() -> None:
    source = """
import sys
from mockkommunicate.domain.files import Upload
from mockkommunicate.operations import thumbnails
import mockkommunicate.app
thumbnails.add(Upload(name="a", content_type="text/plain", content=b"abc"))
print("PIL" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True)

    assert done.stdout.strip() == b"False"
