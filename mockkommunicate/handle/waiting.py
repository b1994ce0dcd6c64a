"""Waiting at a server that lets only so many wait at once."""

import time
from collections.abc import Callable
from typing import Any

from mockkommunicate.handle.calls import ControlFailed

_PAUSE_S = 0.1


def wait(ask: Callable[[float], dict[str, Any]], seconds: float) -> dict[str, Any]:
    """Answer what `ask` is answered within so many seconds; raise ControlFailed when it is refused.

    While too many others wait it asks again, and in the end once without waiting, which is never refused for that.
    """
    end, left = time.monotonic() + seconds, seconds
    while True:
        try:
            return ask(left)
        except ControlFailed as error:
            if error.code != "TOO_MANY_WAIT":
                raise
        time.sleep(min(_PAUSE_S, left))
        left = max(0.0, end - time.monotonic())
