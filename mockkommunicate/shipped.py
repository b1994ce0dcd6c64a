"""What is shipped beside the code: the fixtures, and the pages of the documentation."""

import re
from pathlib import Path

INDEX = "llms.txt"
"""The page that lists the others, in the form of llmstxt.org; `python docs/build.py` makes it."""

_LINK = re.compile(r"\]\((?!https?:)([^)]+\.md)")


def folder(name: str) -> Path:
    """Answer where `fixtures` or `docs` are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / f"_{name}"
    return inside if inside.is_dir() else package.parent / name


def pages() -> dict[str, Path]:
    """Answer the pages of the documentation by their names, such as faults.md or decisions/0001-x.md."""
    docs = folder("docs")
    return {path.relative_to(docs).as_posix(): path for path in sorted(docs.rglob("*.md"))}


def index(base: str) -> str:
    """Answer the list of the pages, with links that begin with `base`."""
    text = (folder("docs") / INDEX).read_text(encoding="utf-8")
    return _LINK.sub(lambda found: f"]({base}{found[1]}", text)


def title(text: str) -> str:
    """Answer the title of a page: its first heading."""
    return text.partition("\n")[0].removeprefix("#").strip()
