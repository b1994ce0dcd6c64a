"""The blocks of code of the README and the pages of docs/, and the marks that say what each is.

A mark is an HTML comment on the line before a block: `<!-- send: POST /_mock/apps -->` is the kind `send` with
an argument. `KINDS` has them all; docs/contributing.md says what they mean.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

KINDS = {
    ("python", ""): "pytest runs it: a module of tests, or statements of a test that has the fixture",
    ("python", "file"): "a file by this name, beside the tests and commands of its page",
    ("yaml", "file"): "the same",
    ("console", ""): "bash runs it, against a server",
    ("console", "serve command"): "the same; the README's",
    ("console", "try command"): "the same; the README's",
    ("console", "test command"): ".ci/run runs it; the README's",
    ("json", "send"): "each document is sent to the control API, and taken",
    (
        "json",
        "answer",
    ): "what the console block before it prints: the same names, and values of the same types",
    ("yaml", "scenario"): "an app is made of it",
    ("yaml", "compose"): "the schema of Compose files takes it, and its environments start a server",
    ("yaml", "github workflow"): "the schema of workflows takes it, and its steps run",
    ("yaml", "gitlab ci"): "the schema of .gitlab-ci.yml takes it, and its scripts run",
    ("text", "usage"): "each command and option in it is one",
    ("json", "mcp config"): "the command in it is one",
    ("toml", "mcp config"): "the command in it is one",
    ("http", ""): "made from the contract files, and sent by their tests",
}
"""What becomes of a block, by its language and its mark; `example` and `not run` may be of any language."""

EXAMPLE = "example"
"""A test of its own asks for it by its page and this name: `named(page, name)`."""

NOT_RUN = "not run"
"""Nothing runs it, for this reason."""


@dataclass(frozen=True)
class Block:
    """A block of code: where it stands, its language, its mark and what the mark says."""

    page: str
    line: int
    language: str
    mark: str
    argument: str
    text: str

    @property
    def place(self) -> str:
        """Where it is, as editors write it."""
        return f"{self.page}:{self.line}"

    @property
    def stem(self) -> str:
        """The page's name as a word of Python: `docs_faults`."""
        return re.sub(r"\W", "_", self.page.removesuffix(".md")).lower()

    @property
    def is_known(self) -> bool:
        """Tell whether there is a rule for it."""
        return self.mark in {EXAMPLE, NOT_RUN} or (self.language, self.mark) in KINDS

    @property
    def documents(self) -> list[Any]:
        """The JSON documents in it, one behind the other."""
        found, text, decoder = [], self.text.strip(), json.JSONDecoder()
        while text:
            document, end = decoder.raw_decode(text)
            found.append(document)
            text = text[end:].lstrip()
        return found


BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[a-z ]+)(?:: (?P<argument>[^\n]*))? -->\n)?"
    r"^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def parse(page: str, text: str) -> Iterator[Block]:
    """Yield the blocks of a page."""
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        mark, argument = found["mark"] or "", found["argument"] or ""
        yield Block(page, line, found["language"], mark, argument, found["text"])


def read(path: Path) -> list[Block]:
    """List the blocks of a page's file."""
    return list(parse(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")))


ALL = [block for path in PAGES for block in read(path)]


def of(language: str, *marks: str) -> list[Block]:
    """List the blocks of a language with one of these marks."""
    return [block for block in ALL if block.language == language and block.mark in marks]


def named(page: str, name: str) -> str:
    """Answer the text of the block that the page marks as this example."""
    (block,) = [block for block in ALL if (block.page, block.mark, block.argument) == (page, EXAMPLE, name)]
    return block.text
