"""Event streams: pages hear at once that something in an app has changed, and cost the server no thread each.

A stream's connection is taken out of its server's hands. One thread of the process looks a few times a second at the
rows of the apps that are watched, and so sees what any process has committed.
"""

import json
import logging
import selectors
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from mockkommunicate.domain.errors import ControlError, StoreUnavailable
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.store import apps
from mockkommunicate.store.records import Pulse

MOST = 100
"""How many streams a process holds at once."""

LOOK_S = 0.2
BEAT_S = 5.0
"""How often something is sent, if nothing changes: by this either side notices that the other is gone."""

_LEISURE = 10
"""How many times as long as it looked it waits until it looks again."""
_STOP_S = 1.0
_CHUNK = 65_536

log = logging.getLogger("mockkommunicate")


@dataclass
class _Stream:
    """A connection on which somebody watches an app; `pulse` is what he was told last."""

    connection: socket.socket
    application_id: str
    pulse: Pulse | None
    beats_at: float = 0.0

    def send(self, data: bytes) -> None:
        """Send all of it; raise OSError for a client that does not read."""
        self.beats_at = time.monotonic() + BEAT_S
        if self.connection.send(data) < len(data):
            raise BlockingIOError


class Streams:
    """The event streams of a process; the thread that tells them is there as long as there is any."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._lock = threading.Lock()
        self._streams: dict[socket.socket, _Stream] = {}
        self._thread: threading.Thread | None = None
        self._is_closing = False

    def ensure_room(self) -> None:
        """Raise ControlError when there are as many as there may be."""
        if len(self._streams) >= MOST or self._is_closing:
            raise ControlError(
                "TOO_MANY_STREAMS",
                f"no more than {MOST} event streams are held at once by a process",
                hint="close a page that watches, or ask GET /_mock/apps/APP/requests every now and then",
                http_status=503,
            )

    def hold(self, connection: socket.socket, beginning: bytes, *, application_id: str, pulse: Pulse) -> None:
        """Send what an answer begins with, and from now on what changes."""
        stream = _Stream(connection, application_id, pulse)
        connection.setblocking(False)
        with self._lock:
            try:
                self.ensure_room()
                stream.send(beginning)
                self._begin()
            except (ControlError, OSError, RuntimeError):  # the last is Python's own, when no thread is left
                connection.close()
            else:
                self._streams[connection] = stream
                self._emulator.measures.watching(1)

    def stop(self) -> None:
        """Begin to close every stream; take no other."""
        self._is_closing = True

    def close(self) -> None:
        """Close every stream."""
        self.stop()
        if (thread := self._thread) is not None:
            thread.join(_STOP_S)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="mockkommunicate-streams", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        looks_at = 0.0
        while not self._is_over():
            with suppress(StoreUnavailable):  # whoever calls is told; here it is looked for again
                if time.monotonic() >= looks_at:
                    began = time.monotonic()
                    self._tell(self._look())
                    now = time.monotonic()
                    looks_at = now + max(LOOK_S, _LEISURE * (now - began))
            self._beat()
            self._notice_who_left(LOOK_S)

    def _is_over(self) -> bool:
        """Tell whether there is nobody left to tell; if so this thread ends, and another begins when it must."""
        with self._lock:
            if self._is_closing:
                self._drop(list(self._streams.values()))
            if self._streams:
                return False
            self._thread = None
            return True

    def _look(self) -> dict[str, Pulse | None]:
        """Find out how the watched apps are; None for one that is gone."""
        watched = {stream.application_id for stream in self._held()}
        with self._emulator.database.read() as connection:
            return {application_id: apps.find_pulse(connection, application_id) for application_id in watched}

    def _tell(self, pulses: dict[str, Pulse | None]) -> None:
        for stream in self._held():
            pulse = pulses.get(stream.application_id, stream.pulse)
            if pulse != stream.pulse:
                stream.pulse = pulse
                self._send(stream, b"event: gone\ndata: {}\n\n" if pulse is None else event(pulse))

    def _beat(self) -> None:
        now = time.monotonic()
        for stream in self._held():
            if now >= stream.beats_at:
                self._send(stream, b": alive\n\n")

    def _send(self, stream: _Stream, data: bytes) -> None:
        try:
            stream.send(data)
        except OSError:
            with self._lock:
                self._drop([stream])

    def _notice_who_left(self, seconds: float) -> None:
        """Wait so long; let go of whoever hangs up meanwhile."""
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            for stream in self._held():
                selector.register(stream.connection, selectors.EVENT_READ, stream)
            while (left := end - time.monotonic()) > 0:
                for key, _ in selector.select(left):
                    if _has_left(key.data):
                        selector.unregister(key.data.connection)
                        with self._lock:
                            self._drop([key.data])

    def _held(self) -> list[_Stream]:
        with self._lock:
            return list(self._streams.values())

    def _drop(self, streams: list[_Stream]) -> None:
        for stream in streams:
            if self._streams.pop(stream.connection, None) is not None:
                self._emulator.measures.watching(-1)
            stream.connection.close()


def event(pulse: Pulse) -> bytes:
    """Write the event that tells of a change."""
    told = {
        "changes": pulse.changes,
        "lastRequest": pulse.requests,
        "lastDelivery": pulse.deliveries,
        "lastConversation": pulse.conversations,
    }
    return f"event: change\nid: {pulse.changes}\ndata: {json.dumps(told)}\n\n".encode()


def _has_left(stream: _Stream) -> bool:
    try:
        return not stream.connection.recv(_CHUNK)
    except BlockingIOError:
        return False
    except OSError:
        return True
