"""Re-rolling: everything, a class, a brushed region; inside, and not one pixel outside."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.studio import Studio

TREE, WATER = 2, 3


def brush_region(studio: Studio, settled: bool = True) -> np.ndarray:
    """Brushes a region and returns where it is, [64, 64] bool."""
    studio.press("n")
    studio.set_size(18)
    studio.stroke((24, 30), (40, 30))
    if settled:
        studio.settle()
    rows, columns = np.mgrid[:64, :64] + 0.5
    return (np.clip(columns, 24, 40) - columns) ** 2 + (rows - 30) ** 2 <= 9**2 + 1e-9


def changed(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return (before != after).any(axis=-1)


def seed_of(studio: Studio, name: str) -> int:
    return int(studio.page.get_by_label(name, exact=True).input_value())


def test_reroll_all_changes_picture_and_seed_but_no_label(studio: Studio) -> None:
    photo, labels, seed = studio.photo(), studio.labels(), seed_of(studio, "Global seed")
    studio.press("r")
    studio.settle()
    assert seed_of(studio, "Global seed") != seed
    assert changed(photo, studio.photo()).mean() > 0.5
    assert np.array_equal(studio.labels(), labels)
    studio.press("Control+z")
    studio.settle()
    assert seed_of(studio, "Global seed") == seed and np.array_equal(studio.photo(), photo)


def test_region_changes_inside_and_not_one_pixel_outside(studio: Studio) -> None:
    before = studio.photo()
    region = brush_region(studio)
    first = studio.photo()
    assert changed(before, first)[region].any()
    assert not changed(before, first)[~region].any()

    studio.press("Shift+R")
    studio.settle()
    second = studio.photo()
    assert changed(first, second)[region].mean() > 0.5
    assert not changed(before, second)[~region].any()

    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), first)


def test_rerolls_in_quick_succession_keep_the_outside(studio: Studio) -> None:
    before = studio.photo()
    region = brush_region(studio)
    for _ in range(6):
        studio.press("Shift+R")
    studio.settle()
    assert changed(before, studio.photo())[region].any()
    assert not changed(before, studio.photo())[~region].any()


def test_without_keep_outside_the_picture_is_the_servers_own(studio: Studio) -> None:
    studio.press("k")
    expect(studio.action("keep-outside")).to_have_attribute("aria-checked", "false")
    brush_region(studio)
    free = studio.photo()
    studio.press("r")
    studio.settle()
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), free)


@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
def test_reroll_class_changes_that_class_alone(studio: Studio, again: bool) -> None:
    photo, water = studio.photo(), studio.labels() == WATER
    studio.choose_class("water")
    studio.press("c")
    studio.settle()
    seed = seed_of(studio, "Seed of water")
    if again:
        studio.press("c")
        studio.settle()
        assert seed_of(studio, "Seed of water") != seed
    after = studio.photo()
    assert changed(photo, after)[water].any()
    assert not changed(photo, after)[~water].any()
    expect(studio.page.locator("#regions li")).to_have_count(1)


def test_reroll_of_an_absent_class_is_refused(studio: Studio) -> None:
    studio.choose_class("earth")
    for _ in range(64):
        if not (studio.labels() == 4).any():
            break
        y, x = np.argwhere(studio.labels() == 4)[0]
        studio.choose_class("tree")
        studio.press("g")
        studio.stroke((float(x) + 0.5, float(y) + 0.5))
    studio.choose_class("earth")
    studio.press("c")
    studio.toast("Nothing is painted as earth yet.")


def test_regions_are_listed_removed_and_cut(studio: Studio) -> None:
    before = studio.photo()
    brush_region(studio)
    studio.page.get_by_role("button", name="New noise region").click()
    studio.stroke((10, 50), (14, 50))
    studio.settle()
    rows = studio.page.locator("#regions li")
    expect(rows).to_have_count(2)
    studio.page.get_by_role("button", name="Remove Region 2").click()
    expect(rows).to_have_count(1)

    studio.page.get_by_role("button", name="Region 1", exact=True).click()
    studio.page.get_by_role("button", name="Cut", exact=True).click()
    studio.set_size(60)
    studio.stroke((20, 30), (44, 30))
    expect(rows).to_have_count(0)
    studio.settle()
    assert changed(before, studio.photo()).mean() < 1
    for _ in range(4):
        studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), before)


def test_seeds_are_edited_checked_and_copied(studio: Studio) -> None:
    photo = studio.photo()
    field = studio.page.get_by_label("Global seed", exact=True)
    first = field.input_value()
    field.fill("4294967295")
    field.press("Enter")
    studio.settle()
    assert changed(photo, studio.photo()).any()
    for wrong in ["4294967296", "-1", "1.5", "tree", ""]:
        field.fill(wrong)
        field.press("Enter")
        studio.toast("A seed is a whole number from 0 to 4294967295.")
        expect(field).to_have_value("4294967295")
    field.fill(first)
    field.press("Enter")
    studio.settle()
    assert np.array_equal(studio.photo(), photo), "the same seed gives the same picture"
    studio.page.get_by_role("button", name="Copy: Global seed").click()
    studio.toast("Seed copied.")
    assert studio.page.evaluate("navigator.clipboard.readText()") == first


def test_labels_painted_under_a_region_keep_the_region(studio: Studio) -> None:
    brush_region(studio)
    studio.choose_class("tree")
    studio.set_size(30)
    studio.stroke((20, 30), (44, 30))
    studio.settle()
    expect(studio.page.locator("#regions li")).to_have_count(1)
    before = studio.photo()
    studio.press("Shift+R")
    studio.settle()
    assert changed(before, studio.photo()).any()


def test_an_earlier_result_is_restored_as_an_undoable_step(studio: Studio) -> None:
    first_photo, first_labels = studio.photo(), studio.labels()
    studio.choose_class("tree")
    studio.stroke((10, 10), (50, 14))
    studio.settle()
    studio.press("r")
    studio.settle()
    last_photo, last_labels = studio.photo(), studio.labels()
    results = studio.page.locator("#results button")
    expect(results).to_have_count(3)
    expect(results.first).to_have_attribute("aria-current", "true")

    results.last.click()
    studio.settle()
    assert np.array_equal(studio.photo(), first_photo) and np.array_equal(studio.labels(), first_labels)
    expect(results).to_have_count(3)
    studio.press("Control+z")
    studio.settle()
    assert np.array_equal(studio.photo(), last_photo) and np.array_equal(studio.labels(), last_labels)


def test_regions_painted_while_paused_keep_the_rest(studio: Studio) -> None:
    before = studio.photo()
    studio.press("p")
    first = brush_region(studio, settled=False)
    studio.page.get_by_role("button", name="New noise region").click()
    studio.stroke((10, 52), (20, 52))
    studio.press("p")
    studio.settle()
    second = np.zeros_like(first)
    second[42:62, :30] = True
    assert changed(before, studio.photo())[first].any()
    assert not changed(before, studio.photo())[~first & ~second].any()


def test_a_click_outside_the_map_makes_no_step(studio: Studio) -> None:
    studio.stroke((20, 20))
    studio.press("Control+z")
    studio.press("n")
    studio.set_size(1)
    studio.stroke((32, -4))
    expect(studio.action("redo")).to_be_enabled()
    expect(studio.action("undo")).to_be_disabled()
