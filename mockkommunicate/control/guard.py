"""Who may use the control API: this machine, or who has the token; never a page of another origin."""

import hmac
import ipaddress

from flask import current_app, request

from mockkommunicate.domain.errors import ControlError

PREFIX = "/_mock"

_OPEN = {f"{PREFIX}/livez", f"{PREFIX}/readyz"}
"""What a health check asks, which has no token."""


def check() -> None:
    """Raise ControlError unless the request may use the control API. Runs before every call of it."""
    _refuse_foreign_origin()
    token: str | None = current_app.config["CONTROL_TOKEN"]
    if token is None:
        _refuse_foreign_host()
    elif request.path not in _OPEN:
        _require(token)


def _refuse_foreign_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise ControlError(
            "ORIGIN", f"calls from the origin {origin} are refused", hint="call from no page", http_status=403
        )


def _refuse_foreign_host() -> None:
    """Refuse a foreign host name on loopback: a page could have had its own name resolved to this machine."""
    host = request.host.lower().rpartition(":")[0] if request.host[-1:].isdigit() else request.host.lower()
    host = (host or request.host).strip("[]").rstrip(".")
    if host == "localhost" or host.endswith(".localhost") or _is_loopback(host):
        return
    hint = "use localhost or 127.0.0.1, or start with --control-token"
    raise ControlError(
        "HOST", f"the host {host!r} is not this machine's loopback", hint=hint, http_status=403
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _require(token: str) -> None:
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode("latin-1"), f"Bearer {token}".encode()):
        raise ControlError(
            "TOKEN",
            "the control API needs its token",
            hint="Authorization: Bearer <the token that the server printed, or --control-token>",
            http_status=401,
        )
