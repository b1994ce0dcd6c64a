"""The JSON of what a fault does to a delivery."""

from collections.abc import Mapping
from typing import Any

from mockkommunicate.domain.chaos import WITHIN_MS, Deliver, Mishap, Part
from mockkommunicate.wire.fault_fields import named
from mockkommunicate.wire.fields import Number
from mockkommunicate.wire.instants import Duration
from mockkommunicate.wire.settings import Strict

MOST_COPIES = 100
LONGEST_MS = 31_536_000_000
"""How long a delivery is held back or late at most: 365 days of the app's clock."""

_OWNERS = {
    "copies": Mishap.DUPLICATE,
    "within": Mishap.REORDER,
    "delay": Mishap.DELAY,
    "part": Mishap.CORRUPT,
}
_NEEDED = {
    Mishap.DELAY: ("delay", "is missing: how late it is, in milliseconds or ISO 8601"),
    Mishap.CORRUPT: ("part", f"is missing: one of {', '.join(Part)}"),
}


class Deliveries(Strict):
    """What becomes of a delivery: the name of it, and what belongs to that."""

    deliver = named([*Mishap])
    copies = Number(least=1, most=MOST_COPIES)
    within = Duration(data_key="withinMs", least=1, most=LONGEST_MS)
    delay = Duration(data_key="delayMs", least=1, most=LONGEST_MS)
    part = named([*Part])


NAMES = tuple(field.data_key or name for name, field in Deliveries().fields.items())
"""The names of all that."""


def problems(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Say of each loaded value what is wrong with it beside the others."""
    mishap = values.get("deliver")
    found = {
        _key(name): [f"belongs to deliver {owner}, which is {_instead(mishap)}"]
        for name, owner in _OWNERS.items()
        if name in values and mishap != owner
    }
    needed, message = _NEEDED.get(Mishap(mishap), ("", "")) if mishap else ("", "")
    return found | ({_key(needed): [message]} if needed and needed not in values else {})


def _instead(mishap: str | None) -> str:
    return "missing" if mishap is None else f"{mishap} here"


def _key(name: str) -> str:
    return Deliveries().fields[name].data_key or name


def make(values: Mapping[str, Any]) -> Deliver:
    """Make the value of what was loaded: one copy more, and a second to be overtaken, unless something else is said."""
    mishap = Mishap(values["deliver"])
    ms = values["delay"] if mishap is Mishap.DELAY else values.get("within", WITHIN_MS)
    part = Part(values["part"]) if mishap is Mishap.CORRUPT else None
    return Deliver(mishap=mishap, copies=values.get("copies", 1), ms=ms, part=part)
