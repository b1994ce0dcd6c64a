"""Files: their keys, names and types, what is a virus, and what a browser may do with them."""

import re
import uuid
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockkommunicate.domain import files, links
from mockkommunicate.domain.errors import FileRefused
from tests.eicar import EICAR
from tests.strategies import TEXTS

DOCUMENTED = (
    "2953a1e4-5777-4952-82d1-de3729ec5585_9e82d030948ac5ba52eb67ca0b4f2b8afe48810f_KM_BUCKET_"
    "Screenshot%202024-12-10%20at%202.55.46%20PM.png"
)


def test_a_blob_key_has_the_documented_form() -> None:
    made = files.blob_key(
        "2953a1e4-5777-4952-82d1-de3729ec5585",
        "9e82d030948ac5ba52eb67ca0b4f2b8afe48810f",
        "Screenshot 2024-12-10 at 2.55.46 PM.png",
    )

    assert made == DOCUMENTED
    assert files.id_in(made) == "2953a1e4-5777-4952-82d1-de3729ec5585"
    assert made.startswith(f"{files.content_in(made)}_KM_BUCKET_")


@given(seed=st.integers(0, 2**53), number=st.integers(1, 2**53))
def test_the_id_of_a_file_is_a_random_looking_uuid_that_follows_from_seed_and_number(
    seed: int, number: int
) -> None:
    made = files.file_id(seed, number)

    assert uuid.UUID(made).version == 4
    assert str(uuid.UUID(made)) == made == files.file_id(seed, number)
    assert made not in {files.file_id(seed + 1, number), files.file_id(seed, number + 1)}


@given(name=TEXTS.filter(bool))
def test_a_key_is_known_as_it_was_answered_decoded_and_encoded_once_more(name: str) -> None:
    key = files.blob_key(files.file_id(1, 1), "0" * 40, name)

    assert files.is_key(key, key)
    assert files.is_key(unquote(key), key)
    assert files.is_key(unquote(quote(key)), key)
    assert not files.is_key(key + "x", key)
    assert re.fullmatch(r"[A-Za-z0-9_.~%-]+", key)


@pytest.mark.parametrize(
    ("given_name", "plain"),
    [
        ("photo.png", "photo.png"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\jane\\photo.png", "photo.png"),
        ("a/b\\c.txt", "c.txt"),
        (".htaccess", ".htaccess"),
        ("...", "..."),
        ("..", ""),
        (".", ""),
        ("", ""),
        ("a/", ""),
        ("a/..", ""),
        (" ", " "),
        ("Größe 😀.png", "Größe 😀.png"),
    ],
)
def test_a_name_loses_whatever_path_is_before_it(given_name: str, plain: str) -> None:
    assert files.plain_name(given_name) == plain


@pytest.mark.parametrize(
    ("content_type", "plain"),
    [
        ("image/png", "image/png"),
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        (" image/png ", "image/png"),
        (None, files.UNKNOWN_TYPE),
        ("", files.UNKNOWN_TYPE),
        ("null", files.UNKNOWN_TYPE),
        ("image", files.UNKNOWN_TYPE),
        ("image/", files.UNKNOWN_TYPE),
        ("image/png\r\nX-Evil: 1", files.UNKNOWN_TYPE),
        ("image/png\n", "image/png"),
        ("image/png; a=\r\nX-Evil: 1", files.UNKNOWN_TYPE),
        ("imäge/png", files.UNKNOWN_TYPE),
        ("text/plain; charset=ü", files.UNKNOWN_TYPE),
        ("a/" + "b" * 254, files.UNKNOWN_TYPE),
    ],
)
def test_a_type_that_cannot_be_one_counts_as_unknown_bytes(content_type: str | None, plain: str) -> None:
    assert files.plain_type(content_type) == plain


@pytest.mark.parametrize("padding", [b"", b"\n", b"\r\n", b" \t\x1a", b" " * 60])
def test_the_eicar_file_is_malicious(padding: bytes) -> None:
    assert files.is_malicious(EICAR + padding)


@pytest.mark.parametrize(
    "content",
    [b"", EICAR[:-1], EICAR[:-1] + b"!", b" " + EICAR, EICAR + b"x", EICAR + b" " * 61, EICAR * 2],
    ids=["empty", "cut", "changed", "shifted", "longer", "too much padding", "twice"],
)
def test_what_is_not_the_eicar_file_by_its_definition_is_not_malicious(content: bytes) -> None:
    assert not files.is_malicious(content)


@pytest.mark.parametrize("kind", ["image/png", "IMAGE/JPEG", "image/gif; a=b", "image/webp", "image/avif"])
def test_a_picture_in_which_nothing_runs_may_be_shown(kind: str) -> None:
    assert files.safe_headers("a", kind)["Content-Disposition"] == 'inline; filename="a"'


@pytest.mark.parametrize(
    "kind",
    [
        *("image/svg+xml", "IMAGE/SVG+XML", "image/svg+xml; charset=utf-8", "image/x-icon", "image/tiff"),
        *("text/html", "application/xhtml+xml", "text/xml", "application/pdf", "text/plain", "video/mp4"),
        *("application/javascript", "multipart/x-mixed-replace", files.UNKNOWN_TYPE, "image/png, text/html"),
    ],
)
def test_everything_else_is_downloaded(kind: str) -> None:
    assert files.safe_headers("a", kind) == {
        "Content-Disposition": 'attachment; filename="a"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


@given(name=TEXTS.filter(bool))
def test_any_name_makes_one_header_that_says_it_whole(name: str) -> None:
    header = files.safe_headers(name, "text/html")["Content-Disposition"]
    found = re.fullmatch(
        r"attachment; filename=\"([A-Za-z0-9 ._()+-]*)\"(?:; filename\*=UTF-8''([!-~]*))?", header
    )

    assert found is not None
    said = found[1] if found[2] is None else unquote(found[2], errors="surrogatepass")
    assert said == name


# Signed links.

FILE: Any = {"app": "mock-app", "secret": "mock-api-key"}


def test_a_link_opens_what_it_was_made_for_until_it_expires() -> None:
    link = links.sign("download x", **FILE, expires=1_000)

    link.ensure_opens("download x", **FILE, now=999)
    assert link.query == f"app=mock-app&expires=1000&signature={link.signature}"


def test_a_link_that_does_not_expire_does_not_say_when() -> None:
    link = links.sign("download x", **FILE)

    link.ensure_opens("download x", **FILE, now=2**53)
    assert link.query == f"app=mock-app&signature={link.signature}"


def test_a_link_has_nothing_of_the_secret_in_it() -> None:
    assert "mock-api-key" not in links.sign("download x", **FILE).query


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("download y", {}),
        ("upload x", {}),
        ("download x", {"app": "other"}),
        ("download x", {"secret": "other"}),
        ("download x", {"expires": 2_001}),
        ("download x", {"expires": None}),
        ("download x", {"signature": "0" * 64}),
        ("download x", {"signature": ""}),
        ("download x", {"signature": "ü\udc80"}),
    ],
)
def test_a_link_opens_nothing_else(what: str, changed: dict[str, str | int | None]) -> None:
    link = links.sign("download x", **FILE, expires=2_000)
    app = str(changed.pop("app", "mock-app"))
    secret = str(changed.pop("secret", "mock-api-key"))
    changes = {"signature": link.signature, "expires": link.expires} | changed
    forged = links.Link(app=link.app, **changes)  # type: ignore[arg-type]

    with pytest.raises(FileRefused, match="the signature of the link is wrong") as refusal:
        forged.ensure_opens(what, app=app, secret=secret, now=1_000)
    assert refusal.value.http_status == 403


@pytest.mark.parametrize("now", [2_000, 2_001, 10**15])
def test_a_link_that_has_expired_says_until_when_it_was_good(now: int) -> None:
    link = links.sign("download x", **FILE, expires=2_000)

    with pytest.raises(FileRefused) as refusal:
        link.ensure_opens("download x", **FILE, now=now)
    assert refusal.value.description == (
        f"the link has expired: it was good until 2000, and the app's clock shows {now}"
    )
