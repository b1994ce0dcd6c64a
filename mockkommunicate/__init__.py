"""A local emulator of the Kommunicate REST API. Importing it imports neither Flask nor SQLAlchemy."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockkommunicate.handle import App, ControlFailed, RunningServer, Unreachable, VerificationFailed
    from mockkommunicate.server import MockKommunicate

__all__ = [
    "App",
    "ControlFailed",
    "MockKommunicate",
    "RunningServer",
    "Unreachable",
    "VerificationFailed",
    "__version__",
]

__version__ = "0.1.0"

_FROM = {
    "App": "mockkommunicate.handle",
    "ControlFailed": "mockkommunicate.handle",
    "MockKommunicate": "mockkommunicate.server",
    "RunningServer": "mockkommunicate.handle",
    "Unreachable": "mockkommunicate.handle",
    "VerificationFailed": "mockkommunicate.handle",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    """Load a public name on first use."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_FROM[name]), name)
