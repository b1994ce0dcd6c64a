"""Requests classified, and what was found written as lines."""

import json
from typing import Any

from mockkommunicate.api import conversations, files, messages, users
from mockkommunicate.domain.received import Received
from mockkommunicate.domain.unread import Unread
from mockkommunicate.wire.unread import Contract, classify

VIEWS: tuple[Any, ...] = (
    conversations.create,
    conversations.change_status,
    conversations.change_assignee,
    conversations.list_waiting,
    users.detail,
    users.update,
    messages.send,
    messages.send_attachment,
    files.upload_image,
    files.upload,
    files.url,
    files.download,
    files.upload_url,
    files.upload_signed,
)
CONTRACTS: dict[str, Contract] = {view.endpoint.operation: view.endpoint for view in VIEWS}


def unread(operation: str | None, body: Any = None, *, query: str = "", headers: str = "") -> list[str]:
    """Classify a request with these query parameters and headers; each finding in one line."""
    received = Received(
        method="POST",
        path="/",
        query=tuple((name, "1") for name in query.split()),
        headers=tuple((name, "1") for name in headers.split()),
        body="" if body is None else json.dumps(body),
    )
    return lines(classify(received, CONTRACTS[operation] if operation else None))


def lines(found: list[Unread]) -> list[str]:
    """Write findings as a line each: `unknown body groupMemberlist -> groupMemberList`."""
    return [
        f"{one.kind} {one.where} {one.name}" + (f" -> {one.nearest}" if one.nearest is not None else "")
        for one in found
    ]
