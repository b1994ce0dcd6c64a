"""/_mock/apps/APP/snapshots: take the app's state down by name, and go back to it."""

from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import copies
from mockkommunicate.operations.work import Work
from mockkommunicate.store.copies import Snapshot
from mockkommunicate.wire.answers import SnapshotList, SnapshotOutput
from mockkommunicate.wire.settings import Strict

blueprint = Blueprint("snapshots", __name__, url_prefix="/apps/<application_id>/snapshots")


@blueprint.get("")
@control(answers=SnapshotList)
def list_all(work: Work) -> dict[str, Any]:
    """List the snapshots by name."""
    return {"snapshots": [_output(snapshot) for snapshot in copies.list_snapshots(work)]}


@blueprint.put("/<path:name>")
@control(needs="work_on", body=Strict, answers=SnapshotOutput, status=201)
def take(work: Work, *, name: str) -> dict[str, Any]:
    """Take a snapshot, in the place of one of the same name."""
    return _output(copies.take(work, name))


@blueprint.post("/<path:name>/restore")
@control(needs="work_on", body=Strict)
def restore(work: Work, *, name: str) -> dict[str, Any]:
    """Make the app again what it was when the snapshot was taken."""
    copies.restore(work, name)
    return {"restored": name}


@blueprint.delete("/<path:name>")
@control(needs="work_on")
def delete(work: Work, *, name: str) -> dict[str, Any]:
    """Delete a snapshot."""
    copies.delete(work, name)
    return {"deleted": name}


def _output(snapshot: Snapshot) -> dict[str, Any]:
    return {"name": snapshot.name, "createdAtTime": snapshot.created_at}
