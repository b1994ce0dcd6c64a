"""Reply: what a request of the emulated API is answered, before it is HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_ANSWER = 0
"""The status of a request whose connection ended without an answer."""

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer: its HTTP status, its body as text, and the headers besides Content-Type."""

    text: str
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
