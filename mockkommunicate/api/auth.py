"""The API key: header or query, checked before anything else, as by the gateway in front of Kommunicate."""

from flask import request

from mockkommunicate.domain.errors import ControlError, KeyRepeated, KeyUnknown
from mockkommunicate.operations.emulator import Emulator


def api_key(_emulator: Emulator | None = None) -> str | None:
    """Answer the request's key: the Api-Key header in any case, or apiKey in the query (documented); raise KeyRepeated."""
    given = request.headers.getlist("Api-Key") or request.args.getlist("apiKey")
    if len(given) > 1:
        raise KeyRepeated
    return given[0] if given else None


def key_or_link(emulator: Emulator) -> str | None:
    """Answer the request's key, or where it has none that of the app whose signed link it says it is.

    Whether that link is right, and still good, is the operation's business. Raises KeyRepeated and KeyUnknown.
    """
    application_id = request.args.get("app")
    key = api_key()
    if key is not None or application_id is None:
        return key
    try:
        with emulator.look_at(application_id) as work:
            return work.app.api_key
    except ControlError as error:
        raise KeyUnknown from error
