"""Copies of an app: snapshots of it by name, taken, restored and deleted; forks of it or of a snapshot."""

import re

from mockkommunicate.domain import suggestions
from mockkommunicate.domain.clock import Clock
from mockkommunicate.domain.errors import ControlError
from mockkommunicate.operations import apps as operations
from mockkommunicate.operations.work import Work
from mockkommunicate.store import apps, copies, deliveries
from mockkommunicate.store.copies import Snapshot
from mockkommunicate.store.records import App
from mockkommunicate.store.statements import Connection

NAME = re.compile(r"(?!\.+\Z)[A-Za-z0-9._-]{1,100}\Z")
"""A snapshot's name is part of a URL's path, where dots alone mean a folder."""

MOST_SNAPSHOTS = 1_000
"""How many snapshots an app may have."""


def list_snapshots(work: Work) -> list[Snapshot]:
    """List an app's snapshots by name."""
    return copies.list_snapshots(work.connection, work.app_id)


def take(work: Work, name: str) -> Snapshot:
    """Take a snapshot, in the place of one of the same name; raise ControlError for a bad name and for one too many."""
    if not NAME.match(name):
        hint = "a name has 1 to 100 letters, digits, '.', '_' or '-', and not dots alone"
        raise ControlError("SNAPSHOT_NAME", f"{name!r} cannot be a snapshot's name", hint=hint)
    taken = [snapshot.name for snapshot in list_snapshots(work)]
    if name in taken:
        copies.delete_snapshot(work.connection, work.app_id, name)
    elif len(taken) >= MOST_SNAPSHOTS:
        hint = f"DELETE /_mock/apps/{work.app_id}/snapshots/NAME makes room"
        message = f"the app has {MOST_SNAPSHOTS} snapshots already"
        raise ControlError("TOO_MANY_SNAPSHOTS", message, hint=hint, http_status=409)
    snapshot_id = copies.snapshot_id(work.app_id, name)
    row = work.app._replace(
        application_id=snapshot_id,
        api_key=f" {snapshot_id}",  # no header's value begins with a space, so no client has this key
        hidden=True,
        created_at=work.now,
    )
    apps.add_if_new(work.connection, row)
    copies.add_copy(work.connection, work.app_id, snapshot_id)
    return Snapshot(name, row.created_at)


def restore(work: Work, name: str) -> None:
    """Make the app again what it was when a snapshot was taken; raise ControlError when there is none of this name.

    Its id, its key, its journal and what it has delivered stay; what it owes is forgotten.
    """
    snapshot = get_snapshot(work.connection, work.app, name)
    apps.delete_content(work.connection, work.app_id)
    deliveries.delete_pending(work.connection, work.app_id)
    copies.add_copy(work.connection, snapshot.application_id, work.app_id)
    work.app = snapshot._replace(
        application_id=work.app_id,
        api_key=work.app.api_key,
        hidden=False,
        created_at=work.app.created_at,
        last_request_id=work.app.last_request_id,
        dropped_requests=work.app.dropped_requests,
        last_delivery_id=work.app.last_delivery_id,
        dropped_deliveries=work.app.dropped_deliveries,
        changes=work.app.changes,
    )


def delete(work: Work, name: str) -> None:
    """Delete a snapshot; raise ControlError when there is none of this name."""
    get_snapshot(work.connection, work.app, name)
    copies.delete_snapshot(work.connection, work.app_id, name)


def get_snapshot(connection: Connection, app: App, name: str) -> App:
    """Answer the hidden app that is a snapshot of an app; raise ControlError, naming some there are, for none."""
    found = copies.find_snapshot(connection, app.application_id, name) if NAME.match(name) else None
    if found is not None:
        return found
    known = [snapshot.name for snapshot in copies.list_snapshots(connection, app.application_id)]
    message = f"the app {app.application_id!r} has no snapshot {name!r}"
    raise ControlError(
        "SNAPSHOT_NOT_FOUND", message, hint=suggestions.name_some(name, known), http_status=404
    )


def fork(
    origin: App,
    *,
    application_id: str | None = None,
    api_key: str | None = None,
    seed: int | None = None,
    at: int | None = None,
) -> App:
    """Make the record of an app that goes on from another app or snapshot, not yet stored, without its journal.

    Its seed and its clock are the origin's, unless another seed is given, or the instant `at` which it is frozen.
    """
    fresh = operations.new(
        application_id=application_id,
        api_key=api_key,
        scenario=origin.scenario,
        seed=origin.seed if seed is None else seed,
        at=at,
    )
    app = origin._replace(
        application_id=fresh.application_id,
        api_key=fresh.api_key,
        seed=fresh.seed,
        hidden=False,
        last_request_id=0,
        dropped_requests=0,
        last_delivery_id=0,
        dropped_deliveries=0,
        changes=0,
    )
    if at is not None:
        return app._replace(created_at=at, starts_at=at, clock_offset=0, frozen_at=at)
    return app._replace(created_at=Clock(offset=app.clock_offset, frozen_at=app.frozen_at).now())


def copy_content(work: Work, origin: App) -> None:
    """Fill an empty app with all that another app or snapshot holds."""
    copies.add_copy(work.connection, origin.application_id, work.app_id)
