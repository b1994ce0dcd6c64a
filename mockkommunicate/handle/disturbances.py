"""The keywords that disturb deliveries."""

from collections.abc import Mapping
from typing import Literal

from mockkommunicate.handle.clock import Duration
from mockkommunicate.handle.faults import WHEN, When, nearest


class Disturbance(When, total=False):
    """The keywords of `disturb`: which deliveries, when, and one thing that becomes of them."""

    conversation: int
    url: object
    body: object

    duplicate: bool | int
    reorder: bool | Duration
    delay: Duration
    drop: bool
    corrupt: Literal["token", "body", "message"]


_MATCH = ("conversation", "url", "body")
_DO = {"duplicate": "copies", "reorder": "withinMs", "delay": "delayMs", "drop": None, "corrupt": "part"}
"""What may become of a delivery, and what the control API calls that which is said of it."""


def written(kind: str, given: Mapping[str, object]) -> dict[str, object]:
    """Write the keywords of `disturb` as the control API takes a rule; raise TypeError for what is none."""
    for name in given.keys() - Disturbance.__annotations__:
        raise TypeError(f"disturb() has no {name!r}{nearest(name, Disturbance.__annotations__)}")
    rule: dict[str, object] = {
        "match": {"delivery": kind} | {name: given[name] for name in _MATCH if name in given},
        "when": {name: given[name] for name in WHEN if name in given},
        "do": _do(given),
        "ttlMs": given.get("ttl"),
    }
    return {name: value for name, value in rule.items() if value not in (None, {})}


def _do(given: Mapping[str, object]) -> dict[str, object]:
    """Write the one thing that becomes of a delivery; True says no more of it than that it happens."""
    wanted = [name for name in _DO if given.get(name) not in (None, False)]
    if len(wanted) != 1:
        named = f"got {' and '.join(wanted)}" if wanted else "got none"
        raise TypeError(f"disturb() takes one of {', '.join(_DO)}; {named}")
    (mishap,) = wanted
    detail, value = _DO[mishap], given[mishap]
    if value is True:
        return {"deliver": mishap}
    if detail is None:
        raise TypeError(f"disturb() takes {mishap}=True; got {value!r}")
    return {"deliver": mishap, detail: value}
