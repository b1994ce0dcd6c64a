"""docs/faults.md says what is so: its rules are taken, and nothing that there is is missing from it."""

import json
import re
from pathlib import Path

import pytest

from mockkommunicate import App
from mockkommunicate.domain import errors, failures
from mockkommunicate.domain.operations import OPERATIONS
from mockkommunicate.domain.socket_kinds import SocketKind
from mockkommunicate.wire.effects import Do
from mockkommunicate.wire.faults import FaultMatch, FaultRule, FaultWhen
from tests.client import Client
from tests.pages.blocks import of

PAGE = (Path(__file__).parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
RULES = [
    rule for block in of("json", "send") if block.page == "docs/faults.md" for rule in block.text.splitlines()
]
FIELDS = [
    field.data_key or name
    for schema in (FaultRule(), FaultMatch(), FaultWhen(), Do())
    for name, field in schema.fields.items()
]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_page_is_taken(app: App, client: Client, rule: str) -> None:
    response = client.call("POST", f"/_mock/apps/{app.application_id}/faults", data=rule)

    assert response.status_code == 201, response.text
    assert response.json() == {"id": 1, "hits": 0, "seen": 0, **json.loads(rule)}


@pytest.mark.parametrize("name", [*FIELDS, *OPERATIONS, *SocketKind, *failures.NAMES])
def test_every_name_is_on_the_page(name: str) -> None:
    assert re.search(rf"`{re.escape(name)}[`:]", PAGE)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_failure_stands_beside_its_operation(operation: str) -> None:
    (row,) = re.findall(rf"^\| `{operation}` \| (.*) \|$", PAGE, re.MULTILINE)
    named = set(re.findall(r"`([^`]+)`", row))

    assert named | {failures.WRONG_METHOD} == set(failures.DOCUMENTED[operation])


@pytest.mark.parametrize("status", failures.GATEWAY)
def test_the_gateways_words_are_on_the_page(status: int) -> None:
    assert f"| {status} | {failures.GATEWAY[status]} |" in PAGE


def test_the_statuses_of_error_pages_are_on_the_page() -> None:
    *first, last = map(str, failures.PAGES)

    assert f"{', '.join(first)} or {last}" in PAGE


def test_the_codes_of_ours_are_on_the_page_with_their_statuses() -> None:
    written = re.findall(r"^\| `(MOCK-[A-Z]+)` \| ([\d, ]+) \|", PAGE, re.MULTILINE)
    told = {code: statuses.split(", ") for code, statuses in written}
    there: dict[str, list[str]] = {}
    for code, statuses in re.findall(r"(MOCK-[A-Z]+), HTTP ([\d, or]+)", errors.__doc__ or ""):
        there[code] = sorted({*there.get(code, []), *re.findall(r"\d+", statuses)})

    assert told == there
