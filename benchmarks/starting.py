"""Start to first answer, and idle memory: of the emulator and of the empty Flask app, in turn."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from benchmarks import memory, operations, servers
from benchmarks.calls import Connection, Request
from benchmarks.content import Content
from benchmarks.options import Options
from benchmarks.report import NO_TARGET, NOTHING, Table, Target, median, median_ratio, milliseconds
from benchmarks.servers import Running

_SETTLE_S = 0.3
_CREATE = operations.OPERATIONS[0]

START = Target(2.0)
MEMORY = Target(1.5)

Start = Callable[[], AbstractContextManager[Running]]


@dataclass
class Measured:
    """What was measured of one kind of server, start by start: milliseconds and megabytes."""

    first_answer: list[float] = field(default_factory=list)
    pss: list[float] = field(default_factory=list)
    rss: list[float] = field(default_factory=list)


def measure(options: Options) -> Table:
    """Start both in turn, again and again; the first start of each only fills the caches."""
    with servers.emulator(options) as server:
        sizes = operations.answer_sizes(server)
    with servers.empty(options, sizes):
        pass
    first = _CREATE.request(Content("", "mock-api-key", ["customer-1"], []), 0)
    emulator, floor = Measured(), Measured()
    for _ in range(options.starts):
        _start(lambda: servers.empty(options, sizes), first.to("/create"), floor)
        _start(lambda: servers.emulator(options), first, emulator)
    return _table(emulator, floor)


def _start(start: Start, first: Request, into: Measured) -> None:
    began = time.perf_counter()
    with start() as server:
        connection = Connection(server.url)
        connection.send(first)
        into.first_answer.append((time.perf_counter() - began) * 1e3)
        connection.close()
        time.sleep(_SETTLE_S)
        if memory.is_known():
            used = memory.of_tree(server.process.pid)
            into.pss.append(used.pss)
            into.rss.append(used.rss)


def _table(emulator: Measured, floor: Measured) -> Table:
    columns = ("medians", "emulator", "empty Flask app", "ratio", "target", "met")
    table = Table("Start and idle memory", columns)
    rows = (
        ("start to first answer, ms", emulator.first_answer, floor.first_answer, START),
        ("idle memory of all processes, PSS, MB", emulator.pss, floor.pss, MEMORY),
        ("idle memory of all processes, RSS, MB", emulator.rss, floor.rss, None),
    )
    for title, ours, theirs, target in rows:
        if not ours:
            table.rows.append((title, *[NOTHING] * 5))
            continue
        ratio = median_ratio(ours, theirs)
        cells = target.cells(ratio) if target else NO_TARGET
        figures = milliseconds(median(ours)), milliseconds(median(theirs)), f"{ratio:.2f}"
        table.rows.append((title, *figures, *cells))
    return table
