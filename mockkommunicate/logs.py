"""Logs: everything to stderr, as text or as a line of JSON each; nothing that a client sent can forge a line."""

import json
import logging
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

REQUESTS = "mockkommunicate.requests"
"""The logger that gets a `RequestLine` for each request."""

MASK = "***"

_SECRET = re.compile(
    r"((?:api[-_]?key|authorization|cookie|(?:apz|access)[-_]?token|(?:application|device)[-_]?key)"
    r"""['"]?\s*[:=]\s*['"]?(?:(?:basic|bearer)\s+)?)[^\s&'",;\#]+""",
    re.IGNORECASE,
)
"""A key in a header, in JSON or in a URL."""

_BROKEN = re.compile(r"""(['"](?:api[-_]?key|authorization|cookie)\s+)[^'"]+""", re.IGNORECASE)
"""A key in a header that is none, for it has no colon."""

_QUERY = re.compile(r"""\?[^\s'"]+""")

_LONGEST_PATH = 1_000
"""A pipe takes a line whole that has no more than some thousand bytes, whoever else writes into it."""

_IN_PATHS = "/!$'()*+,:;=@&"
"""What stands in a path as it is, besides letters, digits and -._~; even a blank would look like the end of it."""


class RequestLine(NamedTuple):
    """What the log says of a request: `duration` in milliseconds, no `status` where there was no answer."""

    method: str
    path: str
    status: int | None
    duration: float
    id: str
    app: str | None = None
    operation: str | None = None
    fault: str | None = None

    def __str__(self) -> str:
        """Write it as one line; what is absent is left out, but for the status."""
        text = (
            f"{self.method} {self.path} status={self.status or 'none'} "
            f"durationMs={self.duration:.1f} requestId={self.id}"
        )
        text += f" app={self.app}" if self.app else ""
        text += f" operation={self.operation}" if self.operation else ""
        return f"{text} fault={self.fault}" if self.fault else text

    @property
    def request(self) -> str:
        """The method and the path."""
        return f"{self.method} {self.path}"

    def as_json(self) -> dict[str, Any]:
        """Answer it as fields; what is absent is left out."""
        values = {
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "durationMs": round(self.duration, 1),
            "requestId": self.id,
            "app": self.app,
            "operation": self.operation,
            "fault": self.fault,
        }
        return {name: value for name, value in values.items() if value is not None}


def quoted(path: bytes | str) -> str:
    """Answer a path, or what is part of one, as printable ASCII without blanks, keys masked, not too long."""
    text = quote(path.encode("utf-8", "surrogatepass") if isinstance(path, str) else path, safe=_IN_PATHS)
    text = _SECRET.sub(rf"\1{MASK}", text) if "=" in text else text
    return text if len(text) <= _LONGEST_PATH else f"{text[:_LONGEST_PATH]}..."


def masked(message: str) -> str:
    """Answer what a server says of a request that it refused: without its keys and the query of its URL."""
    return _QUERY.sub(f"?{MASK}", _BROKEN.sub(rf"\1{MASK}", _SECRET.sub(rf"\1{MASK}", message)))


def printable(message: str) -> str:
    """Answer a text in which control characters, line ends and others that do not show are escaped as in Python."""
    if message.isprintable():
        return message
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in message)


def configuration(log_format: str, *, requests: bool = True) -> dict[str, Any]:
    """Answer the configuration of `logging` for "text" or "json", with a line for each of the `requests` or without.

    One after another that was without keeps it so: gunicorn, which wants a configuration of its own, gets it thus.
    """
    formatter = {"json": "mockkommunicate.logs.JsonFormatter"}.get(
        log_format, "mockkommunicate.logs.TextFormatter"
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"default": {"()": formatter}},
        "handlers": {"stderr": {"class": "mockkommunicate.stderr.Stderr", "formatter": "default"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            **({} if requests else {REQUESTS: {"level": "WARNING"}}),
            "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
            "procrastinate": {"level": "WARNING"},
            "urllib3": {"level": "ERROR"},
        },
    }


class _Formatter(logging.Formatter):
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's
        """Format the time of a record, the second of which is often that of the one before."""
        return f"{_second(int(record.created))},{int(record.msecs):03}"


@lru_cache(maxsize=4)
def _second(since_1970: int) -> str:
    moment = datetime.fromtimestamp(since_1970, UTC).astimezone()
    return moment.strftime("%Y-%m-%d %H:%M:%S")


class TextFormatter(_Formatter):
    """One line for each record; a traceback follows it, indented, so that none of its lines looks like a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {printable(_message(record))}"
        if not record.exc_info:
            return line
        return "\n    ".join([line, *map(printable, _traceback(self, record).split("\n"))])


class JsonFormatter(_Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record, with its traceback if it has one; one of a request has its fields, too."""
        values = {"time": self.formatTime(record), "level": record.levelname.lower(), "logger": record.name}
        if isinstance(record.msg, RequestLine):
            values |= {"message": record.msg.request, **record.msg.as_json()}
        else:
            values["message"] = _message(record)
        if record.exc_info:
            values["traceback"] = _traceback(self, record)
        return json.dumps(values)


def _message(record: logging.LogRecord) -> str:
    """Answer the message; of what servers say, without secrets."""
    message = record.getMessage()
    return masked(message) if record.name.startswith(("gunicorn", "werkzeug")) else message


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    error: Any = record.exc_info
    return masked(formatter.formatException(error))
