"""Tools that look: at conversations, at the journal, at deliveries."""

from typing import Annotated

from pydantic import Field

from mockkommunicate.handle import RunningServer
from mockkommunicate.mcp.arguments import Answer, AppId, ConversationId, DeliveryState, Form, Last, query
from mockkommunicate.mcp.presenting import shortened

RequestId = Annotated[int, Field(description="The request, by its id in the journal.")]


def list_conversations(
    server: RunningServer,
    *,
    search: Annotated[str, Field(description="A part of a name, an id or a member's id.")] = "",
    status: int | None = None,
    assignee: str = "",
    unassigned: bool = False,
    unread: bool = False,
    limit: Annotated[int, Field(ge=1, le=1_000)] = 20,
    after: Annotated[int | None, Field(description="The `next` of the list before.")] = None,
    app: AppId = "default",
) -> Answer:
    """List conversations in brief, the newest first: status, assignee, unread count, last message."""
    filters = {"search": search, "status": status, "assignee": assignee, "limit": limit, "after": after}
    flags = {"unassigned": unassigned or None, "unread": unread or None}
    return server.app(app).control("GET", f"inbox?{query(**filters, **flags)}")


def get_conversation(
    server: RunningServer, *, conversation: ConversationId, last: Last = 20, app: AppId = "default"
) -> Answer:
    """Show a conversation with its newest messages; `routing` says why it has its assignee."""
    handle, path = server.app(app), f"conversations/{conversation}"
    messages = handle.control("GET", f"{path}/messages?last={last}")
    return {"conversation": handle.control("GET", path), **shortened(messages)}


def list_requests(
    server: RunningServer,
    *,
    operation: Annotated[str, Field(description="Such as message.send.")] = "",
    method: str = "",
    path: str = "",
    status: Annotated[int | None, Field(description="The HTTP status; 0 where none was answered.")] = None,
    unmatched: Annotated[bool, Field(description="Only those that no route of the API fits.")] = False,
    last: Last = 20,
    app: AppId = "default",
) -> Answer:
    """List the newest requests that the code under test sent, the oldest first, with their answers.

    `unread` names what it sent and nobody read, `fault` the fault that struck. Long texts are cut: get_request has all.
    """
    filters = {"operation": operation, "method": method, "path": path, "status": status, "last": last}
    found = server.app(app).control("GET", f"requests?{query(**filters, unmatched=unmatched or None)}")
    return shortened(found)


def get_request(
    server: RunningServer, *, request: RequestId, form: Form = "json", app: AppId = "default"
) -> Answer:
    """Show a request of the journal whole; or copy it as a call of curl, or as a pytest test that passes when pasted.

    `example` answers the documented example that is most like it, with the evidence for what is answered.
    """
    suffix = "" if form == "json" else f"/{form}"
    return server.app(app).control("GET", f"requests/{request}{suffix}")


def list_ignored(
    server: RunningServer, *, limit: Annotated[int, Field(ge=1, le=1_000)] = 100, app: AppId = "default"
) -> Answer:
    """List what the code under test sent and nobody read: misspelt names, with the nearest known one, and useless ones."""
    return server.app(app).control("GET", f"requests/ignored?limit={limit}")


def list_deliveries(
    server: RunningServer,
    *,
    state: DeliveryState | None = None,
    conversation: int | None = None,
    last: Last = 20,
    app: AppId = "default",
) -> Answer:
    """List the newest calls to the app's webhook and bots, the oldest first: payload, state, attempts and answers."""
    filters = query(state=state, conversation=conversation, last=last)
    return shortened(server.app(app).control("GET", f"deliveries?{filters}"))


def redeliver(
    server: RunningServer,
    *,
    delivery: Annotated[int, Field(description="The delivery, by its id.")],
    app: AppId = "default",
) -> Answer:
    """Make a finished call to a webhook or bot again; answer the delivery, which is pending then."""
    return server.app(app).control("POST", f"deliveries/{delivery}/redeliver")
