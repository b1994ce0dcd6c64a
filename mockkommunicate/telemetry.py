"""Telemetry: what the emulator tells of itself while it works; nothing, until whoever serves wants it otherwise."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

FAULTS = "faults"
DELIVERIES = "deliveries"

Count = tuple[str, ...]
"""What is counted, and of which kinds: ("faults", "hang"), or ("deliveries", "bot", "sent")."""


class Gauge(NamedTuple):
    """How much there is of something at present."""

    name: str
    help: str
    value: int


class Measures(Protocol):
    """Who counts what happens."""

    def answered(self, operation: str | None, status: int | None, seconds: float) -> None:
        """Count a request, and how long it took."""

    def count(self, what: Count) -> None:
        """Count something that happened in a transaction, once it is committed."""

    def watching(self, change: int) -> None:
        """Count an event stream that begins, 1, or ends, -1."""

    def forget(self, process: int) -> None:
        """Forget what a process had open that has ended."""

    def expose(self, gauges: list[Gauge]) -> bytes:
        """Write all that was counted, and what there is at present; raise NotCounted where nobody counts."""


class NotCounted(Exception):
    """Nobody counts; the message says why."""


class Unmeasured:
    """Counts nothing, for a reason."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def answered(self, operation: str | None, status: int | None, seconds: float) -> None:
        """Do nothing."""

    def count(self, what: Count) -> None:
        """Do nothing."""

    def watching(self, change: int) -> None:
        """Do nothing."""

    def forget(self, process: int) -> None:
        """Do nothing."""

    def expose(self, gauges: list[Gauge]) -> bytes:  # noqa: ARG002 - as others do
        """Raise NotCounted."""
        raise NotCounted(self._reason)


class Tracer(Protocol):
    """Who makes spans of the calls that are made."""

    makes_spans: bool

    def call(self, delivery: Any, headers: Mapping[str, str], make: Callable[..., Any]) -> Any:  # noqa: ANN401
        """Make the call of a delivery, with its headers or others, as the keyword `headers`."""


class Untraced:
    """Makes calls as they are."""

    makes_spans = False

    def call(self, delivery: Any, headers: Mapping[str, str], make: Callable[..., Any]) -> Any:  # noqa: ANN401, ARG002
        """Make the call."""
        return make(headers=headers)
