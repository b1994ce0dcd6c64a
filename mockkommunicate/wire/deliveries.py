"""The JSON of deliveries: what is asked of them, and each with its attempts; no key or token is in it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mockkommunicate.domain.deliveries import Kind, State
from mockkommunicate.domain.received import ABSENT, Received
from mockkommunicate.wire.control import NewestPage
from mockkommunicate.wire.fields import ConversationId, Number, choice
from mockkommunicate.wire.settings import Strict

HIDDEN = "***"
"""What stands for a key."""

FIELDS = (
    *("id", "kind", "state", "conversation", "bot", "url", "headers", "payload"),
    *("createdAt", "dueAt", "attempts", "fault"),
)
"""What a delivery has; what is absent is left out."""

LONGEST_WAIT_MS = 120_000
_MOST = 2**53


class DeliveryPage(NewestPage):
    """Which deliveries to list: in a state, of a kind, of a conversation."""

    state = choice(*State)
    kind = choice(*Kind)
    conversation = ConversationId(typed=True)


class Settle(Strict):
    """How long to wait until nothing is owed, and from where on to answer what was."""

    timeout_ms = Number(data_key="timeoutMs", most=LONGEST_WAIT_MS, load_default=10_000)
    after = Number(most=_MOST, load_default=0)


def write(delivery: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    """Answer a delivery."""
    is_pending = delivery.state == State.PENDING
    values = (
        *(delivery.id, delivery.kind, delivery.state, delivery.conversation_id, delivery.bot_id),
        _hide_password(delivery.url),
        dict.fromkeys(json.loads(delivery.headers), HIDDEN),
        json.loads(delivery.payload),
        delivery.created_at,
        delivery.due_at if is_pending else None,
        [_attempt(attempt) for attempt in json.loads(delivery.attempts)],
        delivery.fault,
    )
    return {name: value for name, value in zip(FIELDS, values, strict=True) if value is not None}


def _attempt(attempt: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an attempt; its answer is a JSON value, else text."""
    text = attempt.get("answer", "")
    value = Received(method="", path="", body=text).json if text else ABSENT
    written = {
        "at": attempt["at"],
        "durationMs": attempt["duration"],
        "status": attempt.get("status"),
        "error": attempt.get("error"),
        "answer": None if value is ABSENT else value,
        "answerText": text if text and (value is ABSENT or value is None) else None,
        "truncated": attempt.get("truncated"),
    }
    return {name: value for name, value in written.items() if value is not None}


def _hide_password(url: str) -> str:
    """Answer a URL without what stands before the host in it."""
    credentials, at, _ = urlsplit(url).netloc.rpartition("@")
    return url.replace(f"{credentials}{at}", f"{HIDDEN}@", 1) if at else url
