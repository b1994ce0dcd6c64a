"""A request of the journal as something to take along: as a call of curl, and what is told of it to make a test."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, quote_plus, unquote

from mockkommunicate.domain.received import ABSENT, Received

MASK = "***"
"""What stands for a key in the journal."""

LEFT_OUT = frozenset(
    (
        *("accept", "accept-encoding", "connection", "content-length", "cookie", "expect", "host", "te"),
        *("trailer", "transfer-encoding", "upgrade", "user-agent"),
    )
)
"""The headers that belong to a connection or to whoever opened it."""

LONGEST_ARGUMENT = 100_000
"""How many bytes a body may have as an argument of a command; Linux takes 128 KiB."""

FORM = "multipart/form-data"

FILE_STATUSES = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
"""The statuses with which a file is answered, or the part of it that was wanted."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A request of the journal, its answer, and what is known of the app it came to.

    `roles` are those of the users whom it names, as they are now; `status` is 0 where nothing was answered.
    """

    id: int
    received: Received
    status: int
    answer: str
    application_id: str
    fault: str | None = None
    is_strict: bool = False
    roles: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def answered(self) -> Any:  # noqa: ANN401 - any JSON
        """The answer as a JSON value, ABSENT where it is none."""
        return Received(method="", path="", body=self.answer).json if self.answer else ABSENT

    @property
    def outcome(self) -> str | None:
        """What it came to: the code of an error, the literal of a success, or None."""
        answer = self.answered
        if not isinstance(answer, dict):
            return self.answer if answer is ABSENT else None
        errors = answer.get("errorResponse")
        if isinstance(errors, list) and errors and isinstance(errors[0], dict):
            return str(errors[0].get("errorCode"))
        response = answer.get("response", answer.get("errorCode"))
        return response if isinstance(response, str) else None

    @property
    def parts(self) -> Sequence[tuple[str, Any]] | None:
        """The parts of a form, each with its name; None for what is no form."""
        body = self.received.json
        if not self.header("Content-Type").lower().startswith(FORM) or not isinstance(body, dict):
            return None
        return [
            (name, one) for name, part in body.items() for one in (part if isinstance(part, list) else [part])
        ]

    def header(self, name: str) -> str:
        """Answer a header's value, nothing if it was not sent."""
        found = (value for one, value in self.received.headers if one.lower() == name.lower())
        return next(found, "")

    def parameter(self, name: str) -> str | None:
        """Answer the first value of a parameter of the query."""
        return next((value for one, value in self.received.query if one == name), None)

    def field(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        """Answer a field of the body, or None."""
        body = self.received.json
        return body.get(name) if isinstance(body, dict) else None

    @property
    def actor(self) -> str | None:
        """Who the request was made as: by its header, or its query."""
        header = self.header("Of-User-Id")
        return unquote(header) if header else self.parameter("ofUserId")

    @property
    def headers(self) -> Sequence[tuple[str, str]]:
        """The headers that are to be sent again, but for keys."""
        return [
            (name, value)
            for name, value in self.received.headers
            if name.lower() not in LEFT_OUT and value != MASK
        ]

    @property
    def has_key(self) -> bool:
        """Whether it had its key in the header."""
        return self.header("Api-Key") == MASK


def curl(recorded: Recorded, url: str) -> str:
    """Write a request as a call of curl; its key is left to the environment.

    Of a form the files are not there any more: their names stand for files of one's own.
    """
    received = recorded.received
    query = "&".join(f"{_quoted(name)}={_parameter(name, value)}" for name, value in received.query)
    path = quote(received.path, safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
    parts = [f"curl -X {shlex.quote(received.method)} {_url(f'{url}{path}', query)}"]
    if recorded.has_key:
        parts.append('-H "Api-Key: $KOMMUNICATE_API_KEY"')
    skipped = {"content-type"} if recorded.parts is not None else set()
    parts += [
        f"-H {shlex.quote(f'{name}: {value}')}"
        for name, value in recorded.headers
        if name.lower() not in skipped
    ]
    piped, data = _data(recorded)
    return piped + " \\\n  ".join([*parts, *data])


def _url(url: str, query: str) -> str:
    """Write the URL; in double quotes where a key is to be put in."""
    whole = f"{url}?{query}" if query else url
    return f'"{whole}"' if "$KOMMUNICATE_API_KEY" in query else shlex.quote(whole)


def _parameter(_name: str, value: str) -> str:
    return "$KOMMUNICATE_API_KEY" if value == MASK else _quoted(value)


def _quoted(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def _data(recorded: Recorded) -> tuple[str, list[str]]:
    """Write the body; one that no shell can hold as a text, or no command as an argument, is piped in."""
    if recorded.parts is not None:
        return "", [f"-F {shlex.quote(_form_part(name, part))}" for name, part in recorded.parts]
    body = recorded.received.body
    if not body:
        return "", []
    if not body.isprintable() and recorded.received.json is not ABSENT:
        body = json.dumps(recorded.received.json)
    if body.isprintable() and len(body.encode()) <= LONGEST_ARGUMENT:
        return "", [f"--data-raw {shlex.quote(body)}"]
    return f"printf '{_octal(body)}' | ", ["--data-binary @-"]


def _form_part(name: str, part: object) -> str:
    if not isinstance(part, Mapping):
        return f"{name}={part}"
    kind = f";type={part['contentType']}" if "contentType" in part else ""
    return f"{name}=@{part['name']}{kind}"


def _octal(body: str) -> str:
    """Write a text of any bytes as printf of a shell reads it."""
    plain = {byte: chr(byte) for byte in range(0x20, 0x7F)} | {0x25: "%%", 0x27: "\\047", 0x5C: "\\134"}
    encoded = body.encode("utf-8", "surrogateescape")
    return "".join(plain.get(byte, f"\\{byte:03o}") for byte in encoded)
