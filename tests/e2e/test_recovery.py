"""Nothing is lost on reload or crash: the work is saved in the browser after each step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from models.testing import two_sizes
from tests.conftest import ELSEWHERE, LiveServer
from tests.e2e.projects import saved_project
from tests.e2e.saved_works import WRITTEN, another, crash, edit, kept
from tests.e2e.studio import Studio

QUOTA = """() => {
  const { put } = IDBObjectStore.prototype;
  window.writes = [];
  IDBObjectStore.prototype.put = function (value, key) {
    if (window.full) throw new DOMException('no room', 'QuotaExceededError');
    window.writes.push(String(key));
    return put.call(this, value, key);
  };
}"""


@pytest.mark.parametrize("how", ["crash", "reload"])
def test_the_page_opens_with_the_last_work(studio: Studio, how: str) -> None:
    edit(studio)
    kept(studio)
    photo, content = studio.photo(), saved_project(studio).content()
    if how == "crash":
        studio = crash(studio)
        studio.open()
        studio.toast("is back.")
    else:
        studio.page.reload()
        studio.settle()
        expect(studio.page.locator(".toast")).to_have_count(0)
    assert np.array_equal(studio.photo(), photo)
    assert saved_project(studio).content() == content
    studio.press("Control+Shift+Z")
    studio.press("Control+z")
    for _ in range(2):
        studio.press("Control+z")
    expect(studio.action("undo")).to_be_disabled()
    assert studio.errors == []


def test_a_crash_within_the_second_costs_that_second_at_most(studio: Studio) -> None:
    edit(studio)
    kept(studio)
    labels = studio.labels()
    studio.press("1")
    mouse = studio.page.mouse
    mouse.move(*studio.at((5, 5)))
    mouse.down()
    mouse.move(*studio.at((60, 60)), steps=8)  # and in the middle of this stroke
    studio = crash(studio)
    studio.open()
    studio.toast("is back.")
    assert np.array_equal(studio.labels(), labels)


def test_starting_over_and_going_back(studio: Studio) -> None:
    scene = studio.labels()
    edit(studio)
    labels = studio.labels()
    kept(studio)
    studio = crash(studio)
    studio.open()
    studio.page.get_by_role("button", name="Start over").click()
    studio.toast("New project started.")  # once its scene has come
    studio.settle()
    assert np.array_equal(studio.labels(), scene)
    studio.page.reload()
    studio.settle()
    assert np.array_equal(studio.labels(), scene), "this tab started over"
    studio = crash(studio)
    studio.open()
    studio.toast("is back.")
    assert np.array_equal(studio.labels(), labels), "and yet nothing is lost"


def test_an_unedited_scene_is_not_saved(studio: Studio) -> None:
    kept(studio)
    studio.page.wait_for_timeout(800)
    studio = crash(studio)
    studio.open()
    expect(studio.page.locator(".toast")).to_have_count(0)
    assert studio.page.evaluate(WRITTEN) == []


def test_each_tab_saves_its_own_work(studio: Studio) -> None:
    first, second = studio, another(studio)
    first.press("4")
    first.stroke((5, 5), (60, 5))
    second.open()
    second.press("4")
    second.stroke((5, 60), (60, 60))
    for tab in (first, second):
        tab.settle()
        kept(tab)
    works = [first.labels(), second.labels()]
    assert not np.array_equal(works[0], works[1])
    second.stroke((5, 30), (60, 30))  # the newest
    second.settle()
    kept(second)
    works[1] = second.labels()

    third = another(first)
    third.open()
    expect(third.page.locator(".toast")).to_have_count(0)
    for tab in (first, second):
        tab.page.close(run_before_unload=False)
    third.page.wait_for_function("async () => (await navigator.locks.query()).held.length === 0")
    fourth, fifth = another(third), another(third)
    for tab, labels in ((fourth, works[1]), (fifth, works[0])):
        tab.open()
        tab.toast("is back.")
        assert np.array_equal(tab.labels(), labels), "the newest that no tab has"


def test_works_of_two_models_are_both_saved(own_studio, tmp_path) -> None:
    two_sizes(tmp_path)
    studio = own_studio(tmp_path)
    studio.press("4")
    studio.stroke((5, 5), (30, 5))
    studio.settle()
    kept(studio)
    first = studio.labels()
    studio.choose_model(1)
    studio.press("4")
    studio.stroke((5, 20), (30, 20))
    studio.settle()
    kept(studio)
    second = studio.labels()
    studio = crash(studio)
    studio.open()
    studio.toast("is back.")
    assert np.array_equal(studio.labels(), second)
    other = another(studio)
    other.open()
    assert np.array_equal(other.labels(), first)


def test_only_what_changed_is_written(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    studio.page.add_init_script(f"({QUOTA})()")
    studio.open()
    edit(studio)
    studio.press("b")
    studio.press("1")
    studio.stroke((0, 40), (60, 60))
    studio.settle()
    kept(studio)
    before = set(studio.page.evaluate(WRITTEN))
    studio.press("Control+z")
    studio.page.evaluate("() => { window.writes = []; }")
    studio.stroke((50, 50), (60, 60))
    studio.settle()
    kept(studio)
    written = [key.split(",")[1] for key in studio.page.evaluate("() => window.writes") if "," in key]
    parts = [name for name in written if name.startswith("parts/")]
    assert sum(name.endswith(".bin") for name in parts) == 1, "the new step's, none of the others"
    assert {"manifest.json", "labels.png", "history.json"} <= set(written)
    assert before - set(studio.page.evaluate(WRITTEN)), "and what redoing needed is gone"


def test_the_last_step_before_switching_work_is_saved(studio: Studio) -> None:
    edit(studio)
    kept(studio)
    studio.page.evaluate(
        "() => ['undo', 'new-project'].map(id => document.querySelector(`[data-action='${id}']`).click())"
    )
    studio.toast("New project started.")
    kept(studio)
    studio = crash(studio)
    studio.open()
    studio.toast("is back.")
    history = saved_project(studio).history
    assert [len(history[stack]) for stack in ("done", "undone")] == [1, 2]


def earlier(studio: Studio) -> Locator:
    """The list of earlier work in the menu."""
    studio.page.get_by_role("button", name="File").click()
    studio.page.get_by_text("Earlier work").click()
    return studio.page.locator("#earlier li")


def test_displaced_work_stays_in_the_menu(studio: Studio) -> None:
    expect(earlier(studio)).to_have_text("None")
    studio.press("Escape")
    scene = studio.labels()
    edit(studio)
    studio.press("F2")
    studio.page.keyboard.type("A lake")
    studio.press("Enter")
    mine = studio.labels()
    studio.page.get_by_role("button", name="File").click()
    studio.action("new-project").click()
    studio.toast("New project started.")
    studio.page.locator(".toast .icon-button").last.click()
    expect(studio.page.locator(".toast")).to_have_count(0)
    assert np.array_equal(studio.labels(), scene)

    earlier(studio).filter(has_text="A lake").get_by_role("button").click()
    studio.toast("Opened 'A lake'.")
    studio.settle()
    assert np.array_equal(studio.labels(), mine)
    studio.stroke((5, 5), (60, 60))
    studio.settle()
    kept(studio)
    more = studio.labels()
    expect(earlier(studio)).to_have_text("None")  # it went on in its own record
    studio = crash(studio)
    studio.open()
    studio.toast("is back.")
    assert np.array_equal(studio.labels(), more)


def test_pages_over_http_recover_and_stay_separate(new_studio: Callable[..., Studio], live_server: LiveServer) -> None:
    first = new_studio(live_server.url.replace("127.0.0.1", ELSEWHERE))
    first.open()
    assert first.page.evaluate("() => navigator.locks === undefined"), "else nothing of that is tested"
    edit(first)
    kept(first)
    labels = first.labels()
    second = another(first)
    second.open()
    assert not np.array_equal(second.labels(), labels), "the other tab has it"
    second.page.close()
    duplicate = another(first)
    session = first.page.evaluate("() => sessionStorage.getItem('oasis-work')")
    duplicate.page.add_init_script(f"sessionStorage.setItem('oasis-work', '{session}')")
    duplicate.open()
    duplicate.stroke((5, 5), (60, 60))
    duplicate.settle()
    kept(duplicate)
    duplicate.page.close()
    first.page.reload()
    first.settle()
    assert np.array_equal(first.labels(), labels), "a duplicated tab went on with a copy"
    third = crash(first)
    third.open()
    third.toast("is back.")


def test_full_storage_is_reported_once_and_editing_continues(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    studio.page.add_init_script(f"({QUOTA})()")
    studio.open()
    studio.page.evaluate("() => { window.full = true; }")
    box = studio.page.locator(".toast.error")
    studio.press("3")
    studio.stroke((5, 5), (30, 5))
    expect(box).to_contain_text("This browser has no room to store your work.")
    box.locator(".icon-button").click()
    studio.stroke((5, 50), (30, 50))
    studio.settle()
    studio.page.wait_for_timeout(900)
    expect(box).to_have_count(0)
    warned = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert studio.page.evaluate(warned), "closing the tab now would lose something"
    saved_project(studio)
    assert not studio.page.evaluate(warned), "not once it is saved"
    studio.page.evaluate("() => { window.full = false; }")
    studio.stroke((5, 30), (30, 30))
    kept(studio)


def test_old_works_are_deleted(studio: Studio) -> None:
    edit(studio)
    kept(studio)
    studio.page.evaluate("""async () => {
      const open = indexedDB.open('oasis-studio');
      await new Promise(done => { open.onsuccess = done; });
      const store = open.result.transaction(['works', 'parts'], 'readwrite');
      for (let i = 0; i < 12; i++) {
        const age = i < 11 ? i * 1000 + 1e6 : 31 * 24 * 3600e3;
        store.objectStore('works').put({ id: `old${i}`, saved: Date.now() - age });
        store.objectStore('parts').put(new Uint8Array(3), [`old${i}`, 'labels.png']);
      }
      await new Promise(done => { store.oncomplete = done; });
      open.result.close();
    }""")
    labels = studio.labels()
    studio = crash(studio)
    studio.open()
    studio.toast("is back.")
    assert np.array_equal(studio.labels(), labels)
    old = {key.split(" ")[0] for key in studio.page.evaluate(WRITTEN) if key.startswith("old")}
    assert old == {f"old{i}" for i in range(9)}, "ten are kept: this work and the nine newest"
