"""When the browser saves, and what the page does where it cannot."""

from __future__ import annotations

import time

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.conftest import PATIENCE_S
from tests.e2e.saved_works import WRITTEN, crash, edit
from tests.e2e.studio import Studio


def test_strokes_without_a_rest_are_saved(studio: Studio) -> None:
    """The next stroke begins right after each: no save finds the pointer up for longer than a moment."""
    before = studio.labels()
    studio.press("4")
    mouse = studio.page.mouse
    mouse.move(*studio.at((5, 5)))
    mouse.down()
    end = time.monotonic() + PATIENCE_S
    y = 5
    while not studio.page.evaluate(WRITTEN):
        assert time.monotonic() < end
        mouse.move(*studio.at((60, y)))
        studio.page.wait_for_timeout(60)
        mouse.up()
        mouse.down()
        y = (y + 3) % 60
    studio = crash(studio)
    studio.open()
    studio.toast("is back.")
    assert not np.array_equal(studio.labels(), before)


REFUSALS = {
    "never answers": "IDBFactory.prototype.open = () => ({})",
    "refuses": "IDBFactory.prototype.open = () => { throw new DOMException('x', 'SecurityError'); }",
    "is missing": "Object.defineProperty(window, 'indexedDB', { value: undefined })",
}


@pytest.mark.parametrize("script", REFUSALS.values(), ids=REFUSALS.keys())
def test_where_nothing_can_be_stored_the_page_opens_and_says_so_once(new_studio, script: str) -> None:
    studio = new_studio()
    studio.page.add_init_script(script)
    studio.open()
    studio.toast("This browser has no room to store your work.")
    before = studio.labels()
    edit(studio)
    assert not np.array_equal(studio.labels(), before)
    expect(studio.page.locator(".toast")).to_have_count(1)
