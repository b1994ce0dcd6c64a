"""The API key: header or query, checked before anything else, as by the gateway in front of Kommunicate."""

from flask import request

from mockkommunicate.domain.errors import KeyRepeated


def api_key() -> str | None:
    """Answer the request's key: the Api-Key header in any case, or apiKey in the query (documented); raise KeyRepeated."""
    given = request.headers.getlist("Api-Key") or request.args.getlist("apiKey")
    if len(given) > 1:
        raise KeyRepeated
    return given[0] if given else None
