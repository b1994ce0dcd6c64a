"""The JSON of an app's settings."""

from dataclasses import asdict, replace
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates

from mockkommunicate.domain.apps import AppSettings, Team
from mockkommunicate.domain.routing import Rule
from mockkommunicate.domain.suggestions import closest
from mockkommunicate.wire.conversations import STATUSES
from mockkommunicate.wire.fields import ClientGroupId, Number, Text, choice, identifier, reference
from mockkommunicate.wire.instants import Duration
from mockkommunicate.wire.urls import web_url

MOST_TEAMS = 1_000
"""How many teams an app may have."""

_FEWER_TEAMS = f"must have at most {MOST_TEAMS} teams"


class Strict(Schema):
    """An object of the control API: unknown fields are refused by name."""

    error_messages = {"unknown": "is not known here", "type": "must be an object"}

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **_: Any) -> None:  # noqa: ANN401, ARG002
        """Name the nearest field in the message of each unknown one."""
        known = [field.data_key or name for name, field in self.fields.items()]
        messages = error.messages if isinstance(error.messages, dict) else {}
        for name in messages.keys() - {*known, "_schema"}:
            messages[name] = [f"is not known here; {closest(str(name), known)}"]


class _Truth(fields.Boolean):
    """A boolean of JSON's, and nothing that is like one: neither 1 nor "true"."""

    default_error_messages = {"invalid": "must be true or false"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ANN401, ARG002
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class RoutingSettings(Strict):
    """How new conversations get their assignee."""

    rule = choice(*Rule)
    default_agent = reference(data_key="defaultAgent", allow_none=True)
    assign_new_conversations_to = reference(data_key="assignNewConversationsTo", allow_none=True)
    waiting_queue = _Truth(data_key="waitingQueue")
    reassign_when_away = _Truth(data_key="reassignWhenAway")


_AGENTS: dict[str, Any] = {
    "required": "is missing: the ids of its agents",
    "invalid": "must be a list of user ids",
    "null": "must be a list of user ids",
}
_TEAMS: dict[str, Any] = {"invalid": "must be a list of teams", "null": "must be a list of teams"}


class TeamSettings(Strict):
    """A team: its agents, and what of its rules is not as in its app."""

    team_id = ClientGroupId(
        data_key="teamId",
        required=True,
        error_messages={"required": "is missing: the team's id, as KM_TEAM_ID names it"},
    )
    name = Text(allow_none=True)
    agents = fields.List(identifier(), required=True, error_messages=_AGENTS)
    rule = choice(*Rule, attribute="own.rule")
    default_agent = reference(data_key="defaultAgent", allow_none=True, attribute="own.default_agent")
    assign_new_conversations_to = reference(
        data_key="assignNewConversationsTo", allow_none=True, attribute="own.assign_new_conversations_to"
    )
    waiting_queue = _Truth(data_key="waitingQueue", attribute="own.waiting_queue")

    @validates("agents")
    def refuse_repeated_agents(self, agents: list[str | None], **_: object) -> None:
        """Refuse an agent who is named twice."""
        _refuse_repeated(agents)


def _refuse_repeated(ids: list[str | None], name: str | None = None) -> None:
    """Refuse a list in which an id stands twice; `name` is the field of an entry that holds it. None is no id."""
    first = {one: index for index, one in reversed(list(enumerate(ids)))}
    again = [index for index, one in enumerate(ids) if one is not None and first[one] != index]
    wrong = ["stands here twice"]
    if again:
        raise ValidationError({index: wrong if name is None else {name: wrong} for index in again})


class WebhookSettings(Strict):
    """Where messages are sent on to."""

    url = web_url(allow_none=True)
    token = reference(allow_none=True)


class DeliverySettings(Strict):
    """How calls are made: when they are tried again, and how long an answer may take."""

    retries = fields.List(Duration(), validate=validate.Length(max=100, error="must have at most 100 delays"))
    limit = Number(least=1, most=10_000_000)
    webhook_timeout_ms = Number(data_key="webhookTimeoutMs", least=1, most=600_000)
    bot_timeout_ms = Number(data_key="botTimeoutMs", least=1, most=600_000)

    @post_load
    def freeze(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
        """Make the list one that settings can hold."""
        return values | ({"retries": tuple(values["retries"])} if "retries" in values else {})


class JournalSettings(Strict):
    """Whether the requests are kept, and how many."""

    enabled = _Truth()
    limit = Number(least=1, most=10_000_000)


class FileSettings(Strict):
    """How large a file may be; it lies in memory while it comes and goes."""

    max_bytes = Number(data_key="maxBytes", least=1, most=100_000_000)


class Settings(Strict):
    """Everything that may be set for an app."""

    routing = fields.Nested(RoutingSettings)
    handling_limit = Number(data_key="handlingLimit", allow_none=True)
    dialect = choice("documented", "observed")
    initial_status = Number(data_key="initialStatus", least=-1, choices=STATUSES)
    take_over_from_bot_default = _Truth(data_key="takeOverFromBotDefault")
    status_labels = choice("sdk", "dashboard", data_key="statusLabels")
    detail_of_unknown_users = choice("omit", "error", data_key="detailOfUnknownUsers")
    remove_bot_on_handoff = _Truth(data_key="removeBotOnHandoff")
    webhook = fields.Nested(WebhookSettings)
    deliveries = fields.Nested(DeliverySettings)
    journal = fields.Nested(JournalSettings)
    files = fields.Nested(FileSettings)
    teams = fields.List(
        fields.Nested(TeamSettings, error_messages={"null": "must be an object"}),
        validate=validate.Length(max=MOST_TEAMS, error=_FEWER_TEAMS),
        error_messages=_TEAMS,
    )
    strict = _Truth()
    fault_header = _Truth(data_key="faultHeader")

    @validates("teams")
    def refuse_repeated_teams(self, teams: list[Any], **_: object) -> None:
        """Refuse an id that two teams have; of a team that is wrong otherwise, there may be nothing."""
        _refuse_repeated([team.get("team_id") if team else None for team in teams], "teamId")


_settings = Settings()
_NESTED = ("journal", "webhook", "deliveries", "files")


def write(settings: AppSettings) -> dict[str, Any]:
    """Answer settings as JSON values, whole."""
    return dict(_settings.dump(asdict(settings)))


def write_changes(changes: dict[str, Any]) -> dict[str, Any]:
    """Answer loaded changes as JSON values again."""
    return dict(_settings.dump(changes))


def merge(settings: AppSettings, changes: dict[str, Any]) -> AppSettings:
    """Answer settings with loaded changes merged in, key by key, into nested objects too."""
    changes = dict(changes)
    routing = _ruled(changes.pop("routing", {}))
    if "teams" in changes:
        changes["teams"] = tuple(make_team(team) for team in changes["teams"])
    nested = {name: replace(getattr(settings, name), **changes.pop(name, {})) for name in _NESTED}
    return replace(settings, routing=replace(settings.routing, **routing), **nested, **changes)


def make_team(values: dict[str, Any]) -> Team:
    """Make a team of loaded values."""
    return Team(**values | {"agents": tuple(values["agents"]), "own": _ruled(values.get("own", {}))})


def _ruled(values: dict[str, Any]) -> dict[str, Any]:
    return values | ({"rule": Rule(values["rule"])} if "rule" in values else {})
