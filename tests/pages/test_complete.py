"""Every name that a user can meet is on a page; where one is not, it is said where it might go."""

import re
from collections.abc import Callable, Iterable

import pytest

from tests.pages import names
from tests.pages.blocks import PAGES

TEXT = "\n".join(path.read_text(encoding="utf-8") for path in PAGES if "decisions" not in path.parts)

Where = tuple[Callable[[], Iterable[str]], str, str]

IN_CODE = r"`[^`\n]*(?<![\w.-])NAME(?![\w-])[^`\n]*`"
"""How a name stands on a page: in code, whole."""

NAMES: dict[str, Where] = {
    "command": (
        lambda: [words for words, _ in names.commands()],
        r"\bmockkommunicate NAME\b",
        "docs/commands.md",
    ),
    "option": (
        names.options,
        r"(?<![\w-])NAME(?![\w-])",
        "docs/commands.md, or docs/running.md if serve has it",
    ),
    "environment name": (
        names.variables,
        r"\bNAME\b",
        "docs/running.md, or docs/commands.md if a client reads it",
    ),
    "setting": (names.settings, r"`NAME`|\"NAME\"", "docs/control-api.md#settings"),
    "fixture": (names.plugin_fixtures, r"\| `NAME` \|", "docs/pytest.md#fixtures"),
    "option of pytest": (names.plugin_options, IN_CODE, "docs/pytest.md#options"),
    "call of the handle": (names.calls, r"`NAME\b", "docs/pytest.md#the-app"),
    "keyword": (names.keywords, r"`NAME`|, NAME", "docs/pytest.md#the-marker or #faults"),
    "field of a fault": (names.fault_fields, IN_CODE, "docs/faults.md"),
    "fault": (names.fault_kinds, IN_CODE, "docs/faults.md"),
    "status of a fault": (names.statuses, r"\bNAME\b", "docs/faults.md"),
    "scenario": (names.shipped, r"\| `NAME` \|", "docs/scenarios.md#shipped-scenarios"),
    "extra": (names.extras, r"extra `NAME`|\[(?:\w+,)*NAME(?:,\w+)*\]|extras[^\n]*`NAME`", "docs/running.md"),
    "code": (names.codes, IN_CODE, "the page of what answers it"),
    "name of the package": (names.package, r"\bNAME\b", "docs/pytest.md"),
}
"""What kinds of names there are: where each comes from, how it stands on a page, and which page that might be."""


def missing(kind: str, text: str = TEXT) -> list[str]:
    """Say of each name of a kind that no page has where it might go."""
    there, pattern, page = NAMES[kind]
    return [
        f"no page names the {kind} {name}; it might go to {page}"
        for name in there()
        if not re.search(pattern.replace("NAME", re.escape(name)), text)
    ]


@pytest.mark.parametrize("kind", NAMES)
def test_every_name_is_on_a_page(kind: str) -> None:
    assert missing(kind) == []


@pytest.mark.parametrize("kind", NAMES)
def test_there_are_names_of_every_kind_and_a_page_without_them_is_told_each(kind: str) -> None:
    there = [*NAMES[kind][0]()]

    assert len(missing(kind, "An empty page.")) == len(there) > 1


def test_what_is_said_of_a_name_that_no_page_has() -> None:
    assert missing("scenario", "| `empty` |")[0] == (
        "no page names the scenario after-hours; it might go to docs/scenarios.md#shipped-scenarios"
    )


def documented_routes() -> set[str]:
    """Answer the routes that stand in code on the pages; a method alone belongs to the next path of its line."""
    found = set()
    for line in TEXT.splitlines():
        methods: list[str] = []
        for code in re.findall(r"`([^`]+)`", line):
            method, _, path = code.partition(" ")
            if re.fullmatch("GET|POST|PUT|PATCH|DELETE", method):
                methods.append(method)
                if path.startswith("/"):
                    found |= {f"{one} {names.plain(path.split(' ')[0])}" for one in methods}
                    methods = []
    return found


def test_every_route_is_on_a_page() -> None:
    assert [
        f"{route}: docs/control-api.md has the table of routes"
        for route in names.routes()
        if route not in documented_routes()
    ] == []


def test_every_route_of_the_tables_is_there() -> None:
    assert sorted(documented_routes() - set(names.routes())) == []


def test_every_environment_name_of_a_page_is_one() -> None:
    written = set(re.findall(r"\bMOCKKOMMUNICATE_[A-Z]+(?:_[A-Z]+)*\b", TEXT))

    assert sorted(written - {*names.variables(), *names.derived_variables()}) == []


def test_every_option_of_a_page_is_one() -> None:
    written = set(re.findall(r"`(--[a-z-]+)[` =]", TEXT))
    there = {*names.options(), *names.plugin_options(), *names.contributors_options(), "--help"}

    assert sorted(written - there) == []
