"""/_mock/apps/APP/faults."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from mockkommunicate.control.endpoint import control
from mockkommunicate.operations import faults
from mockkommunicate.operations.faults import Rule
from mockkommunicate.operations.work import Work
from mockkommunicate.wire.answers import FaultList, FaultOutput
from mockkommunicate.wire.faults import FaultRule

blueprint = Blueprint("faults", __name__, url_prefix="/apps/<application_id>/faults")


@blueprint.get("")
@control(answers=FaultList)
def list_all(work: Work) -> dict[str, Any]:
    """List the faults in the order in which they are asked, with what they have counted."""
    return {"faults": faults.list_all(work)}


@blueprint.post("")
@control(needs="work_on", body=FaultRule, answers=FaultOutput, status=201)
def add(work: Work, *, fault: Rule, given: Mapping[str, Any], ttl: int | None) -> dict[str, Any]:
    """Add a fault; it holds from the next request or delivery on, in every process."""
    return faults.add(work, fault, given=given, ttl=ttl)


@blueprint.delete("")
@control(needs="work_on")
def delete_all(work: Work) -> dict[str, Any]:
    """Delete every fault."""
    return {"deleted": faults.delete_all(work)}


@blueprint.delete("/<fault_id>")
@control(needs="work_on")
def delete(work: Work, *, fault_id: str) -> dict[str, Any]:
    """Delete a fault."""
    return {"deleted": faults.delete(work, fault_id)}
