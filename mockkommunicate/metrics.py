"""Metrics: counted with prometheus-client, if that is there; where several processes serve, in files that they share."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from mockkommunicate.telemetry import DELIVERIES, FAULTS, Count, Gauge, Measures, Unmeasured

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""By this prometheus-client knows, once it is imported, that several processes count together, and where."""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Up to how many seconds durations are told apart."""

_PREFIX = "mockkommunicate"
_NONE = "none"


@contextmanager
def of_processes(number: int) -> Iterator[Measures]:
    """Count in so many processes, forked from now on; what they share is removed by this one."""
    os.environ.pop(FOLDER, None)
    if number == 1:
        yield of_process()
        return
    here = os.getpid()
    folder = os.environ[FOLDER] = tempfile.mkdtemp(prefix="mockkommunicate-metrics-")
    try:
        yield _measures()
    finally:
        if os.getpid() == here:
            shutil.rmtree(folder, ignore_errors=True)


def of_process() -> Measures:
    """Count in this process alone, unless what else runs in it counts together with others: these are not to hear of it."""
    reason = f"{FOLDER} is set, for something else that counts in this process"
    return Unmeasured(reason) if FOLDER in os.environ else _measures()


def _measures() -> Measures:
    try:
        import prometheus_client  # noqa: PLC0415 - it is an extra
        import prometheus_client.multiprocess  # noqa: PLC0415
    except ImportError:
        return Unmeasured("prometheus-client is not installed")
    return Prometheus(prometheus_client, os.environ.get(FOLDER))


class Prometheus:
    """Counts for Prometheus. No label has more values than there are routes, statuses and kinds."""

    def __init__(self, client: ModuleType, folder: str | None) -> None:
        self._client = client
        self._folder = folder
        self._registry = client.CollectorRegistry()
        named = {"namespace": _PREFIX, "registry": self._registry}
        self._requests = client.Counter(
            "requests", "Requests, by operation and status.", ["operation", "status"], **named
        )
        self._kinds: dict[tuple[str | None, int | None], tuple[Any, Any]] = {}
        self._seconds = client.Histogram(
            "request_duration_seconds",
            "How long requests took, faults included.",
            ["operation"],
            buckets=BUCKETS,
            **named,
        )
        self._counts = {
            FAULTS: client.Counter("faults", "Faults that struck, by their kind.", ["kind"], **named),
            DELIVERIES: client.Counter(
                "deliveries", "Calls to webhooks and bots, by outcome.", ["kind", "outcome"], **named
            ),
        }
        self._streams = client.Gauge(
            "event_streams", "Event streams that are open.", multiprocess_mode="livesum", **named
        )

    def answered(self, operation: str | None, status: int | None, seconds: float) -> None:
        """Count a request, and how long it took."""
        key = operation, status
        found = self._kinds.get(key)
        if found is None:
            name = operation or _NONE
            found = self._requests.labels(name, status or _NONE), self._seconds.labels(name)
            self._kinds[key] = found
        found[0].inc()
        found[1].observe(seconds)

    def count(self, what: Count) -> None:
        """Count something that happened."""
        name, *labels = what
        self._counts[name].labels(*labels).inc()

    def watching(self, change: int) -> None:
        """Count an event stream that begins, or ends."""
        self._streams.inc(change)

    def expose(self, gauges: list[Gauge]) -> bytes:
        """Write what was counted by all processes, and what there is at present."""
        counted, present = self._registry, self._client.CollectorRegistry()
        if self._folder is not None:
            counted = self._client.CollectorRegistry()
            self._client.multiprocess.MultiProcessCollector(counted, self._folder)
        for gauge in gauges:
            made = self._client.metrics_core.GaugeMetricFamily(
                f"{_PREFIX}_{gauge.name}", gauge.help, gauge.value
            )
            present.register(_Fixed(made))
        return b"".join(map(self._client.generate_latest, (counted, present)))

    def forget(self, process: int) -> None:
        """Forget what a process had open that has ended; what it counted stays."""
        if self._folder is not None:
            self._client.multiprocess.mark_process_dead(process, self._folder)


class _Fixed:
    """What Prometheus' registry collects: one family, as it is."""

    def __init__(self, family: object) -> None:
        self._family = family

    def collect(self) -> list[object]:
        """Answer it."""
        return [self._family]
