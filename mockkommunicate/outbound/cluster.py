"""procrastinate: for several machines on one PostgreSQL, its queue in place of the pump.

A job is put into the queue in the transaction that owes the call; whoever fetches it claims the delivery as the others
do. The lock of a job is its lane.
"""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import procrastinate

from mockkommunicate.domain import clock
from mockkommunicate.domain.deliveries import State
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.operations.work import Work
from mockkommunicate.outbound.pool import Pool
from mockkommunicate.outbound.pump import CUT_S, MOST, MOST_OF_APP
from mockkommunicate.outbound.sending import LEASE_MS, Sender
from mockkommunicate.store import deliveries as rows
from mockkommunicate.store import jobs
from mockkommunicate.store.jobs import Job
from mockkommunicate.store.records import Delivery

FETCH_S = 0.1
"""How often the queue is looked at: of jobs with a lock only the first is announced."""

BEAT_S = 3.0
"""How often a worker says that it lives, and looks for jobs of those that do not."""

_FULL_MS = 250
_RESTART_S = 1.0

log = logging.getLogger("mockkommunicate")


class Cluster:
    """Sends what is due by procrastinate's queue."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._pool = Pool(MOST, name="mockkommunicate-delivery")
        self._lock = threading.Lock()
        self._of_app: Counter[str] = Counter()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._is_closing = False

    def prepare(self, work: Work) -> None:
        """Put a job for each into the queue; where the clock stands still, what is due later has to wait for that."""
        is_frozen = work.clock.frozen_at is not None
        due = [Job(delivery, max(0, delivery.due_at - work.now)) for delivery in work.leading]
        jobs.defer(work.connection, [job for job in due if not (is_frozen and job.delay)])

    def wake(self, work: Work) -> None:
        """Do nothing: PostgreSQL tells the workers."""

    def start(self) -> None:
        """Begin to work."""
        self._thread = threading.Thread(target=self._run, name="mockkommunicate-cluster", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Begin to send nothing more. The worker is told once: told again it would not wait for its jobs."""
        if self._is_closing:
            return
        self._is_closing = True
        if self._loop is not None and self._main is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._main.cancel)

    def close(self, grace: float) -> None:
        """Wait so many seconds for the calls that are being made, then cut them off."""
        self.stop()
        if not self._pool.close(grace):
            self._sender.close()
            self._pool.close(CUT_S)
        if self._thread is not None:
            self._thread.join(CUT_S)

    def _run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        """Work until told to stop, whatever becomes of the database."""
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        while not self._is_closing:
            try:
                await self._work_while_it_lasts()
            except asyncio.CancelledError:
                return
            except Exception as error:  # noqa: BLE001 - procrastinate's, or the driver's
                log.warning("the queue of deliveries is out of reach: %s", error)
            await asyncio.sleep(_RESTART_S)

    async def _work_while_it_lasts(self) -> None:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._sender.emulator.database.conninfo, min_size=1, max_size=4
        )
        app = procrastinate.App(connector=connector)
        retry = procrastinate.RetryStrategy(wait=1)
        app.task(name=jobs.TASK, queue=jobs.QUEUE, retry=retry)(self._deliver)
        async with app.open_async():
            rescue = asyncio.create_task(self._rescue(app))
            try:
                await app.run_worker_async(
                    queues=[jobs.QUEUE],
                    concurrency=MOST,
                    fetch_job_polling_interval=FETCH_S,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    update_heartbeat_interval=BEAT_S,
                    stalled_worker_timeout=LEASE_MS / 1_000,
                )
            finally:
                rescue.cancel()

    async def _rescue(self, app: procrastinate.App) -> None:
        """Put the jobs of workers that have died back into the queue."""
        while True:
            await asyncio.sleep(BEAT_S)
            stalled = await app.job_manager.get_stalled_jobs(
                queue=jobs.QUEUE, seconds_since_heartbeat=LEASE_MS / 1_000
            )
            for job in stalled:
                await app.job_manager.retry_job(job)

    async def _deliver(self, application_id: str, delivery_id: int) -> None:
        """Do a job, on a thread of ours."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._pool.submit(partial(self._do, application_id, delivery_id, partial(_end, loop, done)))
        await done

    def _do(self, application_id: str, delivery_id: int, end: Callable[[Exception | None], None]) -> None:
        try:
            self._send(application_id, delivery_id)
        except Exception as error:  # noqa: BLE001 - procrastinate tries the job again
            end(error)
        else:
            end(None)

    def _send(self, application_id: str, delivery_id: int) -> None:
        """Send a delivery, unless another does; see to it that it is sent later if it cannot be now."""
        with self._lock:
            is_full = self._of_app[application_id] >= MOST_OF_APP
            self._of_app[application_id] += 1
        try:
            claimed = [] if is_full else self._sender.claim(application_id, most=1, only=delivery_id)
            if not claimed or self._sender.send(claimed[0]) is None:
                self._put_back(application_id, delivery_id, at_least=_FULL_MS if is_full else 0)
        finally:
            with self._lock:
                self._of_app[application_id] -= 1

    def _put_back(self, application_id: str, delivery_id: int, *, at_least: int) -> None:
        try:
            with self._sender.emulator.look_at(application_id) as work:
                delivery = rows.find(work.connection, application_id, delivery_id)
                delay = None if delivery is None else _delay(work, delivery)
        except ControlError:
            return
        if delivery is not None and delay is not None:
            with self._sender.emulator.database.write() as connection:
                jobs.defer(connection, [Job(delivery, max(delay, at_least))])


def _delay(work: Work, delivery: Delivery) -> int | None:
    """Answer in how many milliseconds a delivery may be sent; None if it is done, or not before the clock is moved."""
    if delivery.state != State.PENDING or not delivery.leads:
        return None
    waits = delivery.due_at - work.now
    if waits > 0 and work.clock.frozen_at is not None:
        return None
    return max(0, waits, (delivery.claimed_until or 0) + 1 - clock.now_ms())


def _end(loop: asyncio.AbstractEventLoop, done: "asyncio.Future[None]", error: Exception | None) -> None:
    def tell() -> None:
        if done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    if not loop.is_closed():
        loop.call_soon_threadsafe(tell)
