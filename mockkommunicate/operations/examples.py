"""The examples of the contract files: which of them is most like a request of the journal and its answer."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from mockkommunicate import shipped
from mockkommunicate.domain.replays import Recorded

SHOWN = ("name", "evidence", "source", "request", "answer")
"""What is told of an example."""


def folder() -> Path:
    """Answer where the contract files are."""
    return shipped.folder("fixtures") / "contract"


@lru_cache(maxsize=1)
def contracts() -> Sequence[Mapping[str, Any]]:
    """Answer the contract files, in the order of their names."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder().glob("*/*.json"))]


def by_operation() -> Mapping[str, Mapping[str, Any]]:
    """Answer the contract file of each operation."""
    return {file["operation"]: file for file in contracts() if "operation" in file}


def nearest(recorded: Recorded) -> dict[str, Any] | None:
    """Answer the example of the same operation that came to the same; None for what is no operation."""
    contract = by_operation().get(recorded.received.operation or "")
    if contract is None:
        return None
    found = max(contract["examples"], key=lambda example: _likeness(recorded, example))
    return {name: found[name] for name in SHOWN}


def _likeness(recorded: Recorded, example: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """Say how like an example is: what it came to, its status, how many fields of the request it has in common."""
    answer, request = example["answer"], example["request"]
    text = json.dumps(answer["body"]) if "body" in answer else str(answer.get("text", ""))
    shown = Recorded(
        id=0, received=recorded.received, status=answer["status"], answer=text, application_id=""
    )
    same_status = shown.status == recorded.status
    body = recorded.received.json if isinstance(recorded.received.json, dict) else {}
    asked = {*body, *recorded.received.query_values}
    told = {*(request.get("body") or ()), *(request.get("query") or ())} if _is_object(request) else set()
    return same_status and shown.outcome == recorded.outcome, same_status, -len(asked ^ told)


def _is_object(request: Mapping[str, Any]) -> bool:
    return isinstance(request.get("body", {}), dict)
