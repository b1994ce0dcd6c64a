"""Text as every database can hold it."""

import json
import re

from sqlalchemy import Dialect, Text, TypeDecorator

_ESCAPE = "\x1b"
_UNSTORABLE = re.compile("^\x1b|[\x00\ud800-\udfff]")


def escape(text: str | None) -> str | None:
    """Write a text as it is stored: as it is, unless no database could hold it so."""
    return text if text is None or not _UNSTORABLE.search(text) else _ESCAPE + json.dumps(text)


def unescape(text: str | None) -> str | None:
    """Read a text as it is stored."""
    return text if not text or text[0] != _ESCAPE else str(json.loads(text[1:]))


class AnyText(TypeDecorator[str]):
    """Text with any character: NUL and lone surrogates, which no database takes alike, are stored escaped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Escape a text that cannot be stored as it is."""
        return escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Undo the escape."""
        return unescape(value)
