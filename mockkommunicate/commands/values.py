"""Values that commands take: JSON, files of it, names with values, the URL of a server."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import click


class Json(click.ParamType[Any]):
    """A JSON value."""

    name = "JSON"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Read it; fail with the position where it is none."""
        return self.read(value, "", param, ctx) if isinstance(value, str) else value

    def read(self, text: str, where: str, *asked: Any) -> Any:  # noqa: ANN401 - click's parameter and context
        """Read a text, which came from `where`."""
        try:
            return json.loads(text, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            self.fail(f"{where}{place}: this is no JSON: {error.msg}", *asked)
        except (ValueError, RecursionError) as error:
            self.fail(f"{where}this is no JSON: {error}", *asked)


class JsonOrFile(Json):
    """A JSON object or list, or the name of a file that holds JSON, - for stdin."""

    name = "JSON|FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Read it; what does not begin as an object or a list does is the name of a file."""
        if not isinstance(value, str) or value.lstrip().startswith(("{", "[")):
            return super().convert(value, param, ctx)
        return self.read(self._file(value, param, ctx), f"{value}: ", param, ctx)

    def _file(self, name: str, *asked: Any) -> str:  # noqa: ANN401
        try:
            raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            return raw.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.fail(f"{name!r} is neither JSON nor a file that can be read: {reason}", *asked)


class JsonFile(JsonOrFile):
    """A file that holds JSON, - for stdin."""

    name = "FILE"


class Pair(click.ParamType[tuple[str, str]]):
    """A name and its value."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Part it at the first equals sign."""
        if not isinstance(value, str):
            return value
        name, equals, text = value.partition("=")
        if not name or not equals:
            self.fail(f"{value!r} must be NAME=VALUE", param, ctx)
        return name, text


class ServerUrl(click.ParamType[str]):
    """The URL of a server."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Check it, and take a slash off its end."""
        wrong = f"{value!r} must be the server's URL, such as http://127.0.0.1:8080"
        try:
            parts = urlsplit(str(value))
            usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            self.fail(wrong, param, ctx)
        if not usable or parts.query or parts.fragment or not str(value).isprintable() or " " in str(value):
            self.fail(wrong, param, ctx)
        return str(value).rstrip("/")


def number_or_text(value: str | None) -> int | str | None:
    """Answer a value that is only digits as a number: milliseconds; any other as it is."""
    digits = value is not None and value.isascii() and value.removeprefix("-").isdecimal()
    return int(value) if value is not None and digits else value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")
