"""What `exec` reports: the requests that came, the faults that hit, what was sent and nobody read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockkommunicate.commands import text
from mockkommunicate.commands.target import Target

PAGE = 10_000
"""How many requests to ask for at once."""

MOST_LINES = 20
"""How many lines a table in words has; the JSON has all."""

Entry = Mapping[str, Any]
Values = dict[str, Any]

_OPERATIONS = ("operation", "status", "count")
_UNMATCHED = ("method", "path", "count")
_FAULTS = ("app", "fault", "count", "do")
_UNREAD = ("operation", "where", "name", "class", "nearest", "count")


def gather(target: Target) -> Values:
    """Answer what a server was asked, over all its apps that are still there; raise Refused."""
    apps = [app["applicationId"] for app in target.call_server("GET", "apps")["apps"]]
    dropped: Counter[str | None] = Counter()
    found = summary(_journal(target, apps, dropped))
    _describe(target, found["faults"])
    return {"apps": len(apps), "dropped": dropped.total(), **found}


def _describe(target: Target, hits: list[Values]) -> None:
    """Say of each fault that hit what it does, if it is there still."""
    for app in {hit["app"] for hit in hits}:
        rules = target.call_server("GET", "apps", app, "faults")["faults"]
        effects = {str(rule["id"]): rule.get("do") for rule in rules}
        for hit in hits:
            if hit["app"] == app and effects.get(hit["fault"]) is not None:
                hit["do"] = effects[hit["fault"]]


def _journal(
    target: Target, apps: Iterable[str], dropped: Counter[str | None]
) -> Iterator[tuple[str | None, Entry]]:
    """Give every request with its app, None for those that belong to none; count what the journals dropped."""
    for app, place in [*((app, ["apps", app, "requests"]) for app in apps), (None, ["requests"])]:
        for page in target.pages(*place, query={"limit": PAGE}):
            yield from ((app, entry) for entry in page["requests"])
            dropped[app] = page.get("dropped", 0)


def summary(entries: Iterable[tuple[str | None, Entry]]) -> Values:
    """Count requests by operation and status, those that no route fits, hits of faults, and what nobody read."""
    operations: Counter[tuple[Any, ...]] = Counter()
    unmatched: Counter[tuple[Any, ...]] = Counter()
    faults: Counter[tuple[Any, ...]] = Counter()
    unread: Counter[tuple[Any, ...]] = Counter()
    for app, entry in entries:
        operation = entry.get("operation")
        operations[operation, entry.get("status")] += 1
        if operation is None:
            unmatched[entry["method"], entry["path"]] += 1
        if "fault" in entry and app is not None:
            faults[app, str(entry["fault"])] += 1
        for one in entry.get("unread") or ():
            unread[operation, one["where"], one["name"], one["class"], one.get("nearest")] += 1
    return {
        "requests": operations.total(),
        "operations": _counted(_OPERATIONS, operations),
        "unmatched": _counted(_UNMATCHED, unmatched),
        "faults": _counted(_FAULTS, faults),
        "unread": _counted(_UNREAD, unread),
    }


def _counted(names: tuple[str, ...], counter: Counter[tuple[Any, ...]]) -> list[Values]:
    """Answer what was counted, the most frequent first; what is None is left out."""
    ordered = sorted(counter.items(), key=lambda item: (-item[1], [str(part) for part in item[0]]))
    keys = [name for name in names if name not in {"count", "do"}]
    return [
        {name: part for name, part in zip(keys, key, strict=True) if part is not None} | {"count": number}
        for key, number in ordered
    ]


def in_words(report: Values) -> str:
    """Answer a report as text: tables of what there is."""
    apps = text.count(report["apps"], "app")
    lines = [f"mockkommunicate: {text.count(report['requests'], 'request')} to {apps}"]
    if report["dropped"]:
        lines.append(f"{text.count(report['dropped'], 'older request')} dropped from journals that were full")
    sections = [
        ("", "operations", _OPERATIONS),
        ("no route fits:", "unmatched", _UNMATCHED),
        ("faults that hit:", "faults", _FAULTS),
        ("sent, and nobody read it:", "unread", _UNREAD),
    ]
    for title, kind, names in sections:
        if report[kind]:
            lines += ["", *filter(None, [title]), _table(names, report[kind])]
    return "\n".join(lines)


def _table(names: tuple[str, ...], rows: list[Values]) -> str:
    shown = [
        [text.one_line(row.get(name)) if name == "do" else row.get(name) for name in names] for row in rows
    ]
    table = text.table([name.upper() for name in names], shown[:MOST_LINES])
    hidden = len(rows) - MOST_LINES
    return f"{table}\nand {hidden} more: --report json has all" if hidden > 0 else table
