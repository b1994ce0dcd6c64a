"""Growth: the time of one call with few and with many conversations stored, call by call in turn."""

import random
from contextlib import ExitStack
from dataclasses import dataclass, replace

from benchmarks import content, servers
from benchmarks.calls import Connection
from benchmarks.content import Content
from benchmarks.operations import OPERATIONS, Operation
from benchmarks.options import Options
from benchmarks.report import NO_TARGET, Table, Target, median, milliseconds

TARGET = Target(1.25)
_AIMED_AT = {"create", "detail"}
_WARM_UP = 50
_SEED = 1


@dataclass(frozen=True)
class Stored:
    """A server with so much content, and a connection to it."""

    app: Content
    connection: Connection


def measure(options: Options) -> Table:
    """Run a server for each number of conversations, and send each operation to all of them in turn."""
    with ExitStack() as stack:
        stored = []
        for conversations in options.conversations:
            server = stack.enter_context(servers.emulator(options))
            app = _shuffled(content.make(server, conversations=conversations))
            stored.append(Stored(app, Connection(server.url)))
        rows = [_row(operation, stored, options.growth_calls) for operation in OPERATIONS]
        for each in stored:
            each.connection.close()
    sizes = [f"{conversations:,}" for conversations in options.conversations]
    title = f"Growth: milliseconds of one call (p50) with so many conversations stored, {options.growth_calls} calls"
    return Table(title, ("operation", *sizes, "ratio", "target", "met"), list(rows))


def _shuffled(app: Content) -> Content:
    """Put the customers with their conversations into a random order, so that calls go to all parts of the tables."""
    pairs = list(zip(app.customers, app.conversations, strict=True))
    random.Random(_SEED).shuffle(pairs)
    customers, conversations = zip(*pairs, strict=True)
    return replace(app, customers=list(customers), conversations=list(conversations))


def _row(operation: Operation, stored: list[Stored], calls: int) -> list[str]:
    times: list[list[float]] = [[] for _ in stored]
    for number in range(_WARM_UP + calls):
        for each, into in zip(stored, times, strict=True):
            into.append(each.connection.send(operation.request(each.app, number)).seconds * 1e3)
    medians = [median(each[_WARM_UP:]) for each in times]
    ratio = medians[-1] / medians[0]
    cells = TARGET.cells(ratio) if operation.name in _AIMED_AT else NO_TARGET
    return [operation.title, *map(milliseconds, medians), f"{ratio:.2f}", *cells]
