"""Signed links: what opens one file, or one upload, to whoever holds it, until it expires by the app's clock."""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlencode

from mockkommunicate.domain.errors import FileRefused

VALID_MS = 15 * 60 * 1_000
"""How long a link to a file is good: as long as the official web SDK takes it to be (observed)."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """The part of a URL that stands for a key: the app, when it expires (never, if it does not say), its signature."""

    app: str
    signature: str
    expires: int | None = None

    @property
    def query(self) -> str:
        """The link as the query of a URL."""
        told = {"app": self.app, "expires": self.expires, "signature": self.signature}
        return urlencode({name: value for name, value in told.items() if value is not None})

    def ensure_opens(self, what: str, *, app: str, secret: str, now: int) -> None:
        """Raise FileRefused unless it was made for this, by this app, and has not expired; times in milliseconds."""
        right = sign(what, app=app, secret=secret, expires=self.expires)
        if not hmac.compare_digest(right.signature.encode(), self.signature.encode("utf-8", "replace")):
            raise FileRefused(
                "the signature of the link is wrong: it was made for another file, app or time",
                http_status=403,
            )
        if self.expires is not None and self.expires <= now:
            raise FileRefused(
                f"the link has expired: it was good until {self.expires}, and the app's clock shows {now}",
                http_status=403,
            )


def sign(what: str, *, app: str, secret: str, expires: int | None = None) -> Link:
    """Make the link that opens something of an app; the secret is the app's API key, which is never in it."""
    text = "\n".join((what, app, "" if expires is None else str(expires)))
    signature = hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return Link(app=app, signature=signature.hexdigest(), expires=expires)
