"""Sending: claim what is due, call, record what came of it, and hold the claim for as long as the call takes."""

import json
import logging
import secrets
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from mockkommunicate.domain import clock, traces
from mockkommunicate.domain.deliveries import Kind, Outcome
from mockkommunicate.domain.errors import ControlError, StoreUnavailable
from mockkommunicate.domain.targets import Allowed
from mockkommunicate.operations import attempts
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound.http import Caller
from mockkommunicate.store import claims
from mockkommunicate.store.records import Delivery
from mockkommunicate.store.statements import Connection

LEASE_MS = 10_000
"""For how long a claim holds that nobody renews: so soon another takes what a killed process was sending."""

RENEW_S = 3.0
"""How often claims are renewed while their calls last."""

log = logging.getLogger("mockkommunicate")


class Sender:
    """Sends deliveries of any app. Threads may share it."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._caller = Caller(Allowed(emulator.settings.allow_outbound))
        self._leases = _Leases(emulator)
        self._is_closing = False

    def claim(
        self, application_id: str, *, most: int, busy: Collection[str] = (), only: int | None = None
    ) -> Sequence[Delivery]:
        """Claim what is due of an app, as `claim` does."""
        with self.emulator.database.write() as connection:
            return claim(connection, application_id, most=most, busy=busy, only=only)

    def list_apps(self) -> list[str]:
        """List the apps that have something due which nobody has claimed."""
        with self.emulator.database.read() as connection:
            return claims.list_apps(connection, wall=clock.now_ms())

    def is_shared(self) -> bool:
        """Tell whether others may leave something to send: in a database that has a name, or a process before this one."""
        if self.emulator.settings.database is not None:
            return True
        try:
            return bool(self.list_apps())
        except StoreUnavailable:
            return True

    def send(self, claimed: Delivery) -> Delivery | None:
        """Send a claimed delivery and record it; None where another has the claim by now, or the app is gone.

        Raises StoreUnavailable when it cannot be recorded: it is sent again then, once its lease is over.
        """
        outcome = self.call(claimed)
        if outcome is None:
            return None
        try:
            with self.emulator.work_on(claimed.application_id) as work:
                return self.record(work, claimed, outcome)
        except ControlError:
            return None

    def record(self, work: Work, claimed: Delivery, outcome: Outcome) -> Delivery | None:
        """Record what came of a call, as `attempts.record` does; what follows from that belongs to the same trace."""
        headers = json.loads(claimed.headers)
        work.trace = traces.find(headers.items(), ours=self.emulator.tracer.makes_spans)
        return attempts.record(work, claimed, outcome)

    def call(self, claimed: Delivery) -> Outcome | None:
        """Make the call of a claimed delivery; None if it was cut off, or its app is gone."""
        try:
            with self.emulator.look_at(claimed.application_id) as work:
                timeout_ms = _timeout(work, claimed)
        except ControlError:
            return None
        headers = json.loads(claimed.headers)
        with self.hold([claimed]):
            call = partial(self._caller.call, claimed.url, body=claimed.payload, timeout_ms=timeout_ms)
            outcome: Outcome = self.emulator.tracer.call(claimed, headers, call)
        if self._is_closing and outcome.error is not None:
            self._release(claimed)
            return None
        return outcome

    def hold(self, claimed: list[Delivery]) -> AbstractContextManager[None]:
        """Hold the claims on what is in a list, whatever is put into it or taken out."""
        return self._leases.hold(claimed)

    def close(self) -> None:
        """Cut off the calls that are being made; what they were to send is free for others."""
        self._is_closing = True
        self._caller.cut()
        self._leases.close()

    def _release(self, claimed: Delivery) -> None:
        with self.emulator.database.write() as connection:
            claims.release(connection, claimed)


def claim(
    connection: Connection,
    application_id: str,
    *,
    most: int,
    busy: Collection[str] = (),
    only: int | None = None,
) -> Sequence[Delivery]:
    """Claim at most so many deliveries of an app that are due, in the order in which they are to be sent.

    None of them goes to a `busy` URL; `only` is the number of the one that is wanted.
    """
    now = clock.now_ms()
    return claims.claim(
        connection,
        application_id,
        token=secrets.token_hex(8),
        wall=now,
        until=now + LEASE_MS,
        most=most,
        busy=busy,
        only=only,
    )


def _timeout(work: Work, delivery: Delivery) -> int:
    settings = work.settings.deliveries
    return settings.bot_timeout_ms if delivery.kind == Kind.BOT else settings.webhook_timeout_ms


class _Leases:
    """The claims whose calls are being made; a thread renews them, if any call takes long enough."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._lock = threading.Lock()
        self._held: dict[int, list[Delivery]] = {}
        self._thread: threading.Thread | None = None
        self._is_closed = threading.Event()

    @contextmanager
    def hold(self, claimed: list[Delivery]) -> Iterator[None]:
        """Hold the claims on what is in a list."""
        with self._lock:
            self._held[id(claimed)] = claimed
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._renew, name="mockkommunicate-leases", daemon=True
                )
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._held[id(claimed)]

    def close(self) -> None:
        """Renew nothing more."""
        self._is_closed.set()

    def _renew(self) -> None:
        """Renew what is held, every now and then, until nothing is."""
        while not self._is_closed.wait(RENEW_S):
            with self._lock:
                held = [delivery for claimed in self._held.values() for delivery in claimed]
                if not self._held:
                    self._thread = None
                    return
            try:
                with self._emulator.database.write() as connection:
                    claims.renew(connection, held, until=clock.now_ms() + LEASE_MS)
            except StoreUnavailable as error:
                log.warning("claims on deliveries cannot be renewed: %s", error.description)
