"""Files at once: each has a number and a key of its own, in both workers, and every byte of it."""

import random

from mockkommunicate import App
from tests.concurrency.crowd import Caller, Crowd, scaled

UPLOADS = scaled(160)


def content(number: int) -> bytes:
    """Make up a file's bytes, up to 200,000 of them."""
    made = random.Random(number)
    return made.randbytes(made.choice([0, 1, 1_000, 65_536, 200_000]))


def upload_and_download(caller: Caller, number: int) -> str:
    told = caller.uploaded(f"{number}.bin", content(number), "application/octet-stream")
    assert caller.download(told["blobKey"]).content == content(number)
    signed = caller.session.get(caller.signed(told["blobKey"]), timeout=60)
    assert signed.content == content(number)
    return str(told["blobKey"])


def test_each_upload_has_a_key_of_its_own_and_its_own_bytes(crowd: Crowd, app: App) -> None:
    keys = crowd.throw(upload_and_download, app, list(range(UPLOADS)))

    listed = app.files()
    assert len(set(keys)) == UPLOADS
    assert [file.id for file in listed] == list(range(1, UPLOADS + 1))
    assert {file.blob_key: file.name for file in listed} == {
        key: f"{number}.bin" for number, key in enumerate(keys)
    }


def test_a_large_file_passes_through_a_worker(app: App) -> None:
    large = random.Random(1).randbytes(25_000_000)
    caller = Caller(app)
    told = caller.uploaded("large.bin", large, "application/octet-stream")

    assert caller.download(told["blobKey"]).content == large
    part = caller.download(told["blobKey"], headers={"Range": "bytes=24999990-"})
    assert (part.status_code, part.content) == (206, large[-10:])
