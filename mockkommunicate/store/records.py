"""The frozen record of a row of each table; its fields stand in the order of the table's columns."""

from typing import NamedTuple


class App(NamedTuple):
    """One app. `settings`, `rotation`, `team_rotations` and `faults` are JSON; the last_ columns are the app's own sequences.

    Its clock is frozen at `frozen_at`, or else `clock_offset` ahead of the wall clock; `starts_at` is where it was
    frozen when the app was made. A hidden app is a snapshot of another, or keeps the journal of requests without one.
    `changes` counts the transactions that wrote to it.
    """

    application_id: str
    api_key: str
    scenario: str
    seed: int
    created_at: int
    settings: str
    rotation: str
    last_conversation_id: int
    last_user_number: int
    last_file_number: int
    hidden: bool
    starts_at: int | None
    clock_offset: int
    frozen_at: int | None
    faults: str
    last_fault_id: int
    last_request_id: int
    dropped_requests: int
    last_delivery_id: int
    dropped_deliveries: int
    last_queue_number: int
    team_rotations: str
    changes: int


class Pulse(NamedTuple):
    """What tells that something in an app has changed: how many transactions wrote to it, and its last numbers."""

    changes: int
    requests: int
    deliveries: int
    conversations: int


class User(NamedTuple):
    """One agent, bot or customer. Times are milliseconds; `metadata` is JSON; `number` is the order of creation.

    `bot` is JSON, too: how a bot answers, if it does.
    """

    application_id: str
    user_id: str
    number: int
    role: str
    display_name: str | None
    email: str | None
    phone_number: str | None
    image_link: str | None
    status_message: str | None
    metadata: str
    availability: str
    handling_limit: int | None
    deactivated: bool
    created_at: int
    last_seen_at: int
    last_logged_in_at: int
    last_message_at: int | None
    unread_count: int
    bot: str | None


class Conversation(NamedTuple):
    """One conversation. `metadata` and `routing` are JSON; `last_key_ms` is the time in its newest message's key.

    `team_id` is the team that it names, if any; `queue_number` its place among those that wait for an agent.
    """

    application_id: str
    id: int
    client_group_id: str
    name: str
    admin_id: str
    assignee: str | None
    status: int
    metadata: str
    routing: str
    created_at: int
    updated_at: int
    last_message_number: int
    last_key_ms: int
    team_id: str | None
    queue_number: int | None


class Brief(NamedTuple):
    """One conversation as a list shows it, with what its assignee has not read and its last message, if it has one."""

    id: int
    client_group_id: str
    name: str
    assignee: str | None
    status: int
    created_at: int
    updated_at: int
    messages: int
    unread: int
    sender_id: str | None
    text: str | None
    content_type: int | None
    sent_at: int | None


class Member(NamedTuple):
    """One membership. Who left stays as removed, for the wire names such members."""

    application_id: str
    conversation_id: int
    user_id: str
    role: int
    unread_count: int
    removed: bool


class Message(NamedTuple):
    """One message. `metadata`, `file_meta` and `findings` are JSON; `number` is the order within the conversation."""

    application_id: str
    conversation_id: int
    number: int
    key: str
    sender_id: str
    text: str
    content_type: int
    type: int
    source: int
    metadata: str
    file_meta: str | None
    findings: str | None
    created_at: int


class File(NamedTuple):
    """One uploaded file without its bytes; `number` is the order of upload, `id` the UUID in its blobKey."""

    application_id: str
    number: int
    id: str
    name: str
    content_type: str
    size: int
    sha1: str
    thumbnail_sha1: str | None
    private: bool
    created_at: int


class StoredFile(NamedTuple):
    """One uploaded file whole."""

    application_id: str
    number: int
    id: str
    name: str
    content_type: str
    size: int
    sha1: str
    thumbnail_sha1: str | None
    private: bool
    created_at: int
    thumbnail: bytes | None
    content: bytes


class Request(NamedTuple):
    """One request of the journal and its answer. `query` and `headers` are JSON lists of pairs; times in milliseconds."""

    application_id: str
    id: int
    at: int
    duration: int
    method: str
    path: str
    query: str
    headers: str
    body: str
    operation: str | None
    status: int
    answer: str
    fault: str | None


class Delivery(NamedTuple):
    """One outbound call that is owed, with its attempts. `headers` and `attempts` are JSON, `payload` is its body.

    Deliveries of a `lane` go out one after the other in order of their `place`: whichever `leads` its lane is next, once
    it is due by the app's clock. Who sends it holds it until `claimed_until`, in milliseconds of the wall clock.
    """

    application_id: str
    id: int
    kind: str
    conversation_id: int
    bot_id: str | None
    lane: str
    place: int
    leads: bool
    url: str
    headers: str
    payload: str
    state: str
    created_at: int
    due_at: int
    attempts: str
    tries: int
    fault: str | None
    claimed_by: str | None
    claimed_until: int | None
