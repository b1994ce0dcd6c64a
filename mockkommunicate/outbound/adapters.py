"""The ways to send what is owed, by their names."""

from collections.abc import Callable, Mapping
from typing import Protocol

from mockkommunicate.domain.errors import StartError
from mockkommunicate.operations.carrier import Carrier
from mockkommunicate.outbound.inline import Inline
from mockkommunicate.outbound.pump import Pump
from mockkommunicate.outbound.sending import Sender
from mockkommunicate.settings import Settings
from mockkommunicate.store.database import Database


class Adapter(Carrier, Protocol):
    """A carrier that runs."""

    def start(self) -> None:
        """Begin to send, in the process that is to do it."""

    def stop(self) -> None:
        """Begin to send nothing more."""

    def close(self, grace: float) -> None:
        """Wait so many seconds for the calls that are being made, then cut them off."""


def _cluster(sender: Sender) -> Adapter:
    from mockkommunicate.outbound.cluster import Cluster  # noqa: PLC0415 - it is an extra

    return Cluster(sender)


ADAPTERS: Mapping[str, Callable[[Sender], Adapter]] = {
    "inline": lambda _sender: Inline(),
    "pump": Pump,
    "procrastinate": _cluster,
}


def prepare(settings: Settings, database: Database) -> None:
    """Make what the way that is asked for needs; raise StartError when it cannot be gone."""
    if settings.deliveries not in ADAPTERS:
        raise StartError(f"deliveries: {settings.deliveries!r} must be one of {', '.join(ADAPTERS)}")
    if settings.deliveries != "procrastinate":
        return
    if database.backend != "postgresql":
        raise StartError(
            "deliveries: procrastinate needs PostgreSQL; give --database postgresql+psycopg://..., or leave --deliveries out"
        )
    try:
        from procrastinate.schema import SchemaManager  # noqa: PLC0415 - it is an extra
    except ImportError as error:
        hint = "install the extra: pip install 'mockkommunicate[cluster]'"
        raise StartError(f"deliveries: procrastinate cannot be loaded: {error}; {hint}") from error
    database.create(SchemaManager.get_schema(), unless="procrastinate_jobs")
