"""Tracing: spans of requests and of the calls that they cause, by OpenTelemetry, where its variables ask for them."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, request

from mockkommunicate import __version__
from mockkommunicate.domain import traces
from mockkommunicate.domain.traces import Trace
from mockkommunicate.logs import MASK, masked
from mockkommunicate.observed import SEEN, TRACE, Seen
from mockkommunicate.operations.emulator import Emulator

EXPORTERS = ("otlp", "console")
"""What may stand in OTEL_TRACES_EXPORTER: OTLP over HTTP, or each span as JSON on stderr; and "none"."""

SERVICE = "mockkommunicate"
FLUSH_S = 1.5
"""How long the last spans may take to be exported, at the end."""

CHOICE = "OTEL_TRACES_EXPORTER"
DISABLED = "OTEL_SDK_DISABLED"
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_WITH_QUERY = ("http.target", "http.url", "url.full")
_QUERY = "url.query"
_FAILURES = 400

log = logging.getLogger("mockkommunicate")


def begin(app: Flask, emulator: Emulator) -> Callable[[], None]:
    """Begin to make spans, in the process that serves, if the environment asks for it; answer what ends it."""
    exporter = wanted(os.environ)
    if exporter is None:
        return _nothing
    if exporter not in EXPORTERS:
        log.warning("no spans: %s is %r, and must be otlp, console or none", CHOICE, exporter)
        return _nothing
    try:
        instrumentor = _instrumentor()
        provider = _provider(exporter)
    except ImportError as error:
        hint = "install the extra: pip install 'mockkommunicate[otel]'"
        log.warning("no spans, though the environment asks for them: %s; %s", error, hint)
        return _nothing
    instrumentor.instrument_app(
        app,
        tracer_provider=provider,
        request_hook=_leave_trace,
        response_hook=_describe,
        enable_commenter=False,
    )
    emulator.tracer = Spans(provider.get_tracer(SERVICE, __version__))
    return lambda: _end(provider)


def wanted(environment: Mapping[str, str]) -> str | None:
    """Answer the exporter that OpenTelemetry's variables name, "otlp" if they only say where to; None for none."""
    if environment.get(DISABLED, "").lower() == "true":
        return None
    default = "otlp" if any(environment.get(name) for name in ENDPOINTS) else "none"
    exporter = environment.get(CHOICE) or default
    return None if exporter == "none" else exporter


def _nothing() -> None:
    pass


def _provider(exporter: str) -> Any:  # noqa: ANN401 - an extra's
    """Make what gives out tracers; whatever else there is to say of it, its own variables say."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource({SERVICE_NAME: SERVICE, "service.version": __version__})
    named = Resource.create()
    if not str(named.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        resource = Resource({})
    provider = TracerProvider(resource=named.merge(resource), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_exporter(exporter)))
    return provider


def _exporter(name: str) -> Any:  # noqa: ANN401 - an extra's
    if name == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter  # noqa: PLC0415

        return ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: f"{span.to_json(indent=None)}\n")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

    return OTLPSpanExporter()


def _instrumentor() -> Any:  # noqa: ANN401 - an extra's
    from opentelemetry.instrumentation.flask import FlaskInstrumentor  # noqa: PLC0415

    return FlaskInstrumentor()


def _leave_trace(span: Any, environ: dict[str, Any]) -> None:  # noqa: ANN401 - an extra's
    """Leave the trace where whoever answers the request finds it."""
    context = span.get_span_context()
    environ[TRACE] = Trace(
        trace_id=f"{context.trace_id:032x}",
        parent_id=f"{context.span_id:016x}",
        sampled=context.trace_flags.sampled,
        state=context.trace_state.to_header() or None,
        ours=True,
    )


def _describe(span: Any, _status: str, _headers: object) -> None:  # noqa: ANN401 - an extra's
    """Say of a span what the log says of its request; take the keys out that may be in its query."""
    if span is None or not span.is_recording():
        return
    seen: Seen = request.environ[SEEN]
    told = {"app": seen.app, "operation": seen.operation, "fault": seen.fault, "request_id": seen.id}
    span.set_attributes({f"{SERVICE}.{name}": value for name, value in told.items() if value is not None})
    given = span.attributes
    span.set_attributes({name: masked(given[name]) for name in _WITH_QUERY if name in given})
    if given.get(_QUERY):
        span.set_attribute(_QUERY, MASK)


def _end(provider: Any) -> None:  # noqa: ANN401 - an extra's
    """Export what is left, unless that takes too long: whoever gets it may be gone."""
    thread = threading.Thread(target=provider.shutdown, name="mockkommunicate-spans", daemon=True)
    thread.start()
    thread.join(FLUSH_S)


class Spans:
    """Makes a span of each call that is sent, which the receiver can go on from."""

    makes_spans = True

    def __init__(self, tracer: Any) -> None:  # noqa: ANN401 - an extra's
        from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415
            TraceContextTextMapPropagator,
        )

        self._tracer = tracer
        self._client = SpanKind.CLIENT
        self._propagator = TraceContextTextMapPropagator()
        self._failed: Callable[[str], Any] = lambda why: Status(StatusCode.ERROR, why)

    def call(self, delivery: Any, headers: Mapping[str, str], make: Callable[..., Any]) -> Any:  # noqa: ANN401
        """Make a call in a span, the child of what caused it."""
        context = self._propagator.extract(headers)
        attributes = {
            "http.request.method": "POST",
            "server.address": delivery.url.partition("://")[2].partition("/")[0].rpartition("@")[2],
            f"{SERVICE}.app": delivery.application_id,
            f"{SERVICE}.delivery": delivery.id,
            f"{SERVICE}.kind": delivery.kind,
        }
        with self._tracer.start_as_current_span(
            f"POST {delivery.kind}", context=context, kind=self._client, attributes=attributes
        ) as span:
            given = {name: value for name, value in headers.items() if name.lower() not in traces.NAMES}
            self._propagator.inject(given)
            outcome = make(headers=given)
            if outcome.status is not None:
                span.set_attribute("http.response.status_code", outcome.status)
            if outcome.error is not None or outcome.status >= _FAILURES:
                span.set_status(self._failed(outcome.error or ""))
        return outcome
