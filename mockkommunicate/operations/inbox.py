"""The inbox: conversations in brief, the newest first, searched."""

from collections.abc import Sequence
from typing import Any

from mockkommunicate.operations.work import Work
from mockkommunicate.store import inbox
from mockkommunicate.store.records import Brief


def list_page(
    work: Work,
    *,
    limit: int,
    after: int,
    search: str | None = None,
    **filters: Any,  # noqa: ANN401 - values of filters
) -> Sequence[Brief]:
    """List at most so many conversations from behind one, those that a `search` finds; the filters are the store's."""
    wanted = {**filters, **({"after": after} if after else {})}
    if search:
        wanted["like"] = f"%{_escaped(search.lower())}%"
    return inbox.list_page(work.connection, work.app_id, wanted, most=limit)


def _escaped(text: str) -> str:
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return text
