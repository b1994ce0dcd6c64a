"""docs/files.md says what is so: what it lists is what there is."""

import re

from mockkommunicate.domain import files
from mockkommunicate.operations import thumbnails
from mockkommunicate.settings import Settings
from tests.pages.blocks import ROOT

PAGE = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")


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
