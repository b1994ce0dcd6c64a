"""The JSON of what a fault does to a request, or to a delivery."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validates_schema

from mockkommunicate.domain import failures
from mockkommunicate.domain.chaos import Deliver
from mockkommunicate.domain.faults import Documented, Effect, Gateway, Latency, Own, Page
from mockkommunicate.domain.received import ABSENT
from mockkommunicate.domain.socket_kinds import SocketKind
from mockkommunicate.wire import mishaps
from mockkommunicate.wire.fault_fields import Body, Delay, Headers, named
from mockkommunicate.wire.fields import Number
from mockkommunicate.wire.mishaps import Deliveries

HTML = "html"
"""The kind of an HTML error page, where a header asks for one: of the status 500."""

LONGEST_WAIT_S = 31_536_000
BODILESS = (204, 205, 304)


def effect_of(kind: str) -> Effect:
    """Answer the effect that a header asks for in one word."""
    if kind in tuple(SocketKind):
        return SocketKind(kind)
    if kind == HTML:
        return Page(status=500)
    return Gateway(status=int(kind)) if kind.isdigit() else Documented(name=kind)


class Do(Deliveries):
    """What becomes of a request: one of status, documented, gateway, html and socket; latencyMs with it or alone.

    What becomes of a delivery: deliver.
    """

    json_schema: ClassVar[dict[str, Any]] = {"minProperties": 1}

    status = Number(least=200, most=599)
    body = Body(allow_none=True)
    headers = Headers()
    documented = named(failures.NAMES)
    gateway = Number(choices=tuple(failures.GATEWAY))
    retry_after = Number(data_key="retryAfter", most=LONGEST_WAIT_S)
    html = Number(choices=tuple(failures.PAGES))
    socket = named([*SocketKind])
    latency = Delay(data_key="latencyMs")

    @validates_schema(skip_on_field_errors=True)
    def require_one(self, values: dict[str, Any], **_: object) -> None:
        """Refuse nothing at all, two effects, and what belongs to an effect that is not given."""
        problems = mishaps.problems(values) | {
            self.fields[name].data_key or name: [f"belongs to {owner}, which is missing"]
            for name, owner in _OWNERS.items()
            if name in values and owner not in values
        }
        first, *others = [name for name in EFFECTS if name in values] or ["latency"]
        for name in others:
            problems[name] = [f"cannot be given together with {first}: a rule has one effect"]
        if first == "latency" and "latency" not in values:
            problems.setdefault("_schema", [f"must name one of {', '.join(EFFECTS)}, or latencyMs"])
        if values.get("status") in BODILESS and "body" in values:
            problems["body"] = [f"cannot be given: an answer of status {values['status']} has none"]
        if problems:
            raise ValidationError(problems)

    @post_load
    def make(self, values: dict[str, Any], **_: object) -> tuple[Effect | Deliver | None, Latency | None]:
        """Make the effect and the latency, either of which may be None."""
        effect = next((make(values) for name, make in EFFECTS.items() if name in values), None)
        return effect, values.get("latency")


_OWNERS = {"body": "status", "headers": "status", "retry_after": "gateway"}

EFFECTS: Mapping[str, Callable[[dict[str, Any]], Effect | Deliver]] = {
    "status": lambda values: Own(
        status=values["status"], body=values.get("body", ABSENT), headers=values.get("headers", {})
    ),
    "documented": lambda values: Documented(name=values["documented"]),
    "gateway": lambda values: Gateway(status=values["gateway"], retry_after=values.get("retry_after")),
    "html": lambda values: Page(status=values["html"]),
    "socket": lambda values: SocketKind(values["socket"]),
    "deliver": mishaps.make,
}
"""What makes each effect of a loaded rule."""
