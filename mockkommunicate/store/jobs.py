"""Jobs of procrastinate's: put into its queue by its own SQL function, in our transaction."""

from collections.abc import Iterable
from typing import NamedTuple

from mockkommunicate.domain import clock
from mockkommunicate.store.records import Delivery
from mockkommunicate.store.statements import Connection

QUEUE = "mockkommunicate"
TASK = "mockkommunicate.deliver"

_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
    %(queue)s, %(task)s, 0, %(lock)s, NULL,
    jsonb_build_object('application_id', %(app)s::text, 'delivery_id', %(delivery)s::bigint),
    to_timestamp(%(at)s / 1000.0)
)]::procrastinate_job_to_defer_v1[])
"""


class Job(NamedTuple):
    """A delivery to send, in how many milliseconds."""

    delivery: Delivery
    delay: int = 0


def defer(connection: Connection, jobs: Iterable[Job]) -> None:
    """Put jobs into the queue.

    The lock of a job is its lane. One that is for later has none: it would keep what is due before it waiting.
    """
    for delivery, delay in jobs:
        values = {
            "queue": QUEUE,
            "task": TASK,
            "lock": None if delay > 0 else f"{delivery.application_id}/{delivery.lane}",
            "app": delivery.application_id,
            "delivery": delivery.id,
            "at": clock.now_ms() + delay if delay > 0 else None,
        }
        connection.raw.execute(_DEFER, values)
