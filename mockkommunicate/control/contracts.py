"""What is emulated, as the routes that are really served say it."""

import difflib
import re
from collections.abc import Iterator
from typing import Any

from flask import current_app
from werkzeug.exceptions import HTTPException, MethodNotAllowed

PREFIX = "/rest/ws/"

_VARIABLE = re.compile(r"<(?:[^<>:]+:)?(\w+)>")


def emulated() -> Iterator[tuple[str, list[str], Any]]:
    """Yield the routes of the emulated API: path, methods, and what the operation takes and answers."""
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        if hasattr(view, "endpoint"):
            path = _VARIABLE.sub(r"{\1}", rule.rule)
            yield path, sorted((rule.methods or set()) - {"HEAD"}), view.endpoint


def own() -> list[str]:
    """List the routes of ours, method and path: all but those of the emulated API."""
    routes = {
        (_VARIABLE.sub(r"{\1}", rule.rule), method)
        for rule in current_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
        if not rule.rule.startswith(PREFIX)
    }
    return [f"{method} {path}" for path, method in sorted(routes)]


def by_operation() -> dict[str, Any]:
    """Answer what each operation takes and answers, by its name."""
    return {contract.operation: contract for _, _, contract in emulated()}


def nearest_route(path: str) -> dict[str, str] | None:
    """Answer a path that is no route of the emulated API, with the route that is nearest to it; None for a route."""
    if _is_emulated(path):
        return None
    routes = list(dict.fromkeys(route for route, _, _ in emulated()))
    nearest = difflib.get_close_matches(path[:200], routes, n=1, cutoff=0.3)
    return {"path": path, **({"nearest": nearest[0]} if nearest else {})}


def _is_emulated(path: str) -> bool:
    """Tell whether a path is a route of the emulated API, whatever its method."""
    if not path.startswith(PREFIX):
        return False
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except MethodNotAllowed:
        return True
    except HTTPException:
        return False
    return True
