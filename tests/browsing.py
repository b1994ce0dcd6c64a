"""A real browser that looks at the console, and everything that it asks for."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Locator, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
PATIENCE_MS = 20_000
PANELS = (
    *("conversations", "people", "journal", "deliveries", "faults"),
    *("clock", "snapshots", "settings", "scenario"),
)
SERIOUS = ("serious", "critical")


@contextmanager
def running() -> Iterator[Browser]:
    """Run Chromium. Where there is none: a failure in CI, elsewhere a skip."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        missing = f"none of {', '.join(PROGRAMS)} is on this machine (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


class Console:
    """A page with the console, what it asked for, and what went wrong in it. Close it."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        width: int = 1280,
        height: int = 800,
        scheme: Literal["light", "dark"] = "light",
    ) -> None:
        self.url = url
        self.context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def close(self) -> None:
        """Close it; nothing that a page must not do was done in it."""
        self.context.close()
        assert self.errors == []
        assert self.dialogs == []
        assert self.foreign == []

    @property
    def foreign(self) -> list[str]:
        """What it asked others than the emulator."""
        ours = (f"{self.url}/", "data:", f"blob:{self.url}/", "about:")
        return [url for url in self.asked if not url.startswith(ours)]

    def open(self, *path: object) -> "Console":
        """Go to a panel of an app, and wait until it is live."""
        self.page.goto(f"{self.url}/_mock/console#/{'/'.join(map(str, path))}")
        self.is_live()
        return self

    def is_live(self) -> None:
        """Wait until it hears of changes."""
        self.page.locator("#connection[data-state=live]").wait_for()

    def see(self, text: str) -> Locator:
        """Wait until a text is there."""
        found = self.page.get_by_text(text).locator("visible=true").first
        found.wait_for()
        return found

    def put_away(self) -> "Console":
        """Put the guide away."""
        self.page.get_by_role("button", name="Put this away").click()
        return self

    def problems(self) -> list[str]:
        """List what axe finds serious, each with its place."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['html'][:200]} {json.dumps(node['any'][:1])[:300]}"
            for one in found
            if one["impact"] in SERIOUS
            for node in one["nodes"]
        ]

    def copied(self) -> str:
        """Answer what is on the clipboard."""
        return str(self.page.evaluate("() => navigator.clipboard.readText()"))

    def count(self, selector: str) -> int:
        """Count elements."""
        return self.page.locator(selector).count()

    def texts(self, selector: str) -> list[str]:
        """List the texts of elements as they are seen."""
        return [text.strip() for text in self.page.locator(selector).all_inner_texts()]


def attempts(page: Page) -> Any:
    """Answer what an attacker's script would have left behind."""
    return page.evaluate("() => window.pwned ?? null")
