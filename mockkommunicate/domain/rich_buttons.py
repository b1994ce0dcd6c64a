"""Rich messages that are buttons: link and submit buttons, suggested replies, and all of them together."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockkommunicate.domain.findings import Evidence, Finding, Severity, error, warning
from mockkommunicate.domain.rich_shapes import (
    FLAG,
    OWN,
    STRING,
    Check,
    Fields,
    at,
    each,
    in_json,
    may,
    must,
    record,
    should,
    word,
)
from mockkommunicate.domain.rich_urls import URL

FORM_TYPE = "application/x-www-form-urlencoded"
POST_BACK = "postBackToBotPlatform"
REQUEST_TYPE = word("json", "application/json", FORM_TYPE, POST_BACK, severity=Severity.WARNING)
"""How data is posted; whatever else is given, the clients post a form (observed)."""

REPLY: Fields = {"replyMetadata": may(OWN), "updateLanguage": may(STRING)}
"""What goes with a reply: custom data, and the language that the conversation has from then on."""


def _data(path: str, data: dict[str, Any]) -> Iterator[Finding]:
    for name, value in data.items():
        if not isinstance(value, str):
            yield warning(at(path, name), "must be a string: the mobile clients read no other data")


DATA = Check(what="an object of strings", types=(dict,), more=_data)
_LINK: Fields = {"url": may(URL), "openLinkInNewTab": may(FLAG), "isDeepLink": may(FLAG)}
SUBMIT: Fields = {"formAction": may(URL), "formData": may(DATA), "requestType": may(REQUEST_TYPE)}


def needs(path: str, given: Mapping[str, Any], name: str, what: str) -> Iterator[Finding]:
    """Find that a field is missing which another one asks for."""
    if given.get(name) is None:
        yield error(at(path, name), f"is missing: {what}", Evidence.DOCUMENTED)


def action_of(path: str, kind: object, action: Mapping[str, Any]) -> Iterator[Finding]:
    """Find what an action of a kind lacks: where it leads, or what it posts to."""
    if kind == "link":
        yield from needs(path, action, "url", "the URL that the link opens")
    elif kind == "submit":
        yield from needs(path, action, "formAction", "the URL that the data is posted to")


def _link_or_submit(path: str, button: Mapping[str, Any]) -> Iterator[Finding]:
    if button.get("type") == "link":
        yield from action_of(path, "link", button)
    elif "url" in button and "type" not in button:
        message = "is missing: a button with a url is a link only if its type is 'link'"
        yield error(at(path, "type"), message)


def submitting(metadata: Mapping[str, str], payload: object) -> Iterator[Finding]:
    """Find what is wrong with the data that submit buttons post: it stands beside the payload."""
    buttons = [one for one in payload if _submits(one)] if isinstance(payload, list) else []
    if not buttons:
        return
    yield from needs("", metadata, "formAction", "the URL that the submit button posts formData to")
    for name, check in (("formAction", URL), ("requestType", REQUEST_TYPE)):
        if name in metadata:
            yield from check.find(name, metadata[name])
    if "formData" not in metadata:
        yield warning("formData", "is missing: without it the iOS client posts nothing")
        return
    yield from in_json("formData", metadata["formData"], DATA)
    if len(buttons) > 1:
        message = f"has {len(buttons)} submit buttons; the web client draws nothing where more than one shares formData"
        yield error("payload", message)


def _submits(button: object) -> bool:
    return isinstance(button, dict) and button.get("type") != "link" and "url" not in button


BUTTONS = each(
    "button",
    record(
        {
            "name": must(STRING),
            "type": may(word("link", "submit")),
            **_LINK,
            "replyText": may(STRING),
            **REPLY,
            "handlerId": may(STRING),
        },
        _link_or_submit,
    ),
    empty=Severity.ERROR,
)
"""Template 3 (documented; `handlerId` stands in older examples)."""

SUGGESTED_REPLIES = each(
    "suggested reply",
    record({"title": must(STRING), "message": should(STRING), **REPLY}),
    several="suggested replies",
    empty=Severity.ERROR,
)
"""Template 6 (documented); without `message` the web client sends an empty text and Android none (observed)."""


def _of_any_kind(path: str, button: Mapping[str, Any]) -> Iterator[Finding]:
    """Find what a button lacks whose kind stands in its action, or beside that (observed in the web client)."""
    action = button.get("action")
    if not isinstance(action, dict):
        return
    kind = action.get("type") or button.get("type")
    if kind is None:
        yield error(at(path, "action.type"), f"is missing: {_KIND.what}")
    elif action.get("type") is None:
        message = "is missing: the iOS client reads the kind of a button here only, not beside the action"
        yield warning(at(path, "action.type"), message)
    yield from action_of(at(path, "action"), kind, action)


_KIND: Check = word("link", "submit", "quickReply", "suggestedReply")

MIXED_BUTTONS = each(
    "button",
    record(
        {
            "name": must(STRING),
            "type": may(_KIND),
            "replyMetadata": may(OWN),
            "action": must(
                record(
                    {
                        "type": may(_KIND),
                        **_LINK,
                        **SUBMIT,
                        "message": may(STRING),
                        "replyText": may(STRING),
                        **REPLY,
                    }
                )
            ),
        },
        _of_any_kind,
    ),
    empty=Severity.ERROR,
)
"""Templates 11 and 13 (documented, observed)."""
