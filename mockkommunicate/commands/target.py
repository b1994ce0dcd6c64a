"""The running server that a command talks to, over its control API."""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import click

from mockkommunicate.commands import text
from mockkommunicate.commands.options import flag, is_key, option
from mockkommunicate.commands.values import ServerUrl


class Refused(click.ClickException):
    """The server cannot be reached, or refused."""

    exit_code = 3


@dataclass(frozen=True, kw_only=True)
class Target:
    """A server and one of its apps; `as_json` says how its answers are shown."""

    url: str
    app: str = "default"
    token: str | None = None
    as_json: bool = False

    def call(
        self, method: str, *path: object, query: Mapping[str, object] | None = None, body: object = None
    ) -> dict[str, Any]:
        """Call the control API, for this app; raise Refused."""
        return self.call_server(method, "apps", self.app, *path, query=query, body=body)

    def call_server(
        self, method: str, *path: object, query: Mapping[str, object] | None = None, body: object = None
    ) -> dict[str, Any]:
        """Call the control API by the parts of a path; raise Refused."""
        url = "/".join([self.url, "_mock", *(quote(str(part), safe="") for part in path)])
        given = {name: value for name, value in (query or {}).items() if value is not None}
        return _call(method, f"{url}?{urlencode(given)}" if given else url, body, self.token)

    def pages(self, *path: object, query: Mapping[str, object] | None = None) -> Iterator[dict[str, Any]]:
        """Give every page of a list of the server, one after the other."""
        page = self.call_server("GET", *path, query=query)
        yield page
        while "next" in page:
            page = self.call_server("GET", *path, query={**(query or {}), "after": page["next"]})
            yield page

    def show(self, answer: Mapping[str, Any], shown: str) -> None:
        """Print an answer: as it is when JSON was asked for, else as the text that shows it."""
        text.say(text.as_json(answer) if self.as_json else shown)


def _call(method: str, url: str, body: Any, token: str | None) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    from mockkommunicate.handle import ControlFailed, Unreachable, call  # noqa: PLC0415 - --help needs none of it

    try:
        return call(method, url, body, token=token)
    except ControlFailed as refused:
        raise Refused(str(refused)) from refused
    except Unreachable as error:
        raise Refused(f"{error} (is it running, and is --url right?)") from error


URL = option("--url", type=ServerUrl(), default="http://127.0.0.1:8080", help="Where the server is.")
_APP = option("--app", metavar="APP", default="default", help="The app, by its application id.")
_TOKEN = option(
    "--control-token", metavar="TOKEN", callback=is_key, help="What the server's control API asks for."
)
_JSON = flag("--json", "as_json", help="Print the answer as JSON.")


def with_target(*, app: bool = True) -> Callable[[Callable[..., int | None]], Callable[..., int | None]]:
    """Give a function `(target, **options)` the options that name a server and, unless it needs none, an app."""

    def decorate(function: Callable[..., int | None]) -> Callable[..., int | None]:
        @functools.wraps(function)
        def command(
            *,
            url: str,
            control_token: str | None,
            as_json: bool,
            app: str = "default",
            **options: Any,  # noqa: ANN401 - click's values
        ) -> int | None:
            target = Target(url=url, app=app, token=control_token or None, as_json=as_json)
            return function(target, **options)

        for add in (_JSON, _TOKEN, *([_APP] if app else []), URL):
            command = add(command)
        return command

    return decorate
