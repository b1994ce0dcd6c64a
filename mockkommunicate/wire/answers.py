"""What the OpenAPI document says of the answers of control calls that are not written by a schema of their own."""

from marshmallow import fields

from mockkommunicate.wire.control import ConversationOutput, UserOutput
from mockkommunicate.wire.envelope import Answer
from mockkommunicate.wire.files import FileOutput
from mockkommunicate.wire.journal import EntryOutput
from mockkommunicate.wire.unread import UnreadOutput


class AppOutput(Answer):
    """An app."""

    application_id = fields.String(data_key="applicationId")
    api_key = fields.String(data_key="apiKey")
    scenario = fields.Raw()
    seed = fields.Integer()
    created_at = fields.Integer(data_key="createdAtTime")


class AppList(Answer):
    """The apps."""

    apps = fields.List(fields.Nested(AppOutput))


class UserList(Answer):
    """Users, and behind which number there are more."""

    users = fields.List(fields.Nested(UserOutput))
    next = fields.Integer()


class ConversationShown(ConversationOutput):
    """A conversation, with its assignee or null; one that waits has its place in the queue."""

    assignee = fields.String(allow_none=True)
    queue_position = fields.Integer(data_key="queuePosition")


class ConversationList(Answer):
    """Conversations, and behind which id there are more."""

    conversations = fields.List(fields.Nested(ConversationShown))
    next = fields.Integer()


class ChangeResult(Answer):
    """What became of a change, in Kommunicate's words."""

    result = fields.String()


class FileList(Answer):
    """Files, and behind which number there are more."""

    files = fields.List(fields.Nested(FileOutput))
    next = fields.Integer()


class ClockOutput(Answer):
    """The app's time."""

    now = fields.Integer()
    mode = fields.String()


class ClockMoved(ClockOutput):
    """The app's time after a change."""

    ran = fields.List(fields.Dict())


class FaultOutput(Answer):
    """A rule as it was given, and what became of it."""

    id = fields.Integer()
    hits = fields.Integer()
    seen = fields.Integer()
    match = fields.Dict()
    when = fields.Dict()
    phase = fields.String()
    do = fields.Dict()
    ttl = fields.Raw(data_key="ttlMs")


class FaultList(Answer):
    """The rules of an app."""

    faults = fields.List(fields.Nested(FaultOutput))


class DeliveryOutput(Answer):
    """A call to a webhook or a bot, with its attempts."""

    id = fields.Integer()
    kind = fields.String()
    state = fields.String()
    conversation = fields.Integer()
    bot = fields.String()
    url = fields.String()
    headers = fields.Dict()
    payload = fields.Raw()
    payload_text = fields.String(data_key="payloadText")
    created_at = fields.Integer(data_key="createdAt")
    due_at = fields.Integer(data_key="dueAt")
    attempts = fields.List(fields.Dict())
    fault = fields.Raw()


class DeliveryList(Answer):
    """Deliveries, how many older ones are gone, and behind which number there are more."""

    deliveries = fields.List(fields.Nested(DeliveryOutput))
    dropped = fields.Integer()
    next = fields.Integer()


class Settled(Answer):
    """Whether nothing is owed any more, and what was sent meanwhile."""

    settled = fields.Boolean()
    timed_out = fields.Boolean(data_key="timedOut")
    pending = fields.Integer()
    deliveries = fields.List(fields.Nested(DeliveryOutput))
    last = fields.Integer()


class IgnoredOutput(UnreadOutput):
    """One thing that nobody read, and in which request."""

    request_id = fields.Integer(data_key="requestId")


class IgnoredList(Answer):
    """What nobody read, and behind which request there is more."""

    ignored = fields.List(fields.Nested(IgnoredOutput))
    next = fields.Integer()


class NearestOutput(Answer):
    """A request that was nearly as expected, and how it differs."""

    request = fields.Nested(EntryOutput)
    diff = fields.List(fields.Dict())


class Verdict(Answer):
    """Whether such requests came; if not, which were nearest."""

    matched = fields.Boolean()
    count = fields.Integer()
    nearest = fields.List(fields.Nested(NearestOutput))
    dropped = fields.Integer()
    route = fields.Dict()


class Met(Answer):
    """Whether what was waited for is there, and what it is."""

    met = fields.Boolean()
    found = fields.Dict()


class SnapshotOutput(Answer):
    """A snapshot."""

    name = fields.String()
    created_at = fields.Integer(data_key="createdAtTime")


class SnapshotList(Answer):
    """The snapshots of an app."""

    snapshots = fields.List(fields.Nested(SnapshotOutput))
