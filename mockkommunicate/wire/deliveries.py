"""The JSON of deliveries: what is asked of them, and each with its attempts; no key or token is in it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mockkommunicate.domain import traces
from mockkommunicate.domain.deliveries import Kind, State
from mockkommunicate.domain.received import ABSENT, MASK, Received
from mockkommunicate.wire.control import NewestPage
from mockkommunicate.wire.fields import ConversationId, Number, choice
from mockkommunicate.wire.settings import Strict

FIELDS = (
    *("id", "kind", "state", "conversation", "bot", "url", "headers", "payload", "payloadText"),
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
    payload, text = _json_or_text(delivery.payload)
    values = (
        *(delivery.id, delivery.kind, delivery.state, delivery.conversation_id, delivery.bot_id),
        _hide_password(delivery.url),
        {name: _shown(name, value) for name, value in json.loads(delivery.headers).items()},
        *(payload, text),
        delivery.created_at,
        delivery.due_at if is_pending else None,
        [_attempt(attempt) for attempt in json.loads(delivery.attempts)],
        None if delivery.fault is None else json.loads(delivery.fault),
    )
    return {name: value for name, value in zip(FIELDS, values, strict=True) if value is not None}


def _shown(name: str, value: str) -> str:
    """Answer a header's value where it tells of a trace: any other may be a token."""
    return value if name.lower() in traces.NAMES else MASK


def _attempt(attempt: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an attempt; its answer is a JSON value, else text."""
    answer, text = _json_or_text(attempt.get("answer", ""))
    written = {
        "at": attempt["at"],
        "durationMs": attempt["duration"],
        "status": attempt.get("status"),
        "error": attempt.get("error"),
        "answer": answer,
        "answerText": text,
        "truncated": attempt.get("truncated"),
    }
    return {name: value for name, value in written.items() if value is not None}


def _json_or_text(text: str) -> tuple[Any, str | None]:
    """Answer the JSON value of a text, or the text where it has none."""
    value = Received(method="", path="", body=text).json if text else ABSENT
    is_text = value is ABSENT or value is None
    return (None, text or None) if is_text else (value, None)


def _hide_password(url: str) -> str:
    """Answer a URL without what stands before the host in it."""
    credentials, at, _ = urlsplit(url).netloc.rpartition("@")
    return url.replace(f"{credentials}{at}", f"{MASK}@", 1) if at else url
