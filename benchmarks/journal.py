"""The journal's price: requests per second of two apps of one server, in turn, one of which keeps no journal."""

import json

from benchmarks import clients, content, servers
from benchmarks.calls import Connection, Request
from benchmarks.load import Load
from benchmarks.operations import OPERATIONS, Operation
from benchmarks.options import Options
from benchmarks.report import Table, Target, WrongAnswer, median, median_ratio
from benchmarks.servers import Running

KEPT = Target(0.80, at_most=False)
_CONNECTIONS = 8
_CONVERSATIONS = 128


def measure(options: Options) -> Table:
    """Measure every operation with 8 connections."""
    columns = ("operation", "with journal: requests/s", "without: requests/s", "ratio", "target", "met")
    table = Table("The journal and the report of what nobody read", columns)
    with servers.emulator(options) as server:
        for operation in OPERATIONS:
            try:
                table.rows.append(_row(server, operation, options))
            except WrongAnswer as wrong:
                table.problems.append(f"{operation.title}: {wrong}")
    return table


def _row(server: Running, operation: Operation, options: Options) -> tuple[str, ...]:
    """Let the two take turns, on content of its own in each."""
    kept: list[float] = []
    without: list[float] = []
    for _ in range(options.rounds):
        for rates, enabled in ((kept, True), (without, False)):
            rates.append(_rate(server, operation, options, enabled=enabled))
    ratio = median_ratio(kept, without)
    rates_of = (f"{median(kept):.0f}", f"{median(without):.0f}", f"{ratio:.2f}")
    return (operation.title, *rates_of, *KEPT.cells(ratio))


def _rate(server: Running, operation: Operation, options: Options, *, enabled: bool) -> float:
    app = content.make(server, conversations=_CONVERSATIONS)
    if not enabled:
        connection = Connection(server.url)
        body = json.dumps({"journal": {"enabled": False}})
        path = f"/_mock/apps/{app.application_id}/settings"
        headers = {"Content-Type": "application/json"}
        connection.send(Request("PATCH", path, body, headers, '"journal"'))
        connection.close()
    requests = [operation.request(app, number) for number in range(2 * _CONVERSATIONS)]
    load = Load(url=server.url, requests=requests, connections=_CONNECTIONS, seconds=options.seconds, least=1)
    return clients.run(load).per_second
