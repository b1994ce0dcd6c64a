"""What Kommunicate and the gateway in front of it are known to answer when something fails."""

from collections.abc import Callable, Mapping

from mockkommunicate.domain.errors import (
    ApplicationError,
    ConversationExists,
    ConversationNotFound,
    KeyUnknown,
    MaliciousContent,
    MethodNotAllowed,
    UnauthorizedUser,
    UserNotFound,
)

LITERALS = ("already updated", "AGENT_IS_ALREADY_ENGAGED")
"""Answers in a success envelope that say that nothing was done (documented)."""

TEXTS = ("error", "CONVERSATION_CLOSED", "BUSY_WITH_OTHER")
"""Answers of message/send, which are bare texts (observed)."""

REFUSALS: Mapping[str, Callable[[], ApplicationError]] = {
    refusal.code: refusal
    for refusal in (UserNotFound, ConversationNotFound, ConversationExists, UnauthorizedUser)
}
"""Kommunicate's own refusals, by their codes."""

WRONG_METHOD = MethodNotAllowed.code
"""What any path answers to another method."""

_VIRUS = MaliciousContent.code

DOCUMENTED: Mapping[str, tuple[str, ...]] = {
    "conversation.create": ("AL-G-02", WRONG_METHOD),
    "user.detail": ("AL-U-01", WRONG_METHOD),
    "message.send": ("AL-G-01", "AL-U-01", "AL-UN-01", WRONG_METHOD),
    "message.send_attachment": (*TEXTS, "AL-G-01", "AL-U-01", WRONG_METHOD),
    "conversation.status": ("already updated", "AL-G-01", "AL-U-01", WRONG_METHOD),
    "user.update": ("AL-U-01", "AL-UN-01", WRONG_METHOD),
    "conversation.assignee": (*LITERALS, "AL-G-01", "AL-U-01", WRONG_METHOD),
    "file.upload_image": (_VIRUS, WRONG_METHOD),
    "file.upload": (_VIRUS, WRONG_METHOD),
    "file.url": (WRONG_METHOD,),
    "file.download": (WRONG_METHOD,),
    "file.upload_url": (WRONG_METHOD,),
    "file.upload_signed": (_VIRUS, WRONG_METHOD),
    "conversation.waiting_list": (WRONG_METHOD,),
}
"""The failures that each operation can have, as its documentation and its clients show (some inferred: see the contract)."""

NAMES = tuple(dict.fromkeys(name for names in DOCUMENTED.values() for name in names))
"""Every documented failure, each once."""

GATEWAY: Mapping[int, str] = {
    401: KeyUnknown.message,
    429: "API rate limit exceeded",
    502: "An invalid response was received from the upstream server",
    503: "The upstream server is currently unavailable",
    504: "The upstream server is timing out",
}
"""The words of Kong, the gateway (its documentation and source)."""

UNITS: Mapping[int, str] = {
    1_000: "Second",
    60_000: "Minute",
    3_600_000: "Hour",
    86_400_000: "Day",
    2_592_000_000: "Month",
    31_536_000_000: "Year",
}
"""The windows that Kong has a name for, in milliseconds."""

PAGES: Mapping[int, str] = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Not Allowed",
    408: "Request Time-out",
    413: "Request Entity Too Large",
    414: "Request-URI Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
"""The titles of nginx's own error pages."""


def possible(operation: str | None) -> tuple[str, ...]:
    """List the documented failures that an operation can have; None is a path that is no operation."""
    return (WRONG_METHOD,) if operation is None else DOCUMENTED[operation]


def page(status: int) -> str:
    """Write nginx's error page."""
    title = f"{status} {PAGES[status]}"
    lines = [
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<center><h1>{title}</h1></center>",
        "<hr><center>nginx</center>",
        "</body>",
        "</html>",
        "",
    ]
    return "\r\n".join(lines)


def limit_headers(*, limit: int, window: int, left: int) -> dict[str, str]:
    """Answer Kong's headers on a refusal; `window` is that of the limit, `left` what is left of it, in milliseconds."""
    seconds = str(max(1, -(-left // 1_000)))
    headers = {
        "Retry-After": seconds,
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": seconds,
    }
    if unit := UNITS.get(window):
        headers |= {f"X-RateLimit-Limit-{unit}": str(limit), f"X-RateLimit-Remaining-{unit}": "0"}
    return headers
