"""URLs in rich messages: clients open and load them as they stand, so they must be whole."""

import re
from collections.abc import Iterator

from mockkommunicate.domain.findings import Finding, error
from mockkommunicate.domain.rich_shapes import Check, shown

PLACEHOLDERS = frozenset(
    {
        "image url",
        "url for header image",
        "thumbnail icon for list item",
        "header image for the card",
        "url to navigate other page",
        "<url>",
        "<api_endpoint>",
    }
)
"""What the documentation and the official samples print where a URL belongs; in lower case."""

_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_HOST = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_SCRIPTS = ("javascript", "vbscript")
_OPAQUE = ("data", "mailto", "sms", "tel")
"""Schemes that no `//` follows; before any other colon stands a host or a word."""


_LIKE_A_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+([:/?#]\S*)?$", re.IGNORECASE)


def _url(path: str, value: str) -> Iterator[Finding]:
    """Find what is wrong with a URL; clients open and load it as it stands, so it must be whole (observed)."""
    plain = _IGNORED_BY_BROWSERS.sub("", value)
    found = _SCHEME.match(plain)
    scheme = found[1].lower() if found else ""
    if value.lower() in PLACEHOLDERS or not plain:
        return
    if scheme in _SCRIPTS:
        yield error(
            path, f"is a {scheme}: URL, which would run as a script in the customer's page; use https://"
        )
    elif scheme in {"http", "https"}:
        if not _HOST.match(plain):
            yield error(path, f"{shown(value)} names no host; a URL looks like https://example.com/page")
    elif scheme not in _OPAQUE and not (scheme and plain[len(scheme) :].startswith("://")):
        hint = f"write https://{plain}" if _LIKE_A_HOST.match(plain) else "a URL begins with https://"
        yield error(path, f"{shown(value)} has no scheme, so that it leads nowhere; {hint}")


URL = Check(what="a URL", types=(str,), more=_url)
