"""The real servers with the tiny application, and clients that wait for an answer of it."""

import select
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import requests

from mockkommunicate import MockKommunicate
from tests import tiny
from tests.postgres import wait_until
from tests.served import Served
from tests.tiny import CONTENT, Tiny

PROGRAM = [sys.executable, "-P", tiny.__file__]
MANY = 100
STOP_S = 8
"""How long a server may take to stop: more than the seconds it grants to requests in flight."""


@contextmanager
def in_process() -> Iterator[MockKommunicate]:
    """Run the server on a thread."""
    with mock.patch("mockkommunicate.server.create_app", return_value=Tiny()):
        server = MockKommunicate().start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def served(*options: str, program: list[str] = PROGRAM) -> Iterator[Served]:
    """Run gunicorn with the tiny application."""
    with Served(*options, program=program) as running:
        yield running


@contextmanager
def clients(url: str, query: str, number: int = MANY) -> Iterator[list[socket.socket]]:
    """Have so many clients wait for an answer."""
    port = int(url.rpartition(":")[2])
    request = f"POST /?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with ExitStack() as stack:
        waiting = []
        for _ in range(number):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            connection.sendall(request)
            waiting.append(connection)
        yield waiting


def answered(waiting: list[socket.socket], within: float = 0) -> list[socket.socket]:
    """List those to whom something came, or whose connection ended."""
    poll = select.poll()
    by_number = {connection.fileno(): connection for connection in waiting}
    for connection in waiting:
        poll.register(connection, select.POLLIN)
    return [by_number[number] for number, _ in poll.poll(within * 1_000)]


def slowest_of(url: str, number: int = 20) -> float:
    """Ask plainly, one after the other, on new connections; answer the seconds of the slowest."""
    slowest = 0.0
    for _ in range(number):
        began = time.perf_counter()
        assert requests.get(f"{url}/", timeout=10).content == CONTENT
        slowest = max(slowest, time.perf_counter() - began)
    return slowest


def wait_until_seen(url: str, query: str, number: int = MANY) -> None:
    """Wait until the server has run so many of those requests."""
    wait_until(lambda: requests.get(f"{url}/seen", timeout=10).json().count(query) == number)


def faults() -> list[threading.Thread]:
    """List this process's threads on which connections misbehave."""
    return [thread for thread in threading.enumerate() if thread.name == "mockkommunicate-fault"]
