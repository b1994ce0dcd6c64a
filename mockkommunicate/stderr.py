"""Standard error as a place for the log: lines come whole, and nobody who reads none of them can hold the server."""

import errno
import logging
import os
import select
import stat
from contextlib import suppress

WAIT_S = 1.0
"""How long a line waits for whoever reads stderr. Then lines are lost until there is room again."""

_STDERR = 2


class Stderr(logging.Handler):
    """Writes each record at once, so that no other process's line can come into the middle of it."""

    def __init__(self, descriptor: int = _STDERR) -> None:
        super().__init__()
        self._given = descriptor
        self._own = _opened_anew(descriptor)
        self._descriptor = descriptor if self._own is None else self._own
        self._room = select.poll() if hasattr(select, "poll") else None
        if self._room is not None:
            self._room.register(descriptor, select.POLLOUT)
        self._lost = 0
        self._is_cut = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; one that cannot be written is lost, and nothing else."""
        with suppress(OSError):
            has_room = not self._lost or self._tell_of_lost()
            self._lost += not (has_room and self._write(f"{self.format(record)}\n", WAIT_S))

    def close(self) -> None:
        """Close what was opened; what comes later goes where stderr is, for the number may be somebody else's then."""
        super().close()
        own, self._own, self._descriptor = self._own, None, self._given
        if own is not None:
            os.close(own)

    def _tell_of_lost(self) -> bool:
        """Say how many lines were lost, if there is room; tell whether there was."""
        text = f"lines of the log that are lost, for nobody read stderr: {self._lost}"
        record = logging.LogRecord("mockkommunicate", logging.WARNING, __file__, 0, text, None, None)
        line = f"{self.format(record)}\n"
        if not self._write(f"\n{line}" if self._is_cut else line, 0):
            return False
        self._lost, self._is_cut = 0, False
        return True

    def _write(self, line: str, wait: float) -> bool:
        """Write a line; tell whether there was room for all of it."""
        text = left = line.encode(errors="backslashreplace")
        asks = self._own is None
        while left:
            if asks and self._room is not None and not self._room.poll(wait * 1_000):
                self._is_cut = self._is_cut or len(left) < len(text)
                return False
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:
                asks = True
        return True


def _opened_anew(descriptor: int) -> int | None:
    """Open stderr again if it is a pipe, so that writing never blocks and others' descriptors of it stay as they are.

    None where it is none, or cannot be opened: then there may be room when asked, and none when another process was faster.
    """
    try:
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            return os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.EBADF:
            _take(descriptor)
    return None


def _take(descriptor: int) -> None:
    """Let stderr be nothing where it was closed: else the next connection gets its number, and the log goes there."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    if nothing != descriptor:
        os.dup2(nothing, descriptor)
        os.close(nothing)
