"""docs/files.md says what is so: its call and its tests run, and what it lists is what there is."""

import json
import re
import subprocess
from pathlib import Path

from mockkommunicate import MockKommunicate
from mockkommunicate.domain import files
from mockkommunicate.operations import thumbnails
from mockkommunicate.settings import Settings
from tests.pytest_runs import run
from tests.test_docs import ROOT, blocks

PAGE = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")

SERVICE = """
import io
import requests
from PIL import Image

made = io.BytesIO()
Image.new("RGB", (2, 1)).save(made, "PNG")
PNG = made.getvalue()


class my_service:
    def send_invoice(url, key):
        files = {"file": ("invoice.pdf", b"%PDF" * 1_000, "application/pdf")}
        requests.post(f"{url}/rest/ws/upload/image", headers={"Api-Key": key}, files=files, timeout=20)

    def show(url, key, blob_key):
        answer = requests.get(
            f"{url}/rest/ws/file/url", params={"key": blob_key}, headers={"Api-Key": key}, timeout=20
        )
        return requests.get(answer.text, timeout=20).content
"""


def test_the_call_answers_what_the_page_says(server: MockKommunicate) -> None:
    (call,) = blocks(PAGE, "console")
    (told,) = map(json.loads, blocks(PAGE, "json"))
    here = call.replace("http://127.0.0.1:8080", server.url).replace(
        "mock-api-key", server.default_app.api_key
    )

    done = subprocess.run(["bash", "-c", here], cwd=ROOT, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert list(answer) == list(told)
    assert (answer["name"], answer["contentType"]) == (told["name"], told["contentType"])


def test_the_tests_of_the_page_pass(tmp_path: Path) -> None:
    (example,) = blocks(PAGE, "python")
    done = run(tmp_path, f"{SERVICE}\n{example}")

    assert done.outcomes == {
        "test_the_invoice_is_attached": "passed",
        "test_a_picture_is_shown": "passed",
    }, done.output


def test_the_figures_of_the_page_are_those_of_the_code() -> None:
    for number in (
        files.MAX_BYTES,
        files.LONGEST_NAME,
        thumbnails.MOST_PIXELS,
        Settings().max_body,
        100_000_000,
    ):
        assert f"{number:,}" in PAGE
    assert f"at most {thumbnails.SIDE} pixels" in PAGE


def test_the_kinds_of_pictures_are_named() -> None:
    for name in thumbnails.FORMATS:
        assert re.search(name, PAGE, re.IGNORECASE)
    for name in files.INLINE_TYPES - {"image/jpg", "image/apng"}:
        assert re.search(name.removeprefix("image/"), PAGE, re.IGNORECASE)
