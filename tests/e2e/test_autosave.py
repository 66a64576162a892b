"""When the browser saves, and what the page does where it cannot."""

from __future__ import annotations

import time
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.conftest import PATIENCE_S
from tests.e2e.saved_works import WRITTEN, crash, edit, kept
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
    studio.toast("This browser does not let the page store your work.")
    before = studio.labels()
    edit(studio)
    assert not np.array_equal(studio.labels(), before)
    expect(studio.page.locator(".toast")).to_have_count(1)


DAMAGE = """async ([name, saved]) => {
  const open = indexedDB.open('oasis-studio');
  await new Promise(done => { open.onsuccess = done; });
  const store = open.result.transaction(['works', 'parts'], 'readwrite');
  const ids = store.objectStore('works').getAllKeys();
  await new Promise(done => { ids.onsuccess = done; });
  store.objectStore('works').put({ id: ids.result[0], name: JSON.parse(name), saved: JSON.parse(saved) });
  store.objectStore('parts').put('no bytes', [ids.result[0], 'manifest.json']);
  await new Promise(done => { store.oncomplete = done; });
  open.result.close();
}"""


@pytest.mark.parametrize(
    ("name", "saved", "said"),
    [
        ('"A lake"', "1e12", "'A lake' from Sep 9, 2001"),
        ('{"a": 1}', '"long ago"', "'Untitled' from an unknown time"),
        ("null", "{}", "'Untitled' from an unknown time"),
    ],
)
def test_a_work_that_cannot_be_opened_is_named_and_kept(studio: Studio, name: str, saved: str, said: str) -> None:
    edit(studio)
    kept(studio)
    studio.page.evaluate(DAMAGE, [name, saved])
    scene = crash(studio)
    if saved == "1e12":  # else it would be deleted
        scene.page.add_init_script("Date.now = () => 1e12 + 5000")
    scene.open()
    box = scene.page.locator(".toast.error")
    expect(box).to_contain_text(said)
    expect(box).to_contain_text("cannot be opened. This project is damaged: 'manifest.json' is missing or invalid.")
    with scene.page.expect_download() as download:
        box.get_by_role("button", name="Save what is there").click()
    with zipfile.ZipFile(download.value.path()) as file:
        assert {"labels.png", "history.json"} <= set(file.namelist())
    scene.page.get_by_role("button", name="File").click()
    scene.page.get_by_text("Earlier work").click()
    listed = scene.page.locator("#earlier li")
    expect(listed).to_have_count(1)
    expect(listed).not_to_contain_text("Invalid Date")
    expect(listed).not_to_contain_text("[object Object]")
    listed.get_by_role("button").click()
    scene.toast("cannot be opened.")
