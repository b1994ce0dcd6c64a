"""Requests per second and latency, beside the floor's: the servers take turns, and ratios are taken turn by turn."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks import clients, content, operations, servers
from benchmarks.calls import Connection, Request
from benchmarks.load import Load, Outcome
from benchmarks.operations import OPERATIONS, Operation
from benchmarks.options import Options
from benchmarks.report import (
    NO_TARGET,
    NOTHING,
    Table,
    Target,
    WrongAnswer,
    median,
    median_ratio,
    milliseconds,
)
from benchmarks.servers import Running

WRITE = Target(0.50, at_most=False)
READ = Target(0.65, at_most=False)
SPREAD = Target(5.0)
_AIMED_AT = 8
"""The number of connections for which there are targets."""

_CONVERSATIONS = 128
"""Enough that two requests to one conversation are never under way together; a multiple of the connections."""

_LEAST = 0.8
"""How short an answer may be, compared with the first one."""

_WARM_UP = 50

COLUMNS = (
    "operation", "connections",
    "requests/s", "p50 ms", "p99 ms",
    "empty Flask: requests/s", "p50 ms", "p99 ms", "ratio", "target", "met",
    "with an insert: requests/s", "ratio",
    "p99/p50", "target", "met",
)  # fmt: skip


@dataclass(frozen=True)
class Contenders:
    """The servers that are compared, and the sizes of the emulator's answers."""

    emulator: Running
    empty: Running
    inserting: Running
    sizes: Mapping[str, int]


@dataclass
class Series:
    """The outcomes of one server, turn by turn."""

    outcomes: list[Outcome] = field(default_factory=list)

    def of(self, figure: str) -> list[float]:
        """List one figure of every turn."""
        return [getattr(outcome, figure) for outcome in self.outcomes]

    def cells(self) -> tuple[str, str, str]:
        """Answer requests a second, p50 and p99 as cells."""
        per_second, p50, p99 = (median(self.of(figure)) for figure in ("per_second", "p50", "p99"))
        return f"{per_second:.0f}", milliseconds(p50), milliseconds(p99)


def measure(options: Options) -> Table:
    """Measure every operation with every number of connections."""
    table = Table(f"Load ({clients.name()}, {options.workers} x {options.threads} threads)", COLUMNS)
    with ExitStack() as stack:
        emulator = stack.enter_context(servers.emulator(options))
        sizes = operations.answer_sizes(emulator)
        empty = stack.enter_context(servers.empty(options, sizes))
        inserting = stack.enter_context(servers.inserting(options, sizes))
        contenders = Contenders(emulator, empty, inserting, sizes)
        for operation in OPERATIONS:
            _warm_up(contenders, operation)
            for connections in options.connections:
                try:
                    table.rows.append(_row(contenders, operation, connections, options))
                except WrongAnswer as wrong:
                    table.problems.append(f"{operation.title}, {connections} connections: {wrong}")
    return table


def _warm_up(contenders: Contenders, operation: Operation) -> None:
    requests = _requests(contenders.emulator, operation)[:_WARM_UP]
    floor = [request.to(f"/{operation.name}") for request in requests]
    for server, row in (
        (contenders.emulator, requests),
        (contenders.empty, floor),
        (contenders.inserting, floor),
    ):
        connection = Connection(server.url)
        for request in row:
            connection.send(request)
        connection.close()


def _row(contenders: Contenders, operation: Operation, connections: int, options: Options) -> list[str]:
    """Let the servers take turns, on content of its own in each, and compare."""
    ours, empty, inserting = Series(), Series(), Series()
    least = int(contenders.sizes[operation.name] * _LEAST)
    for _ in range(options.rounds):
        requests = _requests(contenders.emulator, operation)
        floor = [request.to(f"/{operation.name}") for request in requests]
        turns = [(contenders.empty, floor, empty), (contenders.emulator, requests, ours)]
        if operation.writes:
            turns.append((contenders.inserting, floor, inserting))
        for server, row, series in turns:
            load = Load(
                url=server.url, requests=row, connections=connections, seconds=options.seconds, least=least
            )
            series.outcomes.append(clients.run(load))
    return [operation.title, str(connections), *_compared(operation, connections, ours, empty, inserting)]


def _requests(emulator: Running, operation: Operation) -> list[Request]:
    """Make a new app, so that each turn begins alike, and requests to it: two passes over its conversations."""
    app = content.make(emulator, conversations=_CONVERSATIONS)
    return [operation.request(app, number) for number in range(2 * _CONVERSATIONS)]


def _compared(
    operation: Operation, connections: int, ours: Series, empty: Series, inserting: Series
) -> list[str]:
    ratio = median_ratio(ours.of("per_second"), empty.of("per_second"))
    spread = median_ratio(ours.of("p99"), ours.of("p50"))
    insert_cells = (NOTHING, NOTHING)
    if operation.writes:
        to_insert = median_ratio(ours.of("per_second"), inserting.of("per_second"))
        insert_cells = (inserting.cells()[0], f"{to_insert:.2f}")
    is_aimed_at = connections == _AIMED_AT
    target = (WRITE if operation.writes else READ).cells(ratio) if is_aimed_at else NO_TARGET
    spread_target = SPREAD.cells(spread) if is_aimed_at else NO_TARGET
    figures = [*ours.cells(), *empty.cells(), f"{ratio:.2f}", *target, *insert_cells]
    return [*figures, f"{spread:.1f}", *spread_target]
