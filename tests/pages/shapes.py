"""Whether JSON that a page shows has the shape of what is really answered."""

from collections.abc import Iterator
from typing import Any


def differences(told: Any, got: Any) -> list[str]:
    """List where names, their order, or the types of values differ; of lists the first entries are compared."""
    return list(_differ(told, got, "answer"))


def _differ(told: Any, got: Any, place: str) -> Iterator[str]:
    if _kind(told) != _kind(got):
        yield f"{place} is {_kind(told)} on the page and {_kind(got)} in truth"
    elif isinstance(told, dict) and list(told) != list(got):
        yield f"{place} has {', '.join(told)} on the page and {', '.join(got)} in truth"
    elif isinstance(told, dict):
        for name, value in told.items():
            yield from _differ(value, got[name], f"{place}.{name}")
    elif isinstance(told, list) and bool(told) != bool(got):
        yield f"{place} is {told} on the page and {got} in truth"
    elif isinstance(told, list) and told:
        yield from _differ(told[0], got[0], f"{place}[0]")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
