"""A command in a child process: it has our stdin, stdout and stderr, and gets the signals that we are sent.

The signals are blocked and waited for, rather than handled: none comes at a bad moment, and what has begun is ended.
"""

import os
import signal
from collections.abc import Iterable, Mapping, Sequence

FORWARDED = {
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
}
"""The signals that would end us."""

WAITED = {*FORWARDED, signal.SIGCHLD}
OF_KEYS = {signal.SIGINT, signal.SIGQUIT}
"""The signals that a terminal's keys send to all that runs in it, the command as well as us."""

IGNORED_BY_PYTHON = {signal.SIGPIPE, signal.SIGXFSZ}


class NotRun(Exception):
    """The command could not be run; `code` is what a shell would exit with."""

    def __init__(self, command: str, error: OSError) -> None:
        super().__init__(f"{command}: {error.strerror}")
        self.code = 127 if isinstance(error, FileNotFoundError) else 126


def block_signals() -> Iterable[int]:
    """Block the signals that would end us, for good; answer those that were blocked before."""
    # A SIGCHLD that is ignored, as it is by default, need not be kept for who waits for it.
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return signal.pthread_sigmask(signal.SIG_BLOCK, WAITED)


def run(command: Sequence[str], environment: Mapping[str, str], blocked: Iterable[int]) -> int:
    """Run a command, with those signals blocked, until it ends; answer its exit code as a shell does.

    Raises NotRun when there is no such command.
    """
    try:
        pid = os.posix_spawnp(
            command[0], list(command), environment, setsigmask=blocked, setsigdef=IGNORED_BY_PYTHON
        )
    except OSError as error:
        raise NotRun(command[0], error) from error
    return _wait(pid)


def _wait(pid: int) -> int:
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        number = _next_signal()
        if number is not None and number in FORWARDED:
            os.kill(pid, number)


def _next_signal() -> int | None:
    """Wait for a signal; answer its number, None if a key sent it: the command has it already."""
    if not hasattr(signal, "sigwaitinfo"):
        return signal.sigwait(WAITED)
    came = signal.sigwaitinfo(WAITED)
    by_the_kernel = came.si_code > 0
    return None if by_the_kernel and came.si_signo in OF_KEYS else came.si_signo
