"""Real receivers of webhooks: one that answers as it is told, and sockets that misbehave."""

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

Answer = tuple[int, bytes]


class Received(NamedTuple):
    """One request of ours."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class Receiver:
    """An HTTP server on a free port that keeps what it gets; `answer` says what it answers. Use it with `with`."""

    def __init__(
        self,
        answer: Callable[[Received], Answer] = lambda _: (200, b""),
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.got: list[Received] = []
        self.answer = answer
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}/webhook"

    @property
    def messages(self) -> list[str]:
        """The texts of the messages that came, in their order."""
        return [received.json["message"] for received in self.got]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received = Received(self.path, dict(self.headers), body)
                with receiver.lock:
                    receiver.got.append(received)
                status, answer = receiver.answer(received)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Be silent."""

        return Handler

    def __enter__(self) -> Self:
        """Begin to receive."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Be silent of those who hang up."""


class RawReceiver:
    """A socket that does with each connection what it is told, once the head of the request has come."""

    def __init__(self, act: Callable[[socket.socket], object], *, scheme: str = "http") -> None:
        self._act = act
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}/webhook"
        self.ending = threading.Event()
        self.count = 0

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self.ending.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _listen(self) -> None:
        while not self.ending.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.count += 1
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            read_request(connection)
            self._act(connection)


def read_request(connection: socket.socket) -> bytes:
    """Read a request to the end of its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65_536)
        if not chunk:
            return data
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        body += connection.recv(65_536)
    return data


def drip(connection: socket.socket, data: bytes, *, head: bytes = b"", pause_s: float = 0.05) -> None:
    """Send a head at once, then a byte at a time."""
    connection.sendall(head)
    for byte in data:
        connection.sendall(bytes([byte]))
        time.sleep(pause_s)


def reset(connection: socket.socket) -> None:
    """End with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
