"""Outgoing: what is owed is sent, by one of several carriers; settled; and run while the clock moves."""

from collections.abc import Callable
from typing import Any

from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound import moving, settling
from mockkommunicate.outbound.adapters import ADAPTERS
from mockkommunicate.outbound.pool import Pool
from mockkommunicate.outbound.pump import CUT_S
from mockkommunicate.outbound.sending import Sender
from mockkommunicate.outbound.settling import Drain, Settled

MOST_SETTLE = 512
"""How many may settle at once; there are no more threads of a server."""


class Outgoing:
    """What sends the deliveries of an emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._sender = Sender(emulator)
        self._adapter = ADAPTERS[emulator.settings.deliveries](self._sender)
        self._settlers = Pool(MOST_SETTLE, name="mockkommunicate-settle")
        emulator.carrier = self._adapter

    def start(self) -> None:
        """Begin to send."""
        self._adapter.start()

    def stop(self) -> None:
        """Begin to send nothing more."""
        self._adapter.stop()

    def close(self, grace: float) -> None:
        """Wait so many seconds for the calls that are being made, then cut them off."""
        self._adapter.close(grace)
        self._sender.close()
        self._settlers.close(CUT_S)

    def settle(self, application_id: str, *, timeout_ms: int, after: int, limit: int) -> Settled:
        """Wait until nothing is owed in an app, or the time is over; answer what was owed since a place.

        What is due is sent here and now, whoever else sends. Where the clock stands still, nothing is waited for that
        is due later. Raises ControlError when there is no such app.
        """
        drain = Drain(self._sender, application_id, timeout_ms=timeout_ms)
        self._settlers.submit(drain.run)
        timed_out = not drain.wait()
        with self.emulator.look_at(application_id) as work:
            return settling.look(work, timed_out=timed_out, after=after, limit=limit)

    def move_clock(
        self,
        application_id: str,
        shown: Callable[[Work], dict[str, Any]],
        **changes: Any,  # noqa: ANN401 - what clock.begin takes
    ) -> dict[str, Any]:
        """Change an app's clock, and send what falls due on the way, as `moving.change` does."""
        return moving.change(self._sender, application_id, shown, **changes)
