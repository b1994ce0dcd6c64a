"""Sockets with a deadline: whatever is done on one fails with TimeoutError when the time is over.

The timeout of an ordinary socket begins anew with each byte, so a receiver that drips holds it for ever.
"""

import socket
import ssl
import time
from typing import Any, cast

_SHORTEST_S = 0.001


class Deadline:
    """A moment of the monotonic clock."""

    def __init__(self, milliseconds: float) -> None:
        self.end = time.monotonic() + milliseconds / 1_000

    def left(self) -> float:
        """Answer how many seconds are left; raise TimeoutError when none are."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return max(left, _SHORTEST_S)


class _Bounded:
    """What a socket does, in the time that is left."""

    deadline: Deadline | None = None

    def _hurry(self) -> None:
        if self.deadline is not None:
            cast("socket.socket", self).settimeout(self.deadline.left())

    def recv_into(self, *arguments: Any, **options: Any) -> int:  # noqa: ANN401 - the socket's own
        """Receive."""
        self._hurry()
        return int(super().recv_into(*arguments, **options))  # type: ignore[misc]

    def send(self, *arguments: Any, **options: Any) -> int:  # noqa: ANN401 - the socket's own
        """Send a part."""
        self._hurry()
        return int(super().send(*arguments, **options))  # type: ignore[misc]

    def sendall(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the socket's own
        """Send everything."""
        self._hurry()
        super().sendall(*arguments, **options)  # type: ignore[misc]


class Socket(_Bounded, socket.socket):
    """A plain socket."""


class TlsSocket(_Bounded, ssl.SSLSocket):
    """A socket that speaks TLS."""
