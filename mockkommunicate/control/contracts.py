"""What is emulated, as the routes that are really served say it."""

import difflib
from collections.abc import Iterator
from typing import Any

from flask import current_app
from werkzeug.routing import Rule

PREFIX = "/rest/ws/"


def emulated() -> Iterator[tuple[Rule, Any]]:
    """Yield the routes of the emulated API, each with what its operation takes and answers."""
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        if hasattr(view, "endpoint"):
            yield rule, view.endpoint


def by_operation() -> dict[str, Any]:
    """Answer what each operation takes and answers, by its name."""
    return {contract.operation: contract for _, contract in emulated()}


def nearest_route(path: str) -> dict[str, str] | None:
    """Answer a path that is no route of the emulated API, with the route that is nearest to it; None for a route."""
    routes = [rule.rule for rule, _ in emulated()]
    if path in routes:
        return None
    nearest = difflib.get_close_matches(path[:200], routes, n=1, cutoff=0.3)
    return {"path": path, **({"nearest": nearest[0]} if nearest else {})}
