"""Reply: what a request of the emulated API is answered, before it is HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_ANSWER = 0
"""The status of a request whose connection ended without an answer."""

JSON = "application/json"
TEXT = "text/plain;charset=UTF-8"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer: its HTTP status, its body as text, and the headers besides Content-Type.

    Where the body is bytes they are its `content`, and the text tells of them in the journal.
    """

    text: str
    content: bytes | None = None
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
