"""Rich messages: what the official clients would make of a message's metadata, and what they would not draw."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from mockkommunicate.domain.findings import Evidence, Finding, error, warning, worst_first
from mockkommunicate.domain.messages import ContentType
from mockkommunicate.domain.rich_buttons import BUTTONS, MIXED_BUTTONS, SUGGESTED_REPLIES, submitting
from mockkommunicate.domain.rich_cards import CARDS, IMAGES, LIST, VIDEOS
from mockkommunicate.domain.rich_forms import FORM
from mockkommunicate.domain.rich_inputs import FIELD, SUGGESTIONS
from mockkommunicate.domain.rich_shapes import OWN, Check, in_json, parsed, shown
from mockkommunicate.domain.unread import misspelt, nearest

CONTENT_TYPE = "300"
"""What `contentType` in the metadata of a rich message is (documented)."""

KEYS = frozenset({"contentType", "templateId", "payload", "KM_AUTO_SUGGESTION", "KM_FIELD"})
"""The keys of metadata that make a message a rich one; one with none of them is plain."""

_MOST_KEYS = 1_000
"""Among how many keys a misspelt one is looked for."""

_DRAWN_IN = (ContentType.DEFAULT, ContentType.TEXT_HTML)
_WEB_ONLY = "the iOS and Android clients do not draw it"


@dataclass(frozen=True, kw_only=True)
class Template:
    """One kind of rich message: its payload, if that is checked, what else belongs to it, and who does not draw it."""

    name: str
    payload: Check | None = None
    beside: Callable[[Mapping[str, str], object], Iterator[Finding]] | None = None
    caveat: str | None = None


def _internal(name: str) -> Template:
    return Template(
        name=name, caveat="it is a template of Kommunicate's own, and its content is not checked here"
    )


TEMPLATES: Mapping[str, Template] = {
    "1": _internal("room count"),
    "2": _internal("hotel card"),
    "3": Template(name="link and submit buttons", payload=BUTTONS, beside=submitting),
    "4": _internal("room detail"),
    "5": _internal("passenger detail"),
    "6": Template(name="suggested replies", payload=SUGGESTED_REPLIES),
    "7": Template(name="list", payload=LIST),
    "8": _internal("FAQ"),
    "9": Template(name="images", payload=IMAGES),
    "10": Template(name="card carousel", payload=CARDS),
    "11": Template(name="mixed buttons", payload=MIXED_BUTTONS),
    "12": Template(name="form", payload=FORM),
    "13": Template(
        name="mixed buttons v2",
        payload=MIXED_BUTTONS,
        caveat=f"{_WEB_ONLY}, but they do draw template 11, which is the same",
    ),
    "14": Template(name="video", payload=VIDEOS),
}
"""Every template that a client knows, by its id."""

_CHECKED = tuple(number for number, template in TEMPLATES.items() if template.payload is not None)
_NAMES = {template.name: number for number, template in TEMPLATES.items() if template.payload is not None}


def is_rich(metadata: Mapping[str, object]) -> bool:
    """Tell whether metadata may be that of a rich message; any other is not looked at further."""
    return not KEYS.isdisjoint(metadata)


def lint(metadata: Mapping[str, str], *, content_type: int = ContentType.DEFAULT) -> tuple[Finding, ...]:
    """Find what is wrong or unusual in a message's metadata, the errors first; nothing in a plain message.

    The documentation decides what is right, then what the official clients read (documented, observed).
    """
    found = _templated(metadata, content_type) if _is_templated(metadata) else ()
    return worst_first(chain(_inputs(metadata), found))


def _is_templated(metadata: Mapping[str, str]) -> bool:
    """Tell whether a template is meant: a contentType or a payload alone may be the sender's own."""
    if "templateId" in metadata or metadata.get("contentType") == CONTENT_TYPE:
        return True
    return "payload" in metadata and ("contentType" in metadata or _meant(metadata, "templateId") is not None)


def _meant(metadata: Mapping[str, str], key: str) -> str | None:
    """Answer the key that was probably meant to be another."""
    first = islice(metadata, _MOST_KEYS)
    return next((name for name in first if name not in KEYS and misspelt(name, (key,))), None)


def _inputs(metadata: Mapping[str, str]) -> Iterator[Finding]:
    for key, check in (("KM_AUTO_SUGGESTION", SUGGESTIONS), ("KM_FIELD", FIELD)):
        if key in metadata:
            yield from in_json(key, metadata[key], check)
    if "KM_FIELD" in metadata and "replyMetadata" in metadata:
        yield from in_json("replyMetadata", metadata["replyMetadata"], OWN)


def _templated(metadata: Mapping[str, str], content_type: int) -> Iterator[Finding]:
    if metadata.get("contentType") != CONTENT_TYPE:
        yield _wrong_content_type(metadata)
    if content_type not in _DRAWN_IN:
        message = (
            f"is drawn by the iOS client only in a message of contentType 0 or 3; this one has {content_type}"
        )
        yield error("templateId", message)
    number = metadata.get("templateId")
    if number is None:
        yield _missing(metadata, "templateId", f"the number of a template, one of {', '.join(_CHECKED)}")
    elif number not in TEMPLATES:
        yield error("templateId", f"{shown(number)} is no template{_nearest_template(number)}")
    else:
        yield from _of_template(number, metadata)


def _wrong_content_type(metadata: Mapping[str, str]) -> Finding:
    given = metadata.get("contentType")
    if given is None:
        return _missing(
            metadata,
            "contentType",
            f"{CONTENT_TYPE!r}, without which the iOS and Android clients draw nothing",
        )
    return error("contentType", f"must be {CONTENT_TYPE!r}, not {shown(given)}", Evidence.DOCUMENTED)


def _missing(metadata: Mapping[str, str], key: str, what: str) -> Finding:
    """Say that a key is missing, or which one was probably meant to be it."""
    meant = _meant(metadata, key)
    if meant is not None:
        return error(meant, f"is not known; did you mean {key!r}?", Evidence.DOCUMENTED)
    return error(key, f"is missing: {what}", Evidence.DOCUMENTED)


def _nearest_template(given: str) -> str:
    """Say which template was meant, by its number written otherwise or by its name, or else which there are."""
    plain = given.strip().removesuffix(".0").lstrip("0")
    number = plain if plain in TEMPLATES else _NAMES.get(nearest(given, tuple(_NAMES)) or "")
    if number is not None:
        return f"; did you mean {number!r} ({TEMPLATES[number].name})?"
    return f"; there are {', '.join(f'{key} ({TEMPLATES[key].name})' for key in _CHECKED)}"


def _of_template(number: str, metadata: Mapping[str, str]) -> Iterator[Finding]:
    template = TEMPLATES[number]
    if template.caveat is not None:
        yield warning("templateId", f"{number} is the {template.name}: {template.caveat}")
    if template.payload is None:
        return
    if "payload" not in metadata:
        yield _missing(metadata, "payload", f"{template.payload.what}, as JSON in a string")
        return
    yield from in_json("payload", metadata["payload"], template.payload)
    if template.beside is not None:
        yield from template.beside(metadata, _payload(metadata))


def _payload(metadata: Mapping[str, str]) -> object:
    try:
        return parsed(metadata["payload"])
    except (ValueError, RecursionError):
        return None
