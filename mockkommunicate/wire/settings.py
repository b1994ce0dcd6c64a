"""The JSON of an app's settings."""

from dataclasses import asdict, replace
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from mockkommunicate.domain.apps import AppSettings
from mockkommunicate.domain.routing import Rule
from mockkommunicate.domain.suggestions import closest
from mockkommunicate.wire.conversations import STATUSES
from mockkommunicate.wire.fields import Number, choice, reference, web_url
from mockkommunicate.wire.instants import Duration


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


def _flag(**options: Any) -> fields.Boolean:  # noqa: ANN401 - marshmallow's own options
    return fields.Boolean(
        truthy={True}, falsy={False}, error_messages={"invalid": "must be true or false"}, **options
    )


def _not_yet(value: object, **options: Any) -> fields.Raw:  # noqa: ANN401 - marshmallow's own options
    """Make a field that shows what it is and refuses to be changed, rather than do nothing."""
    refusal = validate.Equal(value, error="is not emulated yet and cannot be changed")
    return fields.Raw(validate=refusal, allow_none=True, dump_default=value, **options)


class RoutingSettings(Strict):
    """How new conversations get their assignee."""

    rule = choice(*Rule)
    default_agent = reference(data_key="defaultAgent", allow_none=True)
    assign_new_conversations_to = reference(data_key="assignNewConversationsTo", allow_none=True)
    waiting_queue = _not_yet(value=False, data_key="waitingQueue")


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

    enabled = _flag()
    limit = Number(least=1, most=10_000_000)


class Settings(Strict):
    """Everything that may be set for an app."""

    routing = fields.Nested(RoutingSettings)
    handling_limit = Number(data_key="handlingLimit", allow_none=True)
    dialect = choice("documented", "observed")
    initial_status = Number(data_key="initialStatus", least=-1, choices=STATUSES)
    take_over_from_bot_default = _flag(data_key="takeOverFromBotDefault")
    status_labels = choice("sdk", "dashboard", data_key="statusLabels")
    detail_of_unknown_users = choice("omit", "error", data_key="detailOfUnknownUsers")
    remove_bot_on_handoff = _flag(data_key="removeBotOnHandoff")
    webhook = fields.Nested(WebhookSettings)
    deliveries = fields.Nested(DeliverySettings)
    journal = fields.Nested(JournalSettings)
    strict = _flag()
    fault_header = _flag(data_key="faultHeader")


_settings = Settings()
_NESTED = ("journal", "webhook", "deliveries")


def write(settings: AppSettings) -> dict[str, Any]:
    """Answer settings as JSON values, whole."""
    return dict(_settings.dump(asdict(settings)))


def merge(settings: AppSettings, changes: dict[str, Any]) -> AppSettings:
    """Answer settings with loaded changes merged in, key by key, into nested objects too."""
    changes = dict(changes)
    routing = {name: value for name, value in changes.pop("routing", {}).items() if name != "waiting_queue"}
    if "rule" in routing:
        routing["rule"] = Rule(routing["rule"])
    nested = {name: replace(getattr(settings, name), **changes.pop(name, {})) for name in _NESTED}
    return replace(settings, routing=replace(settings.routing, **routing), **nested, **changes)
