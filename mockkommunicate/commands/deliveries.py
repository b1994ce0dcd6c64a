"""The command `deliveries`: the calls to the webhook and the bots of an app."""

from typing import Any

import click

from mockkommunicate.commands import text
from mockkommunicate.commands.options import Group, option
from mockkommunicate.commands.target import Target, with_target

Values = dict[str, Any]

_STATES = click.Choice(["pending", "sent", "failed", "dead", "refused"])
_KINDS = click.Choice(["webhook", "bot"])


@click.group(cls=Group)
def deliveries() -> None:
    """List the calls to an app's webhook and bots, send one again, or wait until none is pending."""


@deliveries.command("list")
@option("--state", of="deliveries list", type=_STATES, help="Only those in this state.")
@option("--kind", of="deliveries list", type=_KINDS, help="Only those of this kind.")
@option(
    "--limit", of="deliveries list", type=click.IntRange(1), help="No more than so many; all if not given."
)
@option("--after", of="deliveries list", metavar="CURSOR", help="Go on behind a list that was limited.")
@with_target()
def list_all(target: Target, **wanted: Any) -> None:  # noqa: ANN401 - click's values
    """List the deliveries, the oldest first."""
    given = {name: value for name, value in wanted.items() if value is not None}
    pages = [target.call("GET", "deliveries", query=given)] if "limit" in given else []
    pages = pages or list(target.pages("apps", target.app, "deliveries", query=given))
    answer = {**pages[-1], "deliveries": [entry for page in pages for entry in page["deliveries"]]}
    lines = [_table(answer["deliveries"])]
    if answer["dropped"]:
        lines.append(
            f"{text.count(answer['dropped'], 'older delivery was', 'older deliveries were')} dropped"
        )
    if "next" in answer:
        lines.append(f"there are more: --after {answer['next']}")
    target.show(answer, "\n".join(lines))


@deliveries.command()
@click.argument("delivery", type=click.IntRange(1), metavar="ID")
@with_target()
def redeliver(target: Target, delivery: int) -> None:
    """Send a finished delivery again, behind all that is owed in its conversation."""
    answer = target.call("POST", "deliveries", delivery, "redeliver")
    target.show(answer, f"delivery {answer['id']} is pending")


@deliveries.command()
@option(
    "--timeout",
    of="deliveries settle",
    type=click.FloatRange(0, 120),
    default=10.0,
    metavar="SECONDS",
    help="How long to wait.",
)
@option("--after", of="deliveries settle", type=click.IntRange(0), default=0, help="Show those since then.")
@with_target()
def settle(target: Target, *, timeout: float, after: int) -> int:
    """Wait until no delivery is pending, and list them; the exit code is 1 when some still are."""
    answer = target.call("POST", "settle", body={"timeoutMs": round(timeout * 1_000), "after": after})
    pending = text.count(answer["pending"], "delivery is", "deliveries are")
    last = "settled" if answer["settled"] else f"{pending} pending"
    target.show(answer, "\n".join([_table(answer["deliveries"]), last]))
    return 0 if answer["settled"] else 1


def _table(entries: list[Values]) -> str:
    head = ["ID", "CREATED", "KIND", "CONVERSATION", "STATE", "TRIES", "FAULT", "LAST", "URL"]
    rows = [
        [
            entry["id"],
            text.instant(entry["createdAt"]),
            entry["kind"],
            entry["conversation"],
            entry["state"],
            len(entry["attempts"]),
            _fault(entry),
            _last(entry["attempts"]),
            entry["url"],
        ]
        for entry in entries
    ]
    return text.table(head, rows)


def _fault(entry: Values) -> str | None:
    """Say which fault befell a delivery, and how."""
    fault = entry.get("fault")
    return None if fault is None else f"{fault['id']} {fault['deliver']}"


def _last(attempts: list[Values]) -> str | None:
    """Say what came of the last attempt."""
    if not attempts:
        return None
    return attempts[-1].get("error") or f"HTTP {attempts[-1].get('status')}"
