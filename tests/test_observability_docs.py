"""docs/observability.md says what there is: the fields of a line, the metrics, the variables of OpenTelemetry."""

import json
import logging
import re
from pathlib import Path

import requests
from prometheus_client.parser import text_string_to_metric_families

from mockkommunicate import MockKommunicate, tracing
from mockkommunicate.domain import request_ids
from mockkommunicate.logs import REQUESTS, JsonFormatter, RequestLine, TextFormatter
from tests.pages.blocks import named

PAGE = (Path(__file__).parents[1] / "docs" / "observability.md").read_text(encoding="utf-8")
LINES = [
    RequestLine("POST", "/rest/ws/message/v2/send", 200, 18.4, "mock-app:11", "mock-app", "message.send"),
    RequestLine("POST", "/rest/ws/message/v2/send", None, 9.4, "order-17", "mock-app", "message.send", "1"),
]


def column(head: str, number: int = 0) -> list[str]:
    """List what stands in code in a column of the table whose head begins so."""
    table = PAGE.partition(f"| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [name for row in table for name in re.findall("`(.*?)`", row.split("|")[1 + number])]


def formatted(formatter: logging.Formatter, line: RequestLine) -> str:
    return formatter.format(logging.LogRecord("mockkommunicate.requests", 20, "", 0, line, None, None))


def test_the_lines_that_it_shows_are_written_so() -> None:
    shown = named("docs/observability.md", "lines").splitlines()

    written = [formatted(TextFormatter(), line) for line in LINES]
    assert [line.partition(" INFO ")[2] for line in shown] == [
        line.partition(" INFO ")[2] for line in written
    ]


def test_the_line_of_json_that_it_shows_is_written_so() -> None:
    shown = json.loads(named("docs/observability.md", "line"))
    written = json.loads(formatted(JsonFormatter(), LINES[0]))

    assert shown.keys() == written.keys()
    assert {**shown, "time": ""} == {**written, "time": ""}


def test_every_field_is_explained() -> None:
    assert column("field") == list(LINES[1]._replace(status=500).as_json())


def test_the_code_that_asks_for_the_records_names_their_logger() -> None:
    assert f'logging.getLogger("{REQUESTS}").setLevel(logging.INFO)' in PAGE


def test_the_characters_of_a_request_id_are_those() -> None:
    (special,) = re.findall("letters, digits and `(.*?)`", PAGE)

    taken = [chr(number) for number in range(33, 127) if request_ids.given(chr(number))]
    assert {character for character in taken if not character.isalnum()} == set(special)


def test_every_metric_is_explained_with_its_labels() -> None:
    with MockKommunicate() as server:
        text = requests.get(f"{server.url}/_mock/metrics", timeout=10).text
    exposed = {family.name for family in text_string_to_metric_families(text)}

    explained = {name.removesuffix("_total") for name in column("metric")}
    assert {name for name in exposed if not name.endswith("_created")} == explained
    assert column("metric", 1) == ["operation", "status", "operation", "kind", "kind", "outcome"]


def test_every_variable_that_switches_spans_is_named() -> None:
    named = column("variable")

    assert {tracing.CHOICE, tracing.DISABLED, *tracing.ENDPOINTS} <= set(named)
    assert all(f"`{exporter}`" in PAGE for exporter in tracing.EXPORTERS)
