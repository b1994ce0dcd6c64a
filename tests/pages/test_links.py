"""Links between the pages lead to a page, and to a heading on it; and a newcomer finds each page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.blocks import BLOCK, PAGES, ROOT

INDEX = ROOT / "docs" / "README.md"


def prose(path: Path) -> str:
    """Read a page without its blocks of code."""
    return BLOCK.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Answer the anchors of a page's headings, as GitHub makes them: small, without punctuation, numbered if repeated."""
    found: dict[str, int] = {}
    for heading in re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        found[anchor] = found.get(anchor, -1) + 1
    return {
        f"{anchor}-{number}" if number else anchor
        for anchor, most in found.items()
        for number in range(most + 1)
    }


def links(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the links of a page to other files: the file, and the anchor in it."""
    for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", prose(path)):
        target, _, anchor = link.partition("#")
        yield (path.parent / target).resolve() if target else path, anchor


def broken(path: Path) -> list[str]:
    """List the links of a page that lead nowhere."""
    return [
        f"{target.name}#{anchor}"
        for target, anchor in links(path)
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert broken(path) == []


def test_links_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A `head`, twice\n\n# A head twice\n\n[1](#a-head-twice) [2](#a-head-twice-1) [3](#no) [4](no.md)\n"
    )

    assert broken(page) == ["page.md#no", "no.md#"]


def test_the_index_leads_to_every_page() -> None:
    listed = {target for target, _ in links(INDEX)}

    assert [path.name for path in PAGES if path.parent != ROOT and path != INDEX and path not in listed] == []


def test_the_readme_leads_to_the_index_and_the_first_page() -> None:
    listed = {target for target, _ in links(ROOT / "README.md")}

    assert {INDEX, ROOT / "docs" / "getting-started.md"} <= listed
