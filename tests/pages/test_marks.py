"""No block of code stands in the README or docs/ that nothing runs, but for those that say why."""

import re

import pytest

from tests.pages.blocks import ALL, EXAMPLE, KINDS, NOT_RUN, PAGES, ROOT, Block, parse

GENERATED = "docs/endpoints.md"

NOT_RUN_BLOCKS = {
    "docs/architecture.md": 3,
    "docs/contributing.md": 2,
    "docs/docker-in-ci.md": 2,
    "docs/testcontainers.md": 1,
}
"""How many blocks of each page nothing runs. Each of them says why; the fewer, the better."""

ASKED_FOR = {
    found
    for path in (ROOT / "tests").rglob("*.py")
    for found in re.findall(r'named\(\s*"([^"]+)",\s*"([^"]+)"\s*\)', path.read_text(encoding="utf-8"))
}


def missing_rule(block: Block) -> str:
    """Say what is needed for a block that nothing runs."""
    marks = ", ".join(
        f"`<!-- {mark}: ... -->`" for language, mark in KINDS if language == block.language and mark
    )
    known = f"for {block.language or 'no language'} there are {marks or 'no others'}"
    return f"{block.place}: nothing runs this block. {known}; see docs/contributing.md, Documents"


def test_something_runs_every_block() -> None:
    assert [missing_rule(block) for block in ALL if not block.is_known] == []


def test_every_fence_is_one_of_a_block() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        fences = re.findall(r"^\s*(?:```|~~~)", text, re.MULTILINE)
        assert len(fences) == 2 * len(list(parse(path.name, text))), path


def test_a_block_without_a_rule_is_told_what_there_is() -> None:
    (block,) = parse("docs/new.md", "Text.\n\n```json\n{}\n```\n")

    assert not block.is_known
    assert missing_rule(block) == (
        "docs/new.md:3: nothing runs this block. for json there are `<!-- send: ... -->`, "
        "`<!-- answer: ... -->`, `<!-- mcp config: ... -->`; see docs/contributing.md, Documents"
    )


@pytest.mark.parametrize(
    "text", ["<!-- sned: POST /x -->\n```json\n{}\n```\n", "<!-- file: a -->\n```text\na\n```\n"]
)
def test_a_mark_that_there_is_not_for_the_language_is_no_rule(text: str) -> None:
    assert [block.is_known for block in parse("docs/new.md", text)] == [False]


def test_what_is_not_run_says_why_and_is_counted() -> None:
    blocks = [block for block in ALL if block.mark == NOT_RUN]

    assert all(len(block.argument.split()) > 2 for block in blocks)
    assert {
        page: sum(block.page == page for block in blocks) for page in {block.page for block in blocks}
    } == NOT_RUN_BLOCKS


def test_a_test_asks_for_every_example_and_every_example_is_there() -> None:
    assert {(block.page, block.argument) for block in ALL if block.mark == EXAMPLE} == ASKED_FOR


def test_requests_as_they_go_over_the_wire_are_only_on_the_page_that_is_made() -> None:
    assert {block.page for block in ALL if block.language == "http"} == {GENERATED}
