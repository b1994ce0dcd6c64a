"""The linter of rich messages: silent on what is published, and not on what is made of it."""

import copy
import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockkommunicate.domain import rich_messages
from mockkommunicate.domain.findings import MOST, Severity
from mockkommunicate.domain.rich_messages import TEMPLATES
from tests import rich, strategies
from tests.rich import Place, lint, said

EXAMPLES = dict(rich.examples())
CLEAN = {name: example for name, example in EXAMPLES.items() if "findings" not in example}
PARTS = ("payload", "KM_AUTO_SUGGESTION", "KM_FIELD")


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_has_the_findings_that_it_says(example: dict[str, Any]) -> None:
    found = lint(example["metadata"], example.get("contentType", 0))

    assert rich.as_json(found) == example.get("findings", [])


def test_nothing_is_found_in_what_is_documented() -> None:
    documented = [example for example in EXAMPLES.values() if example["evidence"] == "documented"]

    assert len(documented) >= 20
    assert not any("findings" in example for example in documented)


def test_every_template_and_every_key_has_an_example() -> None:
    checked = {number for number, template in TEMPLATES.items() if template.payload is not None}
    ids = {example["metadata"].get("templateId") for example in EXAMPLES.values()}

    assert ids - {None} == checked
    assert {"KM_AUTO_SUGGESTION", "KM_FIELD"} <= {key for one in EXAMPLES.values() for key in one["metadata"]}


def parts(example: dict[str, Any]) -> list[Place]:
    """List every place in those parts of an example that are checked."""
    metadata = rich.opened(example["metadata"])
    return [place for place in rich.places(metadata) if place[0] in PARTS]


def changed(example: dict[str, Any], place: Place, change: Callable[[Any, Any], None]) -> dict[str, Any]:
    """Answer an example's metadata after a change of what is at a place: it gets the place's parent and key."""
    metadata = copy.deepcopy(rich.opened(example["metadata"]))
    parent: Any = metadata
    for key in place[:-1]:
        parent = parent[key]
    change(parent, place[-1])
    return metadata


def paths(metadata: dict[str, Any], content_type: int = 0) -> list[str]:
    return [one.path for one in lint(metadata, content_type)]


@pytest.mark.parametrize("example", CLEAN.values(), ids=CLEAN)
def test_a_value_of_a_wrong_type_is_found_wherever_it_is(example: dict[str, Any]) -> None:
    for place in parts(example):

        def retype(parent: Any, key: Any) -> None:
            parent[key] = {"x": 1} if isinstance(parent[key], list) else [1]

        metadata = changed(example, place, retype)
        expected = rich.path(place)
        assert any(found.startswith(expected) for found in paths(metadata)), expected


@pytest.mark.parametrize("example", CLEAN.values(), ids=CLEAN)
def test_a_misspelt_field_is_found_wherever_it_is_with_the_name_that_was_meant(
    example: dict[str, Any],
) -> None:
    for place in (place for place in parts(example) if len(place) > 1 and isinstance(place[-1], str)):

        def misspell(parent: Any, key: str) -> None:
            parent[f"{key}x"] = parent.pop(key)

        metadata = changed(example, place, misspell)
        expected = f"{rich.path(place)}x"
        messages = [found.message for found in lint(metadata) if found.path == expected]
        assert messages == [f"is not known; did you mean {place[-1]!r}?"], expected


@pytest.mark.parametrize("example", CLEAN.values(), ids=CLEAN)
def test_a_field_of_no_name_that_a_client_reads_is_a_warning_wherever_it_is(example: dict[str, Any]) -> None:
    metadata = rich.opened(example["metadata"])
    own = [
        place
        for place in parts(example)
        if isinstance(_at(metadata, place), dict) and place[-1] not in rich.FREE
    ]
    for place in own:

        def add(parent: Any, key: Any) -> None:
            parent[key]["zzzzzz"] = 1

        found = lint(changed(example, place, add))
        assert [(one.path, one.severity) for one in found] == [(f"{rich.path(place)}.zzzzzz", "warning")]
        assert found[0].message.startswith("is not known, and no official client reads it; there are ")


def _at(value: Any, place: Place) -> Any:
    for key in place:
        value = value[key]
    return value


@pytest.mark.parametrize("example", CLEAN.values(), ids=CLEAN)
def test_what_is_null_is_as_if_it_was_not_there(example: dict[str, Any]) -> None:
    def remove(parent: Any, key: Any) -> None:
        del parent[key]

    def empty(parent: Any, key: Any) -> None:
        parent[key] = None

    for place in (place for place in parts(example) if len(place) > 1 and isinstance(place[-1], str)):
        assert said(changed(example, place, empty)) == said(changed(example, place, remove))


def metadata_of(number: str, payload: Any, **more: Any) -> dict[str, Any]:
    return {"contentType": "300", "templateId": number, "payload": payload, **more}


LINK = {"type": "link", "name": "Go", "url": "https://example.com"}
SUBMIT = {"name": "Pay"}
POSTING = {"formAction": "https://example.com/pay", "formData": {"amount": "1"}}
REPLY = {"title": "Yes", "message": "Yes, please"}
ITEM = {"title": "Item"}
CARD = {"title": "Card"}
ASKED = {"type": "text", "data": {"label": "Name"}}
SENT = {"type": "submit", "data": {"name": "Send", "action": {"formAction": "https://example.com"}}}


def button(kind: str | None, payload: Any) -> dict[str, Any]:
    action = {} if kind is None else {"type": kind}
    return {
        **CARD,
        "buttons": [{"name": "Go", "action": action | ({} if payload is None else {"payload": payload})}],
    }


def mixed(**action: Any) -> list[dict[str, Any]]:
    return [{"name": "Go", "action": action}]


MISTAKES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("payload is no JSON", metadata_of("6", "Yes, No"), ["error payload: is not JSON: Expecting value: line 1 column 1 (char 0)"]),
    ("payload is Python", metadata_of("6", "[{'title': 'Yes'}]"), ["error payload: is not JSON: Expecting property name enclosed in double quotes: line 1 column 3 (char 2)"]),
    ("payload is empty", metadata_of("6", ""), ["error payload: is not JSON: Expecting value: line 1 column 1 (char 0)"]),
    ("NaN", metadata_of("14", '[{"url": "https://a.b", "width": NaN}]'), ["error payload: is not JSON: NaN is no number in JSON"]),
    ("stringified twice", metadata_of("6", json.dumps(json.dumps([REPLY]))), ["error payload: is JSON in a string in a string; make it a string once"]),
    ("a text", metadata_of("6", '"Yes"'), ["error payload: must be a list of suggested replies, not a string"]),
    ("null", metadata_of("6", "null"), ["error payload: must be a list of suggested replies, not null"]),
    ("an object for a list", metadata_of("6", REPLY), ["error payload: must be a list of suggested replies, not an object: put it between [ and ]"]),
    ("a list for an object", metadata_of("7", [ITEM]), ["error payload: must be an object, not a list"]),
    ("no payload", {"contentType": "300", "templateId": "6"}, ["error payload: is missing: a list of suggested replies, as JSON in a string"]),
    ("no template", {"contentType": "300", "payload": [REPLY]}, ["error templateId: is missing: the number of a template, one of 3, 6, 7, 9, 10, 11, 12, 13, 14"]),
    ("misspelt template", {"contentType": "300", "templateid": "6", "payload": [REPLY]}, ["error templateid: is not known; did you mean 'templateId'?"]),
    ("misspelt template alone", {"templateID": "6", "payload": [REPLY]}, ["error contentType: is missing: '300', without which the iOS and Android clients draw nothing", "error templateID: is not known; did you mean 'templateId'?"]),
    ("misspelt payload", {"contentType": "300", "templateId": "6", "payloads": [REPLY]}, ["error payloads: is not known; did you mean 'payload'?"]),
    ("misspelt content type", {"content_type": "300", "templateId": "6", "payload": [REPLY]}, ["error content_type: is not known; did you mean 'contentType'?"]),
    ("no content type", {"templateId": "6", "payload": [REPLY]}, ["error contentType: is missing: '300', without which the iOS and Android clients draw nothing"]),
    ("another content type", {"contentType": "200", "templateId": "6", "payload": [REPLY]}, ["error contentType: must be '300', not '200'"]),
    ("template 60", metadata_of("60", [REPLY]), ["error templateId: '60' is no template; there are 3 (link and submit buttons), 6 (suggested replies), 7 (list), 9 (images), 10 (card carousel), 11 (mixed buttons), 12 (form), 13 (mixed buttons v2), 14 (video)"]),
    ("template 06", metadata_of("06", [REPLY]), ["error templateId: '06' is no template; did you mean '6' (suggested replies)?"]),
    ("template 6.0", metadata_of("6.0", [REPLY]), ["error templateId: '6.0' is no template; did you mean '6' (suggested replies)?"]),
    ("a template's name", metadata_of("carousel", [CARD]), ["error templateId: 'carousel' is no template; did you mean '10' (card carousel)?"]),
    ("an internal template", metadata_of("2", []), ["warning templateId: 2 is the hotel card: it is a template of Kommunicate's own, and its content is not checked here"]),
    ("no buttons", metadata_of("3", []), ["error payload: is empty; it must have at least one button"]),
    ("a button without a name", metadata_of("3", [{"type": "link", "url": "https://a.b"}]), ["error payload[0].name: is missing: a string"]),
    ("a button with an empty name", metadata_of("3", [{**LINK, "name": " "}]), ["error payload[0].name: is empty; it must be a string"]),
    ("a button that is a string", metadata_of("3", ["Go"]), ["error payload[0]: must be an object, not a string"]),
    ("a link to nowhere", metadata_of("3", [{"type": "link", "name": "Go"}]), ["error payload[0].url: is missing: the URL that the link opens"]),
    ("a link that does not say so", metadata_of("3", [{"name": "Go", "url": "https://a.b"}]), ["error payload[0].type: is missing: a button with a url is a link only if its type is 'link'"]),
    ("a kind of button", metadata_of("3", [{**LINK, "type": "lnk"}]), ["error payload[0].type: must be one of link, submit, not 'lnk'; did you mean 'link'?"]),
    ("submit without an action", metadata_of("3", [SUBMIT], formData={"a": "1"}), ["error formAction: is missing: the URL that the submit button posts formData to"]),
    ("submit without data", metadata_of("3", [SUBMIT], formAction="https://a.b"), ["warning formData: is missing: without it the iOS client posts nothing"]),
    ("submit with broken data", metadata_of("3", [SUBMIT], **{**POSTING, "formData": "a=1"}), ["error formData: is not JSON: Expecting value: line 1 column 1 (char 0)"]),
    ("submit with a number", metadata_of("3", [SUBMIT], **{**POSTING, "formData": {"a": 1}}), ["warning formData.a: must be a string: the mobile clients read no other data"]),
    ("submit to a bare host", metadata_of("3", [SUBMIT], **{**POSTING, "formAction": "example.com/pay"}), ["error formAction: 'example.com/pay' has no scheme, so that it leads nowhere; write https://example.com/pay"]),
    ("submit in another way", metadata_of("3", [SUBMIT], **POSTING, requestType="JSON"), ["warning requestType: must be one of json, application/json, application/x-www-form-urlencoded, postBackToBotPlatform, not 'JSON'; did you mean 'json'?"]),
    ("two submit buttons", metadata_of("3", [SUBMIT, SUBMIT], **POSTING), ["error payload: has 2 submit buttons; the web client draws nothing where more than one shares formData"]),
    ("a flag that is a string", metadata_of("3", [{**LINK, "openLinkInNewTab": "false"}]), ["warning payload[0].openLinkInNewTab: must be true or false, not a string: only the whole is made a string, nothing inside it"]),
    ("a reply without a title", metadata_of("6", [{"message": "Yes"}]), ["error payload[0].title: is missing: a string"]),
    ("a reply with a number", metadata_of("6", [{"title": 1, "message": "Yes"}]), ["error payload[0].title: must be a string, not a number"]),
    ("a reply without a text", metadata_of("6", [{"title": "Yes"}]), ["warning payload[0].message: is missing: a string"]),
    ("stringified custom data", metadata_of("6", [{**REPLY, "replyMetadata": '{"a": 1}'}]), ["warning payload[0].replyMetadata: must be an object, not a string: only the whole is made a string, nothing inside it"]),
    ("an unknown field", metadata_of("6", [{**REPLY, "colour": "red"}]), ["warning payload[0].colour: is not known, and no official client reads it; there are title, message, replyMetadata, updateLanguage"]),
    ("an empty list", metadata_of("7", {}), ["error payload: is empty; it must have a header, elements or buttons"]),
    ("a list of no items", metadata_of("7", {"headerText": "A", "elements": []}), ["warning payload.elements: is empty; it must have at least one item"]),
    ("a long header", metadata_of("7", {"headerText": "x" * 76}), ["warning payload.headerText: has 76 characters; the limit is 75, and clients cut what is longer"]),
    ("a long item", metadata_of("7", {"elements": [{"title": "x" * 33, "description": "x" * 36}]}), ["warning payload.elements[0].title: has 33 characters; the limit is 32, and clients cut what is longer", "warning payload.elements[0].description: has 36 characters; the limit is 35, and clients cut what is longer"]),
    ("an action in a card's word", metadata_of("7", {"elements": [{**ITEM, "action": {"type": "quickReply"}}]}), ["error payload.elements[0].action.type: must be one of link, quick_reply, not 'quickReply'; did you mean 'quick_reply'?"]),
    ("an action without a kind", metadata_of("7", {"elements": [{**ITEM, "action": {"text": "A"}}]}), ["error payload.elements[0].action.type: is missing: one of link, quick_reply"]),
    ("a list's link to nowhere", metadata_of("7", {"elements": [{**ITEM, "action": {"type": "link"}}]}), ["error payload.elements[0].action.url: is missing: the URL that the link opens"]),
    ("a list's button without an action", metadata_of("7", {"buttons": [{"name": "A"}]}), ["error payload.buttons[0].action: is missing: an object"]),
    ("a stringified action", metadata_of("7", {"elements": [{**ITEM, "action": '{"type": "link"}'}]}), ["error payload.elements[0].action: must be an object, not a string: only the whole is made a string, nothing inside it"]),
    ("an image of nothing", metadata_of("9", [{"caption": "A"}]), ["error payload[0].url: is missing: a URL"]),
    ("a long card", metadata_of("10", [{"title": "x" * 17, "subtitle": "x" * 57, "description": "x" * 100}]), ["warning payload[0].title: has 17 characters; the limit is 16, and clients cut what is longer", "warning payload[0].subtitle: has 57 characters; the limit is 56, and clients cut what is longer", "warning payload[0].description: has 100 characters; the limit is 99, and clients cut what is longer"]),
    ("a card without a title", metadata_of("10", [{"subtitle": "A"}]), ["warning payload[0].title: is missing: a string"]),
    ("a card's action without content", metadata_of("10", [button("link", None)]), ["error payload[0].buttons[0].action.payload: is missing: an object"]),
    ("a card's action without a kind", metadata_of("10", [button(None, {"url": "https://a.b"})]), ["error payload[0].buttons[0].action.type: is missing: one of link, quickReply, submit"]),
    ("a card's action in a list's word", metadata_of("10", [button("quick_reply", {"message": "A"})]), ["error payload[0].buttons[0].action.type: must be one of link, quickReply, submit, not 'quick_reply'; did you mean 'quickReply'?"]),
    ("a card's link to nowhere", metadata_of("10", [button("link", {})]), ["error payload[0].buttons[0].action.payload.url: is missing: the URL that the link opens"]),
    ("a card's submit to nowhere", metadata_of("10", [button("submit", {"formData": {}})]), ["error payload[0].buttons[0].action.payload.formAction: is missing: the URL that the data is posted to"]),
    ("a card's reply without a text", metadata_of("10", [button("quickReply", {"title": "A"})]), ["warning payload[0].buttons[0].action.payload.message: is missing: without it the web client sends an empty text"]),
    ("a mixed button without an action", metadata_of("11", [{"name": "Go"}]), ["error payload[0].action: is missing: an object"]),
    ("a mixed button without a kind", metadata_of("11", mixed(url="https://a.b")), ["error payload[0].action.type: is missing: one of link, submit, quickReply, suggestedReply"]),
    ("a mixed link to nowhere", metadata_of("11", mixed(type="link")), ["error payload[0].action.url: is missing: the URL that the link opens"]),
    ("a mixed submit to nowhere", metadata_of("11", mixed(type="submit", formData={})), ["error payload[0].action.formAction: is missing: the URL that the data is posted to"]),
    ("a form of nothing", metadata_of("12", []), ["error payload: is empty; it must have at least one field"]),
    ("a form without a button", metadata_of("12", [ASKED]), ["warning payload: has no field of type 'submit', so it cannot be sent"]),
    ("an unknown kind of field", metadata_of("12", [{**ASKED, "type": "drop-down"}, SENT]), ["error payload[0].type: must be one of text, password, textarea, hidden, radio, checkbox, dropdown, date, time, datetime-local, submit, not 'drop-down'; did you mean 'dropdown'?"]),
    ("a field without a kind", metadata_of("12", [{"data": {"label": "A"}}, SENT]), ["error payload[0].type: is missing: one of text, password, textarea, hidden, radio, checkbox, dropdown, date, time, datetime-local, submit"]),
    ("a field without a label", metadata_of("12", [{"type": "text", "data": {}}, SENT]), ["warning payload[0].data.label: is missing: a string"]),
    ("a choice of nothing", metadata_of("12", [{"type": "radio", "data": {"title": "A", "name": "a", "options": []}}, SENT]), ["error payload[0].data.options: is empty; it must have at least one option"]),
    ("a choice without options", metadata_of("12", [{"type": "dropdown", "data": {"title": "A", "name": "a"}}, SENT]), ["error payload[0].data.options: is missing: a list of options"]),
    ("an option that is a string", metadata_of("12", [{"type": "checkbox", "data": {"title": "A", "name": "a", "options": ["x"]}}, SENT]), ["error payload[0].data.options[0]: must be an object, not a string"]),
    ("a hidden field without a value", metadata_of("12", [{"type": "hidden", "name": "a"}, {"type": "submit", "label": "A", "formAction": "https://a.b"}]), ["error payload[0].value: is missing: a string"]),
    ("fields of both forms", metadata_of("12", [{"type": "text", "label": "A"}, SENT]), ["error payload: has fields with data and fields without; the web client reads all of them like the first"]),
    ("a form that is sent nowhere", metadata_of("12", [ASKED, {"type": "submit", "data": {"name": "A", "action": {"requestType": "json"}}}]), ["error payload[1].data.action.formAction: is missing: the URL that the form is posted to, or a requestType 'postBackToBotPlatform'"]),
    ("a flat form that is sent nowhere", metadata_of("12", [{"type": "submit", "label": "A"}]), ["error payload[0].formAction: is missing: the URL that the form is posted to, or a requestType 'postBackToBotPlatform'"]),
    ("a form's button without a text", metadata_of("12", [{"type": "submit", "formAction": "https://a.b"}]), ["error payload[0].label: is missing: the text of the button"]),
    ("a flag that must be a string", metadata_of("12", [{"type": "submit", "data": {"name": "A", "action": {"postFormDataAsMessage": True}}}]), ["warning payload[0].data.action.postFormDataAsMessage: must be 'true' or 'false', not a boolean"]),
    ("a flag that is another string", metadata_of("12", [{"type": "submit", "data": {"name": "A", "action": {"formAction": "https://a.b", "postFormDataAsMessage": "yes"}}}]), ["warning payload[0].data.action.postFormDataAsMessage: must be 'true' or 'false'"]),
    ("a video of nothing", metadata_of("14", [{"caption": "A"}]), ["error payload[0].url: is missing: a URL"]),
    ("YouTube as a file", metadata_of("14", [{"url": "https://youtu.be/x"}]), ["warning payload[0].source: is missing: the URL is YouTube's and no video file's, so the source must be named: 'youtube'"]),
    ("suggestions that are no JSON", {"KM_AUTO_SUGGESTION": "London"}, ["error KM_AUTO_SUGGESTION: is not JSON: Expecting value: line 1 column 1 (char 0)"]),
    ("suggestions without a source", {"KM_AUTO_SUGGESTION": {"placeholder": "A"}}, ["error KM_AUTO_SUGGESTION.source: is missing: a list of strings, a list of {searchKey, message}, or {url, headers}"]),
    ("a source that is a URL", {"KM_AUTO_SUGGESTION": {"source": "https://a.b"}}, ["error KM_AUTO_SUGGESTION.source: must be a list of strings, a list of {searchKey, message}, or {url, headers}, not a string"]),
    ("a source of both", {"KM_AUTO_SUGGESTION": {"source": ["A", {"searchKey": "B", "message": "B"}]}}, ["error KM_AUTO_SUGGESTION.source: has strings and objects; it must have the one or the other"]),
    ("a source of numbers", {"KM_AUTO_SUGGESTION": {"source": [1, None]}}, ["error KM_AUTO_SUGGESTION.source[0]: must be a string or {searchKey, message}, not a number", "error KM_AUTO_SUGGESTION.source[1]: must be a string or {searchKey, message}, not null"]),
    ("a suggestion in the API's words", {"KM_AUTO_SUGGESTION": {"source": [{"searchKey": "A", "name": "A"}]}}, ["error KM_AUTO_SUGGESTION.source[0].message: is missing: a string", "warning KM_AUTO_SUGGESTION.source[0].name: is not known, and no official client reads it; there are searchKey, message, metadata"]),
    ("a remote source without a URL", {"KM_AUTO_SUGGESTION": {"source": {"headers": {}}}}, ["error KM_AUTO_SUGGESTION.source.url: is missing: a URL"]),
    ("an input field that is a list", {"KM_FIELD": []}, ["error KM_FIELD: must be an object, not a list"]),
    ("an input field without an action", {"KM_FIELD": {"label": "A"}}, ["warning KM_FIELD.action: is missing: the Android client fails without it, though it may be {}"]),
    ("an answer kept as nothing", {"KM_FIELD": {"action": {"updateUserDetails": True}}}, ["error KM_FIELD.fieldType: is missing: one of EMAIL, NAME, PHONE_NUMBER, or a name of your own"]),
    ("an answer kept under no key", {"KM_FIELD": {"fieldType": "OTP", "action": {"updateUserDetails": True}}}, ["error KM_FIELD.field: is missing: the key of the metadata that the answer is kept as"]),
    ("an answer kept elsewhere than meant", {"KM_FIELD": {"fieldType": "email", "field": "mail", "action": {"updateUserDetails": True}}}, ["warning KM_FIELD.fieldType: keeps the answer in the metadata; did you mean 'EMAIL'?"]),
    ("an answer's metadata that is no JSON", {"KM_FIELD": {"action": {}}, "replyMetadata": "next"}, ["error replyMetadata: is not JSON: Expecting value: line 1 column 1 (char 0)"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("metadata", "expected"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_a_mistake_is_named_with_what_would_be_right(metadata: dict[str, Any], expected: list[str]) -> None:
    assert said(metadata) == expected


URLS = {
    "https://example.com": None,
    "http://example.com/a b": None,
    "HTTPS://EXAMPLE.COM": None,
    "https://example.com:8443/x?y=z#a": None,
    "myapp://screen/1": None,
    "mailto:jane@example.com": None,
    "tel:+100": None,
    "data:image/png;base64,AAAA": None,
    "<URL>": None,
    "www.example.com": "'www.example.com' has no scheme, so that it leads nowhere; write https://www.example.com",
    "example.com:8080/a": "'example.com:8080/a' has no scheme, so that it leads nowhere; write https://example.com:8080/a",
    "/a/b": "'/a/b' has no scheme, so that it leads nowhere; a URL begins with https://",
    "//example.com": "'//example.com' has no scheme, so that it leads nowhere; a URL begins with https://",
    "the shop": "'the shop' has no scheme, so that it leads nowhere; a URL begins with https://",
    "localhost:8080": "'localhost:8080' has no scheme, so that it leads nowhere; a URL begins with https://",
    "https:/example.com": "'https:/example.com' names no host; a URL looks like https://example.com/page",
    "https://": "'https://' names no host; a URL looks like https://example.com/page",
    "http:///a": "'http:///a' names no host; a URL looks like https://example.com/page",
    "javascript:alert(1)": "is a javascript: URL, which would run as a script in the customer's page; use https://",
    " JaVa\tScript:alert(1)": "is a javascript: URL, which would run as a script in the customer's page; use https://",
    "vbscript:x": "is a vbscript: URL, which would run as a script in the customer's page; use https://",
}


@pytest.mark.parametrize(("url", "message"), URLS.items(), ids=URLS)
@pytest.mark.parametrize("number", ["3", "9"])
def test_a_url_must_be_whole(number: str, url: str, message: str | None) -> None:
    entry = {**LINK, "url": url} if number == "3" else {"url": url}

    assert said(metadata_of(number, [entry])) == (
        [] if message is None else [f"error payload[0].url: {message}"]
    )


@pytest.mark.parametrize("content_type", [0, 3])
def test_a_rich_message_is_a_text_or_html(content_type: int) -> None:
    assert said(metadata_of("6", [REPLY]), content_type) == []


@pytest.mark.parametrize("content_type", [1, 2, 4, 5, 6, 10])
def test_another_content_type_keeps_a_client_from_drawing_it(content_type: int) -> None:
    message = (
        f"is drawn by the iOS client only in a message of contentType 0 or 3; this one has {content_type}"
    )

    assert said(metadata_of("6", [REPLY]), content_type) == [f"error templateId: {message}"]
    assert said({"KM_FIELD": {"action": {}}}, content_type) == []


AT_THE_LIMIT = [
    metadata_of("7", {"headerText": "x" * 75, "elements": [{"title": "x" * 32, "description": "x" * 35}]}),
    metadata_of("10", [{"title": "x" * 16, "subtitle": "x" * 56, "description": "x" * 99}]),
    metadata_of("10", [{"title": "\N{GRINNING FACE}" * 16}]),
]


@pytest.mark.parametrize("metadata", AT_THE_LIMIT)
def test_what_is_as_long_as_it_may_be_is_not_found(metadata: dict[str, Any]) -> None:
    assert said(metadata) == []


SENDING: list[dict[str, Any]] = [
    {"requestType": "postBackToBotPlatform"},
    {"postFormDataAsMessage": "true"},
    {"postBackToKommunicate": True},
    {"formAction": "https://example.com"},
]


@pytest.mark.parametrize("action", SENDING)
def test_a_form_may_be_sent_in_several_ways(action: dict[str, Any]) -> None:
    in_action = {"type": "submit", "data": {"name": "Send", "action": action}}
    beside = {"type": "submit", "label": "Send", **action}

    assert said(metadata_of("12", [ASKED, in_action])) == []
    assert said(metadata_of("12", [{"type": "text", "label": "Name"}, beside])) == []


PLAIN: list[dict[str, str]] = [
    {},
    {"skipBot": "true", "order": "300"},
    {"payload": "my own, and no JSON"},
    {"contentType": "application/json"},
    {"contentType": "text/plain", "payloads": "x"},
    {"KM_ASSIGN_TO": "jane@example.com", "formData": "x", "requestType": "y", "replyMetadata": "z"},
]


@pytest.mark.parametrize("metadata", PLAIN)
def test_metadata_of_ones_own_is_not_a_rich_message(metadata: dict[str, str]) -> None:
    assert said(metadata) == []


def test_only_what_may_be_rich_is_looked_at() -> None:
    assert not rich_messages.is_rich({})
    assert not rich_messages.is_rich({"skipBot": "true"})
    assert all(rich_messages.is_rich(example["metadata"]) for example in EXAMPLES.values())


def test_of_very_many_findings_the_errors_come_first_and_the_last_says_that_more_are_left_out() -> None:
    replies = [{"title": "A"}] * 200 + [{"message": "A"}]

    found = lint(metadata_of("6", replies))

    assert len(found) == MOST
    assert [one.severity for one in found] == [Severity.ERROR] + [Severity.WARNING] * (MOST - 1)
    assert found[0].path == "payload[200].title"
    assert found[-1].message == "is the first of the findings that are left out"


def test_what_is_nested_very_deeply_is_a_finding_too() -> None:
    deep = "[" * 50_000 + "]" * 50_000

    for metadata in (
        metadata_of("6", deep),
        {"KM_FIELD": deep},
        metadata_of("3", [SUBMIT], **{**POSTING, "formData": deep}),
    ):
        assert all(line.endswith("is nested too deeply") for line in said(metadata))
        assert len(said(metadata)) == 1


def test_what_is_longer_than_anything_meant_is_not_looked_at() -> None:
    replies = [{**REPLY, "message": "x" * 99_900}]
    longer = [{**REPLY, "message": "x" * 100_000, "titel": 1}]

    assert said(metadata_of("6", replies)) == []
    assert said(metadata_of("6", longer)) == [
        "warning payload: is not looked at: it has more than 100000 characters"
    ]


def test_a_message_made_to_be_slow_is_looked_at_in_a_moment() -> None:
    names = ("".join(letters) for letters in itertools.product("abcdefgh", repeat=4))
    replies = [{f"messag{name}": 1} for name in itertools.islice(names, 4_000)]

    began = time.process_time()
    found = lint(metadata_of("6", replies))

    assert len(found) == MOST
    assert time.process_time() - began < 2


def test_what_a_sender_wrote_is_repeated_only_in_part() -> None:
    name, url = "q" * 5_000, "x" * 5_000

    found = lint(metadata_of("3", [{**LINK, name: 1, "url": url}])) + lint(
        {"templateId": url, "contentType": url}
    )

    assert len(found) == 4
    assert all(len(one.path) + len(one.message) < 500 for one in found)


KEYS = st.sampled_from(
    sorted(rich_messages.KEYS | {"formData", "formAction", "requestType", "replyMetadata"})
)
NUMBERS = st.sampled_from([*TEMPLATES, "15", "", "x"])
NAMES = st.sampled_from(
    [
        "title",
        "message",
        "name",
        "type",
        "url",
        "action",
        "payload",
        "data",
        "options",
        "buttons",
        "elements",
        "header",
        "source",
        "validation",
        "label",
    ]
)
VALUES = st.recursive(
    strategies.JSON | st.sampled_from(["link", "submit", "quickReply", "text", "radio", "dropdown"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None)
@given(metadata=st.dictionaries(KEYS, strategies.TEXTS | VALUES.map(json.dumps)), number=NUMBERS)
def test_any_metadata_at_all_is_linted(metadata: dict[str, str], number: str) -> None:
    found = rich_messages.lint({**metadata, "contentType": "300", "templateId": number}, content_type=0)

    assert all(one.path and one.message for one in found)


@settings(deadline=None)
@given(metadata=st.dictionaries(strategies.TEXTS | KEYS, strategies.TEXTS), content_type=st.integers())
def test_any_text_at_all_is_linted(metadata: dict[str, str], content_type: int) -> None:
    found = rich_messages.lint(metadata, content_type=content_type)

    assert found == rich_messages.lint(metadata, content_type=content_type)
