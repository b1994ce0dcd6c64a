"""The kinds of arguments that tools take, and what their schemas say of them.

A text that may be left out is empty then, never None: the SDK reads any other kind from texts that look like JSON, and a
customer may well write `{}` or `null`. What the control API itself takes as an object is passed on with every field, so
that it is the control API that refuses a misspelt one, with the name that was meant.
"""

from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

Answer = dict[str, Any]

AppId = Annotated[
    str, Field(min_length=1, description="The app, by its application id; default exists from the start.")
]
UserId = Annotated[str, Field(min_length=1, description="A user of the app, by his id.")]
ConversationId = Annotated[int, Field(description="The conversation, by its id.")]
Last = Annotated[int, Field(ge=1, le=1_000, description="How many of the newest to list.")]
Seconds = Annotated[float, Field(ge=0, le=50, description="How many seconds to wait at most.")]
Scenario = Annotated[
    str | dict[str, Any],
    Field(description="The name of a scenario (server_info lists them), a file, or an object in their form."),
]
Seed = Annotated[int | None, Field(description="What ids and generated data follow from.")]
Reply = Annotated[
    list[dict[str, Any]], Field(description='Messages as a webhook answers: [{"message": "Hi"}].')
]
Object = dict[str, Any] | None
Json = Annotated[Any, Field(description="Any JSON.")]

Role = Literal["admin", "agent", "bot", "customer"]
Availability = Literal["online", "away", "offline"]
Method = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
Awaited = Literal["message", "request", "delivery", "assignment"]
Form = Literal["json", "curl", "pytest", "example"]
DeliveryState = Literal["pending", "sent", "failed", "dead", "refused"]

_open = with_config(ConfigDict(extra="allow"))


@_open
class User(TypedDict, total=False):
    """A user: `userId` and `role` are needed; a bot has `webhook` or `builtIn`, or is silent."""

    userId: str
    role: Role
    displayName: str
    availability: Availability
    handlingLimit: int | None
    email: str
    metadata: dict[str, str]
    webhook: Annotated[
        dict[str, Any], Field(description='Where a bot is called: {"url": ..., "headers"?: ...}.')
    ]
    builtIn: Annotated[dict[str, Any], Field(description='A bot without a server: {"kind": "echo"}.')]


@_open
class Matcher(TypedDict, total=False):
    """Which requests, by all that is named; or, with `delivery`, which calls to webhooks and bots.

    Objects match partially. `{"$regex": "..."}`, `{"$type": "..."}`, `{"$equals": ...}` and `{"$absent": true}` may
    stand in place of any value.
    """

    operation: Annotated[Any, Field(description="Such as message.send; server_info lists them.")]
    method: Any
    path: Any
    query: dict[str, Any]
    headers: dict[str, Any]
    body: Any
    delivery: Literal["webhook", "bot", "any"]
    conversation: int
    url: Any


@_open
class When(TypedDict, total=False):
    """Which of those that match: all that is given must say yes."""

    times: Annotated[int, Field(description="That many at most.")]
    after: Annotated[int, Field(description="Only those behind the first that many.")]
    every: Annotated[int, Field(description="Each nth.")]
    probability: Annotated[float, Field(description="Each with this chance; the seed decides.")]
    until: Annotated[int | str, Field(description="Only before an instant of the app's clock.")]
    limit: Annotated[int, Field(description="Only those over that many in a window.")]
    window: Annotated[int | str, Field(description="How long that window is: PT1M, or milliseconds.")]


@_open
class Effect(TypedDict, total=False):
    """What becomes of a request: one effect, and `latencyMs` beside it or alone. Of a delivery: `deliver`."""

    status: Annotated[int, Field(description="An answer of one's own, with `body` and `headers`.")]
    body: Any
    headers: dict[str, Any]
    documented: Annotated[
        str, Field(description="Kommunicate's refusal: AL-G-01, AGENT_IS_ALREADY_ENGAGED ...")
    ]
    gateway: Annotated[int, Field(description="Its gateway's answer: 401, 429, 502, 503 or 504.")]
    retryAfter: int
    html: Annotated[int, Field(description="A proxy's HTML page with this status.")]
    socket: Annotated[
        Any, Field(description="hang, empty, reset, truncate, wrong-length, garbage or dribble.")
    ]
    latencyMs: Annotated[Any, Field(description='{"fixed": 300}, or {"uniform": [100, 900]}.')]
    deliver: Annotated[
        Literal["duplicate", "reorder", "delay", "drop", "corrupt"],
        Field(description="With `copies`, `withinMs`, `delayMs` or `part`."),
    ]


def given(**values: object) -> dict[str, Any]:
    """Answer what was given of some arguments: neither None nor an empty text."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def segment(text: str) -> str:
    """Write a text as one part of a path."""
    return quote(text, safe="")


def query(**filters: object) -> str:
    """Write what was given of some filters as a query."""
    named = given(**filters)
    return urlencode({name: str(value).lower() if value is True else value for name, value in named.items()})
