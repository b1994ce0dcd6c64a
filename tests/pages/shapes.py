"""Whether JSON that a page shows has the shape of what is really answered."""

from collections.abc import Iterator
from typing import Any


def differences(told: Any, got: Any) -> list[str]:
    """List where names, their order, or the types of values differ; of lists the first entries are compared."""
    return list(_differ(told, got, "answer"))


def _differ(told: Any, got: Any, place: str) -> Iterator[str]:
    if _kind(told) != _kind(got):
        yield f"{place} is {_kind(told)} on the page and {_kind(got)} in truth"
    elif isinstance(told, dict):
        yield from _objects(told, got, place)
    elif isinstance(told, list):
        yield from _lists(told, got, place)


def _objects(told: dict[str, Any], got: dict[str, Any], place: str) -> Iterator[str]:
    if list(told) != list(got):
        yield f"{place} has {', '.join(told)} on the page and {', '.join(got)} in truth"
        return
    for name, value in told.items():
        yield from _differ(value, got[name], f"{place}.{name}")


def _lists(told: list[Any], got: list[Any], place: str) -> Iterator[str]:
    if bool(told) != bool(got):
        yield f"{place} is {told} on the page and {got} in truth"
    for value, really in zip(told[:1], got[:1], strict=False):
        yield from _differ(value, really, f"{place}[0]")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
