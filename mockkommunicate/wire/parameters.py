"""Which parameters an operation takes: from its schemas, and from the names that only clients know, so none is forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mockkommunicate.wire import attested
from mockkommunicate.wire.unread import Contract, names


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter: `where` is body, query, header or path; one that is not read is known and has no effect."""

    where: str
    name: str
    is_read: bool = True

    @property
    def place(self) -> str:
        """What it is called together with where it stands."""
        return f"{self.where} {self.name}"


def of(contract: Contract, path: str) -> list[Parameter]:
    """List the parameters of an operation at a path: the key, the acting user, then what is its own."""
    return [Parameter(where=where, name=name) for where, name in _read(contract, path)] + [
        Parameter(where=_where(name), name=name, is_read=False)
        for name in attested.FIELDS.get(contract.operation, ())
    ]


def _read(contract: Contract, path: str) -> Iterator[tuple[str, str]]:
    yield from (("header", "Api-Key"), ("query", "apiKey"))
    if contract.actor is not None:
        yield from (("header", "Of-User-Id"), ("query", "ofUserId"))
    yield from (("path", name) for name in re.findall(r"{(\w+)}", path))
    yield from (("query", name) for name in names(contract.query))
    for name in names(contract.body):
        yield "body", name
        if name == "metadata":
            yield from (("body", f"metadata.{key}") for key in attested.METADATA.get(contract.operation, ()))


def _where(name: str) -> str:
    return "query" if name in attested.IN_QUERY else "body"
