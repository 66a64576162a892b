"""The page in a real Chromium, driven through its user interface: buttons, keys, pointers, pixels.

OASIS_HEADED=300 shows the browser and pauses 300 ms after each step.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.conftest import LiveServer
from tests.e2e.studio import PATIENCE_MS, Studio

CHROMIUM = os.environ.get("OASIS_CHROMIUM", "/usr/bin/chromium")
HEADED = os.environ.get("OASIS_HEADED")
ELSEWHERE = "studio.test"  # a name for the machine of the tests that does not say so
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


@pytest.fixture
def new_studio(browser: Browser, live_server, start_server) -> Iterator[Callable[..., Studio]]:
    """Opens a fresh page, of `url` or the shared server; options go to the browser context.

    Afterwards no page may have logged an error or asked any other host. It needs `start_server` so that pages are
    closed before their servers.
    """
    opened: list[tuple[BrowserContext, Studio]] = []

    def open_studio(url: str = live_server.url, **options) -> Studio:
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        context = browser.new_context(accept_downloads=True, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        studio = Studio(context.new_page(), url)
        opened.append((context, studio))
        return studio

    yield open_studio
    for context, studio in opened:
        context.close()
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
