"""Tools that act: as a customer, an agent or a bot, and as the code under test does, over the emulated API."""

import json
from typing import Annotated
from urllib.parse import quote, urlencode

import urllib3
from pydantic import Field

from mockkommunicate.handle import ControlFailed, RunningServer
from mockkommunicate.mcp.arguments import (
    Answer,
    AppId,
    ConversationId,
    Json,
    Method,
    Object,
    Reply,
    UserId,
    given,
)

CALL_S = 30.0
"""How many seconds a call of the emulated API may take; a fault may let it hang."""

_KEPT = "/:?&=%@+,;~!$'()*"
"""What a path may have as it is: whoever writes it may have escaped it, and may put a query behind it."""


def write_message(
    server: RunningServer,
    *,
    conversation: ConversationId,
    sender: Annotated[str, Field(description="Who writes: the id of a customer, an agent or a bot.")],
    text: str = "",
    metadata: Annotated[Object, Field(description="What makes it a rich message, for example.")] = None,
    content_type: int | None = None,
    file_meta: Object = None,
    app: AppId = "default",
) -> Answer:
    """Write a message as somebody; answer it as it was stored, with what is wrong with it as a rich message.

    It has all effects of a message: the webhook and the bot in charge get it. It is in no journal.
    """
    said = given(message=text, metadata=metadata, contentType=content_type, fileMeta=file_meta)
    return server.app(app).control("POST", f"conversations/{conversation}/messages", {"from": sender, **said})


def change_conversation(
    server: RunningServer,
    *,
    conversation: ConversationId,
    actor: Annotated[str, Field(description="Who does it, by his id.")],
    assignee: Annotated[str, Field(description="The agent or bot who shall have it.")] = "",
    status: Annotated[int | None, Field(description="0 open, 1 in progress, 2 closed, 3 spam.")] = None,
    take_over_from_bot: bool | None = None,
    notify: Annotated[bool | None, Field(description="Whether a notify message tells of it.")] = None,
    app: AppId = "default",
) -> Answer:
    """Assign a conversation, or change its status, as somebody; answer the result, such as "updated"."""
    if (assignee == "") == (status is None):
        problem = "give either assignee or status: each is a change of its own"
        raise ControlFailed(400, {"code": "ARGUMENTS", "message": problem})
    what = "assignee" if status is None else "status"
    body = given(
        assignee=assignee, status=status, takeOverFromBot=take_over_from_bot, sendNotifyMessage=notify
    )
    return server.app(app).control("POST", f"conversations/{conversation}/{what}", {"from": actor, **body})


def bot_reply(
    server: RunningServer, *, conversation: ConversationId, bot: UserId, reply: Reply, app: AppId = "default"
) -> Answer:
    """Answer as a bot, as if its webhook had answered so: rich messages, hand-off by KM_ASSIGN_TO and all."""
    body = {"from": bot, "reply": reply}
    return server.app(app).control("POST", f"conversations/{conversation}/reply", body)


def call_api(
    server: RunningServer,
    *,
    method: Method,
    path: Annotated[str, Field(pattern="^/rest/", description="Such as /rest/ws/group/conversation.")],
    query: Object = None,
    headers: Annotated[
        dict[str, str] | None, Field(description="Such as Of-User-Id; the key is added.")
    ] = None,
    body: Json = None,
    app: AppId = "default",
) -> Answer:
    """Call the emulated API as the code under test would, with the app's key: to create a conversation, for example.

    It is kept in the journal, and faults strike it. What a fault does to the connection is answered as `broken`.
    """
    handle = server.app(app)
    url = f"{server.url}{quote(path, safe=_KEPT)}"
    if query:
        url += f"{'&' if '?' in url else '?'}{urlencode(query, doseq=True)}"
    head = {"Api-Key": handle.api_key, "Content-Type": "application/json", **(headers or {})}
    data = None if body is None else json.dumps(body)
    try:
        answer = urllib3.request(
            method, url, body=data, headers=head, retries=False, redirect=False, timeout=CALL_S
        )
    except urllib3.exceptions.HTTPError as error:
        return {"broken": str(error)}
    except ValueError as error:
        raise ControlFailed(400, {"code": "ARGUMENTS", "message": f"this cannot be sent: {error}"}) from error
    return {"status": answer.status, **_read(answer.data)}


def _read(data: bytes) -> Answer:
    """Answer a body as JSON, or as text where it is none."""
    try:
        return {"answer": json.loads(data)}
    except ValueError:
        return {"answerText": data.decode(errors="replace")}
