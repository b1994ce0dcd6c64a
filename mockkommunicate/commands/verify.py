"""The command `verify`: whether an app was asked what it should have been."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from mockkommunicate.commands import text
from mockkommunicate.commands.options import option
from mockkommunicate.commands.requests import request_line
from mockkommunicate.commands.target import Target, with_target
from mockkommunicate.commands.values import Json, JsonOrFile, Pair

Values = dict[str, Any]


def _given(context: click.Context, option: click.Parameter, value: str | None) -> Values:
    """Answer the expected body under its name, nothing if none was given: null is a body, too."""
    return {} if value is None else {"body": Json().convert(value, option, context)}


_COUNT = click.IntRange(0)


@click.command()
@click.argument("method", required=False)
@click.argument("path", required=False)
@option("--query", of="verify", type=Pair(), multiple=True, help="A parameter it had; may be repeated.")
@option("--header", of="verify", type=Pair(), multiple=True, help="A header it had; may be repeated.")
@option(
    "--body",
    of="verify",
    metavar="JSON",
    callback=_given,
    help="What its body had, at least; matchers may stand in it.",
)
@option(
    "--request", of="verify", type=JsonOrFile(), help="All of it, instead; a list is a sequence of requests."
)
@option("--times", of="verify", type=_COUNT, help="Exactly so often.")
@option("--at-least", of="verify", type=_COUNT, help="So often or more.  [default: 1]")
@option("--at-most", of="verify", type=_COUNT, help="So often or less.")
@with_target()
def verify(target: Target, method: str | None, path: str | None, **wanted: Any) -> int:  # noqa: ANN401
    """Verify that an app was sent a request.

    When it was not, the exit code is 1 and the nearest requests that it was sent are shown, with what differs.
    """
    body = _expected(method, path, wanted) | _times(wanted)
    if "sequence" in body and "times" in body:
        raise click.UsageError("a sequence has no --times, --at-least or --at-most")
    answer = target.call("POST", "requests", "verify", body=body)
    target.show(answer, _shown(answer))
    return 0 if answer["matched"] else 1


def _expected(method: str | None, path: str | None, wanted: Values) -> Values:
    parts = _parts(method, path, wanted)
    if wanted["request"] is None:
        if path is None:
            raise click.UsageError("METHOD and PATH are missing, or --request JSON|FILE")
        return {"request": parts}
    if parts:
        raise click.UsageError(f"--request says all of it: leave out {' and '.join(parts)}")
    whole = wanted["request"]
    return {"sequence" if isinstance(whole, list) else "request": whole}


def _parts(method: str | None, path: str | None, wanted: Values) -> Values:
    if path is not None and "?" in path:
        raise click.UsageError(f"the path {path!r} has a query: give it as --query NAME=VALUE")
    parts = {
        "method": method,
        "path": path,
        "query": _gathered(wanted["query"]),
        "headers": _gathered(wanted["header"]),
    }
    return {**{name: value for name, value in parts.items() if value is not None}, **wanted["body"]}


def _gathered(pairs: Sequence[tuple[str, str]]) -> dict[str, str | list[str]] | None:
    """Answer pairs by their names; one that is repeated has the list of its values."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: several[0] if len(several) == 1 else several for name, several in values.items()} or None


def _times(wanted: Values) -> Values:
    bounds = {"atLeast": wanted["at_least"], "atMost": wanted["at_most"]}
    bounds = {name: value for name, value in bounds.items() if value is not None}
    if wanted["times"] is None:
        return {"times": bounds} if bounds else {}
    if bounds:
        raise click.UsageError("--times excludes --at-least and --at-most")
    return {"times": wanted["times"]}


def _shown(answer: Values) -> str:
    found = f"{text.count(answer['count'], 'request matches', 'requests match')}"
    if answer["matched"]:
        return f"verified: {found}"
    lines = [f"not verified: {found}"]
    for near in answer["nearest"]:
        lines += _near(near)
    return "\n".join([*lines, *_route(answer.get("route"))])


def _near(near: Values) -> list[str]:
    entry = near["request"]
    status = f" answered {entry['status']}" if "status" in entry else ""
    lines = [f"nearest: #{entry['id']} {text.cell(request_line(entry))}{status}"]
    return lines + [f"    {_difference(one)}" for one in near["diff"]]


def _difference(one: Mapping[str, Any]) -> str:
    expected, actual = (text.cell(_value(one, name)) for name in ("expected", "actual"))
    return f"{text.printable(one['field'])}: expected {expected}, got {actual}"


def _value(one: Mapping[str, Any], name: str) -> str:
    return text.one_line(one[name]) if one.get(name) is not None else "nothing"


def _route(route: Mapping[str, Any] | None) -> list[str]:
    if route is None:
        return []
    return [
        f"no route has the path {text.cell(route['path'])}; the nearest is {text.cell(route.get('nearest'))}"
    ]
