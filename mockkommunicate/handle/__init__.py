"""The handle of an app of a running emulator: thin, typed calls over the control API. Standard library only."""

from mockkommunicate.handle.app import App
from mockkommunicate.handle.calls import ControlFailed, Unreachable, call
from mockkommunicate.handle.running import RunningServer
from mockkommunicate.handle.verification import VerificationFailed

__all__ = ["App", "ControlFailed", "RunningServer", "Unreachable", "VerificationFailed", "call"]
