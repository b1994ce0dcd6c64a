"""The API key: header or query, checked before anything else, as by the gateway in front of Kommunicate."""

from flask import Response, request

from mockkommunicate.domain.errors import GatewayRefusal, KeyMissing, KeyRepeated
from mockkommunicate.operations.work import dump


def api_key() -> str | None:
    """Answer the request's key: the Api-Key header in any case, or apiKey in the query (documented); raise KeyRepeated."""
    given = request.headers.getlist("Api-Key") or request.args.getlist("apiKey")
    if len(given) > 1:
        raise KeyRepeated
    return given[0] if given else None


def refuse(refusal: GatewayRefusal) -> Response:
    """Answer as the gateway does, not in the envelope (Kong's documentation)."""
    response = Response(
        dump({"message": refusal.message}),
        status=401,
        content_type="application/json; charset=utf-8",
    )
    if isinstance(refusal, KeyMissing):
        response.headers["WWW-Authenticate"] = 'Key realm="kong"'
    return response
