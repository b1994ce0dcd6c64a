"""Text as every database can hold it."""

import json
import re

from sqlalchemy import Dialect, Text, TypeDecorator

_ESCAPE = "\x1b"
_UNSTORABLE = re.compile("^\x1b|[\x00\ud800-\udfff]")


class AnyText(TypeDecorator[str]):
    """Text with any character: NUL and lone surrogates, which no database takes alike, are stored escaped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Escape a text that cannot be stored as it is."""
        if value is None or not _UNSTORABLE.search(value):
            return value
        return _ESCAPE + json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Undo the escape."""
        if value is None or not value.startswith(_ESCAPE):
            return value
        return str(json.loads(value[1:]))
