"""Selecting and moving, commands on labels, locked and hidden classes."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Route, expect

from tests.e2e.gestures import EARTH, SKY, WATER, box, held, one_step
from tests.e2e.studio import Studio


def island(studio: Studio) -> np.ndarray:
    """An object of earth in the sky, selected."""
    studio.choose_class("earth")
    studio.press("u")
    studio.stroke((40.5, 5.5), (49.5, 12.5))
    studio.press("v")
    studio.stroke((45, 8))
    return studio.labels()


def outlined(studio: Studio) -> bool:
    return studio.action("deselect").is_enabled()


def test_objects_are_selected_moved_and_undone(studio: Studio) -> None:
    before = island(studio)
    studio.stroke((45.5, 8.5), (50.5, 20.5), (35.5, 13.5))
    expected = np.where(box(40, 5, 49, 12), SKY, before)
    expected[box(30, 10, 39, 17)] = EARTH
    assert np.array_equal(studio.labels(), expected)
    studio.press("ArrowRight")
    studio.press("Shift+ArrowDown")
    expected = np.where(box(40, 5, 49, 12), SKY, before)
    expected[box(31, 20, 40, 27)] = EARTH
    assert np.array_equal(studio.labels(), expected), "what it passed over is whole"
    for _ in range(3):
        studio.press("Control+z")
    assert np.array_equal(studio.labels(), before)
    studio.press("ArrowLeft")
    assert np.array_equal(studio.labels() == EARTH, box(39, 5, 48, 12)), "the selection came back too"
    studio.press("Delete")
    assert (studio.labels()[:16, 34:] == SKY).all()
    studio.settle()


def test_noise_regions_travel_with_a_selection(studio: Studio) -> None:
    island(studio)
    studio.action("region-selection").click()
    expect(studio.page.locator("#regions li")).to_have_count(1)
    studio.settle()
    apart = studio.photo()
    studio.stroke((45.5, 8.5), (35.5, 13.5))
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), apart)
    studio.press("Control+Shift+z")
    studio.press("Delete")
    expect(studio.page.locator("#regions li")).to_have_count(0)
    studio.settle()


def test_a_covered_region_is_restored_with_its_noise(studio: Studio) -> None:
    studio.press("n")
    studio.set_size(3)
    studio.stroke((31, 9))
    island(studio)
    studio.settle()
    regions = studio.page.locator("#regions li")
    seed = regions.locator(".region-text small").inner_text()
    studio.stroke((45.5, 8.5), (31.5, 8.5))
    expect(regions).to_have_count(0)
    studio.settle()
    studio.stroke((31.5, 8.5), (31.5, 25.5))
    expect(regions.locator(".region-text small")).to_have_text(seed)
    studio.settle()
    assert studio.page.locator(".toast").count() == 0, "the server takes it"


def test_where_nothing_means_unpainted_every_class_can_be_picked_and_selected(new_studio) -> None:
    studio = new_studio()

    def without_blank(route: Route) -> None:
        listed = route.fetch().json()
        route.fulfill(json={**listed, "models": [{**model, "ignore_id": None} for model in listed["models"]]})

    studio.page.route("**/api/models", without_blank)
    studio.open()
    studio.choose_class("earth")
    studio.press("e")
    studio.set_size(10)
    studio.stroke((20, 20))
    studio.press("i")
    studio.stroke((20, 20))
    expect(studio.page.locator(".class[aria-pressed=true] .name")).to_have_text("unlabeled")
    studio.press("v")
    studio.stroke((20, 20))
    assert outlined(studio)


def test_selections_combine_and_limit_painting(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("earth")
    studio.press("v")
    studio.stroke((40.5, 40.5), (49.5, 49.5))
    with held(studio, "Shift"):
        studio.stroke((45.5, 45.5), (54.5, 54.5))
    with held(studio, "Alt"):
        studio.stroke((45.5, 30.5), (46.5, 60.5))
    chosen = (box(40, 40, 49, 49) | box(45, 45, 54, 54)) & ~box(45, 30, 46, 60)
    studio.press("Shift+F")
    assert np.array_equal(studio.labels(), np.where(chosen, EARTH, before))
    one_step(studio, before)
    studio.press("Shift+I")
    studio.press("b")
    studio.set_size(30)
    studio.stroke((47, 47))
    painted = studio.labels() != before
    assert painted.any() and not (painted & chosen).any()
    one_step(studio, before)
    studio.press("Shift+I")
    studio.stroke((10, 10))
    studio.toast("outside the selection")
    studio.press("Escape")
    assert not outlined(studio)
    studio.stroke((10, 10))
    assert studio.labels()[10, 10] == EARTH


def test_replace_swap_and_clear(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("earth")
    studio.press("x")
    dialog = studio.page.get_by_role("dialog", name="Replace or swap classes")
    dialog.locator("#replace-from").select_option("water")
    dialog.get_by_role("button", name="Replace", exact=True).click()
    assert np.array_equal(studio.labels(), np.where(before == WATER, EARTH, before))
    one_step(studio, before)
    studio.press("x")
    dialog.locator("#replace-from").select_option("water")
    dialog.locator("#replace-to").select_option("sky")
    dialog.get_by_role("button", name="Swap").click()
    swapped = np.where(before == WATER, SKY, np.where(before == SKY, WATER, before))
    assert np.array_equal(studio.labels(), swapped)
    one_step(studio, before)
    studio.press("v")
    studio.stroke((40.5, 40.5), (49.5, 49.5))
    studio.page.get_by_role("button", name="Edit", exact=True).click()
    studio.action("clear").click()
    assert np.array_equal(studio.labels(), np.where(box(40, 40, 49, 49), 0, before))
    one_step(studio, before)


def test_smoothing_and_specks_as_one_step(studio: Studio) -> None:
    studio.choose_class("earth")
    studio.set_size(1)
    studio.stroke((10.5, 50.5))
    before = studio.labels()
    for key in ["m", "Shift+M"]:
        studio.press(key)
        assert (studio.labels() != EARTH).all()
        one_step(studio, before)
    studio.press("Shift+M")
    studio.press("Shift+M")
    studio.toast("Nothing to change here")


def test_locked_classes_are_never_painted_over(studio: Studio) -> None:
    before = studio.labels()
    studio.choose_class("water")
    studio.press("Shift+K")
    lock = studio.page.locator("#classes").get_by_role("button", name="Lock water")
    expect(lock).to_have_attribute("aria-pressed", "true")
    studio.choose_class("earth")
    studio.press("b")
    studio.set_size(30)
    studio.stroke((10, 32), (54, 32))
    labels = studio.labels()
    assert (labels != before).any() and np.array_equal(labels == WATER, before == WATER)
    studio.stroke((10, 55))
    studio.toast("water is locked")
    for key in ["m", "Shift+M"]:
        studio.press(key)
    studio.press("Control+a")
    studio.press("Shift+F")
    labels = studio.labels()
    assert np.array_equal(labels == WATER, before == WATER) and (labels[labels != WATER] == EARTH).all()
    studio.press("v")
    studio.press("Delete")
    studio.stroke((32, 10), (40, 20))
    assert (studio.labels()[before == WATER] == WATER).all()
    lock.click()
    studio.press("Escape")
    studio.press("b")
    studio.stroke((10, 55))
    assert studio.labels()[55, 10] == EARTH


def test_hidden_classes_are_painted_but_not_shown(studio: Studio) -> None:
    before = studio.labels()
    studio.page.get_by_role("button", name="Hide water").click()
    studio.next_frame()
    shown = studio.painted()[..., 3] > 0
    assert np.array_equal(shown, before != WATER)
    studio.choose_class("water")
    studio.press("Shift+H")
    studio.next_frame()
    assert (studio.painted()[..., 3] > 0).all() and np.array_equal(studio.labels(), before)
