"""What one request of the emulated API passes, in order: the key, the faults, its operation, the journal."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from flask import Response, current_app, request

from mockkommunicate.api import auth, receiving, replies
from mockkommunicate.domain import clock, request_ids, traces
from mockkommunicate.domain.errors import (
    ApiError,
    EmulatorError,
    GatewayRefusal,
    StoreUnavailable,
    TooManyApps,
)
from mockkommunicate.domain.faults import Met, Phase
from mockkommunicate.domain.received import Received
from mockkommunicate.domain.replies import NO_ANSWER, Reply
from mockkommunicate.domain.socket_kinds import SocketFault
from mockkommunicate.observed import SEEN, TRACE, Seen
from mockkommunicate.operations import faults, journal
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.operations.work import Work
from mockkommunicate.sockets import FAULT
from mockkommunicate.telemetry import FAULTS
from mockkommunicate.wire.envelope import Wrap

log = logging.getLogger("mockkommunicate")

_NOTHING = Reply(text="", status=NO_ANSWER)
"""What is kept where the connection ended without an answer."""


@dataclass(frozen=True, kw_only=True)
class Handler:
    """How a request is answered: `run` in a transaction on its app; `wrap` says what a refusal looks like.

    `key` says whose request it is. Who is `open` answers without a key, too.
    """

    run: Callable[[Work, Received], Reply]
    operation: str | None = None
    open: bool = False
    wrap: Wrap = Wrap.ALWAYS
    key: Callable[[Emulator], str | None] = auth.api_key


@dataclass(frozen=True, kw_only=True)
class _Exchange:
    """A request on its way to its answer; `began` is the time of the wall clock at which it came.

    What becomes of it is written down in `seen`.
    """

    emulator: Emulator
    handler: Handler
    received: Received
    began: int
    seen: Seen

    def work(self) -> AbstractContextManager[Work]:
        """Begin a writing transaction on the app of the request's key."""
        return self.emulator.work(self.handler.key(self.emulator))

    def look(self) -> AbstractContextManager[Work]:
        """Begin reading the app of the request's key."""
        return self.emulator.look(self.handler.key(self.emulator))

    def run(self, work: Work) -> Reply:
        """Answer the request, or raise why not."""
        work.trace = request.environ.get(TRACE) or traces.find(self.received.headers)
        return self.handler.run(work, self.received)

    def record(self, work: Work, reply: Reply, *, at: int | None = None, fault: str | None = None) -> None:
        """Keep the request and its answer in the journal."""
        took = clock.now_ms() - self.began
        number = journal.record(work, self.received, reply, took=took, at=at, fault=fault)
        self.seen.app, self.seen.fault = work.app_id or None, fault
        if self.seen.id is None and number is not None:
            self.seen.id = request_ids.numbered(work.app_id, number)

    def of_error(self, error: ApiError, *, now: int) -> Reply:
        """Make the answer of an error."""
        return replies.of_error(error, now=now, wrap=self.handler.wrap)


def carry(handler: Handler) -> Response:
    """Let the present request pass to its handler; whatever becomes of it is in the journal of its app.

    The one exception is a database that fails: what it does not take cannot be kept in it, and the log says so.
    """
    began = clock.now_ms()
    emulator: Emulator = current_app.extensions["mockkommunicate"]
    received = receiving.receive(handler.operation)
    seen: Seen = request.environ[SEEN]
    seen.operation = received.operation
    exchange = _Exchange(emulator=emulator, handler=handler, received=received, began=began, seen=seen)
    try:
        reply = _passed(exchange)
    except StoreUnavailable as error:
        log.warning("%s %s is not in the journal: %s", received.method, received.path, error.description)
        reply = exchange.of_error(error, now=_now(exchange))
    return replies.to_http(reply)


def _now(exchange: _Exchange) -> int:
    """Answer the time of the app's clock, if that can be read at least."""
    try:
        with exchange.look() as work:
            return work.now
    except EmulatorError:
        return clock.now_ms()


def _passed(exchange: _Exchange) -> Reply:
    try:
        return _tried(exchange)
    except TooManyApps as error:
        full = error
        return _turned_away(exchange, lambda work, _: exchange.of_error(full, now=work.now))
    except GatewayRefusal as refusal:
        answer = replies.of_refusal(refusal)
        turn_away = exchange.handler.run if exchange.handler.open else lambda _work, _received: answer
        return _turned_away(exchange, turn_away)


def _tried(exchange: _Exchange) -> Reply:
    """Answer a request that has a key; one whose app is deleted meanwhile is as one with an unknown key."""
    try:
        return _answered(exchange)
    except (StoreUnavailable, TooManyApps):
        raise
    except ApiError as error:
        return _refused(exchange, error)


def _answered(exchange: _Exchange) -> Reply:
    with exchange.work() as work:
        met = faults.meet(work, exchange.received)
        if met is None and work.app.faults == faults.NONE:
            return _run(exchange, work)
        at = work.now
    # What the rules have counted is kept now, even if the operation is refused.
    if met is not None:
        return _struck(exchange, met, at=at)
    with exchange.work() as work:
        return _run(exchange, work)


def _run(exchange: _Exchange, work: Work) -> Reply:
    reply = exchange.run(work)
    exchange.record(work, reply)
    return reply


def _struck(exchange: _Exchange, met: Met, *, at: int) -> Reply:
    """Answer a request that meets a fault, counted already; nothing is locked while it waits."""
    if met.phase is Phase.BEFORE:
        time.sleep(met.delay_ms / 1000)
    true = _true_answer(exchange) if met.runs else _NOTHING
    if met.phase is Phase.AFTER:
        time.sleep(met.delay_ms / 1000)
    if met.socket is not None:
        request.environ[FAULT] = SocketFault(kind=met.socket)
    reply = met.reply or true
    reply = replace(reply, headers={**reply.headers, faults.HEADER: met.id})
    with exchange.work() as work:
        work.counts.append((FAULTS, met.kind))
        exchange.record(work, reply, at=at, fault=met.id)
    return reply


def _true_answer(exchange: _Exchange) -> Reply:
    """Run the operation to its end, which may be an error."""
    try:
        with exchange.work() as work:
            return exchange.run(work)
    except (StoreUnavailable, TooManyApps):
        raise
    except ApiError as error:
        with exchange.look() as work:
            return exchange.of_error(error, now=work.now)


def _refused(exchange: _Exchange, error: ApiError) -> Reply:
    """Answer an error at the time of the app's clock; the transaction in which it was raised has been undone."""
    with exchange.work() as work:
        reply = exchange.of_error(error, now=work.now)
        exchange.record(work, reply)
    return reply


def _turned_away(exchange: _Exchange, answer: Callable[[Work, Received], Reply]) -> Reply:
    """Answer a request that belongs to no app."""
    with exchange.emulator.work_at_gateway() as work:
        reply = answer(work, exchange.received)
        exchange.record(work, reply)
    return reply
