"""The console for everybody: by keyboard, by a screen reader, in light and dark, and whatever becomes of the server."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
import requests
from playwright.sync_api import Browser

from mockkommunicate import App, MockKommunicate
from tests.browsing import PANELS, Console
from tests.client import Client
from tests.receivers import Receiver

TOKEN = "s3cret-token"


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    """A team at work, with a bit of everything to see."""
    with MockKommunicate(scenario="support-team") as server, Receiver() as receiver:
        app = server.default_app
        app.settings({"webhook": {"url": receiver.url}})
        client = Client(app.url, app.api_key)
        group_id = client.created("customer-1", groupName="Seen by everybody")["id"]
        client.send(group_id, "customer-1", message="Hello")
        client.send(group_id, "customer-1", message="<b>Hello</b>", contentType=3)
        payload = '[{"title": "Yes", "message": "Yes"}]'
        client.send(group_id, "bot", metadata={"contentType": "300", "templateId": "6", "payload": payload})
        client.send(group_id, "bot", metadata={"contentType": "300", "templateId": "6", "payload": "[{}]"})
        client.create("carl", grupName="x")
        app.control("PATCH", "users/jane@example.com", {"handlingLimit": 3})
        app.fail("user.detail", gateway=503)
        app.snapshot("before")
        app.settle()
        yield app


def seen_by_everybody(app: App) -> int:
    """The conversation that has messages of every kind, whatever other tests have added."""
    return next(one.id for one in app.conversations() if one.name == "Seen by everybody")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, app: App, scheme: Literal["light", "dark"]) -> None:
    console = Console(browser, app.url, scheme=scheme)
    opened = (f"conversations/{seen_by_everybody(app)}", "journal/6", "deliveries/1")
    for panel in (*PANELS, *opened):
        console.open(app.application_id, *panel.split("/"))
        console.page.wait_for_function(
            "() => !document.querySelector('main').textContent.includes('Loading')"
        )
        console.page.wait_for_timeout(250)

        assert console.problems() == [], panel
    console.close()


def test_axe_finds_nothing_serious_on_a_phone_and_in_a_question(browser: Browser, app: App) -> None:
    console = Console(browser, app.url, width=390, height=844)
    console.open(app.application_id, "people").page.get_by_role("button", name="Add").click()
    console.page.locator("dialog").wait_for()
    assert console.problems() == []
    console.page.keyboard.press("Escape")
    console.page.locator("dialog").wait_for(state="detached")
    console.open(app.application_id, "conversations", seen_by_everybody(app))
    console.page.locator(".message").first.wait_for()

    assert console.problems() == []
    console.close()


def test_all_of_a_conversation_is_done_with_the_keyboard(browser: Browser, app: App) -> None:
    console = Console(browser, app.url).open(app.application_id, "conversations")
    page = console.page
    page.locator(".row").nth(2).wait_for()
    page.locator(".row").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.locator("textarea[aria-label='Write as the customer']:enabled").focus()
    page.keyboard.type("Written without a mouse")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("on two lines")
    page.keyboard.press("Enter")
    page.locator(".bubble", has_text="Written without a mouse").wait_for()

    page.wait_for_function("() => document.activeElement.ariaLabel === 'Write as the customer'")
    page.keyboard.type("and still there")
    Client(app.url, app.api_key).created("dora", groupName="Meanwhile")
    page.locator(".row", has_text="Meanwhile").wait_for()
    assert page.evaluate("() => document.activeElement.value") == "and still there"
    console.close()


def test_focus_stays_on_a_row_that_changes(browser: Browser, app: App) -> None:
    console = Console(browser, app.url).open(app.application_id, "conversations")
    client = Client(app.url, app.api_key)
    group_id = client.created("dora", groupName="In focus")["id"]
    page = console.page
    page.locator(".row", has_text="In focus").focus()
    client.send(group_id, "dora", message="A new last message")
    page.locator(".row", has_text="A new last message").wait_for()

    assert "In focus" in page.evaluate("() => document.activeElement.textContent")
    console.close()


def test_the_theme_is_the_systems_until_another_is_chosen_and_then_kept(browser: Browser, app: App) -> None:
    console = Console(browser, app.url, scheme="dark").open(app.application_id, "clock")
    page = console.page
    ground = "() => getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Theme: system").click()
    light = page.evaluate(ground)
    page.reload()
    console.is_live()

    assert light != dark
    assert page.evaluate(ground) == light
    assert page.get_by_role("button", name="Theme: light").is_visible()
    console.close()


def test_a_lost_connection_is_shown_and_found_again(browser: Browser) -> None:
    server = MockKommunicate().start()
    port = int(server.url.rpartition(":")[2])
    console = Console(browser, server.url).open("default", "people")
    server.stop()
    lost = console.page.locator("#connection[data-state=lost]")
    lost.wait_for()
    assert lost.inner_text() == "Connection lost"
    with MockKommunicate(port=port) as again:
        console.is_live()
        again.default_app.add_agent("back@example.com")
        console.see("back@example.com")
    console.close()


def test_a_page_that_cannot_be_seen_watches_nothing(browser: Browser, app: App) -> None:
    console = Console(browser, app.url).open(app.application_id, "people")
    page = console.page
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, True)
    page.locator("#connection[data-state=paused]").wait_for()
    app.add_customer("unseen")
    page.evaluate(hide, False)

    console.is_live()
    console.see("unseen")
    console.close()


def test_the_token_is_asked_for_and_kept_until_the_tab_is_closed(browser: Browser) -> None:
    with MockKommunicate(control_token=TOKEN) as server:
        console = Console(browser, server.url)
        page = console.page
        page.goto(f"{server.url}/_mock/console")
        page.get_by_role("textbox", name="Token").press("Escape")
        console.see("The control API needs its token.")
        page.get_by_role("button", name="Try again").click()
        page.get_by_role("textbox", name="Token").fill("wrong")
        page.get_by_role("button", name="Go on").click()
        console.see("That token was not the right one")
        page.get_by_role("textbox", name="Token").fill(TOKEN)
        page.get_by_role("button", name="Go on").click()
        console.is_live()
        page.reload()
        console.is_live()

        assert page.evaluate(
            "() => [sessionStorage.length, localStorage.getItem('mockkommunicate.token')]"
        ) == [1, None]
        assert TOKEN not in page.content()
        console.close()


def test_a_page_of_another_origin_gets_nothing(browser: Browser, app: App) -> None:
    console = Console(browser, app.url)
    with Receiver() as other:
        console.page.goto(other.url.replace("127.0.0.1", "localhost"))
        refused = console.page.evaluate(
            "url => fetch(url).then((answer) => answer.status, (error) => error.name)",
            f"{app.url}/_mock/apps",
        )
        framed = console.page.evaluate(
            """url => new Promise((resolve) => {
                const frame = document.createElement('iframe');
                frame.onload = () => resolve(frame.contentDocument === null ? 'closed' : 'open');
                frame.src = url;
                document.body.append(frame);
            })""",
            f"{app.url}/_mock/console",
        )
    assert (refused, framed) == ("TypeError", "closed")
    console.context.close()


def test_the_page_is_one_file_and_modules_each_with_its_type_and_the_policy(app: App) -> None:
    page = requests.get(f"{app.url}/_mock/console", timeout=10)
    linked = re.findall(r'(?:href|src)="(console/[^"]+)"', page.text)
    files = [requests.get(f"{app.url}/_mock/{name}", timeout=10) for name in linked]

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert [file.headers["Content-Type"] for file in files] == [
        "image/svg+xml",
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
    ]
    for answer in (page, *files):
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"} < {
            *policy
        }
        assert {"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"} < {*policy}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_that_has_not_changed_is_not_sent_again(app: App) -> None:
    url = f"{app.url}/_mock/console/main.js"
    tag = requests.get(url, timeout=10).headers["ETag"]

    assert requests.get(url, headers={"If-None-Match": tag}, timeout=10).status_code == 304


@pytest.mark.parametrize(
    "name", ["nothing.js", "..%2f__init__.py", "__init__.py", "console.html.bak", "%00.js"]
)
def test_what_is_no_file_of_the_page_is_not_found(app: App, name: str) -> None:
    assert requests.get(f"{app.url}/_mock/console/{name}", timeout=10).status_code == 404
