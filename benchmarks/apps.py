"""Apps: creating one beside the cheapest write; forking and resetting one that holds 10,000 messages."""

import json

from benchmarks import content, operations, servers
from benchmarks.calls import Connection, Request
from benchmarks.options import Options
from benchmarks.report import NO_TARGET, NOTHING, Table, Target, median, milliseconds
from benchmarks.servers import Running

CREATE = Target(3.0)
FORK = Target(100.0, unit=" ms")
RESET = Target(50.0, unit=" ms")
_CONVERSATIONS, _MESSAGES = 100, 100
_WARM_UP = 10
_SEND = operations.OPERATIONS[1]
"""The cheapest documented write: it sends a message."""


def measure(options: Options) -> Table:
    """Call one after the other over one connection, creating and writing in turn."""
    with servers.emulator(options) as server:
        created, written = _create(server, options.apps)
        forked, reset = _fork(server, options.resets), _reset(server, options.resets)
    table = Table("Apps", ("one call", "p50 ms", "slowest ms", "of the cheapest write", "target", "met"))
    ratio = median(created) / median(written)
    table.rows.append(_row("send a message (the cheapest write)", written))
    table.rows.append(_row("create an app", created, f"{ratio:.2f}", CREATE.cells(ratio)))
    rows = ("fork an app with 10,000 messages", forked, FORK), ("reset one", reset, RESET)
    table.rows += [_row(title, times, cells=target.cells(median(times))) for title, times, target in rows]
    return table


def _row(
    title: str, times: list[float], ratio: str = NOTHING, cells: tuple[str, str] = NO_TARGET
) -> tuple[str, ...]:
    return (title, milliseconds(median(times)), milliseconds(max(times)), ratio, *cells)


def _create(server: Running, count: int) -> tuple[list[float], list[float]]:
    app = content.make(server, conversations=_CONVERSATIONS)
    connection = Connection(server.url)
    created, written = [], []
    for number in range(_WARM_UP + count):
        created.append(connection.send(_control("/_mock/apps", "{}", '"apiKey"')).seconds * 1e3)
        written.append(connection.send(_SEND.request(app, number)).seconds * 1e3)
    connection.close()
    return created[_WARM_UP:], written[_WARM_UP:]


def _fork(server: Running, count: int) -> list[float]:
    app = content.make(server, conversations=_CONVERSATIONS, messages=_MESSAGES)
    connection = Connection(server.url)
    request = _control("/_mock/apps", json.dumps({"from": app.application_id}), '"apiKey"')
    times = [connection.send(request).seconds * 1e3 for _ in range(1 + count)]
    connection.close()
    return times[1:]


def _reset(server: Running, count: int) -> list[float]:
    connection = Connection(server.url)
    times = []
    for _ in range(1 + count):
        app = content.make(server, conversations=_CONVERSATIONS, messages=_MESSAGES)
        request = _control(f"/_mock/apps/{app.application_id}/reset", "", '"removed"')
        times.append(connection.send(request).seconds * 1e3)
    connection.close()
    return times[1:]


def _control(path: str, body: str, expected: str) -> Request:
    return Request("POST", path, body, {"Content-Type": "application/json"}, expected)
