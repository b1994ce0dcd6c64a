"""Apps: how long it takes to create one, and to reset one that holds 10,000 messages."""

from benchmarks import content, servers
from benchmarks.calls import Connection, Request
from benchmarks.options import Options
from benchmarks.report import Table, Target, median, milliseconds
from benchmarks.servers import Running

CREATE = Target(3.0, unit=" ms")
RESET = Target(30.0, unit=" ms")
_CONVERSATIONS, _MESSAGES = 100, 100
_WARM_UP = 10


def measure(options: Options) -> Table:
    """Call one after the other over one connection."""
    with servers.emulator(options) as server:
        created = _create(server, options.apps)
        reset = _reset(server, options.resets)
    table = Table("Apps", ("one call", "p50 ms", "slowest ms", "target", "met"))
    rows = (("create an app", created, CREATE), ("reset an app with 10,000 messages", reset, RESET))
    for title, times, target in rows:
        middle = median(times)
        figures = milliseconds(middle), milliseconds(max(times))
        table.rows.append((title, *figures, *target.cells(middle)))
    return table


def _create(server: Running, count: int) -> list[float]:
    connection = Connection(server.url)
    request = Request("POST", "/_mock/apps", "{}", {"Content-Type": "application/json"}, '"apiKey"')
    times = [connection.send(request).seconds * 1e3 for _ in range(_WARM_UP + count)]
    connection.close()
    return times[_WARM_UP:]


def _reset(server: Running, count: int) -> list[float]:
    connection = Connection(server.url)
    times = []
    for _ in range(1 + count):
        app = content.make(server, conversations=_CONVERSATIONS, messages=_MESSAGES)
        request = Request("POST", f"/_mock/apps/{app.application_id}/reset", "", {}, '"removed"')
        times.append(connection.send(request).seconds * 1e3)
    connection.close()
    return times[1:]
