"""The command `requests`: what an app was asked, and what nobody read of it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import click

from mockkommunicate.commands import text
from mockkommunicate.commands.options import flag, option
from mockkommunicate.commands.target import Target, with_target

Values = dict[str, Any]


@click.command()
@option("--method", of="requests", help="Only those with this method.")
@option("--path", of="requests", help="Only those with this path.")
@option("--operation", of="requests", metavar="NAME", help="Only those of this operation: message.send.")
@option("--status", of="requests", type=int, help="Only those answered with this HTTP status.")
@flag("--unmatched", of="requests", help="Only those that no route fits.")
@option(
    "--since", of="requests", metavar="INSTANT", help="Only those from then on; ms since 1970 or ISO 8601."
)
@option("--last", of="requests", type=click.IntRange(1), help="Only the newest so many.")
@option("--limit", of="requests", type=click.IntRange(1), help="No more than so many; all if not given.")
@option("--after", of="requests", metavar="CURSOR", help="Go on behind a list that was limited.")
@flag("--ignored", of="requests", help="What clients sent and nobody read, instead.")
@flag("--delete", of="requests", help="Delete them, all or those of --method and --path.")
@with_target()
def requests(target: Target, *, ignored: bool, delete: bool, **wanted: Any) -> None:  # noqa: ANN401 - click's values
    """List the requests that an app was sent, the oldest first."""
    given = {name: value for name, value in wanted.items() if value is not None and value is not False}
    if ignored and delete:
        raise click.UsageError("--ignored and --delete exclude each other")
    if delete:
        _delete(target, given)
    elif ignored:
        _list_ignored(target, given)
    else:
        answer = _list(target, "requests", given)
        target.show(answer, _table(answer))


def _list(target: Target, kind: str, given: Values) -> Values:
    """Answer the list, every page of it unless a limit was given."""
    path = ["requests"] if kind == "requests" else ["requests", kind]
    if "unmatched" in given:
        given = {**given, "unmatched": "true"}
    if given.keys() & {"limit", "last"}:
        return target.call("GET", *path, query=given)
    pages = list(target.pages("apps", target.app, *path, query=given))
    return {**pages[-1], kind: [entry for page in pages for entry in page[kind]]}


def _table(answer: Values) -> str:
    head = ["ID", "TIME", "STATUS", "OPERATION", "REQUEST", "NOTE"]
    rows = [
        [
            entry["id"],
            text.instant(entry["at"]),
            entry.get("status"),
            entry.get("operation"),
            request_line(entry),
            _note(entry),
        ]
        for entry in answer["requests"]
    ]
    lines = [text.table(head, rows)]
    if answer.get("dropped"):
        lines.append(f"{text.count(answer['dropped'], 'older request was', 'older requests were')} dropped")
    return "\n".join([*lines, *_more(answer)])


def request_line(entry: Mapping[str, Any]) -> str:
    """Answer method, path and query of an entry of the journal."""
    query = urlencode(entry.get("query") or {}, doseq=True)
    return " ".join([entry["method"], f"{entry['path']}?{query}" if query else entry["path"]])


def _note(entry: Values) -> str:
    notes = [f"{name} {entry[name]}" for name in ("fault", "traceparent") if name in entry]
    unread = ", ".join(f"{one['where']} {one['name']}" for one in entry.get("unread") or [])
    found = ", ".join(f"{one['severity']} {one['path']}" for one in entry.get("findings") or [])
    notes += [f"nobody read {unread}"] if unread else []
    return "; ".join(notes + ([f"rich message: {found}"] if found else []))


def _more(answer: Values) -> list[str]:
    return [f"there are more: --after {answer['next']}"] if "next" in answer else []


def _list_ignored(target: Target, given: Values) -> None:
    if others := sorted(given.keys() - {"limit", "after"}):
        raise click.UsageError(f"--ignored goes with --limit and --after only, not with --{others[0]}")
    answer = _list(target, "ignored", given)
    head = ["REQUEST", "WHERE", "NAME", "CLASS", "NEAREST"]
    rows = [
        [one["requestId"], one["where"], one["name"], one["class"], one.get("nearest")]
        for one in answer["ignored"]
    ]
    target.show(answer, "\n".join([text.table(head, rows), *_more(answer)]))


def _delete(target: Target, given: Values) -> None:
    if others := sorted(given.keys() - {"method", "path"}):
        raise click.UsageError(f"--delete goes with --method and --path only, not with --{others[0]}")
    answer = target.call("DELETE", "requests", body={"request": given} if given else None)
    target.show(answer, f"deleted {text.count(answer['deleted'], 'request')}")
