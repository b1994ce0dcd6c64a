"""The guard that keeps a process off the real hosts of Kommunicate, whichever client it uses."""

import functools
import re
import socket
import ssl
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

DOMAIN = "kommunicate.io"

_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
"""The events of the interpreter that come before a name is looked up, however the function was imported."""

_NAMED = ((socket.socket, "connect"), (socket.socket, "connect_ex"))
"""What looks a name up without such an event."""
_SECURED = ((ssl.SSLContext, "wrap_socket"), (ssl.SSLContext, "wrap_bio"))
"""What is told the name of a host that was reached by an address, or through a proxy."""
_SENT = ((socket.socket, "send"), (socket.socket, "sendall"))
"""What a proxy is asked with."""
_OTHERS = (
    ("pycares", "Channel", "getaddrinfo"),
    ("pycares", "Channel", "query"),
    ("uvloop", "Loop", "getaddrinfo"),
    ("uvloop", "Loop", "create_connection"),
)
"""Libraries that look names up by themselves, if they are there."""

_THROUGH_PROXY = re.compile(rb"(?:CONNECT |[A-Z]+ https?://(?:[^\s/@]*@)?)([^\s/:]+)", re.IGNORECASE)
_HEAD = 500
"""How many bytes of what is sent are looked at: as far as a request line's host reaches."""
_DOTS = re.compile("[\u3002\uff0e\uff61]")
"""What a host name may have in place of a dot (RFC 3490)."""


class RealHostReached(BaseException):
    """The process tried to reach a real host of Kommunicate. No `except Exception` of its hides that."""


@dataclass(frozen=True)
class Attempt:
    """One try to reach a real host, and the thread that made it."""

    host: str
    thread: str

    def __str__(self) -> str:
        elsewhere = self.thread != threading.main_thread().name
        return f"{self.host}, in the thread {self.thread!r}" if elsewhere else self.host


class Guard:
    """While it is on watch, each try to reach a real host raises before its name is looked up, and is kept."""

    def __init__(self) -> None:
        self._attempts: list[Attempt] = []
        self._watched: set[tuple[object, str]] = set()
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        """Go on watch."""
        _listen()
        _on_watch.append(self)
        self._watch((*_NAMED, *_SECURED), _names)
        self._watch(_SENT, _asked_of_proxy)
        self.watch_libraries()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go off watch."""
        self._undo.close()
        self._watched.clear()
        _on_watch.remove(self)

    def watch_libraries(self) -> None:
        """Watch what looks names up by itself, as far as it has been imported by now; nothing, when off watch."""
        if self not in _on_watch:
            return
        owners = [(getattr(sys.modules.get(module), kind, None), name) for module, kind, name in _OTHERS]
        loaded = [(owner, name) for owner, name in owners if hasattr(owner, name)]
        self._watch(loaded, _names)

    def drain(self) -> list[Attempt]:
        """Answer the tries since the last time it was asked."""
        attempts, self._attempts = self._attempts, []
        return attempts

    def refuse(self, hosts: Iterable[object]) -> None:
        """Raise RealHostReached if one of the hosts is real."""
        for host in hosts:
            name = normal(host)
            if is_real(name):
                self._attempts.append(Attempt(name, threading.current_thread().name))
                raise RealHostReached(
                    f"{name} is a real host of Kommunicate, and this test stays offline (kommunicate_offline): "
                    "give what is tested kommunicate.url and kommunicate.api_key in place of the real ones"
                )

    def _watch(self, methods: Iterable[tuple[Any, str]], hosts: Callable[..., Iterable[object]]) -> None:
        for owner, name in methods:
            if (owner, name) not in self._watched:
                self._watched.add((owner, name))
                self._undo.callback(self._wrap(owner, name, hosts))

    def _wrap(self, owner: Any, name: str, hosts: Callable[..., Iterable[object]]) -> Callable[[], None]:  # noqa: ANN401
        """Make a method look at the hosts in its arguments first; answer what makes it as it was."""
        original = getattr(owner, name)
        own = vars(owner).get(name)

        @functools.wraps(original)
        def guarded(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the method takes
            try:
                self.refuse(hosts(*args[1:], **options))
            except RealHostReached:
                _close(args)
                raise
            return original(*args, **options)

        setattr(owner, name, guarded)
        return (
            functools.partial(delattr, owner, name)
            if own is None
            else functools.partial(setattr, owner, name, own)
        )


_on_watch: list[Guard] = []
"""What the interpreter's hook asks, for it can never be taken away again."""


def normal(host: object) -> str:
    """Write a host name as the DNS compares it; what is none is empty."""
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    if not isinstance(host, str):
        return ""
    return _DOTS.sub(".", unicodedata.normalize("NFKC", host)).lower().rstrip(".")


def is_real(name: str) -> bool:
    """Tell whether a host name, as `normal` writes it, belongs to Kommunicate."""
    return name == DOMAIN or name.endswith(f".{DOMAIN}")


def _close(arguments: Iterable[object]) -> None:
    """Close the sockets among arguments: clients close what an exception leaves behind, but not for this one."""
    for argument in arguments:
        if isinstance(argument, socket.socket):
            argument.close()


def _names(*args: object, **options: object) -> Iterable[object]:
    """List whatever may be a host among arguments: in its own place, or in an address."""
    for value in (*args, *options.values()):
        yield value[0] if isinstance(value, tuple) and value else value


def _asked_of_proxy(data: Any, *_: object) -> Iterable[object]:  # noqa: ANN401 - any buffer
    found = _THROUGH_PROXY.match(bytes(data[:_HEAD]))
    return [found[1]] if found else []


@functools.cache
def _listen() -> None:
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _LOOKUPS and _on_watch:
        _on_watch[-1].refuse(arguments[:1])
