"""Whom settings name: agents and bots who must be there.

It reads settings as they came, wrong kinds and all, so that whoever is not there is named together with other problems.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Path = tuple[str | int, ...]


class Unknown(NamedTuple):
    """Somebody whom settings name at a path and who is not there; `known` are those who are, of the `kind` needed."""

    path: Path
    kind: str
    named: str
    known: Sequence[str]

    @property
    def field(self) -> str:
        """The path as error messages write it, such as `teams[0].agents[1]`."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)[1:]


def unknown(settings: object, *, agents: Sequence[str], bots: Sequence[str]) -> Iterator[Unknown]:
    """Find everybody in the rules and teams of settings who is not among the agents, or the bots."""
    people = {"an agent": agents, "a bot": bots}
    for path, kind, named in _named(settings):
        if isinstance(named, str) and named not in people[kind]:
            yield Unknown(path, kind, named, people[kind])


def _named(settings: object) -> Iterator[tuple[Path, str, object]]:
    """List whom settings name, where, and what he must be."""
    given = _object(settings)
    yield from _of_rules(("routing",), _object(given.get("routing")))
    for index, team in enumerate(_list(given.get("teams"))):
        path = ("teams", index)
        for place, agent in enumerate(_list(_object(team).get("agents"))):
            yield (*path, "agents", place), "an agent", agent
        yield from _of_rules(path, _object(team))


def _of_rules(path: Path, rules: Mapping[str, Any]) -> Iterator[tuple[Path, str, object]]:
    for name, kind in (("defaultAgent", "an agent"), ("assignNewConversationsTo", "a bot")):
        yield (*path, name), kind, rules.get(name)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
