"""Rich messages that show something: lists, cards, images and videos."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockkommunicate.domain.findings import Finding, Severity, error, warning
from mockkommunicate.domain.rich_buttons import REPLY, SUBMIT, action_of
from mockkommunicate.domain.rich_shapes import (
    ANYTHING,
    FLAG,
    SIZE,
    STRING,
    at,
    each,
    may,
    must,
    record,
    should,
    text,
    word,
)
from mockkommunicate.domain.rich_urls import URL

_YOUTUBE = re.compile(r"https?://([^/]*\.)?(youtube\.com|youtu\.be)(/|$)", re.IGNORECASE)


def _of_action(path: str, action: Mapping[str, Any]) -> Iterator[Finding]:
    yield from action_of(path, action.get("type"), action)


_LIST_ACTION = record(
    {
        "type": must(word("link", "quick_reply")),
        "url": may(URL),
        "text": may(STRING),
        "openLinkInNewTab": may(FLAG),
        "isDeepLink": may(FLAG),
        **REPLY,
    },
    _of_action,
)
_LIST_ITEM = record(
    {
        "imgSrc": may(URL),
        "title": should(text(32)),
        "description": may(text(35)),
        "action": may(_LIST_ACTION),
        "articleId": may(ANYTHING),
        "source": may(STRING),
    }
)


def _holds_something(path: str, content: Mapping[str, Any]) -> Iterator[Finding]:
    if not any(content.get(name) for name in ("headerImgSrc", "headerText", "elements", "buttons")):
        yield error(path, "is empty; it must have a header, elements or buttons")


LIST = record(
    {
        "headerImgSrc": may(URL),
        "headerText": may(text(75)),
        "elements": may(each("item", _LIST_ITEM)),
        "buttons": may(each("button", record({"name": must(STRING), "action": must(_LIST_ACTION)}))),
    },
    _holds_something,
)
"""Template 7 (documented); a button without an action keeps the web client from drawing the list (observed)."""


def _of_card_action(path: str, action: Mapping[str, Any]) -> Iterator[Finding]:
    """Find what an action lacks; a card's is a kind and what belongs to it."""
    payload = action.get("payload")
    if not isinstance(payload, dict):
        return
    yield from action_of(at(path, "payload"), action.get("type"), payload)
    if action.get("type") == "quickReply" and payload.get("message") is None:
        yield warning(
            at(path, "payload.message"), "is missing: without it the web client sends an empty text"
        )


_CARD_ACTION = record(
    {
        "type": must(word("link", "quickReply", "submit")),
        "payload": must(
            record(
                {
                    "url": may(URL),
                    "title": may(STRING),
                    "message": may(STRING),
                    "text": may(STRING),
                    "replyText": may(STRING),
                    "isDeepLink": may(FLAG),
                    "openLinkInNewTab": may(FLAG),
                    **SUBMIT,
                    **REPLY,
                }
            )
        ),
        "openLinkInNewTab": may(FLAG),
    },
    _of_card_action,
)
CARDS = each(
    "card",
    record(
        {
            "title": should(text(16)),
            "titleExt": may(STRING),
            "subtitle": may(text(56)),
            "description": may(text(99)),
            "header": may(record({"overlayText": may(STRING), "imgSrc": may(URL)})),
            "buttons": may(each("button", record({"name": must(STRING), "action": must(_CARD_ACTION)}))),
            "url": may(URL),
        }
    ),
    empty=Severity.ERROR,
)
"""Template 10 (documented); a card that is a link itself by `url` is known to the web client only (observed)."""

IMAGES = each("image", record({"url": must(URL), "caption": may(STRING)}), empty=Severity.ERROR)
"""Template 9 (documented)."""


def _plays(path: str, video: Mapping[str, Any]) -> Iterator[Finding]:
    url = video.get("url")
    if isinstance(url, str) and "source" not in video and _YOUTUBE.match(url):
        message = (
            "is missing: the URL is YouTube's and no video file's, so the source must be named: 'youtube'"
        )
        yield warning(at(path, "source"), message)


VIDEOS = each(
    "video",
    record(
        {
            "url": must(URL),
            "type": may(STRING),
            "caption": may(STRING),
            "width": may(SIZE),
            "height": may(SIZE),
            "source": may(STRING),
        },
        _plays,
    ),
    empty=Severity.ERROR,
)
"""Template 14 (documented, observed); with a `source` the URL is framed, without it is played as a file."""
