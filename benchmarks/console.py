"""The console's price: messages per second while a page looks on, and how soon the page shows one; in a real browser.

It needs playwright (the extra `test`) and Chromium; the browser takes its share of the same machine, which counts, too.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from benchmarks import clients, content, operations, servers
from benchmarks.calls import Connection, Request
from benchmarks.content import Content
from benchmarks.load import Load
from benchmarks.options import Options
from benchmarks.report import NO_TARGET, NOTHING, Table, Target, median, median_ratio
from benchmarks.servers import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_CONVERSATIONS = 1_000
_CONNECTIONS = 8
_STEADY_PER_S = 100
_STEADY_S = 5
RATIO = Target(0.9, at_most=False)
PAGES = {
    "none": None,
    "conversations": "conversations",
    "a conversation": "conversations/{id}",
    "journal": "journal",
}
COLUMNS = (
    *("page", "send message: requests/s", "ratio to none", "target", "met"),
    *("at 100 messages/s: sent", "shown after ms", "frames longer than 100 ms"),
)


def measure(options: Options) -> Table:
    """Measure sending messages to an app with 1,000 conversations, while each panel is open and without any."""
    table = Table("Messages while the console looks on", COLUMNS)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return Table(table.title, ("not measured: there is no Chromium",))
    found: dict[str, list[float]] = {name: [] for name in PAGES}
    steady: dict[str, tuple[str, ...]] = {"none": (NOTHING,) * 3}
    with ExitStack() as stack:
        server = stack.enter_context(servers.emulator(options))
        app = content.make(server, conversations=_CONVERSATIONS)
        browser = stack.enter_context(_browser(program))
        for _ in range(options.rounds):
            for name, path in PAGES.items():
                with _opened(browser, server, app, path) as page:
                    found[name].append(_rate(server, app, options))
                    if page is not None:
                        steady[name] = _steady(server, app, page)
    for name, rates in found.items():
        ratio = median_ratio(rates, found["none"])
        judged = NO_TARGET if name == "none" else RATIO.cells(ratio)
        table.rows.append((name, f"{median(rates):.0f}", f"{ratio:.2f}", *judged, *steady[name]))
    return table


@contextmanager
def _browser(program: str) -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this section needs it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _opened(browser: "Browser", server: Running, app: Content, path: str | None) -> "Iterator[Page | None]":
    """Open a page of the console, if one is asked for, and wait until it is live."""
    if path is None:
        yield None
        return
    page = browser.new_page()
    where = path.format(id=app.conversations[0])
    page.goto(f"{server.url}/_mock/console#/{app.application_id}/{where}")
    page.locator("#connection[data-state=live]").wait_for()
    page.evaluate(
        "() => { window.long = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " if (one.duration > 100) window.long += 1; }).observe({ entryTypes: ['longtask'] }); }"
    )
    yield page
    page.close()


def _rate(server: Running, app: Content, options: Options) -> float:
    send = next(operation for operation in operations.OPERATIONS if operation.name == "send")
    requests = [send.request(app, number) for number in range(256)]
    load = Load(url=server.url, requests=requests, connections=_CONNECTIONS, seconds=options.seconds, least=1)
    return clients.run(load).per_second


def _steady(server: Running, app: Content, page: "Page") -> tuple[str, ...]:
    """Send a hundred messages a second for some seconds; answer how many went out, and how the page bore it."""
    send = next(operation for operation in operations.OPERATIONS if operation.name == "send")
    connection = Connection(server.url)
    page.evaluate("() => { window.long = 0; }")
    began, sent = time.monotonic(), 0
    while (now := time.monotonic() - began) < _STEADY_S:
        connection.send(send.request(app, sent))
        sent += 1
        time.sleep(max(0.0, sent / _STEADY_PER_S - now))
    shown = _shown_after(connection, app, page)
    connection.close()
    return f"{sent / _STEADY_S:.0f}", shown, str(page.evaluate("() => window.long"))


def _shown_after(connection: Connection, app: Content, page: "Page") -> str:
    """Answer how many milliseconds after its answer a message is on the page; that of a conversation shows its text."""
    text = f"m{time.time_ns()}"
    body = {"groupId": app.conversations[0], "fromUserName": app.customers[0], "message": text}
    headers = {"Content-Type": "application/json", "Api-Key": app.api_key}
    began = time.monotonic()
    connection.send(Request("POST", "/rest/ws/message/v2/send", json.dumps(body), headers, "{"))
    if page.locator(".messages").count() == 0:
        return NOTHING
    page.get_by_text(text).first.wait_for(timeout=20_000)
    return f"{1_000 * (time.monotonic() - began):.0f}"
