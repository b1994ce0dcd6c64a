"""Spans, by OpenTelemetry: made where its own variables ask for them, and exported to a receiver of OTLP."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from flask import Flask
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from mockkommunicate import tracing
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.settings import Settings
from mockkommunicate.store.database import Database
from tests.client import Client
from tests.postgres import wait_until
from tests.receivers import Receiver
from tests.served import Served

ID, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SECRET = "s3cr3t-value"
SERVER, CLIENT = 2, 3
ERROR = 2


class Span(NamedTuple):
    """What a receiver is told of a span."""

    name: str
    kind: int
    trace: str
    id: str
    parent: str
    status: int
    values: dict[str, Any]
    service: str


def spans(collector: Receiver) -> list[Span]:
    """List what has come."""
    found = []
    for received in list(collector.got):
        for resource in ExportTraceServiceRequest.FromString(received.body).resource_spans:
            service = _values(resource.resource.attributes)["service.name"]
            found += [
                Span(
                    one.name,
                    one.kind,
                    one.trace_id.hex(),
                    one.span_id.hex(),
                    one.parent_span_id.hex(),
                    one.status.code,
                    _values(one.attributes),
                    service,
                )
                for scope in resource.scope_spans
                for one in scope.spans
            ]
    return found


def _values(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


def of_trace(collector: Receiver, trace: str, number: int) -> list[Span]:
    """Wait for so many spans of a trace; answer them by their names."""
    wait_until(lambda: len([one for one in spans(collector) if one.trace == trace]) == number)
    return sorted(one for one in spans(collector) if one.trace == trace)


@pytest.fixture(scope="module")
def collector() -> Iterator[Receiver]:
    """Who gets the spans."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def served(collector: Receiver) -> Iterator[Served]:
    """A server of two processes that makes spans, exported soon."""
    environment = {
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=test",
    }
    with Served("--workers", "2", environment=environment) as served:
        yield served


@pytest.fixture
def hook(served: Served) -> Iterator[Receiver]:
    """The webhook of its app."""
    with Receiver() as receiver:
        served.app.settings({"webhook": {"url": receiver.url}})
        yield receiver
        served.app.settings({"webhook": {"url": None}})


def say(served: Served, *, trace: str | None = None) -> None:
    client = Client(served.url, served.ready["apiKey"])
    number = client.created("user-1")["id"]
    client.session.headers.update({} if trace is None else {"traceparent": f"00-{trace}-{PARENT}-01"})
    assert client.send(number).status_code == 200
    served.app.settle()


def test_a_request_and_the_call_that_it_causes_are_spans_of_its_trace(
    served: Served, collector: Receiver, hook: Receiver
) -> None:
    say(served, trace=ID)

    request, call = of_trace(collector, ID, 2)
    assert (request.name, request.kind, request.parent) == ("POST /rest/ws/message/v2/send", SERVER, PARENT)
    assert request.values["mockkommunicate.app"] == "mock-app"
    assert request.values["mockkommunicate.operation"] == "message.send"
    assert (call.name, call.kind, call.parent) == ("POST webhook", CLIENT, request.id)
    assert call.values["mockkommunicate.app"] == "mock-app"
    assert call.values["http.response.status_code"] == 200
    assert request.service == call.service == "mockkommunicate"
    (received,) = hook.got
    assert received.headers["traceparent"] == f"00-{ID}-{call.id}-01"


def test_a_request_without_a_trace_begins_one(served: Served, collector: Receiver, hook: Receiver) -> None:
    say(served)

    (received,) = hook.got
    _, trace, parent, _ = received.headers["traceparent"].split("-")
    request, call = of_trace(collector, trace, 2)
    assert (call.id, call.parent, request.parent) == (parent, request.id, "")


def test_a_call_in_vain_is_a_span_that_failed(served: Served, collector: Receiver, hook: Receiver) -> None:
    trace = "a" * 32
    hook.answer = lambda _: (500, b"")
    say(served, trace=trace)

    _, call = of_trace(collector, trace, 2)
    assert (call.status, call.values["http.response.status_code"]) == (ERROR, 500)


def test_no_key_leaves_the_server_with_a_span(served: Served, collector: Receiver) -> None:
    trace = "b" * 32
    headers = {"traceparent": f"00-{trace}-{PARENT}-01", "Api-Key": SECRET}
    requests.get(f"{served.url}/rest/ws/nowhere?apiKey={SECRET}&a=1", headers=headers, timeout=10)

    (request,) = of_trace(collector, trace, 1)
    assert request.values["mockkommunicate.request_id"].startswith("gateway:")
    assert not [value for value in request.values.values() if SECRET in str(value)]
    assert not [one for one in collector.got if SECRET.encode() in one.body]


def test_the_last_spans_are_exported_when_the_server_ends() -> None:
    with Receiver() as collector:
        environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SERVICE_NAME": "kommunicate"}
        with Served(environment=environment) as served:
            requests.get(f"{served.url}/_mock/livez", timeout=10)
            assert served.stop() == (0, "")

        (livez,) = spans(collector)
        assert (livez.name, livez.service) == ("GET /_mock/livez", "kommunicate")
        assert collector.got[0].path == "/webhook/v1/traces"


def test_a_collector_that_is_gone_keeps_neither_requests_nor_the_end_waiting() -> None:
    with Served(environment={"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}) as served:
        assert served.client.created("user-1")
        assert served.stop() == (0, "")


def test_the_console_exporter_writes_a_line_of_json_each() -> None:
    with Served(environment={"OTEL_TRACES_EXPORTER": "console"}) as served:
        requests.get(f"{served.url}/_mock/livez", timeout=10)
        assert served.stop() == (0, "")

        (line,) = [line for line in served.log.splitlines() if line.startswith("{")]
        assert json.loads(line)["name"] == "GET /_mock/livez"


@pytest.mark.parametrize(
    ("environment", "exporter"),
    [
        ({}, None),
        ({"OTEL_SERVICE_NAME": "shop"}, None),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "zipkin"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "", "OTEL_TRACES_EXPORTER": ""}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, None),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "false"}, "otlp"),
    ],
)
def test_spans_are_made_where_the_variables_ask_for_them(
    environment: dict[str, str], exporter: str | None
) -> None:
    assert tracing.wanted(environment) == exporter


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator that nobody serves."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}", timeout=5)
    yield Emulator(Settings(), database)
    database.close()


def test_an_exporter_that_there_is_not_is_said_and_makes_no_spans(
    emulator: Emulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "zipkin")
    tracing.begin(Flask("empty"), emulator)()

    assert caplog.messages == [
        "no spans: OTEL_TRACES_EXPORTER is 'zipkin', and must be otlp, console or none"
    ]
    assert not emulator.tracer.makes_spans


@pytest.mark.parametrize("missing", ["opentelemetry.sdk.trace", "opentelemetry.instrumentation.flask"])
def test_without_the_extra_that_is_said_and_makes_no_spans(
    emulator: Emulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setitem(sys.modules, missing, None)
    tracing.begin(Flask("empty"), emulator)()

    (message,) = caplog.messages
    assert message.startswith("no spans, though the environment asks for them: ")
    assert message.endswith("; install the extra: pip install 'mockkommunicate[otel]'")
    assert not emulator.tracer.makes_spans


def test_who_asks_for_no_spans_loads_nothing_of_them() -> None:
    code = (
        "import sys; from mockkommunicate import MockKommunicate; MockKommunicate().start().stop();"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
