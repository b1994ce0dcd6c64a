"""The reference pages in a real browser, with Swagger UI and without: what they show, and whom they ask."""

import re
import sys
from collections.abc import Iterator
from typing import Literal

import pytest
import requests
from playwright.sync_api import Browser

from mockkommunicate import MockKommunicate
from tests import openapi_examples
from tests.browsing import Console
from tests.client import Client

TOKEN = "a-token-for-the-reference"
SECRET = "Zebulon"
NAMES = ("kommunicate", "control")
INSTALL = "pip install 'mockkommunicate[docs]'"


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """A server that wants its token, with a customer in it."""
    with MockKommunicate(control_token=TOKEN) as running:
        app = running.default_app
        app.add_customer(SECRET)
        Client(app.url, app.api_key).created(SECRET, groupName=f"{SECRET} asks")
        yield running


@pytest.fixture
def opened(browser: Browser, server: MockKommunicate) -> Iterator[Console]:
    """A page that loads nothing which its policy forbids, and asks nobody else."""
    page = Console(browser, server.url)
    said: list[str] = []
    page.page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert [one for one in said if "Content Security Policy" in one] == []


@pytest.fixture
def _without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "flask_swagger_ui", None)


def get(server: MockKommunicate, path: str = "", **headers: str) -> requests.Response:
    """Get a page of the reference, without a token."""
    return requests.get(f"{server.url}/_mock/docs{path}", headers=headers, timeout=20)


def operations(server: MockKommunicate, name: str) -> list[tuple[str, dict[str, object]]]:
    """List the operations of a document."""
    return list(openapi_examples.operations(get(server, f"/{name}.json").json()))


def test_swagger_ui_shows_both_documents_and_asks_nobody_else(
    server: MockKommunicate, opened: Console
) -> None:
    page = opened.page
    page.goto(f"{server.url}/_mock/docs/")
    page.locator(".opblock").first.wait_for()
    assert opened.count(".opblock") == len(operations(server, "kommunicate"))

    page.get_by_label("Select a definition").select_option(label="The control API")
    page.locator(".opblock-summary-path", has_text="/_mock/info").wait_for()
    assert opened.count(".opblock") == len(operations(server, "control"))
    assert opened.foreign == []


def test_swagger_ui_fits_on_a_phone_and_its_links_can_be_read_in_the_dark(
    server: MockKommunicate, browser: Browser
) -> None:
    page = Console(browser, server.url, width=390, height=844, scheme="dark")
    page.page.goto(f"{server.url}/_mock/docs")
    page.page.locator(".opblock").first.wait_for()

    assert page.page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert [one for one in page.problems() if one.startswith("color-contrast") and "/_mock/" in one] == []
    page.close()


def test_calls_are_tried_on_the_page_with_the_token(server: MockKommunicate, opened: Console) -> None:
    page = opened.page
    page.goto(f"{server.url}/_mock/docs?urls.primaryName=The%20control%20API")
    page.get_by_label("Select a definition").select_option(label="The control API")
    page.locator(".opblock-summary-path", has_text="/_mock/info").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    status = page.locator(".live-responses-table tbody .response-col_status")
    status.get_by_text("401").wait_for()

    page.locator(".auth-wrapper button.authorize").first.click()
    page.locator(".auth-container input").fill(TOKEN)
    page.locator(".auth-container button.authorize").click()
    page.locator(".btn-done").click()
    page.get_by_role("button", name="Execute").click()
    status.get_by_text("200").wait_for()


@pytest.mark.usefixtures("_without_the_extra")
def test_without_the_extra_the_page_is_plain_and_says_where_to_get_it(server: MockKommunicate) -> None:
    page = get(server)

    assert page.status_code == 200
    assert page.text == get(server, "/kommunicate").text
    assert INSTALL in page.text
    assert "<script" not in page.text
    assert get(server, "/swagger-ui-bundle.js", Authorization=f"Bearer {TOKEN}").status_code == 404


def test_with_the_extra_a_plain_page_says_nothing_of_it(server: MockKommunicate) -> None:
    page = get(server, "/control").text

    assert "mockkommunicate[docs]" not in page
    assert ">Swagger UI</a>" in page


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_page_shows_every_operation_and_every_example(
    server: MockKommunicate, opened: Console, name: str
) -> None:
    opened.page.goto(f"{server.url}/_mock/docs/{name}")

    document = get(server, f"/{name}.json").json()
    shown = {text.split(" ")[1] + text.split(" ")[0] for text in opened.texts("article .route")}
    assert shown == {
        route.split(" ")[1] + route.split(" ")[0] for route, _ in openapi_examples.operations(document)
    }
    in_bodies = [
        f"{example.get('x-evidence', '')} {example['summary']}".strip()
        for place, example, _ in openapi_examples.examples(document)
        if not re.search(", (query|header) ", place)
    ]
    summaries = opened.page.locator("details summary").all_text_contents()
    assert [text.strip() for text in summaries] == in_bodies
    names = [text.split("\n")[0] for text in opened.texts("article[id^=schema-] h3")]
    assert names == sorted(document["components"]["schemas"])


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_serious_on_a_plain_page(
    server: MockKommunicate, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = Console(browser, server.url, width=width, scheme=scheme)
    page.page.goto(f"{server.url}/_mock/docs/kommunicate")
    page.page.locator("#conversation\\.status details").evaluate_all(
        "all => all.forEach((one) => (one.open = true))"
    )

    assert page.problems() == []
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_page_fits_on_a_phone(server: MockKommunicate, browser: Browser, name: str) -> None:
    page = Console(browser, server.url, width=390, height=844)
    page.page.goto(f"{server.url}/_mock/docs/{name}")
    page.page.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")

    assert page.page.evaluate("() => document.documentElement.scrollWidth") == 390
    page.close()


def test_every_link_of_a_plain_page_leads_somewhere(server: MockKommunicate) -> None:
    for name in NAMES:
        text = get(server, f"/{name}").text
        ids = set(re.findall(r'id="([^"]+)"', text))

        assert {link for link in re.findall(r'href="#([^"]+)"', text) if link not in ids} == set()
        for link in set(re.findall(r'href="(/[^"]+)"', text)):
            assert requests.get(f"{server.url}{link}", timeout=20).status_code == 200, link


def test_the_console_leads_to_it(server: MockKommunicate, opened: Console) -> None:
    opened.page.goto(f"{server.url}/_mock/console")
    opened.page.get_by_role("textbox", name="Token").fill(TOKEN)
    opened.page.get_by_role("button", name="Go on").click()
    opened.is_live()
    opened.page.get_by_role("link", name="API reference").click()
    opened.page.locator(".opblock").first.wait_for()

    assert opened.page.url == f"{server.url}/_mock/docs"


@pytest.mark.parametrize("path", ["", "/kommunicate", "/control", "/kommunicate.json", "/control.json"])
def test_it_needs_no_token_and_has_nothing_of_what_is_in_the_server(
    server: MockKommunicate, path: str
) -> None:
    page = get(server, path)

    assert page.status_code == 200
    assert SECRET not in page.text
    assert TOKEN not in page.text


@pytest.mark.parametrize("path", ["", "/kommunicate", "/plain.css", "/swagger.js", "/swagger-ui.css"])
def test_nothing_but_what_is_ours_is_loaded_and_no_page_frames_it(server: MockKommunicate, path: str) -> None:
    answer = get(server, path)
    policy = {*answer.headers["Content-Security-Policy"].split("; ")}

    assert {
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
    } < policy
    assert ("style-src 'self'" in policy) == (path != "")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_name_of_the_host_is_no_markup(server: MockKommunicate) -> None:
    page = get(server, "/kommunicate", Host="127.0.0.1:1<script>alert(1)</script>")

    assert "<script" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing.js", "/nothing.json", "/plain.html", "/__init__.py", "/..%2fshown.py"),
        *("/%00.js", "/VERSION", "/oauth2-redirect.html", "/..%2f__init__.py"),
    ],
)
def test_what_is_no_file_of_the_pages_is_not_found(server: MockKommunicate, path: str) -> None:
    assert get(server, path, Authorization=f"Bearer {TOKEN}").status_code == 404
