"""The webhook's price: messages per second of three apps of one server, in turn: without, with one that hangs, with one.

What the webhook gets is received by an empty Flask application in a process of its own.
"""

import json
import socket
import time
from contextlib import ExitStack

from benchmarks import clients, content, operations, servers
from benchmarks.calls import Connection, Request
from benchmarks.content import Content
from benchmarks.load import Load
from benchmarks.options import Options
from benchmarks.report import NO_TARGET, Table, median, median_ratio
from benchmarks.servers import Running

_CONNECTIONS = 8
_CONVERSATIONS = 128
_SETTLE_MS = 120_000


def measure(options: Options) -> Table:
    """Measure sending messages with 8 connections."""
    columns = ("webhook", "send message: requests/s", "ratio to none", "target", "met", "delivered/s")
    table = Table("Messages with a webhook", columns)
    with ExitStack() as stack:
        emulator = stack.enter_context(servers.emulator(options))
        receiver = stack.enter_context(servers.empty(options, operations.answer_sizes(emulator)))
        deaf = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1_024))
        urls = {
            "none": None,
            "one that answers": f"{receiver.url}/send",
            "one that hangs": f"http://127.0.0.1:{deaf.getsockname()[1]}/",
        }
        rates: dict[str, list[float]] = {name: [] for name in urls}
        delivered: list[float] = []
        for _ in range(options.rounds):
            for name, url in urls.items():
                app = content.make(emulator, conversations=_CONVERSATIONS)
                rate, sent = _rate(emulator, app, url, options, settles=name == "one that answers")
                rates[name].append(rate)
                delivered += sent
    for name, found in rates.items():
        ratio = f"{median_ratio(found, rates['none']):.2f}"
        last = f"{median(delivered):.0f}" if name == "one that answers" else "-"
        table.rows.append((name, f"{median(found):.0f}", ratio, *NO_TARGET, last))
    return table


def _rate(
    server: Running, app: Content, url: str | None, options: Options, *, settles: bool
) -> tuple[float, list[float]]:
    """Answer how many messages were sent in a second, and how many delivered; delete the app, and what it owes."""
    send = next(operation for operation in operations.OPERATIONS if operation.name == "send")
    _control(server, app, "PATCH", "/settings", {"webhook": {"url": url}})
    requests = [send.request(app, number) for number in range(2 * _CONVERSATIONS)]
    began = time.monotonic()
    load = Load(url=server.url, requests=requests, connections=_CONNECTIONS, seconds=options.seconds, least=1)
    rate = clients.run(load).per_second
    delivered = []
    if settles:
        answer = _control(server, app, "POST", "/settle", {"timeoutMs": _SETTLE_MS, "after": 2**40})
        delivered = [answer["last"] / (time.monotonic() - began)]
    _control(server, app, "DELETE", "", {})
    return rate, delivered


def _control(server: Running, app: Content, method: str, path: str, body: object) -> dict[str, int]:
    connection = Connection(server.url)
    try:
        path = f"/_mock/apps/{app.application_id}{path}"
        headers = {"Content-Type": "application/json"}
        return dict(json.loads(connection.send(Request(method, path, json.dumps(body), headers, "{")).body))
    finally:
        connection.close()
