"""The console against whoever writes to it: nothing that users send ever runs, hides, or makes the page ask others."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from mockkommunicate import App, MockKommunicate
from tests import browsing
from tests.browsing import PANELS, Console
from tests.client import Client
from tests.receivers import Receiver

RUNS = (
    "<script>window.pwned=1;alert(1)</script>",
    "<img src=x onerror='window.pwned=1;alert(1)'>",
    "<svg onload=window.pwned=1>",
    "\"><iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "javascript:window.pwned=1",
    "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1} <%= 1 %>",
    "\u202egpj.exe\u2066 \u200b\x00 \ud800",
)
EVIL = " ".join(RUNS)
FOREIGN = "http://attacker.invalid/steal.png"
ASKING = f"""
<meta http-equiv=refresh content="0;url={FOREIGN}"><base href="{FOREIGN}"><link rel=stylesheet href="{FOREIGN}">
<link rel=preconnect href="{FOREIGN}"><link rel=prefetch href="{FOREIGN}"><style>@import "{FOREIGN}";</style>
<body background="{FOREIGN}"><table background="{FOREIGN}"><tr><td style="background:url({FOREIGN})">a</td></tr></table>
<p style="background: u\\72l({FOREIGN})">b</p><p style="background-image: image-set('{FOREIGN}' 1x)">c</p>
<img src="{FOREIGN}" srcset="{FOREIGN} 2x"><picture><source srcset="{FOREIGN}"><img></picture><input type=image src="{FOREIGN}">
<svg><image href="{FOREIGN}"/><image xlink:href="{FOREIGN}"/><use href="{FOREIGN}#a"/><rect fill="url({FOREIGN}#b)"/></svg>
<video poster="{FOREIGN}" src="{FOREIGN}"></video><audio src="{FOREIGN}"></audio><embed src="{FOREIGN}">
<object data="{FOREIGN}"></object><iframe src="{FOREIGN}"></iframe><a href="{FOREIGN}" ping="{FOREIGN}">d</a>
<form action="{FOREIGN}"><button autofocus>e</button></form>
"""
"""Everything in HTML that makes a browser ask somebody."""

EVERY_TEMPLATE = ("3", "6", "7", "9", "10", "11", "12", "13", "14", "1", "<b>")


@pytest.fixture(scope="module")
def attacked() -> Iterator[App]:
    """An app that an attacker has filled with all that he can send."""
    with MockKommunicate() as server:
        app = server.default_app
        fill(app)
        yield app


@pytest.fixture
def console(browser: Browser, attacked: App) -> Iterator[Console]:
    """A page of the test's own."""
    console = Console(browser, attacked.url)
    yield console
    assert browsing.attempts(console.page) is None
    console.close()


def fill(app: App) -> None:
    """Put the attack everywhere: ids, names, messages, metadata, files, settings, paths, answers."""
    client = Client(app.url, app.api_key)
    write(app, client)
    meta = client.uploaded("<script>alert(1)</script>.html", b"<script>window.pwned=1</script>", "text/html")
    group_id = app.conversations()[0].id
    client.attach(group_id, fileMeta={**meta, "name": EVIL, "contentType": "text/html", "url": FOREIGN})
    client.attach(
        group_id, fileMeta={"name": EVIL, "contentType": "image/png", "url": "javascript:window.pwned=1"}
    )
    client.call(
        "GET", "/rest/ws/<script>window.pwned=1</script>", params={EVIL[:90]: EVIL.replace("\ud800", "")}
    )
    client.call("POST", "/rest/ws/user/v2/detail", json={EVIL: EVIL})
    with Receiver(lambda _: (500, EVIL.encode("utf-8", "replace"))) as receiver:
        app.settings({"webhook": {"url": f"{receiver.url}/%3Cscript%3E"}})
        client.send(group_id, "bot", message=EVIL)
        app.settle()


def write(app: App, client: Client) -> None:
    """Write users, a conversation, and messages of every kind."""
    app.add_agent(
        "<img src=x onerror=window.pwned=1>", displayName=EVIL, imageLink=FOREIGN, metadata={"a": EVIL}
    )
    app.add_bot("<b>bot</b>", displayName=EVIL)
    group_id = client.created(
        EVIL[:200], groupName=EVIL, clientGroupId=EVIL[:200], metadata={EVIL[:50]: EVIL}
    )["id"]
    client.update(EVIL[:200].replace("\x00", ""), displayName=EVIL)
    for kind in range(7):
        client.send(
            group_id, "bot", message=EVIL, contentType=kind, metadata={"a": EVIL, "messageType": EVIL}
        )
    client.send(
        group_id, "bot", message=f"<a href='{FOREIGN}'>x</a><img src='{FOREIGN}'>{EVIL}", contentType=3
    )
    client.send(group_id, "bot", message=ASKING, contentType=3)
    client.send(group_id, "bot", message="javascript:window.pwned=1", contentType=6)
    for template in EVERY_TEMPLATE:
        client.send(group_id, "bot", message="", metadata=rich(template))
    client.send(
        group_id, "bot", metadata={"KM_AUTO_SUGGESTION": json.dumps({"source": [EVIL, {"searchKey": EVIL}]})}
    )
    client.send(
        group_id, "bot", metadata={"KM_FIELD": json.dumps({"label": EVIL, "field": EVIL, "fieldType": EVIL})}
    )


def rich(template: str) -> dict[str, str]:
    """Make a rich message that would run whatever a client lets it."""
    button: dict[str, Any] = {
        **dict.fromkeys(["name", "title", "message", "text", "label", "placeholder"], EVIL),
        "type": "link",
        "url": "javascript:window.pwned=1",
        "action": {"type": "link", "url": "data:text/html,x"},
    }
    part: dict[str, Any] = {
        **button,
        **dict.fromkeys(["subtitle", "description", "titleExt", "caption"], EVIL),
        "imgSrc": FOREIGN,
        "header": {"imgSrc": FOREIGN, "overlayText": EVIL},
        "buttons": [button],
        "data": {**button, "options": [{"label": EVIL, "value": EVIL}]},
    }
    parts = [
        part | {"type": kind} for kind in ("link", "submit", "radio", "dropdown", "textarea", "text", EVIL)
    ]
    images = [{"url": FOREIGN, "caption": EVIL}, {"url": "data:text/html,<script>window.pwned=1</script>"}]
    listed = {"headerImgSrc": FOREIGN, "headerText": EVIL, "elements": parts, "buttons": [button]}
    payload = listed if template == "7" else [*parts, *images]
    return {"contentType": "300", "templateId": template, "payload": json.dumps(payload), "formAction": EVIL}


@pytest.mark.parametrize("panel", PANELS)
def test_nothing_runs_in_any_panel(attacked: App, console: Console, panel: str) -> None:
    console.open(attacked.application_id, panel)
    console.page.wait_for_timeout(400)

    assert console.count("script:not([type=module])") == 0


def test_nothing_runs_in_a_conversation_and_no_link_leads_where_it_must_not(
    attacked: App, console: Console
) -> None:
    (conversation,) = attacked.conversations()
    page = console.open(attacked.application_id, "conversations", conversation.id).page
    page.locator(".message").nth(len(attacked.messages(conversation.id)) - 1).wait_for()
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.wait_for_timeout(300)

    links = page.evaluate("() => [...document.querySelectorAll('a[href]')].map((one) => one.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    away = page.evaluate("() => [...document.querySelectorAll('a[target]')].map((one) => one.rel)")
    assert set(away) <= {"noopener noreferrer"}
    assert page.evaluate("() => document.querySelectorAll('bdi script, bdi img, bdi svg, bdi b').length") == 0


def test_html_is_in_a_frame_that_may_do_nothing(attacked: App, console: Console) -> None:
    (conversation,) = attacked.conversations()
    page = console.open(attacked.application_id, "conversations", conversation.id).page
    page.locator("iframe").first.wait_for()

    frames = page.evaluate(
        "() => [...document.querySelectorAll('iframe')].map((one) => one.getAttribute('sandbox'))"
    )
    assert set(frames) == {""}
    assert page.evaluate("() => document.querySelector('iframe').contentDocument") is None


def test_html_that_would_ask_others_does_not_even_try(attacked: App, console: Console) -> None:
    (conversation,) = attacked.conversations()
    page = console.open(attacked.application_id, "conversations", conversation.id).page
    page.locator("iframe").first.wait_for()
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
    page.wait_for_timeout(500)

    shown = page.locator("iframe").last.get_attribute("srcdoc") or ""
    assert f"[picture {FOREIGN}]" in shown
    assert shown.count(FOREIGN) == shown.count(f"[picture {FOREIGN}]") + shown.count(
        f'href="{FOREIGN}"'
    ) + shown.count(f'action="{FOREIGN}"')
    assert console.foreign == []


def test_what_turns_a_text_round_or_cannot_be_seen_is_shown(attacked: App, console: Console) -> None:
    (conversation,) = attacked.conversations()
    page = console.open(attacked.application_id, "conversations", conversation.id).page
    text = page.locator(".bubble .text").first
    text.wait_for()

    assert "U+202Egpj.exeU+2066 U+200BU+0000 U+D800" in text.inner_text()
    isolated = "() => getComputedStyle(document.querySelector('.bubble bdi')).unicodeBidi"
    assert page.evaluate(isolated) == "isolate"


def test_every_request_and_delivery_of_the_attacker_can_be_looked_at(attacked: App, console: Console) -> None:
    page = console.open(attacked.application_id, "journal").page
    page.locator(".row").first.wait_for()
    for request in attacked.requests()[-6:]:
        console.open(attacked.application_id, "journal", request.id)
        page.locator(".entry h3").first.wait_for()
    for delivery in attacked.deliveries():
        console.open(attacked.application_id, "deliveries", delivery.id)
        page.locator(".entry h3").first.wait_for()


def test_a_picture_of_another_host_is_asked_for_only_when_somebody_says_so(
    browser: Browser, attacked: App
) -> None:
    with MockKommunicate() as server, Receiver() as other:
        client = Client(server.url, server.default_app.api_key)
        group_id = client.created("carl")["id"]
        client.send(group_id, "carl", message=f"{other.url}/cat.png", contentType=5)
        console = Console(browser, server.url)
        page = console.open("default", "conversations", group_id).page
        load = page.get_by_role("button", name="Load picture")
        load.wait_for()
        assert console.foreign == []
        load.click()
        page.locator(".picture img").wait_for(state="attached")
        page.wait_for_timeout(200)

        assert console.foreign == [f"{other.url}/cat.png"]
        console.context.close()
    assert attacked
