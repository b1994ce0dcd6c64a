"""What the calls of a handle answer: the JSON as it came, with what is asked of it most as attributes.

Each is a mapping that equals its JSON, too: `message["fileMeta"]` is what has no attribute of its own.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

JSON = Mapping[str, Any]


def named(name: str, *, of: type["Result"] | None = None) -> Any:  # noqa: ANN401 - stands for a field of any type
    """Make a field that is called `name` in the JSON, and there is a list of results `of` a kind, if one is given."""
    return dataclasses.field(metadata={"name": name, "of": of})


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Result(Mapping[str, Any]):
    """An answer. What is absent is None, and no field of its mapping."""

    raw: JSON

    @classmethod
    def of(cls, raw: JSON) -> Self:
        """Read an answer."""
        fields = [field for field in dataclasses.fields(cls) if field.name != "raw"]
        return cls(raw=raw, **{field.name: _read(field, raw) for field in fields})

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """Answer a field by its name in the JSON."""
        return self.raw[name]

    def __iter__(self) -> Iterator[str]:
        """List the names in the JSON."""
        return iter(self.raw)

    def __len__(self) -> int:
        """Count the fields in the JSON."""
        return len(self.raw)

    def __repr__(self) -> str:
        """Show the attributes that are there."""
        shown = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del shown["raw"]
        given = ", ".join(f"{name}={value!r}" for name, value in shown.items() if value is not None)
        return f"{type(self).__name__}({given})"


def _read(field: dataclasses.Field[Any], raw: JSON) -> Any:  # noqa: ANN401
    value = raw.get(field.metadata.get("name", field.name))
    kind = field.metadata.get("of")
    return value if kind is None else tuple(kind.of(entry) for entry in value or ())


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class User(Result):
    """A user: agent, bot or customer."""

    id: str = named("userId")
    role: str
    availability: str
    name: str | None = named("displayName")
    limit: int | None = named("handlingLimit")
    email: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Conversation(Result):
    """A conversation: `assignee` is an id or None, `members` are ids, `routing` tells how the assignee was chosen.

    `team` is the id of the team that it names, `queue_position` its place among those that wait there, from 1 on.
    """

    id: int
    name: str
    status: int
    assignee: str | None
    members: Sequence[str] = named("membersId")
    metadata: Mapping[str, str]
    routing: JSON
    client_group_id: str = named("clientGroupId")
    created_at: int = named("createdAtTime")
    queue_position: int | None = named("queuePosition")

    @property
    def team(self) -> str | None:
        """The id of the team that the conversation names, or None."""
        return self.metadata.get("KM_TEAM_ID")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Finding(Result):
    """What is wrong or unusual in a rich message: `severity` is "error" or "warning", `path` a place in the metadata."""

    path: str
    severity: str
    message: str
    evidence: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Message(Result):
    """A message of a conversation."""

    key: str
    conversation_id: int = named("groupId")
    sender: str = named("from")
    text: str | None = named("message")
    content_type: int = named("contentType")
    metadata: Mapping[str, str]
    findings: Sequence[Finding] = named("findings", of=Finding)
    created_at: int = named("createdAtTime")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Unread(Result):
    """Something sent that no handler read: `where` is body, query or header, `kind` is "ignored" or "unknown".

    `nearest` is the known name that an unknown one is most like.
    """

    where: str
    name: str
    kind: str = named("class")
    nearest: str | None
    request_id: int | None = named("requestId")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Request(Result):
    """A request that the emulated API received, and its answer.

    `body` and `answer` are JSON values, `body_text` and `answer_text` whatever was none. `request_id` is the
    id that the client gave it, `traceparent` the trace that it told of.
    """

    id: int
    at: int
    duration: int = named("durationMs")
    method: str
    path: str
    query: JSON
    headers: Mapping[str, str]
    body: Any
    body_text: str | None = named("bodyText")
    operation: str | None
    status: int
    answer: Any
    answer_text: str | None = named("answerText")
    fault: str | None
    request_id: str | None = named("requestId")
    traceparent: str | None
    unread: Sequence[Unread] = named("unread", of=Unread)
    findings: Sequence[Finding] = named("findings", of=Finding)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class File(Result):
    """An uploaded file. `thumbnail_blob_key` is None for what is no picture, and without Pillow."""

    id: int
    name: str
    content_type: str = named("contentType")
    size: int
    sha1: str
    blob_key: str = named("blobKey")
    thumbnail_blob_key: str | None = named("thumbnailBlobKey")
    private: bool
    uploaded_at: int = named("uploadedAt")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Attempt(Result):
    """One call of a delivery: `status` and `answer` are what came back, `error` says why it was of no use."""

    at: int
    duration: int = named("durationMs")
    status: int | None
    error: str | None
    answer: Any
    answer_text: str | None = named("answerText")
    truncated: bool | None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Delivery(Result):
    """A call to the webhook or a bot: `kind` says which, `state` is pending, sent, failed, dead or refused.

    `payload` is a JSON value, `payload_text` one that a fault has damaged; `fault` says which fault befell it, and how.
    Of `headers` only those of a trace are shown.
    """

    id: int
    kind: str
    state: str
    conversation_id: int = named("conversation")
    bot: str | None
    url: str
    headers: Mapping[str, str]
    payload: Any
    payload_text: str | None = named("payloadText")
    fault: JSON | None
    created_at: int = named("createdAt")
    due_at: int | None = named("dueAt")
    attempts: Sequence[Attempt] = named("attempts", of=Attempt)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Snapshot(Result):
    """A snapshot of an app."""

    name: str
    created_at: int = named("createdAtTime")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Time(Result):
    """What an app's clock shows: `mode` is "running" or "frozen", `ran` what came due when it was moved."""

    now: int
    mode: str
    ran: Sequence[JSON] | None


class Requests(list[Request]):
    """Requests, the oldest first; `dropped` counts those that the journal has let go for want of room."""

    def __init__(self, entries: Sequence[Request], dropped: int) -> None:
        super().__init__(entries)
        self.dropped = dropped
