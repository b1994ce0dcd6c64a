"""Where calls go: the field of a URL that an HTTP client could call."""

from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError

from mockkommunicate.wire.fields import Text

LONGEST_URL = 2_048
"""No URL that is meant is longer."""


def web_url(**options: Any) -> Text:  # noqa: ANN401 - marshmallow's own options
    """Make a field for where a call goes: a whole http or https URL."""
    return Text(validate=_is_web_url, **options)


def _is_web_url(text: str) -> None:
    """Refuse what no HTTP client could call."""
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        right = None
    if not right or len(text) > LONGEST_URL or not text.isprintable() or " " in text:
        raise ValidationError("must be an http or https URL such as http://127.0.0.1:5000/webhook")
