"""The page in a real Chromium, driven through its user interface: buttons, keys, pointers, pixels.

OASIS_HEADED=300 shows the browser and pauses 300 ms after each step.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.conftest import ELSEWHERE, LiveServer
from tests.e2e.studio import PATIENCE_MS, Studio

HEADED = os.environ.get("OASIS_HEADED")
CHROMIUM = os.environ.get("OASIS_CHROMIUM", "/usr/bin/chromium" if HEADED else "/usr/bin/chromium-headless-shell")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"No Chromium at {CHROMIUM}: install it, or name one in OASIS_CHROMIUM.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, headless=HEADED is None, slow_mo=float(HEADED or 0)
        )
        yield chromium
        chromium.close()


DEFAULTS: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


def new_context(browser: Browser, options: dict[str, Any]) -> BrowserContext:
    """A browser without a past."""
    context = browser.new_context(**DEFAULTS | options)
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context


class SharedContext:
    """A browser context for many tests: all but its cache is cleared in between."""

    def __init__(self, browser: Browser) -> None:
        self.context = new_context(browser, {})
        self.page = self.context.new_page()

    def clean(self, url: str) -> None:
        """Close what was opened, and forget what the site at `url` has stored."""
        old = self.context.pages
        self.page = self.context.new_page()
        for page in old:
            page.close()
        session = self.context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": "all"})
        session.detach()


@pytest.fixture(scope="session")
def shared_context(browser: Browser) -> SharedContext:
    """Opening a page takes half the time where the files of the page are in the browser's cache."""
    return SharedContext(browser)


@pytest.fixture
def new_studio(browser: Browser, shared_context, live_server, start_server) -> Iterator[Callable[..., Studio]]:
    """Opens a fresh page, of `url` or the shared server.

    The first page of a test opens in the shared context, any other in a context of its own: one with options for
    Playwright's `new_context`, and one that is `isolated`, as a test must be whose clock Playwright sets.

    Afterwards no page may have logged an error or asked any other host. It needs `start_server` so that pages are
    closed before their servers.
    """
    opened: list[Studio] = []
    contexts: list[BrowserContext] = []

    def open_studio(url: str = live_server.url, isolated: bool = False, **options: Any) -> Studio:
        if opened or options or isolated:
            contexts.append(new_context(browser, options))
            page = contexts[-1].new_page()
        else:
            page = shared_context.page
        opened.append(Studio(page, url))
        return opened[-1]

    yield open_studio
    for context in contexts:
        context.close()
    if len(opened) > len(contexts):
        shared_context.clean(opened[0].url)
    for studio in opened:
        assert studio.foreign == [], "the page asked another host"
        assert studio.errors == [], "the page logged errors"


@pytest.fixture
def own_studio(new_studio: Callable[..., Studio], start_server: Callable[..., LiveServer]) -> Callable[..., Studio]:
    """Opens a page of a server of the test's own: `own_studio(zoo, projects=...)`."""

    def open_studio(zoo: Path, **settings: object) -> Studio:
        studio = new_studio(start_server(zoo, **settings).url)
        studio.open()
        return studio

    return open_studio


@pytest.fixture
def studio(new_studio: Callable[..., Studio]) -> Studio:
    """The page, with its first picture painted."""
    studio = new_studio()
    studio.open()
    return studio
